"""Several workspaces side by side, requests made by hand, and the answers that Slack does not want."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.local.clock import StoryClock
from tests.slack.apps import by_http
from tests.slack.cast import ANA, BEN, BOT_USER, INTRODUCTIONS, STRANGER
from tests.slack.samples import Ack, a_message, button, refusal
from tests.slack.server import SlackServer
from tests.slack.serving import serving
from tests.slack.state import JSON


@pytest.fixture
def elsewhere(slack: SlackServer, slack_session: aiohttp.ClientSession) -> AsyncWebClient:
    """The client of another workspace, in which the app is installed as well."""
    token = slack.world.install("T9", installed_by=STRANGER)
    return AsyncWebClient(token, base_url=slack.api_url, session=slack_session, retry_handlers=[])


async def test_a_token_reaches_its_own_workspace_only(slack: SlackServer, elsewhere: AsyncWebClient) -> None:
    trigger = slack.world.grant_trigger(ANA, "T1")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [{"type": "divider"}]}

    errors = [
        await refusal(elsewhere.chat_postMessage(channel=INTRODUCTIONS, text="x")),
        await refusal(elsewhere.chat_postMessage(channel=ANA, text="x")),
        await refusal(elsewhere.users_info(user=ANA)),
        await refusal(elsewhere.views_open(trigger_id=trigger, view=view)),
    ]

    assert errors == ["channel_not_found", "user_not_found", "user_not_visible", "invalid_trigger_id"]
    assert (await elsewhere.auth_test())["team_id"] == "T9"


async def test_whoever_is_a_stranger_here_is_at_home_there(
    slack_client: AsyncWebClient, elsewhere: AsyncWebClient
) -> None:
    here = (await slack_client.users_info(user=STRANGER))["user"]
    there = (await elsewhere.users_info(user=STRANGER, include_locale=True))["user"]

    assert here["is_stranger"]
    assert "is_stranger" not in there
    assert there["locale"] == "en-GB"


async def test_one_workspaces_flood_is_not_anothers(
    slack: SlackServer, slack_client: AsyncWebClient, elsewhere: AsyncWebClient
) -> None:
    slack.limits.allow("users.info", 1, per_seconds=60)
    await slack_client.users_info(user=ANA)
    assert await refusal(slack_client.users_info(user=ANA)) == "ratelimited"

    await elsewhere.users_info(user=STRANGER)

    assert (slack.limits.peak("users.info"), slack.limits.peak("users.info", "T9")) == (1, 1)


async def test_a_body_that_slack_would_ignore_is_written_down(slack: SlackServer, bolt: AsyncApp) -> None:
    @bolt.action("yes:q-1")
    async def yes(ack: Ack) -> None:
        await ack({"text": "Thank you"})

    slack.world.post(slack.world.direct(BEN).id, BOT_USER, a_message("Well?", button("Yes", "yes:q-1")))
    await slack.people.press(BEN, slack.world.dm_of(BEN)[0], "Yes")

    assert slack.world.take_violations() == ["block_actions: an acknowledgement with a body, which Slack ignores"]


class Recorder:
    """An app that writes requests down and answers as it is told."""

    def __init__(self) -> None:
        self.requests: list[tuple[bytes, dict[str, str]]] = []
        self.answer = Response()

    async def take(self, request: Request) -> Response:
        self.requests.append((await request.body(), dict(request.headers)))
        return self.answer


@pytest.fixture
async def recorder(slack: SlackServer) -> AsyncIterator[Recorder]:
    recording = Recorder()
    app = Starlette(routes=[Route("/slack/events", recording.take, methods=["POST"])])
    async with serving(app) as url:
        slack.deliver_by_http(f"{url}/slack/events")
        yield recording


async def test_a_person_of_another_workspace_acts_in_theirs(slack: SlackServer, recorder: Recorder) -> None:
    slack.world.add_user("U9MEMBER", "Mia Member", "T9")

    answered = await slack.people.open_home("U9MEMBER")
    await slack.people.slash("U9MEMBER", None, "/intros")

    event = answered.request.payload
    assert (event["team_id"], event["authorizations"][0]["user_id"]) == ("T9", "U9TWOYES")
    assert b"team_id=T9" in recorder.requests[1][0]


async def test_requests_can_be_made_by_hand(slack: SlackServer, slack_clock: StoryClock, recorder: Recorder) -> None:
    body = b"\xff not a form"
    headers = slack.people.signed(body)

    ack = await slack.people.post(body, headers)

    ((arrived, told),) = recorder.requests
    assert (ack.status, arrived) == (200, body)
    assert told["x-slack-signature"] == headers["X-Slack-Signature"]
    assert told["x-slack-request-timestamp"] == str(int(slack_clock.now().timestamp()))


async def test_an_app_that_wants_no_retry_gets_none(slack: SlackServer, recorder: Recorder) -> None:
    recorder.answer = Response(status_code=500, headers={"x-slack-no-retry": "1"})
    await slack.people.open_home(ANA)
    assert await slack.people.retry_events() == []

    recorder.answer = Response(status_code=500)
    await slack.people.open_home(ANA)
    (retried,) = await slack.people.retry_events()

    _, headers = recorder.requests[-1]
    assert (headers["x-slack-retry-num"], headers["x-slack-retry-reason"]) == ("1", "http_error")
    assert retried.status == 500


async def test_an_app_that_is_not_there_is_an_error_to_the_person(slack: SlackServer) -> None:
    slack.deliver_by_http("http://127.0.0.1:1/slack/events")

    answered = await slack.people.slash(ANA, INTRODUCTIONS, "/refer")

    assert (answered.error, answered.ack.problem) == ("dispatch_failed", "connection")


async def test_a_url_is_checked_by_a_challenge(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    app = AsyncApp(client=slack_client, process_before_response=True, request_verification_enabled=False)

    async with by_http(slack, app):
        answered = await slack.people.verify_url()

    assert answered.body == {"challenge": answered.request.payload["challenge"]}


async def test_the_same_click_can_arrive_twice(slack: SlackServer, bolt: AsyncApp) -> None:
    triggers: list[str] = []

    @bolt.action("yes:q-1")
    async def yes(ack: Ack, body: JSON) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    slack.world.post(slack.world.direct(BEN).id, BOT_USER, a_message("Well?", button("Yes", "yes:q-1")))
    (prompt,) = slack.world.dm_of(BEN)
    await slack.people.again(await slack.people.press(BEN, prompt, "Yes"))
    await slack.people.press(BEN, prompt, "Yes")

    first, same, other = triggers
    assert first == same
    assert first != other

"""`twoyes serve` as a real process beside Slack, each way once; and what it refuses to serve."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest

from tests.e2e.commands import Operator, in_store
from tests.e2e.slack_processes import BY_SOCKET, OVER_HTTP, PUBLIC, TOLD, a_slack, serving
from tests.slack.cast import ANA, DAVID, INTRODUCTIONS, OWNER
from tests.slack.club import WORKSPACE
from tests.slack.server import SlackServer


async def test_by_socket_mode_a_group_is_started_and_joined_as_the_readme_says(operator: Operator) -> None:
    (operator.home / ".env").write_text("".join(f"{name}={value}\n" for name, value in BY_SOCKET.items()))
    async with a_slack() as slack, serving(operator.setting(TWOYES_SLACK_API_URL=slack.api_url)) as server:
        await slack.sockets.connected()
        slack.deliver_by_socket()
        await _a_group_begins(slack)
        ready = await asyncio.to_thread(server.ask, "/readyz")
        code = await asyncio.to_thread(server.stop)

    assert code == 0
    assert ready.json()["slack"] == "ok"
    _nothing_private_is_logged(server.logged)


async def test_over_http_the_bot_is_added_and_a_group_is_started_and_joined(operator: Operator) -> None:
    async with a_slack() as slack, serving(operator.setting(**OVER_HTTP, TWOYES_SLACK_API_URL=slack.api_url)) as server:
        address = next(line["public"] for line in server.logged if line["event"] == "serve.started")
        slack.deliver_by_http(f"{address}/slack/events")
        slack.world.app.redirect_uris = (f"{PUBLIC}/slack/oauth_redirect",)
        page = await slack.add_to_slack(f"{address}/slack/install")
        await _until_told(slack, OWNER)
        await _a_group_begins(slack)
        forged = await asyncio.to_thread(_forged, address)
        code = await asyncio.to_thread(server.stop)

    assert code == 0
    assert (page.status, forged) == (200, 401)
    assert "1. Choose your group" in page.text
    (kept,) = in_store(operator, lambda tx: tx.installations.get(WORKSPACE))
    assert kept.token not in str(server.logged)
    _nothing_private_is_logged(server.logged)


@pytest.mark.parametrize(
    ("sets", "says"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1", **TOLD}, "SLACK_APP_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "TWOYES_OPERATOR_NAME and"),
        ({"SLACK_SIGNING_SECRET": "1", **TOLD}, "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are missing"),
    ],
)
def test_settings_that_are_not_whole_are_refused_with_a_sentence(
    settled: Operator, sets: Mapping[str, str], says: str
) -> None:
    ended = settled.setting(**sets, TWOYES_LOG_FORMAT="json").does("serve")

    assert ended.code == 1
    assert ended.sentence.startswith("Slack cannot be served.")
    assert says in ended.sentence


async def _a_group_begins(slack: SlackServer) -> None:
    started = await slack.people.slash(DAVID, INTRODUCTIONS, "/intros", "settings")
    joined = await slack.people.slash(ANA, INTRODUCTIONS, "/intros", "join")
    assert [started.error, joined.error] == [None, None]
    await _until_told(slack, ANA)


async def _until_told(slack: SlackServer, user: str) -> None:
    """Wait until the courier has brought somebody a message."""
    async with asyncio.timeout(30):
        while not any(not seen.ephemeral for seen in slack.world.in_view(user)):  # noqa: ASYNC110 -- another process
            await asyncio.sleep(0.02)


def _forged(address: str) -> int:
    return httpx.post(f"{address}/slack/events", content=b"command=/intros", trust_env=False).status_code


def _nothing_private_is_logged(logged: object) -> None:
    said = str(logged)
    for secret in ("xoxb-", "xapp-", "client-secret", "signing-secret", ANA, DAVID, "Ana Duarte"):
        assert secret not in said

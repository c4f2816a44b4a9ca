"""Tokens and scopes, files, and adding the app to a workspace."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.local.clock import StoryClock
from tests.slack.cast import (
    ANA,
    APP_TOKEN,
    BEN,
    BOT_TOKEN,
    BOT_USER,
    CLIENT_ID,
    CLIENT_SECRET,
    INTRODUCTIONS,
    SCOPES,
    SIGNING_SECRET,
    TEAM,
)
from tests.slack.delivering import Http
from tests.slack.samples import refusal
from tests.slack.server import SlackServer
from tests.slack.serving import serving

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
"""slack_sdk sends the app's id and secret by a class that aiohttp 4 will not have."""

REDIRECT = "https://bot.example/slack/oauth_redirect"


async def test_a_token_says_whose_it_is_and_what_it_may_do(slack_client: AsyncWebClient) -> None:
    answered = await slack_client.auth_test()

    assert (answered["team_id"], answered["user_id"]) == (TEAM, BOT_USER)
    assert answered.headers["x-oauth-scopes"] == ",".join(SCOPES)


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("xoxb-nobody", "auth.test", "invalid_auth"),
        ("", "auth.test", "not_authed"),
        (APP_TOKEN, "users.info", "not_allowed_token_type"),
        (BOT_TOKEN, "apps.connections.open", "not_allowed_token_type"),
        (BOT_TOKEN, "poems.write", "unknown_method"),
    ],
)
async def test_the_wrong_token_and_the_wrong_method_have_their_errors(
    slack: SlackServer, slack_session: aiohttp.ClientSession, token: str, method: str, error: str
) -> None:
    client = AsyncWebClient(token or None, base_url=slack.api_url, session=slack_session, retry_handlers=[])

    assert await refusal(client.api_call(method, params={"user": ANA} if method == "users.info" else {})) == error


async def test_a_token_that_was_taken_back_and_a_workspace_that_is_closed(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    slack.world.close_account()
    assert await refusal(slack_client.auth_test()) == "account_inactive"

    slack.world.revoke(BOT_TOKEN)
    assert await refusal(slack_client.auth_test()) == "token_revoked"


async def test_the_app_can_give_its_token_back(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    await slack_client.auth_revoke()

    assert await refusal(slack_client.auth_test()) == "token_revoked"


async def test_the_app_can_remove_itself_if_it_proves_who_it_is(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    forged = slack_client.apps_uninstall(client_id=CLIENT_ID, client_secret="?")
    assert await refusal(forged) == "bad_client_secret"

    await slack_client.apps_uninstall(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)

    assert slack.world.tokens[BOT_TOKEN].revoked


@pytest.mark.parametrize(
    ("method", "args", "scope"),
    [
        ("chat.postMessage", {"channel": ANA, "text": "x"}, "chat:write"),
        ("users.info", {"user": ANA}, "users:read"),
        ("files.getUploadURLExternal", {"filename": "a.png", "length": 1}, "files:write"),
    ],
)
async def test_a_scope_that_is_missing_is_named(
    slack: SlackServer, slack_client: AsyncWebClient, method: str, args: dict[str, Any], scope: str
) -> None:
    slack.world.set_scopes(BOT_TOKEN, ["commands"])

    assert await refusal(slack_client.api_call(method, params=args)) == "missing_scope"


async def test_methods_that_only_read_take_no_json(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    assert await refusal(slack_client.api_call("users.info", json={"user": ANA})) == "invalid_arguments"
    assert slack.world.take_violations() == ["users.info: users.info: missing user"]


async def test_requests_are_signed_as_slacks_own_verifier_wants_it(slack: SlackServer, slack_clock: StoryClock) -> None:
    class Then(SignatureClock):
        def now(self) -> float:
            return slack_clock.now().timestamp()

    verifier = SignatureVerifier(SIGNING_SECRET, clock=Then())
    signed = Http("", SIGNING_SECRET, slack_clock).signed(b"token=x")
    stale = Http("", SIGNING_SECRET, slack_clock).signed(b"token=x", at=int(slack_clock.now().timestamp()) - 301)

    assert verifier.is_valid_request(b"token=x", signed)
    assert not verifier.is_valid_request(b"token=y", signed)
    assert not verifier.is_valid_request(b"token=x", stale)


# files


async def test_a_picture_is_uploaded_and_then_shown_with_its_words(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    uploaded = await slack_client.files_upload_v2(filename="week.png", content=b"\x89PNG", alt_txt="A chart")
    image = {"type": "image", "slack_file": {"id": uploaded["file"]["id"]}, "alt_text": "3 introductions"}

    await slack_client.chat_postMessage(channel=INTRODUCTIONS, text="The week", blocks=[image])

    (seen,) = slack.world.in_view(ANA)
    assert (seen.images, seen.shown) == (("3 introductions",), "[3 introductions]")
    assert slack.world.files[uploaded["file"]["id"]].content == b"\x89PNG"


async def test_a_file_can_be_shared_where_the_bot_is(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    dm = (await slack_client.conversations_open(users=BEN))["channel"]["id"]

    await slack_client.files_upload_v2(filename="export.json", content="{}", channel=dm, initial_comment="Yours")

    assert [(seen.text, seen.files) for seen in slack.world.dm_of(BEN)] == [("Yours", ("export.json",))]


async def test_what_was_not_uploaded_cannot_be_completed(slack_client: AsyncWebClient) -> None:
    asked = await slack_client.files_getUploadURLExternal(filename="a.png", length=4)

    completed = slack_client.files_completeUploadExternal(files=[{"id": asked["file_id"]}])
    assert await refusal(completed) == "file_not_found"


# adding the app


@pytest.fixture
async def installer() -> AsyncIterator[str]:
    """An app's two pages: they keep a state in a cookie, and show what came back."""

    async def install(request: Request) -> Response:
        query = {"client_id": CLIENT_ID, "scope": ",".join(SCOPES), "state": "s-1", "redirect_uri": REDIRECT}
        link = f"https://slack.com/oauth/v2/authorize?{urlencode(query)}"
        page = HTMLResponse(f'<a href="{link.replace("&", "&amp;")}">Add to Slack</a>')
        page.set_cookie("state", "s-1", secure=True, httponly=True)
        return page

    async def directly(request: Request) -> Response:
        query = {"client_id": "?", "scope": "chat:write,admin", "user_scope": "search:read", "redirect_uri": REDIRECT}
        return RedirectResponse(f"https://slack.com/oauth/v2/authorize?{urlencode(query)}")

    async def back(request: Request) -> Response:
        return HTMLResponse(f"{dict(request.query_params)} {request.cookies}")

    routes = [Route("/slack/install", install), Route("/directly", directly), Route("/slack/oauth_redirect", back)]
    async with serving(Starlette(routes=routes)) as url:
        yield url


def code_in(url: str) -> str:
    return parse_qs(urlsplit(url).query)["code"][0]


async def exchange(client: AsyncWebClient, given: str, **changes: str) -> Any:  # noqa: ANN401 -- the client's answer
    facts = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "code": given, "redirect_uri": REDIRECT}
    return await client.oauth_v2_access(**(facts | changes))


async def test_a_browser_comes_back_with_a_code_its_state_and_its_cookie(slack: SlackServer, installer: str) -> None:
    page = await slack.add_to_slack(f"{installer}/slack/install")

    assert page.url.startswith(f"{installer}/slack/oauth_redirect?code=")
    assert "state=s-1" in page.url
    assert "{'state': 's-1'}" in page.text


async def test_a_code_is_exchanged_once_for_a_bots_token(
    slack: SlackServer, slack_client: AsyncWebClient, installer: str
) -> None:
    code = code_in((await slack.add_to_slack(f"{installer}/slack/install", team="T9")).url)

    granted = await exchange(slack_client, code)

    assert (granted["team"]["id"], granted["authed_user"]["id"]) == ("T9", "U0OWNER")
    assert (granted["bot_user_id"], granted["scope"]) == ("U9TWOYES", ",".join(SCOPES))
    assert "access_token" not in granted["authed_user"]
    assert slack.world.tokens[granted["access_token"]].team == "T9"
    assert await refusal(exchange(slack_client, code)) == "invalid_code"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "?"}, "invalid_client_id"),
        ({"client_secret": "?"}, "bad_client_secret"),
        ({"redirect_uri": "https://evil.example"}, "bad_redirect_uri"),
        ({"code": "?"}, "invalid_code"),
    ],
)
async def test_an_exchange_that_is_not_ours_is_refused(
    slack: SlackServer, slack_client: AsyncWebClient, installer: str, changes: dict[str, str], error: str
) -> None:
    code = code_in((await slack.add_to_slack(f"{installer}/slack/install")).url)

    assert await refusal(exchange(slack_client, code, **changes)) == error


async def test_a_code_lives_ten_minutes(
    slack: SlackServer, slack_client: AsyncWebClient, slack_clock: StoryClock, installer: str
) -> None:
    code = code_in((await slack.add_to_slack(f"{installer}/slack/install")).url)
    slack_clock.move_to(slack_clock.now() + timedelta(minutes=11))

    assert await refusal(exchange(slack_client, code)) == "invalid_code"


async def test_an_install_for_a_whole_organisation_has_no_workspace(
    slack: SlackServer, slack_client: AsyncWebClient, installer: str
) -> None:
    page = await slack.add_to_slack(f"{installer}/slack/install", enterprise=True)

    granted = await exchange(slack_client, code_in(page.url))

    assert granted["is_enterprise_install"]
    assert granted["team"] is None


async def test_an_owner_may_say_no(slack: SlackServer, installer: str) -> None:
    page = await slack.add_to_slack(f"{installer}/slack/install", approve=False)

    assert "error=access_denied" in page.url
    assert "code=" not in page.url


async def test_asking_for_more_than_the_app_has_is_written_down(slack: SlackServer, installer: str) -> None:
    await slack.add_to_slack(f"{installer}/directly")

    told = " ".join(slack.world.take_violations())
    assert "client_id" in told
    assert "user scopes" in told
    assert "admin" in told


async def test_a_browser_that_comes_by_itself_is_sent_back_too(
    slack: SlackServer, slack_session: aiohttp.ClientSession
) -> None:
    query = {"client_id": CLIENT_ID, "scope": "commands", "state": "s", "redirect_uri": REDIRECT}

    async with slack_session.get(slack.authorize_url, params=query, allow_redirects=False) as response:
        assert response.headers["Location"].startswith(f"{REDIRECT}?code=")

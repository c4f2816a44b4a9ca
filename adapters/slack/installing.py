"""Adding the bot to a workspace in a browser: off to Slack with a state that is good once, and back with a token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from logging import CRITICAL, getLogger
from typing import Final

from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth import OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.slack.authorising import Authorising
from adapters.slack.clients import Line
from adapters.slack.errors import FAILURES
from adapters.slack.installations import STATE_LIVES, Installations, OrganisationError, States, workspace_in
from adapters.slack.page import SAFE_HEADERS, language_of, page
from bot.domain.ids import UserId
from bot.ports.edges import Clock
from bot.ports.front import Front
from bot.ports.messages import Message
from bot.ports.store import Store
from bot.ports.telemetry import Telemetry

SCOPES: Final = ("commands", "chat:write", "im:write", "mpim:write", "users:read", "files:write")
"""What the bot asks for, and no user's token at all."""

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
COOKIE: Final = "__Host-twoyes-install"

Sentence = Callable[[str], Message]


@dataclass(frozen=True, slots=True)
class Registered:
    """The app as it is registered with Slack, and the address under which people reach it here."""

    client_id: str
    client_secret: str = field(repr=False)
    public_url: str


@dataclass(frozen=True, slots=True)
class Pages:
    """What people read at the end, in their language."""

    added: Sentence
    not_agreed: Sentence
    add_again: Sentence
    not_for_organisations: Sentence


@dataclass(frozen=True, slots=True)
class Ends:
    """What an installation leads to."""

    front: Front
    store: Store
    authorising: Authorising
    clock: Clock
    telemetry: Telemetry


class Installing:
    """Answers `/slack/install` and `/slack/oauth_redirect`."""

    def __init__(self, registered: Registered, pages: Pages, line: Line, ends: Ends) -> None:
        """Use Bolt's own flow over our stores."""
        self._registered = registered
        self._pages = pages
        self._line = line
        self._to = ends
        self._flow: AsyncOAuthFlow | None = None

    def routes(self) -> Sequence[BaseRoute]:
        """Return both."""
        return (Route(INSTALL, self._install), Route(REDIRECT, self._redirect))

    async def _install(self, request: Request) -> Response:
        """Send the browser to Slack. Nothing of what it asked for is passed on."""
        del request
        return _response(await self._flowing().handle_installation(AsyncBoltRequest(body="")))

    async def _redirect(self, request: Request) -> Response:
        asked = AsyncBoltRequest(body="", query=request.url.query, headers=dict(request.headers))
        return _response(await self._flowing().handle_callback(asked))

    def _flowing(self) -> AsyncOAuthFlow:
        """Return the flow; its client needs a running loop."""
        if self._flow is None:
            self._flow = self._made()
        return self._flow

    def _made(self) -> AsyncOAuthFlow:
        silent = getLogger("adapters.slack.installing")
        silent.setLevel(CRITICAL + 1)  # its warnings quote codes
        settings = AsyncOAuthSettings(
            client_id=self._registered.client_id,
            client_secret=self._registered.client_secret,
            scopes=SCOPES,
            user_scopes=(),
            redirect_uri=f"{self._registered.public_url}{REDIRECT}",
            install_page_rendering_enabled=False,
            installation_store=Installations(self._to.store),
            installation_store_bot_only=True,
            state_store=States(self._to.store, self._to.clock),
            callback_options=AsyncCallbackOptions(success=self._succeeded, failure=self._failed),
            logger=silent,
        )
        settings.state_utils = _Cookie(cookie_name=COOKIE, expiration_seconds=int(STATE_LIVES.total_seconds()))
        return _Flow(client=self._line.client(), logger=silent, settings=settings)

    async def _succeeded(self, args: AsyncSuccessArgs) -> BoltResponse:
        workspace = workspace_in(args.installation)
        self._to.authorising.drop(workspace)
        by = args.installation.user_id
        await self._to.front.arrived(workspace, UserId(by) if by else None)
        self._to.telemetry.event("slack.added", workspace=workspace)
        return _page(args.request, self._pages.added, 200)

    async def _failed(self, args: AsyncFailureArgs) -> BoltResponse:
        reason = type(args.error).__name__ if args.error else args.reason
        self._to.telemetry.event("slack.not_installed", reason=reason if reason in _REASONS else "other")
        if args.reason == "access_denied":
            return _page(args.request, self._pages.not_agreed, 200)
        if isinstance(args.error, OrganisationError):
            return _page(args.request, self._pages.not_for_organisations, 400)
        return _page(args.request, self._pages.add_again, 400)


_REASONS: Final = frozenset(
    {
        "NoTokenError",
        "OrganisationError",
        "access_denied",
        "invalid_browser",
        "invalid_code",
        "invalid_state",
        "missing_code",
    }
)
"""What is noted by name: a reason comes from the address bar, where anybody may write anything."""


class _Cookie(OAuthStateUtils):
    """Binds a state to the browser that began; the library's own cookie may be sent along from other sites' forms."""

    def build_set_cookie_for_new_state(self, state: str) -> str:
        return f"{super().build_set_cookie_for_new_state(state)}; SameSite=Lax"


class _Flow(AsyncOAuthFlow):
    """Bolt's flow, for which Slack may also be out of reach."""

    async def run_installation(self, code: str) -> SlackInstallation | None:
        try:
            return await super().run_installation(code)
        except FAILURES:
            return None


def _page(request: AsyncBoltRequest, words: Sentence, status: int) -> BoltResponse:
    """Return a page in the reader's language, and let the cookie go."""
    language = language_of(next(iter(request.headers.get("accept-language", ())), ""))
    headers: dict[str, str | Sequence[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Set-Cookie": f"{COOKIE}=; Secure; HttpOnly; Path=/; Max-Age=0; SameSite=Lax",
    }
    return BoltResponse(status=status, body=page(words(language), language), headers=headers)


def _response(answered: BoltResponse) -> Response:
    response = Response(answered.body, answered.status, SAFE_HEADERS)
    for name, values in answered.headers.items():
        for value in values:
            response.headers.append(name, value)
    return response

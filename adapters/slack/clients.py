"""The one line to Slack: a session that everything shares, and a client for each workspace's token."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

import aiohttp
from slack_sdk.web.async_base_client import AsyncBaseClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.keeping import Lately
from adapters.slack.errors import FAILURES, TOKEN_IS_DEAD, UNTIL_ADDED_AGAIN, name_of, undelivered
from adapters.slack.rates import Buckets
from bot.domain.ids import WorkspaceId
from bot.ports.gateway import DeliveryDelayedError, DeliveryError
from bot.ports.telemetry import Telemetry

SLACK: Final = AsyncBaseClient.BASE_URL
MOST_CLIENTS: Final = 1_000
WITHIN: Final = 8.0
"""Seconds for one call: less than the courier waits, for only here it is known whether a message was on its way."""
CONNECT_WITHIN: Final = 4.0


class Tokens(Protocol):
    """Knows with which token the bot speaks in a workspace."""

    async def token_of(self, workspace: WorkspaceId) -> str | None:
        """Return the token, or None where the bot is not."""

    def drop(self, workspace: WorkspaceId) -> None:
        """Forget a token that Slack refused, so that the next one is looked up."""


class Line:
    """One HTTP session for all of Slack, opened on the loop that first needs it. Tests give an address of their own.

    A client of the SDK has no time-out of its own once it is given a session (slack.md, T7), and resends by itself
    unless told not to.
    """

    def __init__(self, address: str = SLACK, *, within: float = WITHIN) -> None:
        """Speak to `address`; a call takes at most `within` seconds."""
        self._address = address
        self._timeout = aiohttp.ClientTimeout(total=within, sock_connect=min(CONNECT_WITHIN, within))
        self._session: aiohttp.ClientSession | None = None
        self._clients: Lately[str, AsyncWebClient] = Lately(MOST_CLIENTS)
        self._silent = logging.getLogger("adapters.slack.sdk")
        self._silent.setLevel(logging.CRITICAL)  # below that the SDK spells out every call, to be thrown away

    def session(self) -> aiohttp.ClientSession:
        """Return the session. Slack's cookies are not kept: workspaces share it."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def client(self, token: str | None = None) -> AsyncWebClient:
        """Return a client that speaks with this token, or with none."""
        known = self._clients.get(token or "")
        if known is not None:
            return known
        made = AsyncWebClient(
            token, base_url=self._address, session=self.session(), retry_handlers=[], logger=self._silent
        )
        self._clients.keep(token or "", made)
        return made

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()


Ask = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]


def text_at(answer: Mapping[str, Any], *path: str, lost_answer: bool = False) -> str:
    """Return a text from an answer. Raises DeliveryDelayedError for an answer that has none there."""
    found: Any = answer
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, str) or not found:
        raise DeliveryDelayedError(lost_answer=lost_answer)
    return found


class Clients:
    """Speaks to Slack as the bot of one workspace or another."""

    def __init__(self, line: Line, tokens: Tokens) -> None:
        self.line = line
        self.tokens = tokens

    async def client_of(self, workspace: WorkspaceId) -> AsyncWebClient:
        """Return a client with that workspace's token.

        Raises DeliveryDelayedError where the bot is not: what is owed there waits until it is added again, or purged.
        """
        token = await self.tokens.token_of(workspace)
        if token is None:
            raise DeliveryDelayedError(UNTIL_ADDED_AGAIN, whole_workspace=True)
        return self.line.client(token)


class Calls:
    """Calls the Web API for a workspace, within its limits. What fails is a DeliveryError and nothing else."""

    def __init__(self, clients: Clients, telemetry: Telemetry, buckets: Buckets | None = None) -> None:
        self.line = clients.line
        self._clients = clients
        self._buckets = buckets or Buckets()
        self._telemetry = telemetry

    async def make(self, workspace: WorkspaceId, method: str, ask: Ask) -> dict[str, Any]:
        """Return what Slack answered. Raises DeliveryDelayedError and DeliveryRefusedError; nothing is sent twice."""
        client = await self._clients.client_of(workspace)
        self._buckets.take(method, workspace)
        try:
            answer = (await ask(client)).data
        except FAILURES as failed:
            self.note(workspace, method, name_of(failed))
            raise self._meant(workspace, method, failed) from failed
        return answer if isinstance(answer, dict) else {}

    def note(self, workspace: WorkspaceId, method: str, error: str) -> None:
        """Tell the operator which call failed, by Slack's own word for it."""
        self._telemetry.event("slack.call_failed", workspace=workspace, method=method, error=error)

    def _meant(self, workspace: WorkspaceId, method: str, failed: BaseException) -> DeliveryError:
        """Return what it means for this delivery, after seeing to what it means for the next ones."""
        meaning = undelivered(method, failed)
        if name_of(failed) in TOKEN_IS_DEAD:
            self._clients.tokens.drop(workspace)
        elif isinstance(meaning, DeliveryDelayedError) and meaning.wait is not None:
            self._buckets.close(method, workspace, meaning.wait)
        return meaning

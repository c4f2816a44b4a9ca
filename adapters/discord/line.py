"""The one line to Discord's REST, whether interactions come over the gateway or by HTTP.

discord.py answers interactions and keeps the gateway; deliveries do not go through its HTTPClient. That one sleeps in
place for as long as a 429 or an empty bucket asks for (also after an answer it already has), sends again after 500, 502
and 504, and once it is cut off while it waits for a global 429 it lets nothing through ever again (http.py of 2.7.1,
752-772). Here one call is one request, within a time, and its answer goes to the courier, who decides.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import aiohttp
import orjson
from discord.http import Route
from yarl import URL

from adapters.discord.errors import FAILURES, Answered, refusal, unheard
from adapters.discord.layouts import Upload
from adapters.discord.rates import Gates
from bot.domain.ids import WorkspaceId
from bot.ports.gateway import DeliveryDelayedError
from bot.ports.telemetry import Telemetry

WITHIN: Final = 8.0
"""Seconds for one call: less than the courier waits, for only here it is known whether a message was on its way."""
CONNECT_WITHIN: Final = 4.0
JSON: Final = "application/json"
USER_AGENT: Final = "DiscordBot (twoyes, 1)"
_OK: Final = range(200, 300)
_POSTS: Final = ("POST", "/channels/{channel_id}/messages")


class Line:
    """Calls Discord as the bot. What fails is a DeliveryError and nothing else.

    Nothing that would be there twice is sent twice: aiohttp asks again after a cut, but no POST and no PATCH.
    """

    def __init__(
        self,
        token: str,
        telemetry: Telemetry,
        *,
        within: float = WITHIN,
        gates: Gates | None = None,
        proxy: str | None = None,
    ) -> None:
        """Speak with this token, to where discord.py's Route.BASE points; a call takes at most `within` seconds."""
        self._token = token
        self._telemetry = telemetry
        self._timeout = aiohttp.ClientTimeout(total=within, sock_connect=min(CONNECT_WITHIN, within))
        self._gates = gates or Gates()
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None
        self._me = ""

    async def call(
        self,
        workspace: WorkspaceId,
        route: Route,
        body: Mapping[str, Any] | None = None,
        *,
        files: Sequence[Upload] = (),
        query: Mapping[str, str] | None = None,
        patience: float = 0.0,
    ) -> Any:  # noqa: ANN401 - what a platform answers; `text_at` and its like end it one call later
        """Return what Discord answered, None where that is nothing. A limit that ends within `patience` is waited for.

        Raises DeliveryDelayedError and DeliveryRefusedError (a NotTakenError, with Discord's code).
        """
        is_post = (route.method, route.path) == _POSTS
        await self._let_through(route, patience)
        try:
            answered = await self._asked(route, body, files, query)
        except FAILURES as failed:
            self._note(workspace, route, type(failed).__name__)
            raise unheard(failed, is_post=is_post) from failed
        self._gates.heard(route, answered)
        if answered.status not in _OK:
            self._note(workspace, route, answered.name)
            raise refusal(answered, is_post=is_post)
        if not answered.is_json:
            self._note(workspace, route, "garbage")
            raise DeliveryDelayedError(lost_answer=is_post)
        return answered.body

    async def me(self, workspace: WorkspaceId) -> str:
        """Return the bot's own user id."""
        if not self._me:
            self._me = text_at(await self.call(workspace, Route("GET", "/users/@me")), "id")
        return self._me

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()

    async def _let_through(self, route: Route, patience: float) -> None:
        try:
            self._gates.require_open(route)
        except DeliveryDelayedError as early:
            if early.wait is None or early.wait.total_seconds() > patience:
                raise
            await asyncio.sleep(early.wait.total_seconds())
            self._gates.require_open(route)

    async def _asked(
        self, route: Route, body: Mapping[str, Any] | None, files: Sequence[Upload], query: Mapping[str, str] | None
    ) -> Answered:
        data, headers = _written(body, files)
        url = URL(route.url, encoded=True)  # discord.py has quoted what it put in; once more takes a while
        async with self._opened().request(
            route.method, url, data=data, headers=headers, params=query, proxy=self._proxy
        ) as response:
            return _read(response, await response.read())

    def _opened(self) -> aiohttp.ClientSession:
        """Return the session, opened on the loop that first needs it."""
        if self._session is None:
            headers = {"Authorization": f"Bot {self._token}", "User-Agent": USER_AGENT}
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(timeout=self._timeout, headers=headers, cookie_jar=jar)
        return self._session

    def _note(self, workspace: WorkspaceId, route: Route, error: str) -> None:
        """Tell the operator which call failed, by Discord's own code."""
        self._telemetry.event("discord.call_failed", workspace=workspace, method=route.key, error=error)


def text_at(answer: object, *path: str, lost_answer: bool = False) -> str:
    """Return a text from an answer. Raises DeliveryDelayedError for an answer that has none there."""
    found = answer
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, str) or not found:
        raise DeliveryDelayedError(lost_answer=lost_answer)
    return found


def listed(answer: object) -> list[Mapping[str, Any]]:
    """Return the objects of an answer that is a list of them."""
    return [each for each in answer if isinstance(each, Mapping)] if isinstance(answer, list) else []


def _written(
    body: Mapping[str, Any] | None, files: Sequence[Upload]
) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """Return the body as it is sent, and its headers; with files it is multipart, and those are numbered."""
    if not files:
        return (None, {}) if body is None else (orjson.dumps(body), {"Content-Type": JSON})
    form = aiohttp.FormData(quote_fields=False)  # quoted, `files[0]` would be another name to Discord
    form.add_field("payload_json", orjson.dumps(body).decode(), content_type=JSON)
    for number, file in enumerate(files):
        form.add_field(f"files[{number}]", file.content, filename=file.name, content_type="application/octet-stream")
    return form, {}


def _read(response: aiohttp.ClientResponse, content: bytes) -> Answered:
    if not content:
        return Answered(response.status, response.headers, is_json=response.status in _OK)
    try:
        return Answered(response.status, response.headers, orjson.loads(content), is_json=True)
    except orjson.JSONDecodeError:
        return Answered(response.status, response.headers)

"""Socket Mode: one connection to Slack, and somebody who looks after it where the library's own attempts get stuck."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.background import Background
from adapters.reading import NotUnderstoodError
from adapters.slack.clients import Line
from adapters.waiting import is_told
from bot.ports.telemetry import Telemetry

Take = Callable[[dict[str, Any], Mapping[str, str]], Awaitable[BoltResponse]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the connection is looked at, how long it may be down, and how often it is pinged; in seconds."""

    look: float = 1.0
    patience: float = 30.0
    ping: float = 5.0


@dataclass(frozen=True, slots=True)
class _Held:
    """A client, and its first attempt to connect, which may be sleeping off a rate limit."""

    client: SocketModeClient
    connecting: asyncio.Task[None]

    async def let_go(self) -> None:
        """Hang up."""
        await self.client.close()  # type: ignore[no-untyped-call] # so in the SDK
        self.connecting.cancel()


class SocketMode:
    """Takes envelopes from a connection, and acknowledges each over it once what it asked for is committed."""

    def __init__(
        self,
        *,
        line: Line,
        app_token: str,
        take: Take,
        background: Background,
        telemetry: Telemetry,
        pace: Pace | None = None,
    ) -> None:
        """Connect when `run` does."""
        self._line = line
        self._app_token = app_token
        self._take = take
        self._background = background
        self._telemetry = telemetry
        self._pace = pace or Pace()
        self._is_taking = True
        self.is_connected = False

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until told to stop; then take nothing more, finish what is in hand, and hang up.

        The library's own attempts go on with the address they were given, which may be good for one connection only
        (trap T6). So a client that has been down too long is put away, and another one asks Slack for an address.
        """
        async with asyncio.TaskGroup() as tasks:
            held = self._connecting(tasks)
            try:
                while not stop.is_set():
                    if await self._is_lost(held.client, stop):
                        self._telemetry.event("slack.reconnecting")
                        await held.let_go()
                        held = self._connecting(tasks)
                self._is_taking = False
                await self._background.settled()
            finally:
                self.is_connected = False
                await held.let_go()

    def _connecting(self, tasks: asyncio.TaskGroup) -> "_Held":
        """Start to connect, which goes on until it succeeds or is let go."""
        client = SocketModeClient(
            self._app_token,
            logger=_silent(),
            web_client=self._line.client(),
            ping_interval=self._pace.ping,
        )
        client.socket_mode_request_listeners.append(self._on_envelope)
        return _Held(client, tasks.create_task(self._connected(client)))

    async def _connected(self, client: SocketModeClient) -> None:
        await client.connect()  # type: ignore[no-untyped-call] # so in the SDK
        await self._look(client)

    async def _is_lost(self, client: SocketModeClient, stop: asyncio.Event) -> bool:
        """Look after a connection; return when it has been down for too long, or when told to stop."""
        loop = asyncio.get_running_loop()
        well_at = loop.time()
        while loop.time() - well_at < self._pace.patience:
            if await self._look(client):
                well_at = loop.time()
            if await is_told(stop, within=self._pace.look):
                return False
        return True

    async def _look(self, client: SocketModeClient) -> bool:
        """Find out whether the connection stands, and tell if that is new."""
        is_connected = await client.is_connected()
        if is_connected != self.is_connected:
            self.is_connected = is_connected
            self._telemetry.event("slack.connected" if is_connected else "slack.disconnected")
        return is_connected

    async def _on_envelope(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Hand an envelope to a task of ours: the library keeps no hold of its own. Not taken, it comes again."""
        if self._is_taking:
            self._background.start("envelope", lambda: self._answer(client, request))

    async def _answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            answered = await self._take(request.payload, _retried(request))
        except NotUnderstoodError as error:
            self._telemetry.event("slack.not_understood", reason=error.reason)
            return
        await send_async_response(client, request, answered, 0.0)


def _retried(request: SocketModeRequest) -> Mapping[str, str]:
    if not request.retry_attempt:
        return {}
    return {"x-slack-retry-num": str(request.retry_attempt), "x-slack-retry-reason": request.retry_reason or ""}


def _silent() -> logging.Logger:
    """Return a logger that says nothing: what the library logs of failures quotes what it was sending."""
    silent = logging.getLogger("adapters.slack.socket_mode")
    silent.setLevel(logging.CRITICAL + 1)
    return silent

"""Socket Mode: tickets that work once, envelopes and their acknowledgements, refreshes, refusals and cut wires."""

import asyncio
import json
from http import HTTPStatus
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.slack.delivering import EVENTS, Ack, Delivery, waited
from tests.slack.state import JSON
from tests.slack.world import World

DEADLINE = 10.0
"""Real seconds to wait for an app to connect."""


class Sockets:
    """Every websocket the app holds open."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: list[tuple[web.WebSocketResponse, web.Request]] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._changed = asyncio.Condition()
        self._refusals = 0
        self._known: set[str] = set()
        self.mute = False
        self.handshakes = 0
        self.refused = 0
        self.acks: list[JSON] = []

    @property
    def connections(self) -> int:
        """Return how many are open."""
        return len(self._open)

    @property
    def tickets_issued(self) -> int:
        """Return how many URLs were handed out."""
        return self._world.tickets_issued

    async def connected(self, n: int = 1) -> None:
        """Wait until exactly so many connections are open, or raise TimeoutError."""
        async with asyncio.timeout(DEADLINE), self._changed:
            await self._changed.wait_for(lambda: len(self._open) == n)

    async def reconnected(self, handshakes: int) -> None:
        """Wait until so many handshakes have succeeded since the start and one connection is open."""
        async with asyncio.timeout(DEADLINE), self._changed:
            await self._changed.wait_for(lambda: self.handshakes >= handshakes and bool(self._open))

    async def turned_away(self, n: int) -> None:
        """Wait until so many handshakes were refused."""
        async with asyncio.timeout(DEADLINE), self._changed:
            await self._changed.wait_for(lambda: self.refused >= n)

    def refuse(self, times: int) -> None:
        """Answer the next handshakes 408; their tickets are spent."""
        self._refusals += times

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Tell every connection that it ends: refresh_requested, warning or link_disabled."""
        for ws, _ in tuple(self._open):
            await ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}})

    async def cut(self) -> None:
        """Drop every connection without a word."""
        for _, request in tuple(self._open):
            if request.transport is not None:
                request.transport.abort()
        await self.connected(0)

    async def close(self) -> None:
        """End every connection, because the server stops."""
        for ws, _ in tuple(self._open):
            await ws.close(code=WSCloseCode.GOING_AWAY)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take a connection whose ticket is fresh, and stay with it until it ends."""
        if not self._admits(request.query.get("ticket", "")):
            self.refused += 1
            await self._tell()
            return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        await self._arrive(ws, request)
        try:
            await self._listen(ws)
        finally:
            await self._leave(ws)
        return ws

    async def send(self, delivery: Delivery, patience: float) -> Ack:
        """Bring a payload to one of the connections, and wait for its acknowledgement."""
        if not self._open:
            return Ack(problem="connection")
        envelope = self._envelope(delivery)
        self._known.add(envelope["envelope_id"])
        future = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = future
        try:
            await self._open[len(self._known) % len(self._open)][0].send_json(envelope)
            return Ack(HTTPStatus.OK, await waited(future, patience))
        except TimeoutError:
            return Ack(problem="timeout")
        except ConnectionError:
            return Ack(problem="connection")
        finally:
            del self._waiting[envelope["envelope_id"]]

    def _admits(self, ticket: str) -> bool:
        fresh = ticket in self._world.socket_tickets
        self._world.socket_tickets.discard(ticket)
        if self._refusals:
            self._refusals -= 1
            return False
        return fresh

    def _envelope(self, delivery: Delivery) -> JSON:
        envelope: JSON = {
            "envelope_id": self._world.next_id("envelope-"),
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != EVENTS,
        }
        if delivery.kind == EVENTS:
            envelope |= {"retry_attempt": delivery.retry, "retry_reason": delivery.reason}
        return envelope

    async def _arrive(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        await ws.send_json(
            {
                "type": "hello",
                "num_connections": len(self._open) + 1,
                "debug_info": {"host": "loopback", "approximate_connection_time": 18060},
                "connection_info": {"app_id": self._world.app.id},
            }
        )
        self._open.append((ws, request))
        self.handshakes += 1
        await self._tell()

    async def _leave(self, ws: web.WebSocketResponse) -> None:
        self._open[:] = [each for each in self._open if each[0] is not ws]
        await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _listen(self, ws: web.WebSocketResponse) -> None:
        async for message in ws:
            if message.type is WSMsgType.PING and not self.mute:
                await ws.pong(message.data)
            if message.type is WSMsgType.TEXT:
                self._acknowledged(json.loads(message.data))

    def _acknowledged(self, ack: JSON) -> None:
        self.acks.append(ack)
        envelope = str(ack.get("envelope_id"))
        if envelope not in self._known:
            self._world.violate("socket mode", [f"an acknowledgement of nothing: {sorted(ack)}"])
        future = self._waiting.get(envelope)
        if future is not None and not future.done():
            future.set_result(ack.get("payload") or None)

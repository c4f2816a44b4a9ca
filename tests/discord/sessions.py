"""A bot's sessions at the gateway: what each was told, so that it can be told again when it comes back."""

import asyncio
import zlib
from dataclasses import dataclass, field
from typing import Protocol

import orjson
from aiohttp import web

from tests.discord.state import Json


class Compressor(Protocol):
    """zlib's compressobj."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self, mode: int = ..., /) -> bytes: ...


@dataclass
class Connection:
    """One socket. With `compress=zlib-stream` in its address all it gets is one compressed stream."""

    socket: web.WebSocketResponse
    transport_of: web.Request
    compressor: Compressor | None = None
    session: "Session | None" = None
    heartbeats: int = 0
    closed_here: bool = False
    outgoing: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)

    def tell(self, payload: Json) -> None:
        """Have a payload sent, after those that wait already."""
        self.outgoing.put_nowait(payload)

    async def pump(self) -> None:
        """Send what is to be sent, in order, until cancelled."""
        while True:
            await self._send(await self.outgoing.get())

    async def _send(self, payload: Json) -> None:
        """Send a payload; a socket that is gone takes nothing."""
        if self.socket.closed:
            return
        encoded = orjson.dumps(payload)
        try:
            if self.compressor is None:
                await self.socket.send_str(encoded.decode())
            else:
                await self.socket.send_bytes(
                    self.compressor.compress(encoded) + self.compressor.flush(zlib.Z_SYNC_FLUSH)
                )
        except ConnectionError:
            return

    async def close(self, code: int) -> None:
        """Close the socket from this side."""
        self.closed_here = True
        await self.socket.close(code=code)

    def cut(self) -> None:
        """Drop the TCP connection without a word."""
        transport = self.transport_of.transport
        if transport is not None:
            transport.abort()


@dataclass
class Session:
    """From IDENTIFY until it is invalidated; it survives its sockets."""

    id: str
    shard: int
    shards: int
    intents: int
    connection: Connection | None = None
    sequence: int = 0
    told: list[Json] = field(default_factory=list)

    def owns(self, guild: str | None) -> bool:
        """Say whether events of a guild come here; what is of no guild, direct messages too, goes to shard 0."""
        return self.shard == 0 if guild is None else (int(guild) >> 22) % self.shards == self.shard

    def note(self, event: str, payload: Json) -> Json:
        """Number an event and keep it for a resume."""
        self.sequence += 1
        numbered = {"op": 0, "t": event, "s": self.sequence, "d": payload}
        self.told.append(numbered)
        return numbered


@dataclass(frozen=True)
class Identify:
    """One IDENTIFY that came in."""

    shard: int
    shards: int
    intents: int
    compressed: bool

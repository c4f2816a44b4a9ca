"""Discord's gateway: hello, identify, ready, guilds, heartbeats, resume; and everything that can go wrong with it."""

import asyncio
import itertools
import zlib
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import WSMsgType, web

from tests.discord.sessions import Connection, Identify, Session
from tests.discord.shapes import guild_create_json, user_json
from tests.discord.state import Json
from tests.discord.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)
GUILDS = 1
MOST_GUILDS_OF_A_SHARD = 2500


class Gateway:
    """Everything about the websocket. `url` is set by the server; it is where READY sends a resume, too."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sessions: dict[str, Session] = {}
        self._connections: list[Connection] = []
        self._numbers = itertools.count(1)
        self._refusing = 0
        self.url = ""
        self.resume_url: str | None = None
        self.heartbeat_interval = 41250
        self.mute = False
        self.max_concurrency = 1
        self.most_identifies = 1000
        self.recommended_shards = 1
        self.identifies: list[Identify] = []
        self.resumes = 0
        world.listen(self.dispatch)

    # what a test can see and do

    @property
    def connections(self) -> int:
        """Return how many sessions have a socket that said who it is."""
        return sum(each.session is not None for each in self._connections)

    @property
    def heartbeats(self) -> int:
        return sum(each.heartbeats for each in self._connections)

    async def connected(self, shards: int = 1, patience: float = 10.0) -> None:
        """Wait until so many shards are connected."""
        await self._world.pulse.until(lambda: self.connections >= shards, patience)

    async def gone(self, patience: float = 10.0) -> None:
        """Wait until nobody is connected."""
        await self._world.pulse.until(lambda: not self._connections, patience)

    def reconnect(self) -> None:
        """Ask everybody to reconnect and resume (op 7)."""
        for connection in list(self._connections):
            connection.tell({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell everybody that their session is invalid (op 9); unless `resumable` it is forgotten."""
        for connection in list(self._connections):
            if connection.session is not None and not resumable:
                self._sessions.pop(connection.session.id, None)
            connection.tell({"op": INVALID, "d": resumable})

    def drop(self, *, forget: bool = False) -> None:
        """Cut every TCP connection; with `forget` no session can be resumed."""
        if forget:
            self._sessions.clear()
        for connection in list(self._connections):
            connection.cut()

    async def close(self, code: int = 4000) -> None:
        """Close every socket with a code such as 4000 (resumes), 4004 (bad token) or 4014 (intents not allowed)."""
        for connection in list(self._connections):
            await connection.close(code)

    def refuse(self, times: int = 1) -> None:
        """Answer the next handshakes with 503."""
        self._refusing = times

    def dispatch(self, event: str, guild: str | None, payload: Json, intent: int) -> None:
        """Tell an event to every session it is for; one without a socket hears it when it resumes."""
        for session in self._sessions.values():
            if session.owns(guild) and (session.intents & intent or not intent):
                self._tell(session, event, payload)

    def reaches(self, guild: str | None) -> bool:
        """Say whether any session would hear of an interaction in a guild, or (None) in a direct message."""
        return any(session.owns(guild) for session in self._sessions.values())

    # sockets

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket, from HELLO to its end."""
        if self._refusing:
            self._refusing -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(autoping=True, compress=False)
        await socket.prepare(request)
        is_stream = request.query.get("compress") == "zlib-stream"
        connection = Connection(socket, request, zlib.compressobj() if is_stream else None)
        self._connections.append(connection)
        try:
            connection.tell({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_interval}})
            async with asyncio.TaskGroup() as tasks:
                pump = tasks.create_task(connection.pump())
                await self._listen(connection)
                pump.cancel()
        finally:
            self._left(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.TEXT:
                await self._heard(connection, message.json())

    async def _heard(self, connection: Connection, payload: Json) -> None:
        handlers: Mapping[int, Callable[[Connection, Json], Awaitable[None]]] = {
            HEARTBEAT: self._heartbeat,
            IDENTIFY: self._identify,
            RESUME: self._resume,
        }
        handler = handlers.get(payload["op"])
        if handler is not None:
            await handler(connection, payload.get("d") or {})

    async def _heartbeat(self, connection: Connection, told: Json) -> None:
        connection.heartbeats += 1
        self._world.pulse.beat()
        if not self.mute:
            connection.tell({"op": ACK})

    async def _identify(self, connection: Connection, told: Json) -> None:
        shard, shards = told.get("shard") or (0, 1)
        compressed = connection.compressor is not None
        self.identifies.append(Identify(shard, shards, told.get("intents", 0), compressed))
        code = self._refusal(told, shard, shards)
        if code is not None:
            await connection.close(code)
            return
        session = Session(f"session-{next(self._numbers)}", shard, shards, told["intents"], connection)
        self._sessions[session.id] = session
        connection.session = session
        self._ready(session)

    def _refusal(self, told: Json, shard: int, shards: int) -> int | None:
        """Return the code an IDENTIFY is refused with, or None."""
        if told.get("token") != self._world.application.token or len(self.identifies) > self.most_identifies:
            return 4004
        if not 0 <= shard < shards:
            return 4010
        if told.get("intents", 0) & PRIVILEGED & ~self._world.application.privileged:
            return 4014
        inside = [guild for guild in self._world.guilds.values() if self._world.bot in guild.members]
        return 4011 if len(inside) > MOST_GUILDS_OF_A_SHARD * shards else None

    def _ready(self, session: Session) -> None:
        world = self._world
        guilds = [each for each in world.guilds.values() if world.bot in each.members and session.owns(each.id)]
        self._tell(
            session,
            "READY",
            {
                "v": 10,
                "user": user_json(world.users[world.bot]) | {"mfa_enabled": False, "verified": True},
                "guilds": [{"id": each.id, "unavailable": True} for each in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.resume_url or self.url,
                "shard": [session.shard, session.shards],
                "application": {"id": world.application.id, "flags": 0},
            },
        )
        for guild in guilds if session.intents & GUILDS else []:
            if not guild.unavailable:
                self._tell(session, "GUILD_CREATE", guild_create_json(world, guild))
        world.pulse.beat()

    async def _resume(self, connection: Connection, told: Json) -> None:
        session = self._sessions.get(told.get("session_id") or "")
        if session is None or told.get("token") != self._world.application.token or told["seq"] > session.sequence:
            connection.tell({"op": INVALID, "d": False})
            return
        self.resumes += 1
        connection.session, session.connection = session, connection
        for missed in [each for each in session.told if each["s"] > told["seq"]]:
            connection.tell(missed)
        self._tell(session, "RESUMED", {"_trace": []})
        self._world.pulse.beat()

    def _tell(self, session: Session, event: str, payload: Json) -> None:
        numbered = session.note(event, payload)
        if session.connection is not None:
            session.connection.tell(numbered)

    def _left(self, connection: Connection) -> None:
        """Keep the session of a socket that is gone, unless it was closed by the bot with 1000 or 1001."""
        self._connections.remove(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            if connection.socket.close_code in (1000, 1001) and not connection.closed_here:
                self._sessions.pop(session.id, None)
        self._world.pulse.beat()

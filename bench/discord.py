"""Discord's side for a benchmark: a gateway full of servers, buttons that are pressed, and a REST that says yes."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from aiohttp import WSMsgType, web

APPLICATION = "100000000000000001"
CHANNELS, ROLES = 50, 30
_CAPTURED = Path(__file__).parents[1] / "tests" / "adapters" / "discord" / "payloads" / "press_in_dm.json"
_MOST_SOCKET = 2**24
_numbers = count(10**18)

Json = dict[str, Any]


def token_of(name: str) -> str:
    """Return the token of a bot; by its name it is known which session is whose."""
    return f"{base64.b64encode(APPLICATION.encode()).decode().rstrip('=')}.Gbench.{name}"


def guild_id(number: int) -> str:
    """Return a server's id."""
    return str(2 * 10**17 + number * 1000)


def press(user: str, button: str) -> Json:
    """Return a button pressed in a direct message: the payload captured for the tests, with other ids."""
    payload: Json = json.loads(_CAPTURED.read_text(encoding="utf-8"))
    payload["id"], payload["token"] = str(next(_numbers)), f"token-{next(_numbers)}"
    payload["user"]["id"] = user
    payload["channel"]["id"] = payload["channel_id"] = payload["message"]["channel_id"] = str(int(user) + 10**17)
    payload["data"]["custom_id"] = payload["message"]["components"][0]["components"][0]["custom_id"] = button
    return payload


class Loopback:
    """Says yes to every call, and hands out servers to whoever says who they are."""

    def __init__(self, guilds: int) -> None:
        """Have so many servers, each with channels and roles as a large club has them."""
        self.url = ""
        self._guilds = guilds
        self._sockets: dict[str, web.WebSocketResponse] = {}
        self._told = asyncio.Event()
        self._answered: dict[str, asyncio.Event] = {}

    async def joined(self, name: str) -> None:
        """Wait until the bot of this name was told of every server."""
        async with asyncio.timeout(120):
            while name not in self._sockets:
                self._told.clear()
                await self._told.wait()

    async def brings(self, name: str, interaction: Json) -> None:
        """Bring an interaction to a bot, and wait until it has answered."""
        done = self._answered[interaction["id"]] = asyncio.Event()
        sent = {"op": 0, "s": next(_numbers), "t": "INTERACTION_CREATE", "d": interaction}
        await self._sockets[name].send_str(orjson.dumps(sent).decode())
        async with asyncio.timeout(60):
            await done.wait()
        del self._answered[interaction["id"]]

    async def rest(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        path = request.path.removeprefix("/api/v10")
        if path.startswith("/interactions/"):
            await request.read()
            interaction = path.split("/")[2]
            if (waits := self._answered.get(interaction)) is not None:
                waits.set()
            if "with_response" in request.query:
                return _json({"interaction": {"id": interaction, "type": 3}})
            return web.Response(status=204)
        return _json(self._found(path))

    def _found(self, path: str) -> object:
        parts = path.strip("/").split("/")
        match parts:
            case ["users", "@me"]:
                return _user(APPLICATION, bot=True)
            case ["users", "@me", "guilds"] | ["applications", _, "commands"]:
                return []
            case ["gateway", "bot"]:
                limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
                return {"url": self.url.replace("http", "ws"), "shards": 1, "session_start_limit": limit}
            case ["guilds", _, "members", user]:
                return {"user": _user(user), "nick": None, "roles": [], "joined_at": _AT, "flags": 0}
            case _:
                return _application()

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=_MOST_SOCKET)
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}})
        async for message in socket:
            told = message.json() if message.type is WSMsgType.TEXT else {}
            if told.get("op") == 1:
                await socket.send_json({"op": 11})
            if told.get("op") == 2:
                await self._identified(socket, told["d"]["token"].rpartition(".")[2])
        return socket

    async def _identified(self, socket: web.WebSocketResponse, name: str) -> None:
        for number, (event, told) in enumerate(self._begun(), start=1):
            await socket.send_str(orjson.dumps({"op": 0, "s": number, "t": event, "d": told}).decode())
        self._sockets[name] = socket
        self._told.set()

    def _begun(self) -> Iterator[tuple[str, Json]]:
        yield (
            "READY",
            {
                "v": 10,
                "user": _user(APPLICATION, bot=True) | {"mfa_enabled": False, "verified": True},
                "guilds": [{"id": guild_id(number), "unavailable": True} for number in range(self._guilds)],
                "session_id": "session",
                "resume_gateway_url": self.url.replace("http", "ws"),
                "shard": [0, 1],
                "application": {"id": APPLICATION, "flags": 0},
            },
        )
        for number in range(self._guilds):
            yield "GUILD_CREATE", _guild(number)


@asynccontextmanager
async def loopback(guilds: int = 1) -> AsyncIterator[Loopback]:
    """Serve a Discord on loopback."""
    made = Loopback(guilds)
    app = web.Application()
    app.router.add_get("/", made.gateway)
    app.router.add_route("*", "/api/v10/{rest:.*}", made.rest)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    made.url = f"http://{host}:{port}"
    try:
        yield made
    finally:
        await runner.cleanup()


def settings(url: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield what has to be set so that `twoyes serve` serves Discord by the gateway."""
    yield "DISCORD_TOKEN", token_of(name)
    yield "TWOYES_DISCORD_API_URL", f"{url}/api/v10"
    yield "TWOYES_OPERATOR_NAME", "The benchmark"
    yield "TWOYES_OPERATOR_CONTACT", "bench@example.org"


_AT = "2026-01-01T00:00:00.000000+00:00"


def _json(body: object) -> web.Response:
    """Answer as Discord does: discord.py reads a body only if the type is this and nothing more."""
    return web.Response(body=orjson.dumps(body), headers={"Content-Type": "application/json", "Via": "1.1 bench"})


def _application() -> Json:
    told = {"id": APPLICATION, "name": "twoyes", "description": "", "summary": "", "verify_key": "", "flags": 0}
    owner = _user(guild_id(1))
    return {**told, "icon": None, "owner": owner, "bot_public": True, "bot_require_code_grant": False}


def _user(user: str, *, bot: bool = False) -> Json:
    named = {"username": f"person{user[-6:]}", "discriminator": "0", "global_name": f"Person {user[-6:]}"}
    return {"id": user, **named, "avatar": None, "bot": bot, "public_flags": 0}


def _guild(number: int) -> Json:
    own = int(guild_id(number))
    empty = ("emojis", "stickers", "threads", "presences", "voice_states", "stage_instances", "guild_scheduled_events")
    return {
        "id": str(own),
        "name": f"Chapter {number} of the joiners",
        "owner_id": str(own + 999),
        "icon": "a_1269e74af4df7417b13759eae50c83dc",
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "features": ["COMMUNITY", "NEWS"],
        "mfa_level": 0,
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-GB",
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "joined_at": _AT,
        "large": False,
        "unavailable": False,
        "member_count": 250,
        "roles": [_role(own, at) for at in range(ROLES)],
        "channels": [_channel(own, at) for at in range(CHANNELS)],
        "members": [{"user": _user(APPLICATION, bot=True), "roles": [str(own + 1)], "joined_at": _AT, "flags": 0}],
        **{name: [] for name in empty},
    }


def _role(guild: int, at: int) -> Json:
    return {
        "id": str(guild + at),
        "name": f"Role number {at}" if at else "@everyone",
        "permissions": "2248473465835073",
        "position": at,
        "color": 3447003,
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def _channel(guild: int, at: int) -> Json:
    denied = [{"id": str(guild + role), "type": 0, "allow": "0", "deny": "1024"} for role in range(3)]
    return {
        "id": str(guild + 100 + at),
        "type": 0,
        "guild_id": str(guild),
        "name": f"channel-number-{at}",
        "topic": "What belongs here, and what does not: please read the rules first.",
        "position": at,
        "flags": 0,
        "parent_id": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": str(guild + 500),
        "permission_overwrites": denied,
    }

"""The gateway's own words, spoken by hand: what it refuses, and what it tells whom."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from tests.discord.cast import BOT, GUILD, OTHER_GUILD, TOKEN
from tests.discord.server import DiscordServer
from tests.discord.state import Guild, Json, Permission


@asynccontextmanager
async def a_socket(server: DiscordServer) -> AsyncIterator[ClientWebSocketResponse]:
    """Open a plain socket and hear its HELLO."""
    async with ClientSession() as session, session.ws_connect(f"{server.gateway_url}?v=10&encoding=json") as socket:
        hello = await socket.receive_json(timeout=5)
        assert hello["op"] == 10
        yield socket


async def identified(server: DiscordServer, **changes: object) -> list[Json] | int:
    """Say who one is; return the events that follow, up to a heartbeat's answer, or the code of a closed socket."""
    async with a_socket(server) as socket:
        told: Json = {"token": TOKEN, "intents": 1, "properties": {}} | changes
        await socket.send_json({"op": 2, "d": told})
        return await until_ack(socket)


async def until_ack(socket: ClientWebSocketResponse) -> list[Json] | int:
    await socket.send_json({"op": 1, "d": None})
    heard: list[Json] = []
    while True:
        message = await socket.receive(timeout=5)
        if message.type is not WSMsgType.TEXT:
            return socket.close_code or 0
        payload = message.json()
        if payload["op"] == 11:
            return heard
        heard.append(payload)


async def test_ready_comes_first_and_then_each_server(discord_server: DiscordServer) -> None:
    heard = await identified(discord_server)

    assert isinstance(heard, list)
    assert [(each["t"], each["s"]) for each in heard] == [("READY", 1), ("GUILD_CREATE", 2)]
    assert heard[0]["d"]["guilds"] == [{"id": GUILD, "unavailable": True}]
    assert {each["name"] for each in heard[1]["d"]["channels"]} == {"introductions", "random", "board"}
    assert [each["user"]["id"] for each in heard[1]["d"]["members"]] == [BOT]


async def test_a_server_with_an_outage_is_announced_and_not_told(discord_server: DiscordServer) -> None:
    discord_server.world.guilds[GUILD].unavailable = True

    heard = await identified(discord_server)

    assert isinstance(heard, list)
    assert [each["t"] for each in heard] == ["READY"]


async def test_without_the_intent_for_servers_nothing_is_told_of_them(discord_server: DiscordServer) -> None:
    async with a_socket(discord_server) as socket:
        await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 0, "properties": {}}})
        first = await until_ack(socket)
        discord_server.servers.add_bot(OTHER_GUILD)
        discord_server.servers.overwrite(next(iter(discord_server.world.channels)), GUILD)
        then = await until_ack(socket)

    assert isinstance(first, list)
    assert ([each["t"] for each in first], then) == (["READY"], [])


async def test_what_is_wrong_with_an_identify_closes_with_its_code(discord_server: DiscordServer) -> None:
    assert await identified(discord_server, token="wrong") == 4004
    assert await identified(discord_server, shard=[2, 2]) == 4010
    assert await identified(discord_server, intents=1 << 15) == 4014
    discord_server.gateway.most_identifies = 3
    assert await identified(discord_server) == 4004


async def test_more_servers_than_a_shard_may_hold_need_shards(discord_server: DiscordServer) -> None:
    for number in range(2500):
        guild = discord_server.world.add_guild(Guild(str(5 << 60 | number), "One more", "1"), Permission(0))
        discord_server.world.add_member(guild.id, BOT)

    assert await identified(discord_server) == 4011


async def dropped(server: DiscordServer) -> Json:
    """Identify, lose the connection, and return what a resume needs."""
    async with a_socket(server) as socket:
        await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1, "properties": {}}})
        heard = await until_ack(socket)
        assert isinstance(heard, list)
        server.gateway.drop()
        await server.gateway.gone()
    return {"token": TOKEN, "session_id": heard[0]["d"]["session_id"], "seq": heard[-1]["s"]}


async def resumed(server: DiscordServer, told: Json) -> list[Json] | int:
    async with a_socket(server) as socket:
        await socket.send_json({"op": 6, "d": told})
        return await until_ack(socket)


async def test_a_resume_of_more_than_was_told_or_with_a_wrong_token_is_invalid(discord_server: DiscordServer) -> None:
    told = await dropped(discord_server)

    for wrong in ({"seq": 99}, {"token": "wrong"}, {"session_id": "other"}):
        assert await resumed(discord_server, told | wrong) == [{"op": 9, "d": False}]


async def test_a_resume_tells_what_was_missed_once(discord_server: DiscordServer) -> None:
    told = await dropped(discord_server)
    discord_server.servers.remove_bot(GUILD)

    missed = await resumed(discord_server, told)

    assert isinstance(missed, list)
    assert [each["t"] for each in missed] == ["GUILD_DELETE", "RESUMED"]


async def test_a_session_that_was_closed_for_good_is_forgotten(discord_server: DiscordServer) -> None:
    async with a_socket(discord_server) as socket:
        await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1, "properties": {}}})
        await until_ack(socket)
        assert discord_server.gateway.reaches(GUILD)
        await socket.close(code=1000)
    await discord_server.gateway.gone()

    assert not discord_server.gateway.reaches(GUILD)

"""The gateway as this bot keeps it: what it asks for and remembers, and what becomes of a broken connection."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.discord.client import Client, Hears, Shards
from adapters.discord.commands import payload
from adapters.discord.connection import Connection, NotConnectedError, Pace, TokenRefusedError
from adapters.discord.looking_after import servers
from adapters.discord.syncing import sync
from adapters.local.clock import StoryClock
from tests.discord.adapting import Noted, calling
from tests.discord.cast import ANA, GUILD, INTRODUCTIONS, TOKEN
from tests.discord.faults import drop, status
from tests.discord.pointing import READY_AFTER, pointed_at
from tests.discord.server import SHUT, DiscordServer

SYNC = "PUT /applications/{application_id}/commands"
QUICK = Pace(look=0.02, give_up=0.3, try_again=0.02)


@dataclass
class Kept:
    """What a client told."""

    interactions: list[dict[str, Any]] = field(default_factory=list)
    servers: list[str] = field(default_factory=list)
    noted: Noted = field(default_factory=Noted)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def hears(self) -> Hears:
        def ready(guilds: Sequence[str]) -> None:
            self.servers += guilds
            self.ready.set()

        return Hears(self.interactions.append, self.servers.append, self.servers.remove, ready)

    def client(self, shards: Shards | None = None) -> Client:
        return Quickly(self.hears(), self.noted, shards=shards, ready_after=READY_AFTER)


class Quickly(Client):
    """Begins a second session at once; discord.py waits five seconds."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for nothing."""


@asynccontextmanager
async def connected(
    server: DiscordServer, kept: Kept, *, shards: Shards | None = None, pace: Pace = QUICK, token: str = TOKEN
) -> AsyncIterator[tuple[Connection, Client]]:
    """Run a connection until the test is over."""
    clients: list[Client] = []

    def make() -> Client:
        clients.append(kept.client(shards))
        return clients[-1]

    stop, connection = asyncio.Event(), Connection(make, token, kept.noted, pace)
    with pointed_at(server):
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            tasks.create_task(connection.run(stop))
            try:
                await kept.ready.wait()
                yield connection, clients[-1]
            finally:
                stop.set()


async def test_it_asks_for_no_privileged_intent_and_remembers_of_a_server_that_it_is_there(
    discord_server: DiscordServer,
) -> None:
    kept = Kept()

    async with connected(discord_server, kept) as (connection, client):
        discord_server.people.write(ANA, INTRODUCTIONS, "Hello")
        assert connection.is_connected

        (identify,) = discord_server.gateway.identifies
        (guild,) = client.guilds
        assert identify.intents == 1
        assert (str(guild.id), guild.name, guild.unavailable) == (GUILD, "The Chapter", False)
        assert (list(guild.channels), list(guild.roles), list(guild.members)) == ([], [], [])
        assert list(client.cached_messages) == []
        assert kept.servers == [GUILD]
    assert not connection.is_connected


async def test_interactions_come_as_discord_sent_them(discord_server: DiscordServer) -> None:
    kept = Kept()
    async with connected(discord_server, kept), calling(discord_server, StoryClock()) as line:
        await sync(line)
        discord_server.people.patience = 0.05

        answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "intros help")

        assert kept.interactions == [answered.interaction.payload]


async def test_a_process_has_the_shards_it_is_told_to_have(discord_server: DiscordServer) -> None:
    kept, shards = Kept(), Shards((1, 3), 4)

    async with connected(discord_server, kept, shards=shards):
        identified = [(each.shard, each.shards) for each in discord_server.gateway.identifies]

    assert sorted(identified) == [(1, 4), (3, 4)]
    assert [shards.has(str(n << 22)) for n in range(5)] == [False, True, False, True, False]
    assert Shards().has(GUILD)


async def test_commands_are_sent_when_discord_does_not_know_them_and_never_again(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    async with calling(discord_server, discord_clock) as line:
        first, second = await sync(line), await sync(line)
        known = discord_server.world.commands[None]
        known[0]["description"] = "Something else"
        third = await sync(line)

    assert [first, second, third] == [True, False, True]
    assert len(discord_server.world.called(SYNC)) == 2
    assert len(known) == len(payload())


async def test_where_the_bot_is_can_be_asked_without_a_gateway(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    async with calling(discord_server, discord_clock) as line:
        assert await servers(line) == [GUILD]


async def test_a_login_that_fails_is_tried_again(discord_server: DiscordServer) -> None:
    kept = Kept()
    discord_server.faults.next("GET /users/@me", status(503))
    discord_server.faults.next("GET /users/@me", drop(), times=6)

    async with connected(discord_server, kept) as (connection, _):
        assert connection.is_connected

    assert "discord.not_logged_in" in [name for name, _ in kept.noted.events]


async def test_a_token_that_discord_does_not_know_ends_it(discord_server: DiscordServer) -> None:
    connection = Connection(Kept().client, "unknown", Noted(), QUICK)

    with pointed_at(discord_server), pytest.raises(TokenRefusedError):
        await connection.run(asyncio.Event())
    discord_server.world.take_violations()


async def test_a_token_that_is_reset_while_the_bot_is_connected_ends_it(discord_server: DiscordServer) -> None:
    kept = Kept()
    connection = Connection(kept.client, TOKEN, kept.noted, QUICK)

    async def resets() -> None:
        await kept.ready.wait()
        await discord_server.gateway.close(4004)

    with pointed_at(discord_server):
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            tasks.create_task(resets())
            with pytest.raises(TokenRefusedError):
                await connection.run(asyncio.Event())


async def test_a_dropped_connection_is_taken_up_again(discord_server: DiscordServer) -> None:
    kept = Kept()

    async with connected(discord_server, kept, pace=Pace(look=0.02, give_up=10.0)) as (connection, _):
        discord_server.gateway.drop()
        await discord_server.world.pulse.until(lambda: discord_server.gateway.resumes == 1)
        await discord_server.gateway.connected()

        assert connection.is_connected


async def test_a_connection_that_cannot_come_back_is_given_up_for_a_supervisor_to_start_anew(
    discord_server: DiscordServer,
) -> None:
    kept = Kept()
    discord_server.gateway.resume_url = SHUT

    async def drops() -> None:
        await kept.ready.wait()
        discord_server.gateway.drop()

    with pointed_at(discord_server):
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            tasks.create_task(drops())
            with pytest.raises(NotConnectedError):
                await Connection(kept.client, TOKEN, kept.noted, QUICK).run(asyncio.Event())

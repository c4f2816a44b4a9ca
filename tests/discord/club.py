"""The whole bot in a Discord for tests, by hand: the real discord.py, over real sockets, with a real store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from cryptography.fernet import Fernet
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Route

from adapters.discord.app import DiscordApp
from adapters.discord.client import Client, Hears
from adapters.discord.connection import Connection, Pace
from adapters.discord.directs import StoredAddresses
from adapters.discord.interactions_http import ADDRESS, Door
from adapters.discord.leaving import LOOK_AGAIN, Comings, compared_in
from adapters.discord.looking_after import servers
from adapters.discord.place import PLACE
from adapters.discord.syncing import sync
from adapters.discord.whose import joined_in
from adapters.discord.wiring import Discord, Given
from adapters.local.clock import CountedIds, StoryClock
from adapters.system import RandomIds
from bot.bootstrap import Bot, Platform, build, open_store
from bot.cli.hosting_discord import SENTENCES
from bot.domain.ids import WorkspaceId
from bot.ports.edges import Ids
from bot.settings import Settings
from storage.migrate import upgrade
from storage.store import SqlStore
from tests.discord.adapting import EVEN, seconds_of
from tests.discord.cast import GUILD, TOKEN
from tests.discord.pointing import READY_AFTER, pointed_at
from tests.discord.server import DiscordServer
from tests.e2e.stories import Noted
from tests.slack.serving import serving

WORKSPACE = WorkspaceId(f"discord:{GUILD}")
QUICK = Pace(look=0.02, give_up=5.0, try_again=0.02)
MOST_STEPS = 10_000


@dataclass(frozen=True)
class Club:
    """Everybody there is, and the bot among them."""

    server: DiscordServer
    bot: Bot
    store: SqlStore
    discord: Discord
    app: DiscordApp
    comings: Comings
    hears: Hears
    noted: Noted
    clock: StoryClock
    key: str = ""
    url: str = ""
    connection: Connection | None = None

    async def settled(self) -> None:
        """Let everything that was begun come to its end: answers, and what is due in the outbox."""
        await self.discord.background.settled()
        await self.bot.deliver()
        await self.discord.background.settled()

    async def wait(self, span: timedelta) -> None:
        """Let time pass, and do what falls due on the way."""
        until = self.clock.now() + span
        for _ in range(MOST_STEPS):
            due = await self.bot.next_due()
            if due is None or due > until:
                break
            self.clock.move_to(max(due, self.clock.now()))
            await self.bot.sweep()
            await self.settled()
        self.clock.move_to(until)
        await self.bot.sweep()
        await self.settled()

    async def heard(self, name: str, times: int = 1) -> None:
        """Wait until the operator was told something so often; it is what the bot has done, or found out."""
        async with asyncio.timeout(10):
            while len(self.events(name)) < times:  # noqa: ASYNC110 -- telemetry tells nobody
                await asyncio.sleep(0.005)
        await self.settled()

    def events(self, name: str) -> list[dict[str, str | float]]:
        """Return what the operator was told under this name."""
        return [facts for told, facts in self.noted.events if told == name]


@asynccontextmanager
async def open_club(
    server: DiscordServer,
    clock: StoryClock,
    database_url: str,
    transport: str = "gateway",
    *,
    upgraded: bool = False,
    pace: Pace = QUICK,
    key: str = "",
    look_again: float = LOOK_AGAIN,
) -> AsyncIterator[Club]:
    """Open a bot in the sample servers, on the `gateway` or over `http`, with its commands known.

    With a `key` it is the same bot on its database once more. The outbox is delivered by `settled` and `wait`, never
    by itself.
    """
    if not upgraded:
        upgrade(database_url)
    with pointed_at(server):
        async with _bot(server, clock, database_url, key, look_again) as club, asyncio.TaskGroup() as tasks:
            stop = asyncio.Event()
            tasks.create_task(club.discord.background.run(stop))
            try:
                await sync(club.discord.line)
                if transport == "http":
                    async with _at_an_address(club) as opened:
                        yield opened
                else:
                    connection = Connection(lambda: _client(club), TOKEN, club.noted, pace)
                    tasks.create_task(connection.run(stop))
                    await server.gateway.connected()
                    await club.heard("discord.ready")
                    yield replace(club, connection=connection)
            finally:
                stop.set()


@asynccontextmanager
async def _at_an_address(club: Club) -> AsyncIterator[Club]:
    door = Door(club.server.public_key, club.hears.interaction, club.clock)
    app = Starlette(routes=[Route(ADDRESS, door.interactions, methods=["POST"])])
    async with serving(app) as url:
        club.server.deliver_by_http(f"{url}{ADDRESS}")
        club.hears.ready(await servers(club.discord.line))
        await club.settled()
        yield replace(club, url=url)


def _client(club: Club) -> Client:
    return Client(club.hears, club.noted, ready_after=READY_AFTER)


@asynccontextmanager
async def _bot(
    server: DiscordServer, clock: StoryClock, database_url: str, key: str, look_again: float
) -> AsyncIterator[Club]:
    ids: Ids = RandomIds() if key else CountedIds()  # counted ones would come again on a database that has them
    key = key or Fernet.generate_key().decode()
    settings = Settings(
        database_url=database_url,
        encryption_keys=(SecretStr(key),),
        operator_name="The test",
        operator_contact="test@example.org",
    )
    store, noted = open_store(settings).store, Noted()
    given = Given(
        token=TOKEN,
        compare=compared_in(store),
        joined=joined_in(store),
        addresses=StoredAddresses(store),
        sentences=SENTENCES,
        clock=clock,
        telemetry=noted,
        seconds=seconds_of(clock),
        jitter=lambda: EVEN,
        look_again=look_again,
    )
    discord = Discord(given)
    bot = build(
        settings,
        store,
        {"discord": Platform(discord.gateway, discord.directory, PLACE, discord.examiner)},
        telemetry=noted,
        clock=clock,
        ids=ids,
        jitter=lambda: EVEN,
    )
    app, comings = discord.app(bot), discord.comings(bot)
    try:
        yield Club(server, bot, store, discord, app, comings, discord.hears(app, comings), noted, clock, key)
    finally:
        await discord.close()
        await bot.close()

"""The whole bot in a Slack for tests, by hand: the real Bolt and slack_sdk, over real sockets, with a real store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Route

from adapters.local.clock import CountedIds, StoryClock
from adapters.slack.access import OneWorkspace, stored_in
from adapters.slack.app import SlackApp
from adapters.slack.authorising import Find
from adapters.slack.clients import Line
from adapters.slack.edge import Edge
from adapters.slack.socket_mode import Pace, SocketMode
from adapters.slack.wiring import ADDRESS, Given, Slack
from bot.bootstrap import Bot, Platform, build, open_store
from bot.cli.hosting_slack import SENTENCES
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.installs import Installation
from bot.settings import Settings
from storage.migrate import upgrade
from storage.store import SqlStore
from tests.e2e.stories import Noted
from tests.slack.cast import APP_TOKEN, BOT_TOKEN, BOT_USER, OWNER, SIGNING_SECRET, TEAM
from tests.slack.server import SlackServer
from tests.slack.serving import serving

WORKSPACE = WorkspaceId(f"slack:{TEAM}")
QUICK = Pace(look=0.02, patience=0.5, ping=0.2)
"""A connection that is looked after as if it were half a minute."""

MOST_STEPS = 10_000


@dataclass(frozen=True)
class Club:
    """Everybody there is, and the bot among them."""

    server: SlackServer
    bot: Bot
    store: SqlStore
    slack: Slack
    app: SlackApp
    noted: Noted
    clock: StoryClock
    url: str = ""
    socket: SocketMode | None = None

    async def settled(self) -> None:
        """Let everything that was begun come to its end: replies, Homes, and what is due in the outbox."""
        await self.slack.background.settled()
        await self.bot.deliver()
        await asyncio.sleep(0)  # the gateway tells of private deliveries when the loop comes round
        await self.slack.background.settled()

    async def wait(self, span: timedelta) -> None:
        """Let time pass, and do what falls due on the way."""
        until = self.clock.now() + span
        for _ in range(MOST_STEPS):
            due = await self.bot.next_due()
            if due is None or due > until:
                break
            await self._be_at(max(due, self.clock.now()))
        await self._be_at(until)

    async def _be_at(self, instant: datetime) -> None:
        self.clock.move_to(instant)
        await self.bot.sweep()
        await self.settled()


@asynccontextmanager
async def open_club(
    server: SlackServer,
    clock: StoryClock,
    database_url: str,
    transport: str = "http",
    *,
    upgraded: bool = False,
    pace: Pace = QUICK,
) -> AsyncIterator[Club]:
    """Open a bot in the sample workspace: over `http` as one that was installed there, over `socket` by its two tokens.

    The outbox is delivered by `settled` and `wait`, never by itself.
    """
    if not upgraded:
        upgrade(database_url)
    async with _bot(server, clock, database_url, transport) as club, asyncio.TaskGroup() as tasks:
        stop = asyncio.Event()
        tasks.create_task(club.slack.background.run(stop))
        try:
            if transport == "http":
                async with serving(Starlette(routes=[_events(club)])) as url:
                    server.deliver_by_http(f"{url}{ADDRESS}")
                    yield replace(club, url=url)
            else:
                socket = _socket(club, pace)
                tasks.create_task(socket.run(stop))
                await server.sockets.connected()
                server.deliver_by_socket()
                yield replace(club, socket=socket)
        finally:
            stop.set()


@asynccontextmanager
async def _bot(server: SlackServer, clock: StoryClock, database_url: str, transport: str) -> AsyncIterator[Club]:
    settings = Settings(
        database_url=database_url,
        encryption_keys=(SecretStr(Fernet.generate_key().decode()),),
        operator_name="The test",
        operator_contact="test@example.org",
    )
    store, noted, line = open_store(settings).store, Noted(), Line(server.api_url)
    find = await _find(transport, store, line, clock)
    slack = Slack(Given(line=line, find=find, sentences=SENTENCES, clock=clock, telemetry=noted))
    bot = build(
        settings,
        store,
        {"slack": Platform(slack.gateway, slack.directory)},
        telemetry=noted,
        clock=clock,
        ids=CountedIds(),
        jitter=lambda: 0.5,
    )
    try:
        yield Club(server, bot, store, slack, slack.app(bot), noted, clock)
    finally:
        await slack.close()
        await bot.close()


def _events(club: Club) -> Route:
    return Route(ADDRESS, Edge(SIGNING_SECRET, club.app.take, club.clock).events, methods=["POST"])


def _socket(club: Club, pace: Pace) -> SocketMode:
    return SocketMode(
        line=club.slack.line,
        app_token=APP_TOKEN,
        take=club.app.take,
        background=club.slack.background,
        telemetry=club.noted,
        pace=pace,
    )


async def _find(transport: str, store: SqlStore, line: Line, clock: StoryClock) -> Find:
    if transport == "socket":
        return OneWorkspace(line, BOT_TOKEN).find
    installed = Installation(WORKSPACE, BOT_TOKEN, UserId(BOT_USER), UserId(OWNER), clock.now())
    await store.run(lambda tx: tx.installations.save(installed))
    return stored_in(store)

"""The only place where the edges are joined: settings in, a bot out."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from adapters.chart.worker import ChartWorker
from adapters.scheduler import Ticker
from adapters.system import RandomIds, SystemClock
from bot.app import tallying
from bot.app.completing import Completer
from bot.app.courier import Courier, Terms
from bot.app.handle import Handler
from bot.app.home import Home
from bot.app.leaving import Door
from bot.app.sweep import Sweeper
from bot.app.wording.cast import Operator
from bot.domain.group import TallyMode
from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.domain.place import ORDINARY, Place
from bot.ports.charts import Charts
from bot.ports.edges import Clock, Directory, Examiner, Ids, Lack, Person
from bot.ports.front import Greeting
from bot.ports.gateway import ChatGateway
from bot.ports.inbound import Inbound, Origin, Typing
from bot.ports.messages import Message, Reply
from bot.ports.store import Store, Transaction
from bot.ports.telemetry import Telemetry
from bot.settings import Settings
from storage.engine import database_file
from storage.keys import key_file_of, unlock
from storage.revisions import check
from storage.runner import Runner, open_runner
from storage.store import SqlStore


@dataclass(frozen=True, slots=True)
class Platform:
    """One chat platform: who is there, how to put messages in front of them, and what it is like."""

    gateway: ChatGateway
    directory: Directory
    place: Place = ORDINARY
    examiner: Examiner | None = None


class _Directories:
    """The people of every platform, found by the prefix of their workspace."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Person]:
        platform = self._platforms.get(workspace.partition(":")[0])
        return await platform.directory.look_up(workspace, users) if platform else {}


class _Examiners:
    """What the bot may do, on every platform. One without an examiner lets it do everything."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms

    async def missing(self, workspace: WorkspaceId, channel: ChannelId) -> Sequence[Lack] | None:
        platform = self._platforms.get(workspace.partition(":")[0])
        return await platform.examiner.missing(workspace, channel) if platform and platform.examiner else ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A store that is ready, what runs it, and the key file if one was made for it just now."""

    store: SqlStore
    runner: Runner
    made_key: Path | None


def open_store(settings: Settings) -> Opened:
    """Open the database: migrated to this version, with the key that sealed it. Raises StorageError subclasses."""
    url = settings.database_url
    file = database_file(url)
    runner = open_runner(url)
    try:
        runner.run_now(check)
        unlocked = runner.run_now(
            lambda tx: unlock(tx, settings.secret_keys(), key_file=key_file_of(file) if file else None)
        )
    except BaseException:
        runner.close()
        raise
    return Opened(SqlStore(runner, unlocked.vault), runner, unlocked.made)


@dataclass(frozen=True, slots=True)
class Intake:
    """What answers to the adapters."""

    handler: Handler
    home: Home
    door: Door
    completer: Completer


class Bot:
    """A bot that can be driven by hand (handle, sweep, deliver) or left to itself (run)."""

    def __init__(  # noqa: PLR0913 - one argument for each thing it drives
        self,
        *,
        store: Store,
        intake: Intake,
        courier: Courier,
        sweeper: Sweeper,
        clock: Clock,
        telemetry: Telemetry,
        settings: Settings,
        charts: Charts,
    ) -> None:
        self.store = store
        self._charts = charts
        self._telemetry = telemetry
        self._intake = intake
        self._courier = courier
        self._sweeper = sweeper
        self._clock = clock
        self._settings = settings

    async def handle(self, inbound: Inbound) -> Reply:
        """Carry out what arrived; when it returns, it is committed."""
        return await self._intake.handler.handle(inbound)

    async def home(self, origin: Origin) -> Message:
        """Return a member's own page; it writes nothing."""
        return await self._intake.home.page(origin)

    async def complete(self, typing: Typing) -> Sequence[str]:
        """Return what could be meant while somebody types; it writes nothing."""
        return await self._intake.completer.complete(typing)

    async def arrived(self, workspace: WorkspaceId, by: UserId | None, *, greeting: Greeting | None = None) -> None:
        """Note that the bot was added to a workspace, also again, and say how to begin."""
        await self._intake.door.arrived(workspace, by, greeting=greeting)

    async def departed(self, workspace: WorkspaceId, *, at: datetime | None = None) -> None:
        """Note that the bot was removed; when it happened before the bot was added again, nothing changes."""
        await self._intake.door.departed(workspace, at=at)

    async def person_gone(self, workspace: WorkspaceId, user: UserId) -> None:
        """Note that somebody's account was closed."""
        await self._intake.door.person_gone(workspace, user)

    async def sweep(self) -> None:
        """Do what time asks for now."""
        await self._sweeper.sweep()

    async def purge(self) -> None:
        """Forget what was kept long enough."""
        await self._sweeper.purge()

    async def deliver(self) -> None:
        """Deliver everything that is due now."""
        while await self._courier.deliver_due():
            pass

    async def next_due(self) -> datetime | None:
        """Return the next instant at which anything happens."""
        return await self.store.run(_next_due)

    async def next_post(self, workspace: WorkspaceId, channel: ChannelId) -> datetime | None:
        """Return when the channel's group has its next weekly post, or None where there is none to come."""
        return await self.store.run(lambda tx: _next_post(tx, workspace, channel, self._clock.now()))

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver and sweep until told to stop, then drain what is due, with a deadline."""
        due, purge = asyncio.Event(), asyncio.Event()
        every = timedelta(seconds=self._settings.sweep_seconds)
        async with asyncio.TaskGroup() as tasks:
            # by the machine's time, as APScheduler itself: the bot's clock may be ahead of it, or stand still
            with Ticker(SystemClock(), sweep=due.set, every=every, purge=purge.set):
                courier = tasks.create_task(self._courier.run(stop))
                tasks.create_task(self._whenever(due, stop, self._swept))
                tasks.create_task(self._whenever(purge, stop, self.purge))
                await stop.wait()
                for event in (due, purge):
                    event.set()
                self._courier.wake()
                await courier
        await self._drain()

    async def _whenever(self, event: asyncio.Event, stop: asyncio.Event, do: Callable[[], Awaitable[None]]) -> None:
        while True:
            await event.wait()
            event.clear()
            if stop.is_set():
                return
            try:
                await do()
            except Exception as broken:  # noqa: BLE001 - the process's edge: it outlives a database that is away
                self._telemetry.event("tick.failed", error=type(broken).__name__)

    async def _swept(self) -> None:
        await self._sweeper.sweep()
        await self._sweeper.measure()
        self._courier.wake()

    async def _drain(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.drain_seconds):
                await self.deliver()

    async def close(self) -> None:
        """Let go of the database, and of what draws."""
        self._charts.close()
        await self.store.close()


def _next_due(tx: Transaction) -> datetime | None:
    kept = (tx.outbox, tx.referrals, tx.asks, tx.follow_ups, tx.tallies)
    return min((due for one in kept if (due := one.next_due())), default=None)


def _next_post(tx: Transaction, workspace: WorkspaceId, channel: ChannelId, now: datetime) -> datetime | None:
    group = tx.groups.in_channel(workspace, channel)
    if group is None or group.settings.tally_mode is TallyMode.OFF:
        return None
    return tallying.next_post(tx, group, now)


def build(  # noqa: PLR0913 - one argument for each edge that may be another
    settings: Settings,
    store: Store,
    platforms: Mapping[str, Platform],
    *,
    telemetry: Telemetry,
    clock: Clock | None = None,
    ids: Ids | None = None,
    jitter: Callable[[], float] = random.random,
    charts: Charts | None = None,
) -> Bot:
    """Join a bot from an open store and its platforms, keyed by the prefix of their workspaces."""
    clock, ids, charts = clock or SystemClock(), ids or RandomIds(), charts or ChartWorker()
    places = {name: platform.place for name, platform in platforms.items()}
    operator = Operator(settings.operator_name, settings.operator_contact, places)
    directory = _Directories(platforms)
    courier = Courier(
        store=store,
        gateways={name: platform.gateway for name, platform in platforms.items()},
        clock=clock,
        ids=ids,
        telemetry=telemetry,
        operator=operator,
        jitter=jitter,
        terms=Terms(lease=timedelta(seconds=settings.lease_seconds), tries=settings.max_tries),
        charts=charts,
    )
    handler = Handler(
        store=store,
        directory=directory,
        clock=clock,
        ids=ids,
        telemetry=telemetry,
        operator=operator,
        wake=courier.wake,
        examiner=_Examiners(platforms),
    )
    home = Home(store=store, directory=directory, clock=clock, operator=operator)
    door = Door(store=store, directory=directory, clock=clock, ids=ids, telemetry=telemetry, wake=courier.wake)
    grace = timedelta(days=settings.keep_departed_days)
    return Bot(
        store=store,
        intake=Intake(handler, home, door, Completer(store=store, clock=clock)),
        courier=courier,
        sweeper=Sweeper(store=store, clock=clock, telemetry=telemetry, grace=grace),
        clock=clock,
        telemetry=telemetry,
        settings=settings,
        charts=charts,
    )

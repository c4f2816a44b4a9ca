"""A thousand groups that are due in the same minute, while members are asked for their consent."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from io import StringIO
from time import perf_counter

from adapters.chart.worker import ChartWorker
from adapters.local.room import WORKSPACE
from adapters.system import RandomIds, SystemClock
from adapters.telemetry import Observed, set_up_logging
from bench.figures import Bound, Figure, percentile
from bench.run import Run, on_a_loop
from bench.story import screened
from bench.world import CARD, GROUP, Trio, open_bench_store
from bot.app import deciding, tallying
from bot.app.courier import Courier
from bot.app.sweep import Sweeper
from bot.app.wording.cast import Operator
from bot.domain import commands as c
from bot.domain.events import Event, EventKind
from bot.domain.group import Group, Settings
from bot.domain.ids import ChannelId, GroupId, MemberId, ReferralId, UserId
from bot.domain.local_time import last_closed_week
from bot.domain.member import Card, Member
from bot.ports.gateway import DeliveryKey, Direct, Progress, Rate, Receipt, Recipient
from bot.ports.messages import Image, Message
from bot.ports.store import Transaction
from storage.store import SqlStore

EACH_SECOND = 10
MESSAGE, WITH_PICTURE = 0.08, 0.3
SECOND = timedelta(seconds=1)
ALTOGETHER = 50
LONG_AGO = timedelta(days=60)
AT_ONCE = 200
SETTINGS = Settings(quiet_from=time(0), quiet_until=time(0))
"""Nobody sleeps here, whatever the machine's clock says."""


@dataclass
class Platform:
    """A ChatGateway that takes its time, and counts what is past a limit."""

    past_limit: int = 0
    posted: int = 0
    pictures: int = 0
    arrived: dict[UserId, float] = field(default_factory=dict)
    _seen: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        del progress
        now = perf_counter()
        self.past_limit += self._is_past(_place(to), 1, 0.95, now) + self._is_past("all", ALTOGETHER, 1, now)
        has_picture = any(isinstance(part, Image) for part in message.parts)
        self.posted += key.startswith("tally/")
        self.pictures += has_picture
        await asyncio.sleep(WITH_PICTURE if has_picture else MESSAGE)
        if isinstance(to, Direct):
            self.arrived.setdefault(to.user, perf_counter())
        return Receipt(WORKSPACE, "somewhere", key)

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        del message, key
        return receipt

    def rates(self, to: Recipient) -> Sequence[Rate]:
        """Ask for half of what is allowed altogether: a bucket lets a burst and its refill into one second."""
        return (Rate(_place(to), 1, SECOND), Rate("all", ALTOGETHER // 2, SECOND))

    def _is_past(self, limit: str, most: int, within: float, now: float) -> bool:
        seen = self._seen[limit]
        seen.append(now)
        while seen[0] <= now - within:
            seen.popleft()
        return len(seen) > most


def _place(to: Recipient) -> str:
    return to.user if isinstance(to, Direct) else to.channel


@dataclass(frozen=True, slots=True)
class Found:
    """What one run showed: how long questions waited, in seconds, without the posts and with them, and the rest."""

    quiet: Sequence[float]
    busy: Sequence[float]
    platform: Platform
    swept: float
    took: float


def measure_minute(run: Run) -> list[Figure]:
    """Return what a thousand posts do to the questions. Once: it takes minutes, and has thousands of questions."""
    groups = run.size(full=1000, quick=100)
    before = run.size(full=60, quick=15)
    (one,) = (
        on_a_loop(_minute(run.databases.sqlite(), groups, before))
        for _ in run.each(range(1), f"{groups:,} groups in one minute")
    )
    quiet, busy = (percentile(waits, 99) for waits in (one.quiet, one.busy))
    none = Bound(0, 0)
    return [
        Figure(f"p99 of a question's wait with {groups:,} posts ÷ without", (busy / quiet,), bound=Bound(1.5, 2)),
        Figure("p99 of its wait without posts", (1e3 * quiet,), "ms"),
        Figure("median of its wait with posts", (1e3 * percentile(one.busy, 50),), "ms"),
        Figure("messages past a platform's limit", (one.platform.past_limit,), "", none),
        Figure(f"weeks not posted, of {groups:,}", (groups - one.platform.posted,), "", none),
        Figure("posted without their chart", (one.platform.posted - one.platform.pictures,), "", none),
        Figure("all of them were counted and queued after", (one.swept,), "s"),
        Figure("all of them were posted after", (one.took,), "s"),
    ]


async def _minute(url: str, groups: int, before: int) -> Found:
    platform, clock, store = Platform(), SystemClock(), open_bench_store(url)
    charts = ChartWorker()
    courier = _courier(store, platform, clock, charts)
    now = clock.now()
    seconds = before + int(groups * tallying.APART.total_seconds()) + 30
    trios = [Trio(*(UserId(f"{role}-{n}") for role in ("starter", "seeker", "provider"))) for n in range(seconds * 12)]
    await _settle(store, trios, groups, now)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(courier.run(stop))
        waiting = iter(trios)
        quiet = await _questions(store, courier, platform, waiting, until=lambda spent: spent >= before)
        began = perf_counter()
        sweep = tasks.create_task(_sweep(store, clock))
        busy = await _questions(store, courier, platform, waiting, until=lambda _: platform.posted >= groups)
        took = perf_counter() - began
        stop.set()
        courier.wake()
    charts.close()
    await store.close()
    return Found(quiet, busy, platform, sweep.result(), took)


async def _sweep(store: SqlStore, clock: SystemClock) -> float:
    began = perf_counter()
    await Sweeper(store=store, clock=clock, telemetry=observed()).sweep()
    return perf_counter() - began


async def _questions(
    store: SqlStore, courier: Courier, platform: Platform, trios: Iterable[Trio], *, until: Callable[[float], bool]
) -> list[float]:
    """Ask ten people a second, evenly, and return how long each question waited."""
    began, asked = perf_counter(), {}
    for number, trio in enumerate(trios):
        await asyncio.sleep(max(0.0, began + number / EACH_SECOND - perf_counter()))
        if until(perf_counter() - began):
            break
        now = SystemClock().now()
        referral = replace(screened(trio), created_at=now)
        await store.run(lambda tx, r=referral, at=now: deciding.create(tx, r, c.AskThem(r.starter), at))  # type: ignore[misc]
        asked[trio.seeker] = perf_counter()
        courier.wake()
    async with asyncio.timeout(60):
        while not asked.keys() <= platform.arrived.keys():  # noqa: ASYNC110 -- the gateway tells nobody
            await asyncio.sleep(0.05)
    return [max(platform.arrived[user] - at, 0.0) for user, at in asked.items()]


def observed() -> Observed:
    """Return telemetry that counts and says nothing."""
    return Observed(set_up_logging(form="json", level="warning", to=StringIO()))


def _courier(store: SqlStore, platform: Platform, clock: SystemClock, charts: ChartWorker) -> Courier:
    return Courier(
        store=store,
        gateways={"local": platform},
        clock=clock,
        ids=RandomIds(),
        telemetry=observed(),
        operator=Operator(),
        jitter=lambda: 0.5,
        charts=charts,
    )


async def _settle(store: SqlStore, trios: Sequence[Trio], groups: int, now: datetime) -> None:
    """Let the group of the trios move in, and the groups that are due, each with something to tell."""
    await store.run(lambda tx: _found_groups(tx, groups, now))
    for first in range(0, len(trios), AT_ONCE):
        some = trios[first : first + AT_ONCE]
        await store.run(lambda tx, joining=some: _join(tx, joining, now))  # type: ignore[misc]


def _found_groups(tx: Transaction, groups: int, now: datetime) -> None:
    founder = Member(MemberId("founder"), WORKSPACE, UserId("founder"))
    tx.members.add(founder)
    asking = Group(GROUP, WORKSPACE, ChannelId("asking"), now - LONG_AGO, founder.id, settings=SETTINGS)
    tx.groups.add(asking)
    tx.tallies.set_due(GROUP, now + timedelta(days=5))
    for number in range(groups):
        key = GroupId(f"due-{number}")
        tx.groups.add(replace(asking, id=key, channel=ChannelId(key)))
        tx.tallies.set_due(key, now)
        tx.records.append(_introductions(key), now, last_closed_week(now, "UTC"))


def _introductions(group: GroupId) -> list[Event]:
    facts = {"kind": "recommendation", "helper": "false", "provider": "p", "again": "false"}
    return [
        Event(EventKind.INTRODUCED, group, MemberId("founder"), ReferralId(f"{group}-{n}"), {**facts, "seeker": str(n)})
        for n in range(5)
    ]


def _join(tx: Transaction, trios: Iterable[Trio], now: datetime) -> None:
    for trio in trios:
        for user in trio.everybody:
            tx.members.add(Member(MemberId(f"m-{user}"), WORKSPACE, user, joined={GROUP: now - LONG_AGO}))
        tx.members.save_card(Card(MemberId(f"m-{trio.provider}"), GROUP, CARD))

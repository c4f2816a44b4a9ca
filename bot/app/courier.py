"""Delivers what is owed: claim, compose, send, settle; back off when delayed, give up when refused, lose nothing."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiolimiter import AsyncLimiter

from bot.app import deciding, reaching, refusals
from bot.app.composing import ANSWER_LOST, Closing, Parcel, prepare
from bot.app.joined import Joined
from bot.app.picturing import Pictures
from bot.app.rounds import Pace, Rounds
from bot.app.wording.cast import Operator
from bot.domain import ask_commands
from bot.domain import commands as c
from bot.domain import effects as e
from bot.ports.charts import Charts
from bot.ports.edges import Clock, Ids
from bot.ports.gateway import (
    ChatGateway,
    DeliveryDelayedError,
    DeliveryRefusedError,
    PutsRoomsAway,
    Rate,
    Receipt,
)
from bot.ports.rows import Claimed, Intent
from bot.ports.store import Store, Transaction
from bot.ports.telemetry import Telemetry

NEXT_TURN = timedelta(seconds=1)
LONGEST_WAIT = timedelta(seconds=900)
MOST_DOUBLINGS = 10
SPREAD = 0.2
MAX_ERROR = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """How the courier works. A row's turn and its sending end within its lease; after so many tries it is given up."""

    batch: int = 32
    lease: timedelta = timedelta(seconds=60)
    turn_within: timedelta = timedelta(seconds=4)
    send_within: timedelta = timedelta(seconds=10)
    tries: int = 12
    poll: timedelta = timedelta(seconds=1)


@dataclass(slots=True)
class _Kept:
    """The results of platform calls for one row, stored as they come."""

    store: Store
    claimed: Claimed
    done: dict[str, str] = field(default_factory=dict)

    async def record(self, step: str, result: str) -> None:
        """Store a step's result before the next call is made."""
        self.done[step] = result
        await self.store.run(lambda tx: tx.outbox.record(self.claimed, step, result))


@dataclass(frozen=True, slots=True)
class _Sent:
    row: Claimed
    receipt: Receipt | None


class Courier:
    """Carries the outbox to the platforms, at least once and in order for each recipient."""

    def __init__(  # noqa: PLR0913 - one argument for each edge it needs
        self,
        *,
        store: Store,
        gateways: Mapping[str, ChatGateway],
        clock: Clock,
        ids: Ids,
        telemetry: Telemetry,
        operator: Operator,
        jitter: Callable[[], float],
        terms: Terms = Terms(),
        charts: Charts | None = None,
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._ids = ids
        self._telemetry = telemetry
        self._operator = operator
        self._jitter = jitter
        self._terms = terms
        self._pictures = Pictures(charts, telemetry)
        self._limiters: dict[str, AsyncLimiter] = {}
        self._held: dict[tuple[str, str | None], datetime] = {}
        self._rounds = Rounds(self._claim, self._carry_all, Pace(terms.poll), telemetry)
        self._preparing: Joined[Claimed, Parcel | Closing | None] = Joined(
            store, lambda tx, row: _prepared(tx, row, operator, clock.now()), order=lambda row: row.intent.lane
        )
        self._settling: Joined[_Sent, bool] = Joined(
            store,
            lambda tx, sent: _settle(tx, sent.row, sent.receipt, clock.now()),
            order=lambda sent: sent.row.intent.lane,
        )

    def wake(self) -> None:
        """Say that something may be due; called after a commit."""
        self._rounds.wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until told to stop (and woken); what is in hand is finished, and nothing more is claimed."""
        await self._rounds.run(stop)

    async def deliver_due(self) -> int:
        """Claim one batch and carry each row; return how many there were."""
        claimed = await self._claim()
        await self._carry_all(claimed)
        return len(claimed)

    async def _claim(self) -> Sequence[Claimed]:
        now = self._clock.now()
        lease, until = self._ids.new(), now + self._terms.lease
        return await self._store.run(lambda tx: tx.outbox.claim(now, until, lease, self._terms.batch))

    async def _carry_all(self, claimed: Sequence[Claimed]) -> None:
        async with asyncio.TaskGroup() as group:
            for row in claimed:
                group.create_task(self._carry(row))

    async def _carry(self, row: Claimed) -> None:
        """Carry one row, and let no other suffer if the store fails meanwhile: its lease ends, and it comes again."""
        try:
            await self._attempt(row)
        except Exception as broken:
            self._telemetry.event("delivery.left", key=row.intent.key, error=type(broken).__name__)

    async def _attempt(self, row: Claimed) -> None:
        try:
            await self._deliver(row)
        except DeliveryDelayedError as delayed:
            await self._delay(row, delayed)
        except DeliveryRefusedError as refused:
            await self._give_up(row, refused.reason)
        except Exception as broken:
            await self._delay(row, DeliveryDelayedError(), reason=type(broken).__name__)

    async def _deliver(self, row: Claimed) -> None:
        self._refuse_held(row)
        parcel = await self._preparing.do(row)
        if parcel is None:
            return
        receipt = await self._send(row, await self._pictures.into(parcel))
        settled = await self._settling.do(_Sent(row, receipt))
        if settled:
            self._telemetry.delivered(kind_of(row))
        else:
            self._telemetry.event("delivery.lease_lost", key=row.intent.key)

    async def _send(self, row: Claimed, parcel: Parcel | Closing) -> Receipt | None:
        gateway = self._gateway(row)
        await self._wait_for_turn(gateway.rates(parcel.to))
        self._refuse_held(row)
        try:
            async with asyncio.timeout(self._terms.send_within.total_seconds()):
                return await self._call(gateway, row, parcel)
        except TimeoutError:
            raise DeliveryDelayedError(lost_answer=True) from None

    async def _wait_for_turn(self, rates: Iterable[Rate]) -> None:
        """Keep to the platform's limits. Whose turn is far off comes again later: nothing was sent, and no try lost."""
        try:
            async with asyncio.timeout(self._terms.turn_within.total_seconds()):
                for rate in rates:
                    await self._limiter(rate).acquire()
        except TimeoutError:
            raise DeliveryDelayedError(NEXT_TURN) from None

    async def _call(self, gateway: ChatGateway, row: Claimed, parcel: Parcel | Closing) -> Receipt | None:
        key = row.intent.key
        if isinstance(parcel, Closing):
            if isinstance(gateway, PutsRoomsAway):
                await gateway.put_away(parcel.to, opened_by=parcel.opened_by)
            return None
        if parcel.replaces:
            return await gateway.edit(parcel.replaces, parcel.message, key=key)
        progress = _Kept(self._store, row, dict(row.progress))
        return await gateway.deliver(parcel.to, parcel.message, key=key, progress=progress)

    def _gateway(self, row: Claimed) -> ChatGateway:
        platform = row.intent.workspace.partition(":")[0]
        if platform not in self._gateways:
            raise DeliveryDelayedError
        return self._gateways[platform]

    def _limiter(self, rate: Rate) -> AsyncLimiter:
        if rate.key not in self._limiters:
            self._limiters[rate.key] = AsyncLimiter(rate.most, rate.per.total_seconds())
        return self._limiters[rate.key]

    async def _delay(self, row: Claimed, delayed: DeliveryDelayedError, reason: str = "delayed") -> None:
        """Put a row off; a platform's own Retry-After moves everything for that destination and is no failed try."""
        if delayed.wait is None and row.attempts + 1 >= self._terms.tries:
            await self._give_up(row, reason)
            return
        until = self._clock.now() + (delayed.wait or self._back_off(row.attempts))
        if delayed.wait is not None:
            self._hold(row.intent, delayed, until)
        await self._store.run(lambda tx: _put_off(tx, row, delayed, until, reason[:MAX_ERROR]))
        self._telemetry.retried(kind_of(row))

    def _hold(self, intent: Intent, delayed: DeliveryDelayedError, until: datetime) -> None:
        """Remember a Retry-After: the store moves what is queued already, and more may be queued while it runs."""
        now = self._clock.now()
        self._held = {place: end for place, end in self._held.items() if end > now}
        place = (intent.workspace, None if delayed.whole_workspace else intent.destination)
        self._held[place] = max(until, self._held.get(place, until))

    def _refuse_held(self, row: Claimed) -> None:
        now, intent = self._clock.now(), row.intent
        places = ((intent.workspace, None), (intent.workspace, intent.destination))
        until = max(self._held.get(place, now) for place in places)
        if until > now:
            raise DeliveryDelayedError(until - now)

    def _back_off(self, attempts: int) -> timedelta:
        """Double from one second to fifteen minutes, give or take a fifth."""
        wait = min(timedelta(seconds=2 ** min(attempts, MOST_DOUBLINGS)), LONGEST_WAIT)
        return wait * (1 + SPREAD * (2 * self._jitter() - 1))

    async def _give_up(self, row: Claimed, reason: str) -> None:
        if await self._store.run(lambda tx: _bury(tx, row, reason, self._clock.now())):
            self._telemetry.died(kind_of(row))
            self._telemetry.event("delivery.dead", key=row.intent.key, row=row.id, reason=reason)


def kind_of(row: Claimed) -> str:
    """Return the first part of a row's key, which says what sort of delivery it is."""
    return row.intent.key.partition("/")[0]


def _prepared(tx: Transaction, row: Claimed, operator: Operator, now: datetime) -> Parcel | Closing | None:
    parcel = prepare(tx, row, operator, now)
    if parcel is None:
        tx.outbox.settle(row, None, now)
    return parcel


def _settle(tx: Transaction, row: Claimed, receipt: Receipt | None, now: datetime) -> bool:
    """Mark it delivered and, for an introduction, say so to the domain, in one transaction."""
    if not tx.outbox.settle(row, receipt, now):
        return False
    effect = row.intent.effect
    reaching.arrived(tx, effect, now)
    if isinstance(effect, e.PostIntroduction):
        state = deciding.change(tx, effect.referral, c.IntroductionPosted(effect.posting), now).state
        if state.ask:
            deciding.change_ask(tx, state.ask, ask_commands.AskServed(), now)
    return True


def _put_off(tx: Transaction, row: Claimed, delayed: DeliveryDelayedError, until: datetime, reason: str) -> None:
    if delayed.lost_answer:
        tx.outbox.record(row, ANSWER_LOST, "1")
    if delayed.wait is not None:
        destination = None if delayed.whole_workspace else row.intent.destination
        tx.outbox.hold_back(until, workspace=row.intent.workspace, destination=destination)
    tx.outbox.delay(row, until, reason, counts=delayed.wait is None)


def _bury(tx: Transaction, row: Claimed, reason: str, now: datetime) -> bool:
    """Give it up and do what follows; False if nobody misses it, or it is somebody else's by now."""
    effect = row.intent.effect
    if refusals.is_nothing_lost(effect, reason):
        tx.outbox.settle(row, None, now)
        return False
    if not tx.outbox.give_up(row, reason, now):
        return False
    refusals.follow(tx, row, reason, now)
    return True

"""A courier on a real store, with the local room behind a platform that fails as it is told, and a clock to move."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from adapters.local.clock import CountedIds, StoryClock
from adapters.local.directory import LocalDirectory
from adapters.local.gateway import LocalGateway
from adapters.local.people import ANA, BEN, CARLA, EVERYBODY
from adapters.local.room import WORKSPACE, LocalRoom
from adapters.local.transcript import Audience, Received
from bot.app import owed
from bot.app.courier import Courier, Terms
from bot.app.sweep import Sweeper
from bot.app.wording.cast import Operator
from bot.bootstrap import Bot, Platform, build
from bot.domain import effects as e
from bot.domain.errors import StaleWriteError
from bot.domain.ids import MemberId, ReferralId, UserId
from bot.domain.referral import Referral
from bot.ports.gateway import ChatGateway, DeliveryKey, Progress, Rate, Receipt, Recipient
from bot.ports.messages import Message
from bot.ports.rows import Depth, Intent
from bot.ports.store import Store, Transaction
from storage.errors import DatabaseUnavailableError
from storage.store import SqlStore
from tests.factories import GROUP, NOW, an_agreed_referral, an_asking_referral, an_intent
from tests.faults.checker import facts_of
from tests.faults.places import LEASE, settings_for

TERMS = Terms(lease=timedelta(seconds=LEASE), tries=4)
OPEN, DELIVERED, DEAD, OBSOLETE = 0, 1, 2, 3
REFERRAL = ReferralId("r-1")
PARTIES = {"starter": MemberId("m-ana"), "seeker": MemberId("m-ben"), "provider": MemberId("m-carla")}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the platform."""

    at: datetime
    to: Recipient | Receipt
    message: Message
    key: DeliveryKey


Fault = Callable[[Call], Awaitable[None]]


async def nothing(_: Call) -> None:
    """Go well."""


class Flaky:
    """A gateway in front of another one: `before` and `after` are told of each call, and may raise or never return."""

    def __init__(self, gateway: ChatGateway, clock: StoryClock) -> None:
        self.calls: list[Call] = []
        self.before: Fault = nothing
        self.after: Fault = nothing
        self._gateway = gateway
        self._clock = clock

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        """Pass the call on, between two faults."""
        call = self._called(Call(self._clock.now(), to, message, key))
        await self.before(call)
        receipt = await self._gateway.deliver(to, message, key=key, progress=progress)
        await self.after(call)
        return receipt

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        """Pass the call on, between two faults."""
        call = self._called(Call(self._clock.now(), receipt, message, key))
        await self.before(call)
        edited = await self._gateway.edit(receipt, message, key=key)
        await self.after(call)
        return edited

    def rates(self, to: Recipient) -> Sequence[Rate]:
        """Return the limits of the gateway behind."""
        return self._gateway.rates(to)

    def keys(self) -> list[str]:
        """Return the keys of all calls, in order."""
        return [call.key for call in self.calls]

    def _called(self, call: Call) -> Call:
        self.calls.append(call)
        return call


T = TypeVar("T")


@dataclass(slots=True)
class FailsAfter:
    """A store that is there for the claim and the loading, and gone once a platform call has been made."""

    store: Store
    gone: Callable[[], bool]
    noticed: Callable[[], None]

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run the work, or fail as a database does that went away."""
        if self.gone():
            self.noticed()
            raise DatabaseUnavailableError
        return await self.store.run(work)

    async def scrub(self) -> None:
        """Scrub."""
        await self.store.scrub()

    async def close(self) -> None:
        """Close."""
        await self.store.close()


@dataclass(slots=True)
class CountsCollisions:
    """A store that counts the work which had to start again because somebody else wrote first."""

    store: Store
    collisions: list[str]

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run the work, and write down whether it came too late."""
        try:
            return await self.store.run(work)
        except StaleWriteError as stale:
            self.collisions.append(stale.thing)
            raise

    async def scrub(self) -> None:
        """Scrub."""
        await self.store.scrub()

    async def close(self) -> None:
        """Close."""
        await self.store.close()


@dataclass(slots=True)
class Heard:
    """Keeps what the bot tells about itself."""

    events: list[tuple[str, dict[str, str | float]]] = field(default_factory=list)

    def event(self, name: str, **facts: str | float) -> None:
        """Keep an event."""
        self.events.append((name, facts))

    def handled(self, kind: str, seconds: float) -> None:
        """Keep that something was handled."""
        self.events.append(("handled", {"kind": kind}))

    def delivered(self, kind: str) -> None:
        """Keep that something was delivered."""
        self.events.append(("delivered", {"kind": kind}))

    def retried(self, kind: str) -> None:
        """Keep that something was put off."""
        self.events.append(("retried", {"kind": kind}))

    def died(self, kind: str) -> None:
        """Keep that something was given up."""
        self.events.append(("died", {"kind": kind}))

    def depth(self, depth: Depth, now: datetime) -> None:
        """Keep nothing."""

    def names(self) -> list[str]:
        """Return what was told, by name."""
        return [name for name, _ in self.events]


@dataclass(slots=True)
class Bench:
    """Everything a courier needs, and what came of its work."""

    url: str
    store: SqlStore
    clock: StoryClock
    room: LocalRoom
    platform: Flaky
    heard: Heard
    couriers: int = 0

    def courier(
        self,
        *,
        gateway: ChatGateway | None = None,
        store: Store | None = None,
        terms: Terms = TERMS,
        jitter: Callable[[], float] = lambda: 0.5,
    ) -> Courier:
        """Return another courier, with ids of its own."""
        self.couriers += 1
        gateways = {"local": gateway or self.platform}
        return Courier(
            store=store or self.store,
            gateways=gateways,
            clock=self.clock,
            ids=CountedIds(f"c{self.couriers}"),
            telemetry=self.heard,
            operator=Operator("the operator", ""),
            jitter=jitter,
            terms=terms,
        )

    def bot(self, store: Store | None = None, **settings: float) -> Bot:
        """Return a whole bot on the same store and clock."""
        self.couriers += 1
        platforms = {"local": Platform(self.platform, LocalDirectory(self.room))}
        return build(
            settings_for(self.url).model_copy(update=settings),
            store or self.store,
            platforms,
            telemetry=self.heard,
            clock=self.clock,
            ids=CountedIds(f"b{self.couriers}"),
            jitter=lambda: 0.5,
        )

    def sweeper(self) -> Sweeper:
        """Return another sweeper."""
        return Sweeper(store=self.store, clock=self.clock, telemetry=self.heard)

    def pass_time(self, seconds: float) -> None:
        """Let that much time pass."""
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    async def queue(self, *intents: Intent) -> None:
        """Owe this to people from now on."""
        now = self.clock.now()
        await self.store.run(lambda tx: tx.outbox.add([replace(intent, due=now) for intent in intents], now))

    async def begin(self, referral: Referral, *effects: e.Effect) -> None:
        """Store a referral, and owe what it owes."""

        def work(tx: Transaction) -> None:
            tx.referrals.add(referral)
            owed.queue(tx, effects, tx.groups.get(GROUP), self.clock.now())

        await self.store.run(work)

    async def referral(self) -> Referral:
        """Return the referral as it is stored."""
        return await self.store.run(lambda tx: tx.referrals.get(REFERRAL))

    def statuses(self) -> dict[str, int]:
        """Return how every row of the outbox stands."""
        return dict(facts_of(self.url)["outbox"])

    def received(self, *users: Audience) -> list[str]:
        """Return what these people have been sent, with its time, in order."""
        entries = (entry for entry in self.room.transcript.entries if isinstance(entry, Received))
        return [f"{entry.at} {entry.kind} {entry.shown}" for entry in entries if entry.to in users]


def bench_on(url: str, store: SqlStore) -> Bench:
    """Return a bench on an open store."""
    clock = StoryClock(NOW)
    room = LocalRoom(EVERYBODY, clock)
    return Bench(url, store, clock, room, Flaky(LocalGateway(room), clock), Heard())


def hello(name: str, to: UserId = BEN, **changes: object) -> Intent:
    """Return a notice owed to somebody, due now, in a lane and under a key of its own."""
    effect = e.Notify(MemberId(f"m-{to}"), e.Notice.HELLO, group=GROUP, occasion=name)
    lane = {"lane": f"{name}/{to}"}
    facts = {"effect": effect, "workspace": WORKSPACE, "destination": f"m-{to}"} | lane | changes
    return an_intent(f"notice/{name}", **facts)


def asked() -> Referral:
    """Return a referral whose seeker, Ben, was asked now."""
    return an_asking_referral(id=REFERRAL, **PARTIES)


def agreed() -> Referral:
    """Return a referral to which Ben and Carla have said yes, to be posted in thirty seconds."""
    return an_agreed_referral(id=REFERRAL, **PARTIES)


PROMPT = e.SendPrompt(REFERRAL, PARTIES["seeker"], 0)
INTRODUCTION = e.PostIntroduction(REFERRAL, 1, agreed().posting_at or NOW)
__all__ = ["ANA", "BEN", "CARLA"]

"""A bot on a fresh database, with one group and as many people in it as the stories need."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from io import StringIO
from itertools import count

from pydantic import SecretStr

from adapters.local.room import INTRODUCTIONS, WORKSPACE, LocalRoom
from adapters.system import RandomIds
from adapters.telemetry import Observed, set_up_logging
from bench.bare import BareCourier
from bench.edges import NOON, Ahead, CountingClock, Everybody, NoGateway, RoomGateway
from bench.narrowed import CREATES, Creating, OnlyThree
from bot.app.courier import Courier
from bot.app.handle import Handler
from bot.app.wording.cast import Operator
from bot.bootstrap import open_store
from bot.domain.group import Group
from bot.domain.ids import EventId, GroupId, MemberId, UserId
from bot.domain.member import Card, CardSlot, Member
from bot.domain.referral import Referral
from bot.ports.edges import Clock, Person
from bot.ports.gateway import ChatGateway
from bot.ports.inbound import Inbound, Press
from bot.ports.messages import Reply
from bot.ports.store import Store, Transaction
from bot.settings import Settings
from storage.keys import new_key
from storage.store import SqlStore

GROUP = GroupId("bench-group")
FOUNDER = MemberId("founder")
LONG_AGO = NOON - timedelta(days=60)
CARD = {
    CardSlot.NAME_LINE: "Carla Rossi, chartered accountant",
    CardSlot.COMPANY: "Rossi Reckons",
    CardSlot.DOES: "Tells makers what each piece really costs them, and keeps books that they can read.",
    CardSlot.FOR_WHOM: "Workshops and small manufacturers with two to twenty people",
    CardSlot.IDEAL: "A maker with a full order book who cannot say which jobs earn money",
}


@dataclass(frozen=True, slots=True)
class Trio:
    """Three people who have not met the bot's limits yet."""

    starter: UserId
    seeker: UserId
    provider: UserId

    @property
    def everybody(self) -> tuple[UserId, UserId, UserId]:
        """Return all three."""
        return (self.starter, self.seeker, self.provider)


class World:
    """The bot, its gateway, and the people."""

    def __init__(self, store: Store, *, with_room: bool, bare: bool = False) -> None:
        clock = CountingClock()
        self.store = store
        self.room = LocalRoom((), clock) if with_room else None
        gateway = RoomGateway(self.room) if self.room else NoGateway()
        self.post = gateway.post
        self.courier = courier(store, gateway, clock, BareCourier if bare else Courier)
        self.handler = Handler(
            store=store,
            directory=Everybody(),
            clock=clock,
            ids=RandomIds(),
            telemetry=_telemetry(),
            operator=Operator(),
            wake=self.courier.wake,
        )
        self.to_create: dict[str, Referral] = {}
        self._numbers = count()

    async def handle(self, inbound: Inbound) -> Reply:
        """Handle what arrived; where it asks about a referral that is to be created, create it with that."""
        CREATES.set(self.to_create.pop(inbound.ref, None) if isinstance(inbound, Press) else None)
        return await self.handler.handle(inbound)

    async def found(self) -> None:
        """Write the group down."""
        await self.store.run(_found)

    async def seat(self, how_many: int) -> list[Trio]:
        """Let new people join and write their cards, three for each referral."""
        trios = [self._trio() for _ in range(how_many)]
        for trio in trios:
            await self.store.run(_joining(trio.everybody))
            if self.room:
                self.room.people |= {user: Person(user, f"Person {user}") for user in trio.everybody}
        return trios

    def event(self) -> EventId:
        """Return the name of an event that has not happened before."""
        return EventId(f"bench:{next(self._numbers)}")

    def _trio(self) -> Trio:
        number = next(self._numbers)
        return Trio(*(UserId(f"{role}-{number}") for role in ("starter", "seeker", "provider")))

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[None]:
        """Keep the courier at work, and let it finish everything in the end."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.courier.run(stop))
            yield
            stop.set()
            self.courier.wake()
        while await self.courier.deliver_due():
            pass


def courier(store: Store, gateway: ChatGateway, clock: Clock, sort: type[Courier] = Courier) -> Courier:
    """Return a courier that finds introductions due at once."""
    return sort(
        store=store,
        gateways={"local": gateway},
        clock=Ahead(clock),
        ids=RandomIds(),
        telemetry=_telemetry(),
        operator=Operator(),
        jitter=lambda: 0.5,
    )


def _telemetry() -> Observed:
    return Observed(set_up_logging(form="json", level="warning", to=StringIO()))


def _found(tx: Transaction) -> None:
    tx.members.add(Member(FOUNDER, WORKSPACE, UserId("founder")))
    tx.groups.add(Group(GROUP, WORKSPACE, INTRODUCTIONS, started_at=LONG_AGO, started_by=FOUNDER))


def _joining(users: tuple[UserId, ...]) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        for user in users:
            member = Member(MemberId(f"m-{user}"), WORKSPACE, user, joined={GROUP: LONG_AGO})
            tx.members.add(member)
            tx.members.save_card(Card(member.id, GROUP, CARD))

    return work


@cache
def bench_key() -> str:
    """Return the key of every database of this run."""
    return new_key()


def open_bench_store(url: str) -> SqlStore:
    """Open a migrated database."""
    settings = Settings(_env_file=None, database_url=url, encryption_keys=(SecretStr(bench_key()),))
    return open_store(settings).store


@asynccontextmanager
async def world(
    url: str, *, with_room: bool = False, only_three: bool = False, bare: bool = False
) -> AsyncIterator[World]:
    """Open a bot on a migrated database.

    `only_three` leaves three rows of each referral in the outbox, `bare` carries them without putting them into words.
    """
    store = open_bench_store(url)
    try:
        made = World(Creating(OnlyThree(store) if only_three else store), with_room=with_room, bare=bare)
        await made.found()
        yield made
    finally:
        await store.close()

"""The real courier, on a real store, before a Discord that fails: what is owed arrives once, and nobody else waits."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.local.clock import CountedIds
from bot.app import owed
from bot.app.courier import Courier, Terms
from bot.app.wording.cast import Operator
from bot.domain import effects as e
from bot.domain.ids import ChannelId, MemberId, ReferralId, UserId
from bot.domain.referral import Status
from bot.ports.rows import Intent
from bot.ports.store import Transaction
from storage.runner import open_runner
from storage.store import SqlStore
from storage.vault import Vault
from tests.adapters.discord.delivering import MAKE, OPEN, POST, Office
from tests.discord.adapting import WORKSPACE, gateway_on
from tests.discord.cast import ANA, BEN, BOT, CARLA, DAVID, ELIF, FELIX, GUILD, INTRODUCTIONS, SHY
from tests.discord.faults import drop, error, garbage, limited, status
from tests.discord.state import User
from tests.factories import GROUP, LONG_AGO, a_group, a_member, an_agreed_referral, an_intent

TERMS = Terms(tries=4, lease=timedelta(seconds=15))
REFERRAL = ReferralId("r-1")
NEWCOMERS = tuple(f"50000000000000000{number}" for number in range(9))


class Desk:
    """A courier with a store and a Discord around it."""

    def __init__(self, office: Office, store: SqlStore) -> None:
        self.office = office
        self.store = store
        self.courier = self.restarted()

    def restarted(self) -> Courier:
        """Return a courier whose gateway remembers nothing. It keeps no pace: that would be the wall clock's."""
        office = self.office
        gateway = gateway_on(office.line, office.clock, office.noted, limits=lambda _: ())
        return Courier(
            store=self.store,
            gateways={"discord": gateway},
            clock=self.office.clock,
            ids=CountedIds("c"),
            telemetry=self.office.noted,
            operator=Operator("the operator", ""),
            jitter=lambda: 0.5,
            terms=TERMS,
        )

    async def queue(self, *intents: Intent) -> None:
        now = self.office.clock.now()
        await self.store.run(lambda tx: tx.outbox.add([replace(intent, due=now) for intent in intents], now))

    async def deliver(self) -> None:
        while await self.courier.deliver_due():
            pass

    async def after(self, seconds: float) -> None:
        """Let time pass, and deliver what is due then."""
        self.office.pass_time(timedelta(seconds=seconds))
        await self.deliver()

    async def open_and_dead(self) -> tuple[int, int]:
        depth = await self.store.run(lambda tx: tx.outbox.depth(self.office.clock.now()))
        return depth.open, depth.dead

    def posts_to(self, *users: str) -> list[int]:
        return [len(self.office.dm_of(user)) for user in users]


@pytest.fixture
async def desk(office: Office, migrated_sqlite: str, vault: Vault) -> AsyncIterator[Desk]:
    store = SqlStore(open_runner(migrated_sqlite), vault)
    await store.run(_move_in)
    office.clock.move_to(an_agreed_referral().posting_at or office.clock.now())
    yield Desk(office, store)
    await store.close()


def _move_in(tx: Transaction) -> None:
    david = a_member(id=key_of(DAVID), workspace=WORKSPACE, user=UserId(DAVID), joined={})
    tx.members.add(david)
    group = a_group(workspace=WORKSPACE, channel=ChannelId(INTRODUCTIONS), started_by=david.id)
    tx.groups.add(group)
    tx.members.save(tx.members.get(david.id).joining(GROUP, LONG_AGO))
    for user in (ANA, BEN, CARLA, ELIF, FELIX, SHY, *NEWCOMERS):
        tx.members.add(a_member(id=key_of(user), workspace=WORKSPACE, user=UserId(user)))


def key_of(user: str) -> MemberId:
    return MemberId(f"m-{user}")


def hello(name: str, to: str = BEN) -> Intent:
    """Return a notice owed to somebody, in a lane of its own."""
    effect = e.Notify(key_of(to), e.Notice.HELLO, group=GROUP, occasion=name)
    facts = {"effect": effect, "workspace": WORKSPACE, "destination": f"m-{to}", "lane": f"{name}/{to}"}
    return an_intent(f"notice/{name}", **facts)


async def agreed(desk: Desk, provider: str = CARLA) -> None:
    """Let Ben and somebody agree to be introduced, now."""
    parties = {"starter": key_of(ANA), "seeker": key_of(BEN), "provider": key_of(provider)}
    referral = an_agreed_referral(id=REFERRAL, **parties)
    assert referral.posting_at is not None
    effect = e.PostIntroduction(REFERRAL, 1, referral.posting_at)

    def work(tx: Transaction) -> None:
        tx.referrals.add(referral)
        owed.queue(tx, [effect], tx.groups.get(GROUP), desk.office.clock.now())

    await desk.store.run(work)


# limits


async def test_a_storm_of_429_for_one_person_leaves_the_others_alone(desk: Desk) -> None:
    channel = desk.office.server.world.direct(BEN).id
    desk.office.server.faults.next(POST, limited(30), times=99, channel_id=channel)
    await desk.queue(hello("stuck"), hello("stuck too"), *(hello(f"free {user}", user) for user in (ANA, CARLA, DAVID)))

    await desk.deliver()
    for _ in range(10):
        await desk.after(2.9)
    asked = len(desk.office.server.world.invalid_requests)
    stuck = desk.posts_to(ANA, BEN, CARLA, DAVID)
    desk.office.server.faults.clear()
    await desk.after(1.1)

    assert (stuck, asked) == ([1, 0, 1, 1], 1)
    assert (desk.posts_to(BEN), await desk.open_and_dead()) == ([2], (0, 0))


async def test_a_global_limit_is_met_once_and_everything_comes_after_it(desk: Desk) -> None:
    desk.office.server.faults.next("*", limited(20, is_global=True))
    await desk.queue(*(hello(f"to {user}", user) for user in (ANA, BEN, CARLA)))

    await desk.deliver()
    await desk.after(19)
    asked = len(desk.office.server.world.invalid_requests)
    await desk.after(1)

    assert (asked, desk.posts_to(ANA, BEN, CARLA)) == (1, [1, 1, 1])


async def test_waiting_for_discord_is_no_failed_try(desk: Desk) -> None:
    desk.office.server.faults.next(POST, limited(30), times=TERMS.tries + 3)
    await desk.queue(hello("patient"))

    await desk.deliver()
    for _ in range(TERMS.tries + 3):
        await desk.after(30)

    assert (desk.posts_to(BEN), await desk.open_and_dead()) == ([1], (0, 0))


async def test_many_who_join_at_once_hear_one_by_one_and_everybody_in_the_end(desk: Desk) -> None:
    world = desk.office.server.world
    for number, user in enumerate(NEWCOMERS):
        world.add_user(User(user, f"Newcomer {number}", f"newcomer{number}"))
        world.add_member(GUILD, user)
    await desk.queue(*(hello(f"to {user}", user) for user in NEWCOMERS))

    await desk.deliver()
    at_once = sum(desk.posts_to(*NEWCOMERS))
    for _ in range(10):
        await desk.after(15)

    assert at_once <= 4
    assert (desk.posts_to(*NEWCOMERS), await desk.open_and_dead()) == ([1] * len(NEWCOMERS), (0, 0))


async def test_after_too_fast_those_who_are_known_still_hear_and_the_others_later(desk: Desk) -> None:
    await desk.queue(hello("known", ANA))
    await desk.deliver()
    desk.office.server.faults.next(OPEN, error(40003))
    await desk.queue(hello("new", BEN))
    await desk.deliver()
    await desk.queue(hello("new too", CARLA), hello("known again", ANA))

    await desk.deliver()
    meanwhile = (desk.posts_to(ANA, BEN, CARLA), desk.office.count(OPEN))
    for _ in range(4):
        await desk.after(900)

    assert meanwhile == ([2, 0, 0], 2)
    assert (desk.posts_to(ANA, BEN, CARLA), await desk.open_and_dead()) == ([2, 1, 1], (0, 0))


# broken calls


async def test_what_fails_is_tried_again_until_it_stands_once(desk: Desk) -> None:
    for fault in (status(500), drop(after=True), garbage(after=True)):
        desk.office.server.faults.next(POST, fault)
    await desk.queue(hello("stubborn"))

    await desk.deliver()
    for _ in range(3):
        await desk.after(10)

    assert (desk.posts_to(BEN), await desk.open_and_dead()) == ([1], (0, 0))


@pytest.mark.parametrize("pause", [10, 3600])
async def test_an_introduction_whose_answer_was_lost_stands_once_also_after_a_restart(desk: Desk, pause: int) -> None:
    desk.office.server.faults.next(POST, drop(after=True))
    await agreed(desk)
    await desk.deliver()
    desk.courier = desk.restarted()

    await desk.after(pause)

    (room,) = desk.office.rooms()
    (said,) = desk.office.server.view.messages(room.id)
    referral = await desk.store.run(lambda tx: tx.referrals.get(REFERRAL))
    assert (set(room.members), set(said.pings)) == ({BOT, BEN, CARLA}, {BEN, CARLA})
    assert (referral.status, await desk.open_and_dead()) == (Status.INTRODUCED, (0, 0))


async def test_a_thread_whose_making_was_lost_in_a_crash_is_the_room_of_the_introduction(desk: Desk) -> None:
    desk.office.server.faults.next(MAKE, drop(after=True))
    await agreed(desk)
    await desk.deliver()
    desk.courier = desk.restarted()

    await desk.after(60)

    (room,) = desk.office.rooms()
    assert [said.pings for said in desk.office.server.view.messages(room.id)] == [{BEN, CARLA}]


# refusals


async def test_an_introduction_with_somebody_who_left_is_called_off_and_nobody_hears_of_it(desk: Desk) -> None:
    await agreed(desk, provider=FELIX)

    await desk.deliver()

    referral = await desk.store.run(lambda tx: tx.referrals.get(REFERRAL))
    assert referral.status is not Status.POSTING
    assert desk.office.rooms() == ()


async def test_a_message_for_somebody_whose_messages_are_closed_is_tried_once_and_bothers_no_one(desk: Desk) -> None:
    await desk.queue(hello("in vain", SHY), hello("fine", CARLA))

    await desk.deliver()
    await desk.after(3600)

    assert desk.posts_to(SHY, CARLA) == [0, 1]
    assert (await desk.open_and_dead())[0] == 0
    assert len(desk.office.server.world.invalid_requests) == 1


async def test_a_dead_token_loses_nothing_and_is_not_hammered(desk: Desk) -> None:
    right = desk.office.server.world.application.token
    desk.office.server.world.application.token = "another"
    await desk.queue(hello("one"), hello("two", CARLA))
    await desk.deliver()
    for _ in range(TERMS.tries + 3):
        await desk.after(300)
    waiting, asked = await desk.open_and_dead(), len(desk.office.server.world.invalid_requests)
    desk.office.server.world.application.token = right

    await desk.after(300)

    assert waiting == (2, 0)
    assert asked <= 2 * (TERMS.tries + 4)
    assert (desk.posts_to(BEN, CARLA), await desk.open_and_dead()) == ([1, 1], (0, 0))

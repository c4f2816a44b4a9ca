"""What comes after an introduction is begun, carried on and ended with all else."""

from typing import Any

from bot.app import deciding, following
from bot.app.sweep import BATCH, Sweeper
from bot.domain.commands import IntroductionPosted
from bot.domain.decision import Decision
from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.events import EventKind
from bot.domain.ids import ReferralId
from bot.domain.kind import Kind
from bot.domain.local_time import iso_week
from bot.domain.outcome import ElapseFollowUp, FollowUp
from bot.domain.question import Side
from bot.domain.referral import Status
from bot.domain.replacing import replace
from bot.ports.store import Transaction
from tests.app.club import ANA, BEN, CARLA, ELIF, Club
from tests.app.introductions import DAY, WEEK, events, follow, introduced, kept, key

ASKED = "What came of it?"


async def test_an_introduction_is_followed_up_from_its_receipt_on(club: Club) -> None:
    referral = await introduced(club)
    (event,) = [one for one in await events(club) if one.kind is EventKind.INTRODUCED]

    state = await kept(club, referral)

    who = [await key(club, user) for user in (ANA, BEN, CARLA)]
    assert [state.referrer, state.seeker, state.provider] == who
    assert state.week == iso_week(state.introduced_at, "Europe/London")
    assert (state.kind, event.facts["kind"]) == (Kind.RECOMMENDATION, "recommendation")
    stored = await club.bot.store.run(lambda tx: tx.referrals.get(referral))
    await club.bot.store.run(lambda tx: following.begin(tx, replace(stored, helper=True)))
    await club.bot.store.run(lambda tx: following.begin(tx, replace(stored, status=Status.LAPSED)))
    assert await kept(club, referral) == state


async def test_who_wants_to_be_written_to_is_followed_up_too_and_moves_second(club: Club) -> None:
    referral = await introduced(club, "yes_but")

    state = await kept(club, referral)
    await club.table.wait(2 * DAY)

    assert state.first_move is Side.PROVIDER
    assert (await kept(club, referral)).nudged


async def test_an_introduction_that_came_from_another_says_so_in_the_log(club: Club) -> None:
    referral = await introduced(club)
    stored = await club.bot.store.run(lambda tx: tx.referrals.get(referral))
    me = [await key(club, user) for user in (ANA, ELIF)]
    offered = [await club.bot.store.run(lambda tx, who=who: following.came_from(tx, referral, who)) for who in me]  # type: ignore[misc]
    foreign = [await club.bot.store.run(lambda tx, ref=ref: following.came_from(tx, ref, me[0])) for ref in ("", "x")]  # type: ignore[misc]
    again = replace(stored, id=ReferralId("again"), came_from=offered[0], status=Status.POSTING, version=0)
    now = club.table.clock.now()

    def post(tx: Transaction) -> Any:  # noqa: ANN401 -- a decision
        tx.referrals.add(replace(again, words={}, cards={}))
        return deciding.change(tx, again.id, IntroductionPosted(again.postings), now)

    decision = await club.bot.store.run(post)

    assert (offered, foreign) == ([referral, None], [None, None])
    assert [event.facts["came_from"] for event in decision.events] == [referral]
    after = await kept(club, again.id)
    assert (after.introduced_at, after.week) == (now, ""), "the same two do not count twice"


async def test_whose_account_is_closed_is_asked_nothing_and_the_other_is(club: Club) -> None:
    referral = await introduced(club)

    await club.bot.person_gone(club.table.room.workspace, CARLA)
    await club.table.wait(WEEK)

    assert (await kept(club, referral)).part(Side.PROVIDER).gone
    assert ASKED in club.seen(BEN)
    assert ASKED not in club.seen(CARLA)


async def test_who_blocks_one_of_the_others_is_asked_nothing_and_the_other_cannot_tell(club: Club) -> None:
    referral = await introduced(club)

    await club.table.types(BEN, "/intros report @carla")
    await club.table.wait(WEEK)

    ben, carla = [await key(club, user) for user in (BEN, CARLA)]
    assert carla in (await club.bot.store.run(lambda tx: tx.members.get(ben))).blocks
    assert (await kept(club, referral)).part(Side.SEEKER).gone
    assert ASKED not in club.seen(BEN)
    assert ASKED in club.seen(CARLA)


async def test_who_takes_a_break_is_asked_when_they_are_back(club: Club) -> None:
    await introduced(club)
    until = (club.table.clock.now() + 11 * DAY).date().isoformat()
    await club.table.types(BEN, "/intros pause")
    await club.scenes.press(BEN, "pause")
    await club.table.sends(BEN, {"until": until})

    await club.table.wait(WEEK + 2 * DAY)
    during = club.seen(BEN)
    await club.table.wait(4 * DAY)

    assert ASKED not in during
    assert ASKED in club.seen(BEN)


async def test_a_sweep_carries_out_all_that_is_due_and_lives_with_being_overtaken(club: Club) -> None:
    referral = await introduced(club)
    clock, store = club.table.clock, club.bot.store
    stored = await store.run(lambda tx: tx.referrals.get(referral))
    many = [replace(stored, id=ReferralId(f"r{n}"), words={}, cards={}, version=0) for n in range(BATCH + 1)]

    def add(tx: Transaction) -> None:
        for one in many:
            tx.referrals.add(replace(one, questions=()))
            following.begin(tx, one)

    await store.run(add)
    clock.move_to(clock.now() + 2 * DAY)
    sweeper = Sweeper(store=store, clock=clock, telemetry=club.telemetry)

    moved = await sweeper.sweep()

    assert moved == BATCH + 2
    assert await store.run(lambda tx: tx.follow_ups.due(clock.now(), 9)) == []
    assert [one for one in many if not (await kept(club, one.id)).nudged] == []


async def test_one_that_somebody_else_was_quicker_with_is_left_to_them(club: Club) -> None:
    await introduced(club)
    clock = club.table.clock
    clock.move_to(clock.now() + 2 * DAY)

    for error in (StaleWriteError, NotFoundError):
        await Sweeper(store=_Overtaken(club, error), clock=clock, telemetry=club.telemetry).sweep()

    assert [name for name, _ in club.telemetry.events].count("sweep.overtaken") == 2


class _Overtaken:
    """The club's store, where somebody else is always quicker with what comes after introductions."""

    def __init__(self, club: Club, error: type[Exception]) -> None:
        self._store = club.bot.store
        self._error = error

    async def run(self, work: Any) -> Any:  # noqa: ANN401 -- whatever the work returns
        def overtaken(tx: Transaction) -> Any:  # noqa: ANN401
            result = work(tx)
            if isinstance(result, Decision) and isinstance(result.state, FollowUp):
                raise self._error("follow-up")
            return result

        return await self._store.run(overtaken)

    async def scrub(self) -> None:
        await self._store.scrub()

    async def close(self) -> None:
        await self._store.close()


async def test_elapsing_late_and_again_changes_nothing_more(club: Club) -> None:
    referral = await introduced(club)
    await club.table.wait(WEEK)
    before = await kept(club, referral), club.seen(BEN), club.seen(CARLA)

    for _ in range(3):
        await follow(club, referral, ElapseFollowUp())
        await club.bot.deliver()

    assert (await kept(club, referral), club.seen(BEN), club.seen(CARLA)) == before

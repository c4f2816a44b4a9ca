"""Round after round, in every order: who is asked next, that nobody is asked too early, and what sets the posting."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Decision
from bot.domain.effects import Effect, PostIntroduction
from bot.domain.group import Order, Reveal
from bot.domain.ids import AskId, MemberId
from bot.domain.question import Answer, Side, Stage, Swallow
from bot.domain.referral import Referral, Status
from tests.factories import NOW, PIA, RITA, SAM, WINDOW, a_member, around
from tests.unit.rulebook import HOUR, SECOND, a_draft, among, group_with, paused, prompted, reply, said

SR, SN, PR, PN = Stage.SEEKER_ROLE, Stage.SEEKER_NAMED, Stage.PROVIDER_ROLE, Stage.PROVIDER_NAMED
UNDO = 30 * SECOND


@dataclass(frozen=True)
class Scene:
    """Which referral is asked about."""

    order: Order
    reveal: Reveal
    ask: bool = False

    def __str__(self) -> str:
        return f"{self.order}-{self.reveal}-{'ask' if self.ask else 'no_ask'}"

    @property
    def world(self) -> Around:
        return around(group=group_with(order=self.order))

    def begin(self, world: Around | None = None) -> Decision[Referral]:
        draft = a_draft(reveal=self.reveal, ask=AskId("ask") if self.ask else None)
        return decide(draft, c.AskThem(RITA), world or self.world, NOW)


SCENES = [Scene(order, reveal, ask) for order in Order for reveal in Reveal for ask in (False, True)]
NAMED = {order: Scene(order, Reveal.NAMED) for order in Order}
BY_ROLE = Scene(Order.SEEKER_FIRST, Reveal.ROLE_ONLY)


def who(referral: Referral, number: int) -> MemberId:
    return SAM if referral.questions[number].side is Side.SEEKER else PIA


def number_of(referral: Referral, stage: Stage) -> int:
    return next(q.number for q in referral.questions if q.stage is stage)


def yes_to(referral: Referral, stage: Stage, now: datetime = NOW) -> Decision[Referral]:
    number = number_of(referral, stage)
    return decide(referral, reply(who(referral, number), number), around(), now)


def undone(referral: Referral, stage: Stage, now: datetime = NOW) -> Decision[Referral]:
    number = number_of(referral, stage)
    return decide(referral, c.TakeBack(who(referral, number), number), around(), now)


def round_by_round(referral: Referral, first: tuple[Effect, ...]) -> tuple[Referral, list[set[Stage]]]:
    """Say yes to everything, one question after the other; return who was prompted after which round."""
    prompts = [set(prompted(first, referral))]
    for stages in referral.plan:
        sent: list[Stage] = []
        for stage in sorted(stages):
            assert not sent, "asked before the round was over"
            after = yes_to(referral, stage)
            referral = after.state
            sent = prompted(after.effects, referral)
        prompts.append(set(sent))
    return referral, prompts


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_each_round_is_asked_when_the_one_before_agreed_and_nobody_sooner(scene: Scene) -> None:
    begun = scene.begin()

    done, prompts = round_by_round(begun.state, begun.effects)

    assert prompts == [*({*one} for one in begun.state.plan), set()]
    assert (done.questions[-1].stage, done.status) == (PN, Status.POSTING)


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_the_last_yes_sets_the_posting_in_half_a_minute(scene: Scene) -> None:
    referral = scene.begin().state
    for stage in [stage for one in referral.plan[:-1] for stage in one]:
        referral = yes_to(referral, stage).state

    found = yes_to(referral, PN, NOW + HOUR)

    due = NOW + HOUR + UNDO
    assert found.effects[1:] == (PostIntroduction(referral.id, 1, due),)
    assert (found.state.posting_at, found.state.postings) == (due, 1)


@pytest.mark.parametrize("scene", SCENES, ids=str)
@pytest.mark.parametrize("answer", [Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.REPORT], ids=str)
def test_after_a_no_nobody_else_is_asked(scene: Scene, answer: Answer) -> None:
    referral = scene.begin().state

    found = decide(referral, reply(who(referral, 0), 0, answer), around(), NOW)

    assert prompted(found.effects, found.state) == []
    assert (len(found.state.questions), found.state.status) == (len(referral.questions), Status.ASKING)


@pytest.mark.parametrize("first", [SN, PR], ids=str)
def test_asked_both_at_once_the_first_yes_waits_for_the_second(first: Stage) -> None:
    referral = NAMED[Order.BOTH_AT_ONCE].begin().state
    second = SN if first is PR else PR

    one = yes_to(referral, first)
    two = yes_to(one.state, second)

    assert (prompted(one.effects, one.state), prompted(two.effects, two.state)) == ([], [PN])


@pytest.mark.parametrize(
    ("world", "swallow"),
    [
        (among(a_member(id=PIA, joined={})), Swallow.LEFT),
        (among(a_member(id=PIA, user=None)), Swallow.LEFT),
        (among(a_member(id=PIA, blocks=frozenset({SAM}))), Swallow.BLOCK),
        (among(paused(PIA)), Swallow.PAUSE),
        (among(paused(PIA, quiet=False)), Swallow.PAUSE),
        (among(a_member(id=PIA, direct_messages_closed=True)), Swallow.UNREACHABLE),
    ],
    ids=["left", "erased", "blocked", "quiet pause", "said pause", "unreachable"],
)
def test_a_later_question_is_swallowed_like_a_first_one(world: Around, swallow: Swallow) -> None:
    referral = NAMED[Order.SEEKER_FIRST].begin().state

    found = decide(referral, reply(SAM), world, NOW + HOUR)

    assert (said(found), prompted(found.effects, found.state)) == (said(yes_to(referral, SN)), [])
    assert (found.state.questions[1].swallowed, found.state.questions[1].deadline) == (swallow, NOW + HOUR + WINDOW)


def test_a_limit_reached_before_asking_swallows_the_later_question() -> None:
    referral = NAMED[Order.SEEKER_FIRST].begin(around(received={PIA: 3})).state

    found = decide(referral, reply(SAM), around(received={}), NOW)

    assert found.state.questions[1].swallowed is Swallow.LIMIT


@pytest.mark.parametrize("again", [False, True], ids=["stays taken back", "given again"])
def test_a_yes_taken_back_holds_the_next_question_back_until_it_is_given_again(*, again: bool) -> None:
    referral = yes_to(NAMED[Order.PROVIDER_FIRST].begin().state, PR).state
    referral = undone(referral, PR).state

    held = yes_to(referral, SN, NOW + HOUR)
    after = yes_to(held.state, PR, NOW + 2 * HOUR) if again else held

    assert (held.state.questions[2].swallowed, prompted(held.effects, held.state)) == (Swallow.HELD_BACK, [])
    assert prompted(after.effects, after.state) == [PN] * again
    assert [q.stage for q in after.state.questions] == [PR, SN, PN]
    assert after.state.questions[2].deadline == NOW + WINDOW + HOUR * (2 if again else 1)


@pytest.mark.parametrize(
    ("agreed", "back", "last", "held"), [([SR], SR, PR, SN), ([SR, PR], PR, SN, PN)], ids=["seeker", "provider"]
)
def test_by_role_too_the_next_question_of_who_took_a_yes_back_is_held_back(
    agreed: list[Stage], back: Stage, last: Stage, held: Stage
) -> None:
    referral = BY_ROLE.begin().state
    for stage in agreed:
        referral = yes_to(referral, stage).state
    referral = undone(referral, back).state

    found = yes_to(referral, last).state

    assert (found.questions[-1].stage, found.questions[-1].swallowed) == (held, Swallow.HELD_BACK)


def test_nothing_is_held_back_after_the_last_round() -> None:
    referral = yes_to(NAMED[Order.SEEKER_FIRST].begin().state, SN).state
    referral = undone(referral, SN).state

    found = yes_to(referral, PN)

    assert (found.state.status, len(found.state.questions), len(found.effects)) == (Status.ASKING, 2, 1)


def test_nothing_is_held_back_where_the_next_question_would_be_somebody_elses() -> None:
    scene = Scene(Order.PROVIDER_FIRST, Reveal.ROLE_ONLY)
    referral = undone(yes_to(scene.begin().state, PR).state, PR).state

    found = yes_to(referral, SR)

    assert [q.stage for q in found.state.questions] == [PR, SR]


def test_an_undone_and_repeated_yes_sets_a_posting_of_its_own() -> None:
    referral = yes_to(yes_to(NAMED[Order.SEEKER_FIRST].begin().state, SN).state, PN).state
    referral = undone(referral, PN).state

    found = yes_to(referral, PN, NOW + HOUR)

    assert (referral.status, referral.posting_at) == (Status.ASKING, None)
    assert found.effects[-1] == PostIntroduction(referral.id, 2, NOW + HOUR + UNDO)


@pytest.mark.parametrize(
    ("before_deadline", "wait"),
    [(HOUR, UNDO), (10 * SECOND, 10 * SECOND)],
    ids=["an hour before", "ten seconds before"],
)
def test_nothing_waits_longer_than_the_yes_can_be_undone(before_deadline: timedelta, wait: timedelta) -> None:
    referral = yes_to(NAMED[Order.SEEKER_FIRST].begin().state, SN).state
    now = NOW + WINDOW - before_deadline

    found = yes_to(referral, PN, now)

    assert found.effects[-1] == PostIntroduction(referral.id, 1, now + wait)


@pytest.mark.parametrize("side", Side)
def test_once_somebody_heard_that_it_came_to_nothing_it_does(side: Side) -> None:
    referral = replace(yes_to(NAMED[Order.SEEKER_FIRST].begin().state, SN).state, heard=frozenset({side}))

    found = yes_to(referral, PN)

    assert (found.state.status, len(found.effects)) == (Status.ASKING, 1)

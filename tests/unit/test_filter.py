"""The two filter questions and the private fit check."""

import pytest

from bot.domain import commands as c
from bot.domain.decision import NeedsWords, PairPast, Say
from bot.domain.effects import EditPrompt, Face, Notice, RemindOfPrompt
from bot.domain.events import EventKind
from bot.domain.member import CardSlot, Member
from bot.domain.question import Answer, Side, Stage, Swallow
from bot.domain.referral import Referral, Status, Tick
from bot.domain.words import Fault, Slot
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_card, a_member, a_referral, around
from tests.unit.doing import (
    BLIND,
    DAY,
    SECOND,
    WINDOW,
    click,
    do,
    faults,
    notices,
    said,
    stages_sent,
    with_person,
)

YES, UNSURE, NO = Tick.YES, Tick.NOT_SURE, Tick.NO
DRAFT, SCREENED, LEAD = Status.DRAFT, Status.SCREENED, Status.LEAD
TABLE = [
    (YES, YES, SCREENED, Say.SCREENED),
    (UNSURE, YES, SCREENED, Say.SCREENED),
    (YES, UNSURE, DRAFT, Say.FIT_UNSURE),
    (UNSURE, UNSURE, DRAFT, Say.FIT_UNSURE),
    (YES, NO, LEAD, Say.FILTERED_OUT),
    (UNSURE, NO, LEAD, Say.FILTERED_OUT),
]


def ticked(need: Tick, fit: Tick, **cards: object) -> tuple[Referral, Say]:
    world = around(**cards)
    blank = a_referral(status=DRAFT, need=None, fit=None)
    first = do(blank, c.AnswerFilter(RITA, c.Filter.NEED, need), NOW, world).state
    second = do(first, c.AnswerFilter(RITA, c.Filter.FIT, fit), NOW, world)
    return second.state, said(second)


@pytest.mark.parametrize(("need", "fit", "status", "say"), TABLE)
def test_the_two_answers_decide_what_the_draft_becomes(need: Tick, fit: Tick, status: Status, say: Say) -> None:
    referral, told = ticked(need, fit)

    assert (referral.status, told) == (status, say)


def test_no_need_makes_a_lead_at_once() -> None:
    decision = do(a_referral(status=DRAFT, need=None, fit=None), c.AnswerFilter(RITA, c.Filter.NEED, NO))

    assert (decision.state.status, said(decision)) == (LEAD, Say.FILTERED_OUT)
    assert ([event.kind for event in decision.events], decision.effects) == ([EventKind.LEAD_KEPT], ())


@pytest.mark.parametrize("need", [YES, UNSURE])
@pytest.mark.parametrize("cards", [{}, {PIA: a_card(lines={CardSlot.DOES: "Books"})}])
def test_without_a_card_the_fit_is_not_sure_at_best(need: Tick, cards: dict[str, object]) -> None:
    referral, told = ticked(need, YES, cards=cards)

    assert (referral.status, referral.fit, told) == (DRAFT, UNSURE, Say.NO_CARD_NO_YES)


def test_the_first_answer_alone_is_saved() -> None:
    decision = do(a_referral(status=DRAFT, need=None, fit=None), c.AnswerFilter(RITA, c.Filter.NEED, YES))

    assert (decision.state.status, said(decision), decision.events) == (DRAFT, Say.SAVED, ())


def test_the_same_answer_again_is_logged_once() -> None:
    decision = do(a_referral(), c.AnswerFilter(RITA, c.Filter.FIT, YES))

    assert (decision.state, decision.events, said(decision)) == (a_referral(), (), Say.SCREENED)


def unsure(**changes: object) -> Referral:
    draft = a_referral(status=DRAFT, fit=UNSURE)
    return a_referral(status=DRAFT, fit=UNSURE, **({"words": {**draft.words, **BLIND}} | changes))


def checking(world: object = None) -> Referral:
    return do(unsure(), c.CheckFit(RITA), NOW, world).state  # type: ignore[arg-type]


def test_a_fit_check_shows_the_provider_one_description_and_freezes_the_draft() -> None:
    decision = do(unsure(), c.CheckFit(RITA))
    edit = do(decision.state, c.WriteDraft(RITA, provider=OTTO))

    assert (stages_sent(decision), said(decision)) == ([Stage.FIT], Say.FIT_ASKED)
    assert (said(edit), edit.state) == (Say.FIT_CHECK_RUNNING, decision.state)


@pytest.mark.parametrize(
    "command",
    [c.AskThem(RITA), c.Discard(RITA), c.KeepAsLead(RITA), c.SendLead(RITA, OTTO, "A tip"), c.CheckFit(RITA)],
    ids=lambda command: type(command).__name__,
)
def test_while_a_fit_check_runs_nothing_moves_the_draft(command: c.ReferralCommand) -> None:
    decision = do(checking(), command, NOW + WINDOW)

    assert (said(decision), decision.state) == (Say.FIT_CHECK_RUNNING, checking())


def test_a_yes_to_the_fit_goes_to_the_referrer_and_screens_the_draft() -> None:
    decision = click(checking(), PIA)

    assert (decision.state.status, decision.state.fit) == (SCREENED, YES)
    assert notices(decision.effects) == [(RITA, Notice.FIT_CONFIRMED)]
    assert said(decision) is Say.FIT_YES_RECORDED
    assert said(click(decision.state, PIA)) is Say.SAME_ANSWER
    assert said(do(decision.state, c.TakeBack(PIA, 0))) is Say.TOO_LATE


@pytest.mark.parametrize("answer", set(Answer) - {Answer.YES, Answer.YES_BUT, Answer.TAKEN_BACK, Answer.GONE})
def test_a_no_to_the_fit_looks_like_a_silence(answer: Answer) -> None:
    decision = click(checking(), PIA, answer)
    after = do(decision.state, c.Elapse(), NOW + WINDOW)
    silent = do(checking(), c.Elapse(), NOW + WINDOW)

    assert notices(decision.effects) == []
    assert notices(after.effects) == notices(silent.effects) == [(RITA, Notice.FIT_OPEN_AGAIN)]
    assert after.state.status is silent.state.status is DRAFT


def test_a_no_to_the_fit_may_become_a_yes_until_its_deadline() -> None:
    no = click(checking(), PIA, Answer.NO).state

    assert click(no, PIA, at=NOW + WINDOW - SECOND).state.status is SCREENED
    assert said(click(no, PIA, at=NOW + WINDOW)) is Say.TOO_LATE


def test_nothing_is_told_about_a_fit() -> None:
    no = click(checking(), PIA, Answer.NO).state

    assert said(do(no, c.TellReferrer(PIA, 0))) is Say.ONLY_AFTER_NO


SWALLOWING = {
    Swallow.BLOCK: a_member(id=PIA, blocks=frozenset({RITA})),
    Swallow.PAUSE: a_member(id=PIA, paused_until=NOW + 9 * DAY),
    Swallow.UNREACHABLE: a_member(id=PIA, direct_messages_closed=True),
}


@pytest.mark.parametrize(("why", "person"), SWALLOWING.items())
def test_a_swallowed_fit_check_looks_like_a_silence(why: Swallow, person: Member) -> None:
    world = around(people={**around().people, PIA: person})

    asked = do(unsure(), c.CheckFit(RITA), NOW, world)
    after = do(asked.state, c.Elapse(), NOW + WINDOW, world)

    assert (said(asked), asked.effects) == (Say.FIT_ASKED, ())
    assert asked.state.questions[0].swallowed is why
    assert notices(after.effects) == [(RITA, Notice.FIT_OPEN_AGAIN)]
    assert after.members == ()


def test_a_fit_check_counts_as_a_question_received() -> None:
    asked = do(unsure(), c.CheckFit(RITA), NOW, around(received={PIA: 3}))

    assert asked.state.questions[0].swallowed is Swallow.LIMIT


def test_a_provider_who_confirmed_the_fit_is_not_over_the_limit_by_that() -> None:
    screened = click(checking(), PIA).state

    asked = do(screened, c.AskThem(RITA), NOW, around(received={PIA: 3, SAM: 3}))

    assert asked.state.over_limit == {Side.SEEKER}


def test_a_closed_pair_is_not_checked_for_fit_either() -> None:
    others = PairPast(until=NOW + DAY)
    own = PairPast(until=NOW + DAY, by_same_referrer=True)

    swallowed = do(unsure(), c.CheckFit(RITA), NOW, around(pair=others)).state
    told = do(unsure(), c.CheckFit(RITA), NOW, around(pair=own))

    assert swallowed.questions[0].swallowed is Swallow.CLOSED_PAIR
    assert said(told) is Say.PAIR_CLOSED


@pytest.mark.parametrize("need", [None, NO])
def test_without_a_need_there_is_nothing_to_check(need: Tick | None) -> None:
    assert said(do(unsure(need=need), c.CheckFit(RITA))) is Say.NOT_FILTERED


def test_a_sure_fit_is_not_checked() -> None:
    assert said(do(a_referral(), c.CheckFit(RITA))) is Say.NOT_FILTERED


def test_a_fit_check_needs_its_description_and_sound_words() -> None:
    missing = do(unsure(words=a_referral().words), c.CheckFit(RITA))
    broken = do(unsure(words=BLIND), c.CheckFit(RITA))

    assert missing.outcome == NeedsWords(missing.outcome.form, (Slot.SEEKER_BLIND,))  # type: ignore[union-attr]
    assert faults(broken) == {Slot.NEED: Fault.MISSING, Slot.WHY: Fault.MISSING}


@pytest.mark.parametrize(
    ("changes", "say"),
    [
        ({"joined": {}}, Say.PROVIDER_NOT_JOINED),
        ({"paused_until": NOW + DAY, "pause_is_quiet": False}, Say.PROVIDER_PAUSED),
    ],
)
def test_what_a_referrer_may_know_stops_a_fit_check(changes: dict[str, object], say: Say) -> None:
    assert said(do(unsure(), c.CheckFit(RITA), NOW, with_person(id=PIA, **changes))) is say


def test_a_fit_check_is_reminded_of_once_and_closed_at_its_deadline() -> None:
    half = do(checking(), c.Elapse(), NOW + WINDOW / 2)
    closed = do(half.state, c.Elapse(), NOW + WINDOW)

    assert half.effects == (RemindOfPrompt(half.state.id, PIA, 0),)
    assert closed.effects[0] == EditPrompt(half.state.id, PIA, 0, 1, Face.CLOSED)
    assert closed.members == (a_member(id=PIA, silences=1),)

"""The two filter questions and the private fit check, in which a no and a silence are one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Form, NeedsWords, Outcome, PairPast, Refused, Say, Told
from bot.domain.effects import Effect, Notify, SendPrompt
from bot.domain.events import EventKind
from bot.domain.member import Card, CardSlot, Member
from bot.domain.question import Answer, Side, Stage, Swallow
from bot.domain.referral import Referral, Status, Tick
from bot.domain.words import Fault, Slot
from tests.factories import NOW, PIA, RITA, SAM, WINDOW, a_card, a_member, around
from tests.unit.rulebook import DAY, HOUR, SECOND, a_draft, among, notices, paused, play, reply, said

Y, U, N = Tick.YES, Tick.NOT_SURE, Tick.NO
NEED, FIT = c.Filter.NEED, c.Filter.FIT
PASSED = (Status.SCREENED, Say.SCREENED, [EventKind.SCREENED])
UNSURE: tuple[Status, Say, list[EventKind]] = (Status.DRAFT, Say.FIT_UNSURE, [])
LEAD = (Status.LEAD, Say.FILTERED_OUT, [EventKind.LEAD_KEPT])
WAITS: tuple[Status, Say, list[EventKind]] = (Status.DRAFT, Say.SAVED, [])
TABLE = {
    (Y, Y): PASSED, (U, Y): PASSED, (N, Y): LEAD, (None, Y): WAITS,
    (Y, U): UNSURE, (U, U): UNSURE, (N, U): LEAD, (None, U): UNSURE,
    (Y, N): LEAD, (U, N): LEAD, (N, N): LEAD, (None, N): LEAD,
}  # fmt: skip
CARDS: dict[str, Card | None] = {
    "none": None,
    "empty": a_card(lines={}),
    "half a card": a_card(lines={CardSlot.DOES: "Books"}),
}
PAST = NOW + DAY
OBSTACLES: dict[str, tuple[dict[str, Any], Around, Outcome]] = {
    "need not answered": ({"need": None}, around(), Told(Say.NOT_FILTERED, shows_draft=True)),
    "no need": ({"need": N}, around(), Told(Say.NOT_FILTERED, shows_draft=True)),
    "fit not answered": ({"fit": None}, around(), Told(Say.NOT_FILTERED, shows_draft=True)),
    "fit is certain": ({"fit": Y}, around(), Told(Say.NOT_FILTERED, shows_draft=True)),
    "no provider": ({"provider": None}, around(), Told(Say.PROVIDER_MISSING, shows_draft=True)),
    "a name in the description": (
        {},
        around(names={Side.SEEKER: ("Small Shop Ltd",)}),
        Refused({Slot.SEEKER_BLIND: Fault.NAMES_THEM}, Form.BLIND),
    ),
    "no description": (
        {"words": {Slot.NEED: "Books", Slot.WHY: "Good"}},
        around(),
        NeedsWords(Form.BLIND, (Slot.SEEKER_BLIND,)),
    ),
    "provider left": (
        {},
        among(a_member(id=PIA, joined={})),
        Told(Say.PROVIDER_NOT_JOINED, who=PIA, shows_draft=True),
    ),
    "provider erased": (
        {},
        among(a_member(id=PIA, user=None)),
        Told(Say.PROVIDER_NOT_JOINED, who=PIA, shows_draft=True),
    ),
    "provider says they pause": (
        {},
        among(paused(PIA, quiet=False)),
        Told(Say.PROVIDER_PAUSED, who=PIA, moment=NOW + 7 * DAY, shows_draft=True),
    ),
    "one open with the provider": (
        {},
        around(open_with=frozenset({PIA})),
        Told(Say.ONE_OPEN_WITH_THEM, who=PIA, shows_draft=True),
    ),
    "their own earlier proposal": (
        {},
        around(pair=PairPast(until=PAST, by_same_referrer=True)),
        Told(Say.PAIR_CLOSED, moment=PAST, shows_draft=True),
    ),
}
UNSENT: dict[str, tuple[Around, Swallow]] = {
    "blocks the referrer": (among(a_member(id=PIA, blocks=frozenset({RITA}))), Swallow.BLOCK),
    "blocks the seeker": (among(a_member(id=PIA, blocks=frozenset({SAM}))), Swallow.BLOCK),
    "pauses quietly": (among(paused(PIA)), Swallow.PAUSE),
    "was asked enough": (around(received={PIA: 3}), Swallow.LIMIT),
    "cannot be reached": (among(a_member(id=PIA, direct_messages_closed=True)), Swallow.UNREACHABLE),
    "somebody else's open proposal": (around(pair=PairPast(open_now=True)), Swallow.CLOSED_PAIR),
    "somebody else's earlier proposal": (around(pair=PairPast(until=PAST)), Swallow.CLOSED_PAIR),
    "they know each other": (around(pair=PairPast(know_each_other=True)), Swallow.CLOSED_PAIR),
}
NOES = [Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.BLOCK, Answer.REPORT]


def unsure(**changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    return a_draft(**({"status": Status.DRAFT, "fit": U} | changes))


def checking(world: Around | None = None) -> Referral:
    return play(unsure(), c.CheckFit(RITA), world=world)


def to_the_referrer(effects: tuple[Effect, ...]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, Notify) and effect.to == RITA]


@pytest.mark.parametrize(("need", "fit"), list(TABLE), ids=lambda tick: str(tick or "unanswered"))
def test_any_no_makes_a_lead_and_only_a_certain_fit_may_be_asked(need: Tick | None, fit: Tick) -> None:
    referral = a_draft(status=Status.DRAFT, need=need, fit=None)

    found = decide(referral, c.AnswerFilter(RITA, FIT, fit), around(), NOW)

    assert (found.state.status, said(found), [event.kind for event in found.events]) == TABLE[need, fit]
    assert (found.state.need, found.state.fit, found.effects) == (need, fit, ())


@pytest.mark.parametrize(("need", "fit"), [key for key in TABLE if key[0]], ids=str)
def test_the_order_of_the_two_answers_makes_no_difference(need: Tick, fit: Tick) -> None:
    referral = a_draft(status=Status.DRAFT, need=None, fit=fit)

    found = decide(referral, c.AnswerFilter(RITA, NEED, need), around(), NOW)

    assert (found.state.status, said(found), [event.kind for event in found.events]) == TABLE[need, fit]


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
@pytest.mark.parametrize(
    ("tick", "fit", "say"),
    [(Y, U, Say.NO_CARD_NO_YES), (U, U, Say.FIT_UNSURE), (N, N, Say.FILTERED_OUT)],
    ids=["yes", "not sure", "no"],
)
def test_without_a_card_a_fit_is_not_sure_at_best(card: Card | None, tick: Tick, fit: Tick, say: Say) -> None:
    world = around(cards={PIA: card} if card else {})

    found = decide(unsure(fit=None), c.AnswerFilter(RITA, FIT, tick), world, NOW)

    assert (found.state.fit, said(found)) == (fit, say)


def test_a_missing_card_says_nothing_about_the_need() -> None:
    referral = unsure(need=None, fit=None)

    found = decide(referral, c.AnswerFilter(RITA, NEED, Y), around(cards={}), NOW)

    assert (found.state.need, said(found)) == (Y, Say.SAVED)


@pytest.mark.parametrize("question", c.Filter)
def test_the_same_tick_again_leaves_no_second_entry_in_the_log(question: c.Filter) -> None:
    referral = a_draft()

    found = decide(referral, c.AnswerFilter(RITA, question, Y), around(), NOW)

    assert (found.state, found.events, said(found)) == (referral, (), Say.SCREENED)


@pytest.mark.parametrize(("changes", "world", "outcome"), OBSTACLES.values(), ids=OBSTACLES)
def test_a_fit_check_waits_for_what_is_missing(changes: dict[str, Any], world: Around, outcome: Outcome) -> None:
    referral = unsure(**changes)

    found = decide(referral, c.CheckFit(RITA), world, NOW)

    assert (found.state, found.outcome, found.effects) == (referral, outcome, ())


@pytest.mark.parametrize(("urgent", "window"), [(False, WINDOW), (True, DAY)], ids=["usual", "urgent"])
def test_a_fit_check_asks_the_provider_alone(window: timedelta, *, urgent: bool) -> None:
    referral = unsure(urgent=urgent)

    found = decide(referral, c.CheckFit(RITA), around(), NOW)

    assert found.effects == (SendPrompt(referral.id, PIA, 0),)
    assert found.outcome == Told(Say.FIT_ASKED, moment=NOW + window)
    assert [(q.stage, q.deadline) for q in found.state.questions] == [(Stage.FIT, NOW + window)]


@pytest.mark.parametrize(("world", "swallow"), UNSENT.values(), ids=UNSENT)
def test_a_fit_check_that_is_not_sent_looks_like_any_other(world: Around, swallow: Swallow) -> None:
    sent = decide(unsure(), c.CheckFit(RITA), around(), NOW)

    found = decide(unsure(), c.CheckFit(RITA), world, NOW)

    assert (found.outcome, found.effects, found.state.questions[0].swallowed) == (sent.outcome, (), swallow)
    assert decide(found.state, c.Elapse(), world, NOW + WINDOW).effects == (
        to_the_referrer(decide(sent.state, c.Elapse(), world, NOW + WINDOW).effects)[0],
    )


@pytest.mark.parametrize("answer", NOES, ids=str)
def test_to_the_referrer_a_no_to_a_fit_check_is_a_silence(answer: Answer) -> None:
    silent = decide(checking(), c.Elapse(), around(), NOW + WINDOW)

    declined = decide(checking(), reply(PIA, 0, answer), around(), NOW + HOUR)
    over = decide(declined.state, c.Elapse(), around(), NOW + WINDOW)

    assert to_the_referrer(declined.effects) == []
    assert to_the_referrer(over.effects) == to_the_referrer(silent.effects)
    assert notices(silent.effects) == [(RITA, "fit_open_again")]
    assert replace(over.state, questions=()) == replace(silent.state, questions=())


@pytest.mark.parametrize("command", [c.Toggle(RITA, c.Choice.URGENT), c.AskThem(RITA), c.CheckFit(RITA),
    c.WriteDraft(RITA), c.KeepAsLead(RITA), c.SendLead(RITA, PIA, "Books"), c.Discard(RITA)], ids=type)  # fmt: skip
@pytest.mark.parametrize("declined", [False, True], ids=["waiting", "declined"])
def test_the_draft_stands_still_until_the_check_is_over(command: c.ReferralCommand, *, declined: bool) -> None:
    referral = play(checking(), *[reply(PIA, 0, Answer.NO)] * declined)

    found = decide(referral, command, around(), NOW + WINDOW - SECOND)

    assert (found.state, said(found), found.effects) == (referral, Say.FIT_CHECK_RUNNING, ())


def test_after_a_silence_the_draft_is_open_and_may_be_checked_again() -> None:
    referral = decide(checking(), c.Elapse(), around(), NOW + WINDOW).state

    found = decide(referral, c.CheckFit(RITA), around(), NOW + WINDOW)

    assert found.effects == (SendPrompt(referral.id, PIA, 1),)


@pytest.mark.parametrize("before", [None, Answer.NO, Answer.NOT_NOW], ids=str)
def test_a_yes_to_a_fit_check_screens_the_draft_at_once(before: Answer | None) -> None:
    referral = play(checking(), *([reply(PIA, 0, before)] if before else []))

    found = decide(referral, reply(PIA), around(), NOW + HOUR)

    assert (found.state.status, found.state.fit, said(found)) == (Status.SCREENED, Y, Say.FIT_YES_RECORDED)
    assert notices(found.effects) == [(RITA, "fit_confirmed")]
    assert [event.kind for event in found.events] == [EventKind.SCREENED]


@pytest.mark.parametrize(
    ("command", "say"),
    [
        (reply(PIA), Say.SAME_ANSWER),
        (reply(PIA, 0, Answer.YES_BUT), Say.SAME_ANSWER),
        (reply(PIA, 0, Answer.NO), Say.TOO_LATE),
        (c.TakeBack(PIA, 0), Say.TOO_LATE),
    ],
    ids=["yes", "yes but", "no", "undo"],
)
def test_a_confirmed_fit_check_is_over(command: c.ReferralCommand, say: Say) -> None:
    referral = play(checking(), reply(PIA))

    found = decide(referral, command, around(), NOW + HOUR)

    assert (found.state, said(found), found.effects) == (referral, say, ())


def test_a_no_to_a_fit_check_is_told_to_nobody_even_if_its_owner_asks_for_it() -> None:
    referral = play(checking(), reply(PIA, 0, Answer.NO))

    found = decide(referral, c.TellReferrer(PIA, 0), around(), NOW)

    assert (found.state, said(found), found.effects) == (referral, Say.ONLY_AFTER_NO, ())


@pytest.mark.parametrize("person", [a_member(id=PIA, joined={}), a_member(id=PIA, user=None)], ids=["left", "erased"])
def test_who_left_is_not_sent_a_fit_checks_last_line(person: Member) -> None:
    referral = checking()

    found = decide(referral, c.Elapse(), among(person), NOW + WINDOW)

    assert notices(found.effects) == [(RITA, "fit_open_again")]
    assert (len(found.effects), found.members) == (1, ())

"""One question to the referrer and one answer; and telling the referrer of one's own no."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Form, Refused, Say
from bot.domain.effects import Notice, Notify
from bot.domain.errors import NotAPartyError
from bot.domain.ids import MemberId
from bot.domain.member import Member
from bot.domain.question import Answer, Question, Side, Stage
from bot.domain.referral import Referral, Status
from bot.domain.words import Fault, Slot
from tests.factories import (
    NOW,
    OTTO,
    PIA,
    RITA,
    SAM,
    WINDOW,
    a_member,
    a_question,
    an_agreed_referral,
    an_asking_referral,
    around,
)
from tests.unit.rulebook import DAY, HOUR, SECOND, among, play, reply, said

END = NOW + WINDOW
TEXT = "Since when do you know each other?"
NAMES = {Side.SEEKER: ("Sam Stone",), Side.PROVIDER: ("Pia Park",)}
NOES = [Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.BLOCK, Answer.REPORT, Answer.TAKEN_BACK]
SIDES: dict[Side, tuple[MemberId, int, Slot, Slot]] = {
    Side.SEEKER: (SAM, 0, Slot.SEEKER_QUESTION, Slot.SEEKER_QUESTION_ANSWER),
    Side.PROVIDER: (PIA, 1, Slot.PROVIDER_QUESTION, Slot.PROVIDER_QUESTION_ANSWER),
}
FAULTS = {
    "nothing": ("", Fault.MISSING),
    "too long": ("x" * 601, Fault.TOO_LONG),
    "a link": ("www.shop.example", Fault.LINK),
    "a mention": ("@pia", Fault.MENTION),
    "a contact": ("sam@shop.example", Fault.CONTACT),
}
NO_MORE: dict[str, tuple[dict[str, Any], datetime, Say]] = {
    "past the deadline": ({}, END, Say.TOO_LATE),
    "withdrawn": ({"status": Status.WITHDRAWN}, NOW, Say.WITHDRAWN_BEFORE),
    "introduced": ({"status": Status.INTRODUCED}, NOW, Say.ALREADY_INTRODUCED),
}
OVER = [Status.LAPSED, Status.WITHDRAWN, Status.DISCARDED, Status.CLOSED]
UNHEARD = {
    "left": a_member(joined={}),
    "erased": a_member(user=None),
    "blocked the referrer": a_member(blocks=frozenset({RITA})),
}
NAMING: dict[str, tuple[tuple[Question, ...], str, bool]] = {
    "by role, the other's name": ((a_question(stage=Stage.SEEKER_ROLE),), "Pia sorted out my books.", True),
    "by role, no name": ((a_question(stage=Stage.SEEKER_ROLE),), "She sorted out my books.", False),
    "by role, their own name": ((a_question(stage=Stage.SEEKER_ROLE),), "Sam, she did my books.", False),
    "by name": ((a_question(),), "Pia sorted out my books.", False),
}


def asked(**changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    """Return a referral whose two parties were both asked."""
    both = (a_question(), a_question(number=1, stage=Stage.PROVIDER_NAMED))
    return an_asking_referral(**({"questions": both} | changes))


def questioned(side: Side = Side.SEEKER, **changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    referral = asked(**changes)
    return replace(referral, words={**referral.words, SIDES[side][2]: TEXT})


@pytest.mark.parametrize("side", Side)
def test_one_question_is_passed_on_to_the_referrer(side: Side) -> None:
    who, number, slot, _ = SIDES[side]
    referral = asked()

    found = decide(referral, c.AskReferrer(who, number, TEXT), around(), NOW)

    assert (found.state.words[slot], said(found)) == (TEXT, Say.QUESTION_PASSED_ON)
    assert found.effects == (Notify(RITA, Notice.QUESTION, referral.id, side),)
    assert found.state.questions == referral.questions


@pytest.mark.parametrize("side", Side)
def test_a_second_question_is_not_passed_on(side: Side) -> None:
    who, number, _, _ = SIDES[side]
    referral = questioned(side)

    found = decide(referral, c.AskReferrer(who, number, "And why?"), around(), NOW)

    assert (found.state, said(found), found.effects) == (referral, Say.QUESTION_ALREADY_ASKED, ())


@pytest.mark.parametrize(("changes", "now", "say"), NO_MORE.values(), ids=NO_MORE)
def test_nothing_is_asked_any_more_once_it_is_settled(changes: dict[str, Any], now: datetime, say: Say) -> None:
    referral = asked(**changes)

    found = decide(referral, c.AskReferrer(SAM, 0, TEXT), around(), now)

    assert (found.state, said(found), found.effects) == (referral, say, ())


def test_a_name_used_without_an_introduction_may_be_checked_once() -> None:
    yes = a_question(answer=Answer.YES_BUT, no_introduction=True)
    referral = an_agreed_referral(questions=(yes,), status=Status.INTRODUCED, introduced_at=NOW)

    found = decide(referral, c.AskReferrer(SAM, 0, "Is this true?"), around(), END + DAY)

    assert (said(found), len(found.effects)) == (Say.QUESTION_PASSED_ON, 1)


@pytest.mark.parametrize(("text", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_question_or_answer_is_not_passed_on(text: str, fault: Fault) -> None:
    fresh, waiting = asked(), questioned()

    question = decide(fresh, c.AskReferrer(SAM, 0, text), around(), NOW)
    answer = decide(waiting, c.AnswerParty(RITA, Side.SEEKER, text), around(), NOW)

    assert question.outcome == Refused({Slot.SEEKER_QUESTION: fault}, Form.QUESTION)
    assert answer.outcome == Refused({Slot.SEEKER_QUESTION_ANSWER: fault}, Form.QUESTION)
    assert (question.state, answer.state, question.effects + answer.effects) == (fresh, waiting, ())


@pytest.mark.parametrize("side", Side)
def test_the_referrers_answer_goes_to_the_one_who_asked(side: Side) -> None:
    who, _, _, slot = SIDES[side]
    referral = questioned(side)

    found = decide(referral, c.AnswerParty(RITA, side, "For years."), around(), NOW + HOUR)

    assert (found.state.words[slot], said(found)) == ("For years.", Say.ANSWER_PASSED_ON)
    assert found.effects == (Notify(who, Notice.QUESTION_ANSWERED, referral.id, side),)


@pytest.mark.parametrize(
    ("by", "side", "changes"),
    [(OTTO, Side.SEEKER, {}), (SAM, Side.SEEKER, {}), (RITA, Side.PROVIDER, {}), (RITA, Side.SEEKER, {"helper": True})],
    ids=["a bystander", "the one who asked", "nothing was asked", "no referrer"],
)
def test_nobody_else_answers_and_only_what_was_asked(by: MemberId, side: Side, changes: dict[str, Any]) -> None:
    referral = questioned(**changes)

    with pytest.raises(NotAPartyError):
        decide(referral, c.AnswerParty(by, side, "For years."), around(), NOW)


def test_a_question_is_answered_once() -> None:
    referral = play(questioned(), c.AnswerParty(RITA, Side.SEEKER, "For years."))

    found = decide(referral, c.AnswerParty(RITA, Side.SEEKER, "Since May."), around(), NOW)

    assert (found.state, said(found), found.effects) == (referral, Say.ALREADY_ANSWERED, ())


@pytest.mark.parametrize("status", OVER, ids=str)
def test_what_is_over_is_not_answered(status: Status) -> None:
    referral = questioned(status=status)

    found = decide(referral, c.AnswerParty(RITA, Side.SEEKER, "For years."), around(), NOW)

    assert (found.state, said(found), found.effects) == (referral, Say.TOO_LATE, ())


@pytest.mark.parametrize("person", UNHEARD.values(), ids=UNHEARD)
def test_who_left_or_blocked_the_referrer_gets_no_answer_and_nobody_can_tell(person: Member) -> None:
    heard = decide(questioned(), c.AnswerParty(RITA, Side.SEEKER, "For years."), around(), NOW)

    found = decide(questioned(), c.AnswerParty(RITA, Side.SEEKER, "For years."), among(person), NOW)

    assert (found.state, found.outcome, found.effects) == (heard.state, heard.outcome, ())


@pytest.mark.parametrize(("questions", "text", "refused"), NAMING.values(), ids=NAMING)
def test_who_was_asked_by_role_learns_no_name_from_an_answer(
    questions: tuple[Question, ...], text: str, *, refused: bool
) -> None:
    world: Around = around(names=NAMES)
    referral = questioned(questions=questions)

    found = decide(referral, c.AnswerParty(RITA, Side.SEEKER, text), world, NOW)

    fault = Refused({Slot.SEEKER_QUESTION_ANSWER: Fault.NAMES_THEM}, Form.QUESTION)
    assert (found.outcome == fault) is refused


@pytest.mark.parametrize("no", NOES, ids=str)
@pytest.mark.parametrize("reason", [None, "", "No time this year."], ids=["no reason", "empty", "a reason"])
def test_the_owner_of_a_no_may_tell_the_referrer(no: Answer, reason: str | None) -> None:
    referral = asked(questions=(a_question(answer=no),))

    found = decide(referral, c.TellReferrer(SAM, 0, reason), around(), END - SECOND)

    assert (said(found), found.state.told_by, found.state.questions[0].told) == (Say.REFERRER_TOLD, 0, True)
    assert found.effects == (Notify(RITA, Notice.TOLD_NO, referral.id, Side.SEEKER),)
    assert found.state.words.get(Slot.REASON) == (reason or None)


@pytest.mark.parametrize("answer", [None, Answer.YES, Answer.YES_BUT], ids=str)
def test_there_is_nothing_to_tell_but_a_no(answer: Answer | None) -> None:
    referral = asked(questions=(a_question(answer=answer),))

    found = decide(referral, c.TellReferrer(SAM, 0), around(), NOW)

    assert (found.state, said(found), found.effects) == (referral, Say.ONLY_AFTER_NO, ())


@pytest.mark.parametrize(("text", "fault"), list(FAULTS.values())[1:], ids=list(FAULTS)[1:])
def test_a_faulty_reason_tells_nobody(text: str, fault: Fault) -> None:
    referral = asked(questions=(a_question(answer=Answer.NO),))

    found = decide(referral, c.TellReferrer(SAM, 0, text), around(), NOW)

    assert (found.state, found.outcome, found.effects) == (referral, Refused({Slot.REASON: fault}, Form.REASON), ())


@pytest.mark.parametrize(
    "command", [reply(SAM), reply(SAM, 0, Answer.NOT_NOW), c.TellReferrer(SAM, 0)], ids=["yes", "no", "tell again"]
)
def test_a_no_that_was_told_is_final(command: c.ReferralCommand) -> None:
    referral = play(asked(), reply(SAM, 0, Answer.NO), c.TellReferrer(SAM, 0))

    found = decide(referral, command, around(), NOW + HOUR)

    assert (found.state, said(found), found.effects) == (referral, Say.REFERRER_TOLD, ())


def test_both_may_tell_and_only_the_first_reason_is_passed_on() -> None:
    nos = (reply(SAM, 0, Answer.NO), reply(PIA, 1, Answer.NO))
    referral = play(asked(), *nos, c.TellReferrer(SAM, 0, "No time."))

    found = decide(referral, c.TellReferrer(PIA, 1, "Too far."), around(), NOW)

    assert (found.state.told_by, found.state.words[Slot.REASON]) == (0, "No time.")
    assert [q.told for q in found.state.questions] == [True, True]
    assert found.effects == (Notify(RITA, Notice.TOLD_NO, referral.id, Side.PROVIDER),)


@pytest.mark.parametrize("told", [False, True], ids=["untold", "told"])
def test_to_the_referrer_it_looks_open_to_its_end_unless_told(*, told: bool) -> None:
    referral = play(asked(), reply(SAM, 0, Answer.NO), *[c.TellReferrer(SAM, 0)] * told)
    assert referral.closes_at is not None

    found = [referral.looks_open(at) for at in (NOW, referral.closes_at - SECOND, referral.closes_at)]

    assert found == [not told, not told, False]


@pytest.mark.parametrize("status", sorted(Status), ids=str)
def test_only_what_is_being_asked_or_posted_looks_open(status: Status) -> None:
    referral = asked(status=status)

    found = (referral.looks_open(NOW), replace(referral, closes_at=None).looks_open(NOW))

    assert found == (status in (Status.ASKING, Status.POSTING), False)

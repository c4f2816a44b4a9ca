"""One question to the referrer, one answer; no clock stops for it."""

import pytest

from bot.domain import commands as c
from bot.domain.decision import Around, Say
from bot.domain.effects import Notice
from bot.domain.errors import NotAPartyError
from bot.domain.group import Order
from bot.domain.ids import AskId
from bot.domain.question import Answer, Side
from bot.domain.referral import Referral, Status
from bot.domain.words import MAX_LONG, Fault, Slot
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_referral, an_ask, around
from tests.unit.doing import HOUR, WINDOW, agreed, asked, by, click, do, faults, notices, ordered, posted, said
from tests.unit.doing import with_person as where

QUESTION = c.AskReferrer(SAM, 0, "Since when do you know her?")
REPLY = c.AnswerParty(RITA, Side.SEEKER, "For ten years.")


def curious() -> Referral:
    return do(asked(), QUESTION).state


def test_a_question_goes_to_the_referrer_and_the_answer_comes_back() -> None:
    question = do(asked(), QUESTION)
    answer = do(question.state, REPLY)

    assert (said(question), notices(question.effects)) == (Say.QUESTION_PASSED_ON, [(RITA, Notice.QUESTION)])
    assert (said(answer), notices(answer.effects)) == (Say.ANSWER_PASSED_ON, [(SAM, Notice.QUESTION_ANSWERED)])
    assert answer.state.words[Slot.SEEKER_QUESTION_ANSWER] == "For ten years."


def test_it_stops_no_clock() -> None:
    assert curious().questions == asked().questions
    assert said(click(curious(), SAM, at=NOW + WINDOW)) is Say.TOO_LATE


def test_there_is_one_question_and_one_answer() -> None:
    answered = do(curious(), REPLY).state

    assert said(do(curious(), QUESTION)) is Say.QUESTION_ALREADY_ASKED
    assert said(do(answered, REPLY)) is Say.ALREADY_ANSWERED


@pytest.mark.parametrize(
    ("text", "fault"),
    [("", Fault.MISSING), ("x" * (MAX_LONG + 1), Fault.TOO_LONG), ("Write to a@b.example", Fault.CONTACT)],
)
def test_both_are_judged_like_any_words(text: str, fault: Fault) -> None:
    question = do(asked(), c.AskReferrer(SAM, 0, text))
    answer = do(curious(), c.AnswerParty(RITA, Side.SEEKER, text))

    assert faults(question) == {Slot.SEEKER_QUESTION: fault}
    assert faults(answer) == {Slot.SEEKER_QUESTION_ANSWER: fault}


def test_only_the_referrer_answers_and_only_what_was_asked() -> None:
    for command in (c.AnswerParty(OTTO, Side.SEEKER, "Yes."), c.AnswerParty(RITA, Side.PROVIDER, "Yes.")):
        with pytest.raises(NotAPartyError):
            do(curious(), command)


def test_too_late_is_too_late_for_a_question() -> None:
    withdrawn = do(asked(), c.Withdraw(RITA)).state

    assert said(do(asked(), QUESTION, NOW + WINDOW)) is Say.TOO_LATE
    assert said(do(withdrawn, QUESTION)) is Say.WITHDRAWN_BEFORE


@pytest.mark.parametrize("end", [c.Withdraw(RITA), c.Elapse()], ids=lambda end: type(end).__name__)
def test_nothing_is_answered_once_it_is_over(end: c.ReferralCommand) -> None:
    over = do(curious(), end, NOW + (2 * WINDOW if isinstance(end, c.Elapse) else HOUR)).state

    late = do(over, REPLY, NOW + 3 * WINDOW)

    assert (said(late), late.state) == (Say.TOO_LATE, over)


@pytest.mark.parametrize(
    "world",
    [where(id=SAM, blocks=frozenset({RITA})), where(id=SAM, joined={}), where(id=SAM, user=None)],
    ids=["blocked", "left", "erased"],
)
def test_who_has_gone_gets_no_answer_and_the_referrer_cannot_tell(world: Around) -> None:
    answer = do(curious(), REPLY, NOW, world)

    assert (said(answer), answer.effects) == (Say.ANSWER_PASSED_ON, ())


def test_an_answer_names_nobody_to_who_was_asked_by_role() -> None:
    names = {Side.SEEKER: ("Sam Smith",)}
    world = by({"order": Order.PROVIDER_FIRST}, names=names)
    referral = do(asked(world), c.AskReferrer(PIA, 0, "In which town?")).state
    typed = c.AnswerParty(RITA, Side.PROVIDER, "Sam lives in Bath.")

    named = click(click(referral, PIA, world=world).state, SAM, world=world).state

    assert faults(do(referral, typed, NOW, world)) == {Slot.PROVIDER_QUESTION_ANSWER: Fault.NAMES_THEM}
    assert said(do(named, typed, NOW, world)) is Say.ANSWER_PASSED_ON


def test_a_helpers_offer_has_nobody_to_ask() -> None:
    draft = a_referral(starter=PIA, status=Status.DRAFT, ask=AskId("ask"), seeker=None, provider=None, words={})
    offered = do(draft, c.OfferHelp(PIA, {}), NOW, around(ask=an_ask())).state

    assert said(do(offered, QUESTION)) is Say.NO_REFERRER
    with pytest.raises(NotAPartyError):
        do(offered, c.AnswerParty(PIA, Side.SEEKER, "Yes."))


def test_a_name_used_without_an_introduction_can_be_checked_afterwards() -> None:
    yes = click(asked(), SAM, Answer.YES_BUT, no_introduction=True).state
    used = posted(click(yes, PIA).state).state
    usual = posted(agreed()).state

    assert said(do(used, QUESTION, NOW + WINDOW)) is Say.QUESTION_PASSED_ON
    assert said(do(usual, QUESTION, NOW + HOUR)) is Say.ALREADY_INTRODUCED


def test_the_others_no_changes_nothing_about_it() -> None:
    world = ordered(Order.BOTH_AT_ONCE)
    no = click(asked(world), PIA, Answer.NO, world=world).state

    assert do(no, QUESTION).outcome == do(asked(world), QUESTION).outcome

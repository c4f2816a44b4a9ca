"""What a yes carries besides: words about oneself, and terms that stand once the other was asked over them."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Form, Refused, Say
from bot.domain.group import Order
from bot.domain.ids import MemberId
from bot.domain.question import Answer, Stage
from bot.domain.referral import Referral, Status
from bot.domain.words import Fault, Slot
from tests.factories import (
    NOW,
    PIA,
    SAM,
    a_question,
    an_asking_referral,
    around,
)
from tests.unit.rulebook import play, reply, said

NOES = [Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.BLOCK, Answer.REPORT]
YESES = [Answer.YES, Answer.YES_BUT]
TERMS: dict[str, tuple[MemberId, int, Mapping[Slot, str], Mapping[Slot, str]]] = {
    "the seeker's own": (SAM, 0, {Slot.SEEKER_TERMS: "by mail"}, {Slot.SEEKER_TERMS: "by mail"}),
    "the seeker's contact": (
        SAM,
        0,
        {Slot.SEEKER_CONTACT: "sam@shop.example"},
        {Slot.SEEKER_CONTACT: "sam@shop.example"},
    ),
    "the provider's, by the seeker": (SAM, 0, {Slot.PROVIDER_CONTACT: "x", Slot.PROVIDER_ABOUT: "x"}, {}),
    "the referrer's, by the seeker": (SAM, 0, {Slot.WHY: "x", Slot.NEED: "x"}, {}),
    "an empty one": (SAM, 0, {Slot.SEEKER_ABOUT: ""}, {}),
    "the provider's own": (PIA, 1, {Slot.PROVIDER_ABOUT: "I do books"}, {Slot.PROVIDER_ABOUT: "I do books"}),
}
BY_MAIL = {Slot.SEEKER_TERMS: "by mail"}
BY_PHONE = {Slot.SEEKER_TERMS: "by phone"}


def asked(**changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    return an_asking_referral(**changes)


def agreed(*answers: c.ReferralCommand) -> Referral:
    """Return a referral whose seeker gave a plain yes, if nothing else, and whose provider was asked over it."""
    return play(asked(), *(answers or (reply(SAM),)))


@pytest.mark.parametrize(("who", "number", "typed", "kept"), TERMS.values(), ids=TERMS)
def test_a_yes_carries_words_about_oneself_alone(
    who: MemberId, number: int, typed: Mapping[Slot, str], kept: Mapping[Slot, str]
) -> None:
    referral = agreed() if number else asked()

    found = decide(referral, reply(who, number, Answer.YES_BUT, words=typed), around(), NOW)

    assert found.state.words == {**referral.words, **kept}
    assert found.receipts[0].fields == tuple(kept)


@pytest.mark.parametrize("no", NOES, ids=str)
def test_a_no_carries_no_words(no: Answer) -> None:
    referral = asked()

    found = decide(referral, reply(SAM, 0, no, words=BY_MAIL, no_introduction=True), around(), NOW)

    assert (found.state.words, found.receipts[0].fields) == (referral.words, ())
    assert not found.state.questions[0].no_introduction


@pytest.mark.parametrize(
    ("slot", "text", "fault"),
    [
        (Slot.SEEKER_TERMS, "x" * 601, Fault.TOO_LONG),
        (Slot.SEEKER_CONTACT, "x" * 121, Fault.TOO_LONG),
        (Slot.SEEKER_ABOUT, "www.shop.example", Fault.LINK),
        (Slot.SEEKER_TERMS, "@pia", Fault.MENTION),
    ],
    ids=["long terms", "long contact", "link", "mention"],
)
def test_terms_with_a_fault_leave_the_question_open(slot: Slot, text: str, fault: Fault) -> None:
    referral = asked()

    found = decide(referral, reply(SAM, 0, Answer.YES_BUT, words={slot: text}), around(), NOW)

    assert (found.state, found.outcome) == (referral, Refused({slot: fault}, Form.YES_BUT))
    assert (found.effects, found.receipts) == ((), ())


TERMED = reply(SAM, 0, Answer.YES_BUT, words=BY_MAIL)
AGAIN: dict[str, tuple[c.AnswerQuestion, c.AnswerQuestion, Say]] = {
    "plain again": (reply(SAM), reply(SAM), Say.YES_RECORDED),
    "plain, then terms": (reply(SAM), TERMED, Say.TERMS_FROZEN),
    "terms again": (TERMED, TERMED, Say.YES_RECORDED),
    "terms, then plain": (TERMED, reply(SAM), Say.TERMS_FROZEN),
    "other terms": (TERMED, reply(SAM, 0, Answer.YES_BUT, words=BY_PHONE), Say.TERMS_FROZEN),
    "no introduction, then one": (reply(SAM, 0, Answer.YES_BUT, no_introduction=True), reply(SAM), Say.TERMS_FROZEN),
    "one, then no introduction": (reply(SAM), reply(SAM, 0, Answer.YES_BUT, no_introduction=True), Say.TERMS_FROZEN),
}


@pytest.mark.parametrize(("first", "again", "say"), AGAIN.values(), ids=AGAIN)
@pytest.mark.parametrize("back", [c.TakeBack(SAM, 0), reply(SAM, 0, Answer.NO)], ids=["taken back", "turned to a no"])
def test_the_terms_the_other_was_asked_over_stand(
    first: c.AnswerQuestion, again: c.AnswerQuestion, say: Say, back: c.ReferralCommand
) -> None:
    referral = play(agreed(first), back)

    found = decide(referral, again, around(), NOW)

    assert said(found) is say
    assert (found.state == referral) is (say is Say.TERMS_FROZEN)


@pytest.mark.parametrize(("first", "again"), [pair[:2] for pair in AGAIN.values()], ids=AGAIN)
def test_until_the_other_was_asked_a_new_yes_brings_its_own_terms(
    first: c.AnswerQuestion, again: c.AnswerQuestion
) -> None:
    both = (a_question(), a_question(number=1, stage=Stage.PROVIDER_ROLE))
    alone = asked(order=Order.BOTH_AT_ONCE, questions=both)
    referral = play(alone, first, c.TakeBack(SAM, 0))

    found = decide(referral, again, around(), NOW)

    assert said(found) is Say.YES_RECORDED
    assert found.state.words == {**alone.words, **again.words}
    assert found.state.no_introduction is again.no_introduction


@pytest.mark.parametrize("yes", YESES, ids=str)
def test_a_second_yes_over_a_standing_one_is_the_same_answer(yes: Answer) -> None:
    referral = agreed(TERMED)

    found = decide(referral, reply(SAM, 0, yes, words=BY_PHONE), around(), NOW)

    assert (found.state, said(found)) == (referral, Say.SAME_ANSWER)


@pytest.mark.parametrize("back", [c.TakeBack(SAM, 0), *(reply(SAM, 0, no) for no in NOES)], ids=["undo", *NOES])
def test_the_receipt_of_what_is_no_yes_holds_no_terms(back: c.ReferralCommand) -> None:
    referral = agreed(TERMED)

    found = decide(referral, back, around(), NOW)

    assert [receipt.fields for receipt in found.receipts] == [()]


def test_a_yes_to_a_fit_check_carries_no_words() -> None:
    check = a_question(stage=Stage.FIT)
    referral = asked(status=Status.DRAFT, closes_at=None, questions=(check,))

    found = decide(referral, reply(PIA, 0, Answer.YES, words={Slot.PROVIDER_ABOUT: "I do books"}), around(), NOW)

    assert (found.state.words, found.receipts[0].fields) == (referral.words, ())

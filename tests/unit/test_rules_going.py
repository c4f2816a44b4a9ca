"""Parties who leave, block or are erased meanwhile, and prompts that never arrive: no word to anybody."""

from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import ConsentReceipt
from bot.domain.errors import NotAPartyError
from bot.domain.ids import MemberId
from bot.domain.question import Answer, Question, Stage, Swallow
from bot.domain.referral import Status
from tests.factories import (
    NOW,
    OTTO,
    PIA,
    RITA,
    SAM,
    WINDOW,
    a_question,
    an_agreed_referral,
    an_asking_referral,
    around,
)
from tests.unit.rulebook import HOUR, a_draft

YES: dict[str, Any] = {"answer": Answer.YES, "answered_at": NOW}
GONE: dict[str, tuple[dict[str, Any], MemberId, Answer | None, bool]] = {
    "a question that waits": ({"questions": (a_question(),)}, SAM, Answer.GONE, False),
    "a yes": ({"questions": (a_question(**YES),)}, SAM, Answer.GONE, True),
    "a no": ({"questions": (a_question(answer=Answer.NO),)}, SAM, Answer.NO, False),
    "a question past its deadline": (
        {"questions": (a_question(asked_at=NOW - WINDOW),), "closes_at": NOW + HOUR},
        SAM,
        None,
        False,
    ),
    "a yes past its deadline": (
        {"questions": (a_question(asked_at=NOW - WINDOW, **YES),), "closes_at": NOW + HOUR},
        SAM,
        Answer.GONE,
        True,
    ),
    "not asked yet": ({"questions": (a_question(),)}, PIA, None, False),
}
UNTOUCHED: dict[str, dict[str, Any]] = {
    "claimed": {"status": Status.POSTING, "too_late": True},
    "introduced": {"status": Status.INTRODUCED},
    "lapsed": {"status": Status.LAPSED},
    "a lead": {"status": Status.LEAD},
    "screened": {"status": Status.SCREENED},
}
LOST: dict[str, tuple[Question, bool]] = {
    "waits": (a_question(), True),
    "answered": (a_question(**YES), False),
    "closed": (a_question(closed=True), False),
    "never sent": (a_question(swallowed=Swallow.LIMIT), False),
    "another number": (a_question(number=3), False),
}


@pytest.mark.parametrize(("changes", "who", "answer", "receipt"), GONE.values(), ids=GONE)
def test_who_goes_ends_their_part_without_a_word(
    changes: dict[str, Any], who: MemberId, answer: Answer | None, *, receipt: bool
) -> None:
    referral = an_asking_referral(**changes)

    found = decide(referral, c.PartyGone(who), around(), NOW)

    assert (found.state.questions[0].answer, found.effects, found.events) == (answer, (), ())
    assert found.receipts == (ConsentReceipt(referral.id, 0, SAM, Answer.GONE, NOW, (), PIA),) * receipt


@pytest.mark.parametrize("answer", [Answer.GONE, Answer.BLOCK], ids=str)
def test_who_goes_before_the_claim_calls_the_posting_off(answer: Answer) -> None:
    referral = an_agreed_referral()

    found = decide(referral, c.PartyGone(PIA, answer), around(), NOW)

    assert (found.state.status, found.state.questions[1].answer) == (Status.ASKING, answer)


def test_a_confirmed_fit_check_is_not_ended_by_leaving() -> None:
    check = a_question(stage=Stage.FIT, closed=True, **YES)
    referral = a_draft(status=Status.DRAFT, questions=(check,))

    found = decide(referral, c.PartyGone(PIA), around(), NOW)

    assert (found.state, found.receipts) == (referral, ())


@pytest.mark.parametrize("changes", UNTOUCHED.values(), ids=UNTOUCHED)
def test_going_changes_nothing_about_what_is_over_or_was_not_begun(changes: dict[str, Any]) -> None:
    referral = an_agreed_referral(**changes)

    found = decide(referral, c.PartyGone(SAM), around(), NOW)

    assert (found.state, found.effects, found.receipts) == (referral, (), ())


@pytest.mark.parametrize("who", [RITA, OTTO], ids=["referrer", "bystander"])
def test_only_a_party_can_go(who: MemberId) -> None:
    referral = an_asking_referral()

    with pytest.raises(NotAPartyError):
        decide(referral, c.PartyGone(who), around(), NOW)


@pytest.mark.parametrize(("question", "lost"), LOST.values(), ids=LOST)
def test_a_prompt_that_cannot_be_delivered_is_a_silence(question: Question, *, lost: bool) -> None:
    referral = an_asking_referral(questions=(question,))

    found = decide(referral, c.PromptUndeliverable(0), around(), NOW)

    assert (found.state.questions[0].swallowed is Swallow.UNREACHABLE) is lost
    assert (found.state == referral, found.effects, found.events) == (not lost, (), ())

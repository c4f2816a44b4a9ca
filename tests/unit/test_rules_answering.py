"""One party's answers: who may give them, what each brings, until when they change, and which terms stand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, ConsentReceipt, Say, Told
from bot.domain.effects import EditPrompt, Face, SendPrompt, SendReport
from bot.domain.errors import NotAPartyError
from bot.domain.ids import MemberId
from bot.domain.question import Answer, Swallow
from bot.domain.referral import Referral, Status
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
from tests.unit.rulebook import HOUR, SECOND, among, play, reply, said

END = NOW + WINDOW
NOES = [Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.BLOCK, Answer.REPORT]
YESES = [Answer.YES, Answer.YES_BUT]
SAYS = {
    Answer.YES: Say.YES_RECORDED,
    Answer.YES_BUT: Say.YES_RECORDED,
    Answer.NO: Say.NO_RECORDED,
    Answer.KNOWN: Say.KNOWN_RECORDED,
    Answer.NOT_NOW: Say.NOT_NOW_RECORDED,
    Answer.BLOCK: Say.BLOCK_RECORDED,
    Answer.REPORT: Say.REPORT_RECORDED,
}
STRANGERS: dict[str, tuple[MemberId, int, dict[str, Any]]] = {
    "the other party": (PIA, 0, {}),
    "the referrer": (RITA, 0, {}),
    "a bystander": (OTTO, 0, {}),
    "a question that is not there": (SAM, 7, {}),
    "a question never sent": (SAM, 0, {"questions": (a_question(swallowed=Swallow.LIMIT),)}),
}
CLICKS: dict[str, Callable[[MemberId, int], c.ReferralCommand]] = {
    "answer": reply,
    "undo": c.TakeBack,
    "tell": c.TellReferrer,
    "ask": lambda who, number: c.AskReferrer(who, number, "Why?"),
}
SETTLED: dict[str, tuple[dict[str, Any], datetime, Say]] = {
    "at the deadline, not swept": ({}, END, Say.TOO_LATE),
    "after the deadline": ({}, END + HOUR, Say.TOO_LATE),
    "closed": ({"questions": (a_question(closed=True),)}, NOW, Say.TOO_LATE),
    "withdrawn": ({"status": Status.WITHDRAWN}, NOW, Say.WITHDRAWN_BEFORE),
    "lapsed": ({"status": Status.LAPSED}, END, Say.TOO_LATE),
    "claimed": ({"status": Status.POSTING, "too_late": True}, NOW, Say.ALREADY_INTRODUCED),
    "introduced": ({"status": Status.INTRODUCED}, NOW, Say.ALREADY_INTRODUCED),
    "closed after the introduction": ({"status": Status.CLOSED}, END, Say.ALREADY_INTRODUCED),
    "the referrer was told": (
        {"questions": (a_question(answer=Answer.NOT_NOW, told=True),), "told_by": 0},
        NOW,
        Say.REFERRER_TOLD,
    ),
}


def asked(**changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    return an_asking_referral(**changes)


def agreed(*answers: c.ReferralCommand) -> Referral:
    """Return a referral whose seeker gave a plain yes, if nothing else, and whose provider was asked over it."""
    return play(asked(), *(answers or (reply(SAM),)))


@pytest.mark.parametrize(("who", "number", "changes"), STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize("click", CLICKS.values(), ids=CLICKS)
def test_only_the_one_who_was_asked_answers(
    who: MemberId, number: int, changes: dict[str, Any], click: Callable[[MemberId, int], c.ReferralCommand]
) -> None:
    referral = asked(**changes)

    with pytest.raises(NotAPartyError):
        decide(referral, click(who, number), around(), NOW)


@pytest.mark.parametrize("world", [among(a_member(user=None)), around(people={})], ids=["erased", "unknown"])
def test_who_is_gone_for_good_answers_nothing(world: Around) -> None:
    referral = asked()

    with pytest.raises(NotAPartyError):
        decide(referral, reply(SAM), world, NOW)


@pytest.mark.parametrize("answer", SAYS, ids=str)
def test_every_answer_is_recorded_with_its_receipt_and_its_prompt_changed(answer: Answer) -> None:
    referral = asked()

    found = decide(referral, reply(SAM, 0, answer), around(), NOW + HOUR)

    assert found.outcome == Told(SAYS[answer], moment=referral.closes_at)
    assert found.receipts == (ConsentReceipt(referral.id, 0, SAM, answer, NOW + HOUR, (), PIA),)
    assert found.effects[0] == EditPrompt(referral.id, SAM, 0, 1, Face.ANSWERED)
    assert found.events == ()


@pytest.mark.parametrize("answer", SAYS, ids=str)
def test_a_report_alone_goes_to_an_organiser_and_a_yes_alone_to_the_other(answer: Answer) -> None:
    referral = asked()

    found = decide(referral, reply(SAM, 0, answer), around(), NOW)

    rest = {Answer.REPORT: (SendReport(referral.id, SAM, 0),)} | dict.fromkeys(
        YESES, (SendPrompt(referral.id, PIA, 1),)
    )
    assert found.effects[1:] == rest.get(answer, ())


@pytest.mark.parametrize(
    ("blocks", "silences", "changed"),
    [((), 0, False), ((), 1, True), ((PIA,), 0, True), ((PIA, RITA), 1, True)],
    ids=["nothing", "a silence before", "the other", "both"],
)
def test_an_answer_blocks_who_is_named_in_it_and_ends_a_row_of_silences(
    blocks: tuple[MemberId, ...], silences: int, *, changed: bool
) -> None:
    world = among(a_member(silences=silences))

    found = decide(asked(), reply(SAM, 0, Answer.BLOCK, blocks=frozenset(blocks)), world, NOW)

    assert found.members == (a_member(blocks=frozenset(blocks)),) * changed


@pytest.mark.parametrize("answer", SAYS, ids=str)
def test_a_doubled_click_changes_nothing_and_says_so(answer: Answer) -> None:
    blocks = frozenset({PIA}) if answer is Answer.BLOCK else frozenset()
    first = decide(asked(), reply(SAM, 0, answer, blocks=blocks), around(), NOW)
    world = among(*first.members)

    again = decide(first.state, reply(SAM, 0, answer, blocks=blocks), world, NOW + HOUR)

    assert (again.state, said(again)) == (first.state, Say.SAME_ANSWER)
    assert (again.effects, again.receipts, again.members) == ((), (), ())


def test_blocking_one_more_is_no_doubled_click() -> None:
    referral = play(asked(), reply(SAM, 0, Answer.BLOCK, blocks=frozenset({PIA})))
    world = among(a_member(blocks=frozenset({PIA})))

    found = decide(referral, reply(SAM, 0, Answer.BLOCK, blocks=frozenset({PIA, RITA})), world, NOW)

    assert found.members == (a_member(blocks=frozenset({PIA, RITA})),)


@pytest.mark.parametrize("no", NOES, ids=str)
@pytest.mark.parametrize("yes", YESES, ids=str)
def test_a_no_may_become_a_yes_before_the_deadline(no: Answer, yes: Answer) -> None:
    referral = play(asked(), reply(SAM, 0, no))

    found = decide(referral, reply(SAM, 0, yes), around(), END - SECOND)

    assert (said(found), found.state.questions[0].answer) == (Say.YES_RECORDED, yes)
    assert found.effects[1:] == (SendPrompt(referral.id, PIA, 1),)


@pytest.mark.parametrize("no", NOES, ids=str)
def test_a_yes_may_become_a_no_before_the_deadline(no: Answer) -> None:
    referral = agreed()

    found = decide(referral, reply(SAM, 0, no), around(), END - SECOND)

    assert (said(found), found.state.questions[0].answer) == (SAYS[no], no)


@pytest.mark.parametrize(("changes", "now", "say"), SETTLED.values(), ids=SETTLED)
@pytest.mark.parametrize(
    "command", [reply(SAM, 0, Answer.NO), c.TakeBack(SAM, 0), c.TellReferrer(SAM, 0)], ids=["no", "undo", "tell"]
)
def test_what_is_settled_stays_settled_and_says_why(
    changes: dict[str, Any], now: datetime, say: Say, command: c.ReferralCommand
) -> None:
    referral = asked(**changes)

    found = decide(referral, command, around(), now)

    assert (found.state, said(found), found.effects, found.receipts) == (referral, say, (), ())


@pytest.mark.parametrize("yes", YESES, ids=str)
def test_who_left_says_no_more_yes(yes: Answer) -> None:
    referral = asked()

    found = decide(referral, reply(SAM, 0, yes), among(a_member(joined={})), NOW)

    assert (found.state, found.outcome) == (referral, Told(Say.NOT_JOINED, who=SAM))


@pytest.mark.parametrize("no", NOES, ids=str)
def test_who_left_may_still_say_no_block_and_report(no: Answer) -> None:
    referral = asked()

    found = decide(referral, reply(SAM, 0, no), among(a_member(joined={})), NOW)

    assert (said(found), found.state.questions[0].answer) == (SAYS[no], no)


@pytest.mark.parametrize("now", [NOW, NOW + HOUR, END - SECOND], ids=["at once", "later", "at the last second"])
def test_a_yes_is_taken_back_until_its_deadline(now: datetime) -> None:
    referral = agreed()

    found = decide(referral, c.TakeBack(SAM, 0), around(), now)

    assert found.outcome == Told(Say.TAKEN_BACK, moment=END)
    assert found.effects == (EditPrompt(referral.id, SAM, 0, 2, Face.OPEN),)
    assert found.receipts == (ConsentReceipt(referral.id, 0, SAM, Answer.TAKEN_BACK, now, (), PIA),)


@pytest.mark.parametrize("who", [SAM, PIA], ids=["seeker", "provider"])
def test_undo_calls_the_posting_off_until_it_is_claimed(who: MemberId) -> None:
    referral = an_agreed_referral()
    number = 0 if who == SAM else 1

    found = decide(referral, c.TakeBack(who, number), around(), NOW + 29 * SECOND)
    late = decide(play_claim(referral), c.TakeBack(who, number), around(), NOW + 31 * SECOND)

    assert (found.state.status, found.state.posting_at) == (Status.ASKING, None)
    assert (said(late), late.effects) == (Say.ALREADY_INTRODUCED, ())


def play_claim(referral: Referral) -> Referral:
    return decide(referral, c.ClaimPosting(1), around(), NOW + 30 * SECOND).state


@pytest.mark.parametrize("before", [None, *NOES, Answer.TAKEN_BACK], ids=str)
def test_where_no_yes_stands_there_is_nothing_to_take_back(before: Answer | None) -> None:
    referral = asked(questions=(a_question(answer=before),))

    found = decide(referral, c.TakeBack(SAM, 0), around(), NOW)

    assert (found.state, said(found), found.receipts) == (referral, Say.NOTHING_TO_TAKE_BACK, ())

"""One party's answers: who may give them, until when, with which words, and what is on record."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decision import ConsentReceipt, Form, Refused, Say
from bot.domain.effects import EditPrompt, Face, Notice, SendReport
from bot.domain.errors import NotAPartyError
from bot.domain.group import Order, Reveal
from bot.domain.ids import MemberId
from bot.domain.question import Answer, Side
from bot.domain.referral import Status
from bot.domain.words import MAX_LONG, Fault, Slot
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_member, around
from tests.unit.doing import (
    DAY,
    HOUR,
    SECOND,
    WINDOW,
    agreed,
    asked,
    click,
    do,
    faults,
    introduced,
    notices,
    ordered,
    posted,
    said,
    with_person,
)

NOES = {
    Answer.NO: Say.NO_RECORDED,
    Answer.KNOWN: Say.KNOWN_RECORDED,
    Answer.NOT_NOW: Say.NOT_NOW_RECORDED,
    Answer.BLOCK: Say.BLOCK_RECORDED,
    Answer.REPORT: Say.REPORT_RECORDED,
}
MAIL = {Slot.SEEKER_CONTACT: "sam@example.org"}


@pytest.mark.parametrize("who", [RITA, PIA, OTTO])
@pytest.mark.parametrize("kind", [c.TakeBack, c.TellReferrer])
def test_nobody_answers_for_another(who: MemberId, kind: Any) -> None:  # noqa: ANN401
    for command in (c.AnswerQuestion(who, 0, Answer.YES), kind(who, 0), c.AskReferrer(who, 0, "Who?")):
        with pytest.raises(NotAPartyError):
            do(asked(), command)


def test_a_number_nobody_was_asked_under_is_nobodys() -> None:
    with pytest.raises(NotAPartyError):
        do(asked(), c.AnswerQuestion(SAM, 7, Answer.YES))


def test_a_question_that_was_never_sent_cannot_be_answered() -> None:
    referral = asked(with_person(id=SAM, direct_messages_closed=True))

    with pytest.raises(NotAPartyError):
        click(referral, SAM)


def test_an_erased_person_answers_nothing() -> None:
    with pytest.raises(NotAPartyError):
        click(asked(), SAM, world=with_person(id=SAM, user=None))


def test_a_yes_changes_ones_own_prompt_and_is_on_record() -> None:
    decision = click(asked(), SAM, Answer.YES_BUT, words=MAIL, no_introduction=True, at=NOW + HOUR)

    edit = EditPrompt(decision.state.id, SAM, 0, 1, Face.ANSWERED)
    receipt = ConsentReceipt(
        decision.state.id, 0, SAM, Answer.YES_BUT, NOW + HOUR, fields=(Slot.SEEKER_CONTACT,), shown_to=PIA
    )
    assert (decision.effects[0], decision.receipts) == (edit, (receipt,))
    assert said(decision) is Say.YES_RECORDED
    assert decision.outcome.moment == decision.state.closes_at  # type: ignore[union-attr]
    assert decision.state.no_introduction


@pytest.mark.parametrize(("answer", "say"), NOES.items())
def test_every_kind_of_no_changes_ones_own_prompt_and_nothing_else(answer: Answer, say: Say) -> None:
    decision = click(asked(), SAM, answer, words=MAIL)

    edit = EditPrompt(decision.state.id, SAM, 0, 1, Face.ANSWERED)
    report = (SendReport(decision.state.id, SAM, 0),) if answer is Answer.REPORT else ()
    assert (said(decision), decision.effects, decision.events) == (say, (edit, *report), ())
    assert [(receipt.answer, receipt.fields) for receipt in decision.receipts] == [(answer, ())]
    assert Slot.SEEKER_CONTACT not in decision.state.words


@pytest.mark.parametrize(("at", "say"), [(WINDOW - SECOND, Say.YES_RECORDED), (WINDOW, Say.TOO_LATE)])
def test_an_answer_counts_by_the_clock_swept_or_not(at: Any, say: Say) -> None:  # noqa: ANN401
    assert said(click(asked(), SAM, at=NOW + at)) is say


def test_a_no_may_become_a_yes_until_the_deadline() -> None:
    no = click(asked(), SAM, Answer.NO).state

    yes = click(no, SAM, at=NOW + WINDOW - SECOND)

    assert (said(yes), len(yes.state.questions)) == (Say.YES_RECORDED, 2)


def test_a_doubled_click_says_so() -> None:
    yes, no = click(asked(), SAM).state, click(asked(), SAM, Answer.NO).state

    assert said(click(yes, SAM)) is said(click(yes, SAM, Answer.YES_BUT)) is Say.SAME_ANSWER
    assert said(click(no, SAM, Answer.NO)) is Say.SAME_ANSWER


def test_a_block_is_a_no_and_goes_on_the_private_list() -> None:
    first = click(asked(), SAM, Answer.BLOCK, blocks=frozenset({RITA}))
    world = around(people={**around().people, SAM: first.members[0]})
    more = click(first.state, SAM, Answer.BLOCK, blocks=frozenset({PIA}), world=world)
    same = click(first.state, SAM, Answer.BLOCK, blocks=frozenset({RITA}), world=world)

    assert first.members == (a_member(id=SAM, blocks=frozenset({RITA})),)
    assert more.members == (a_member(id=SAM, blocks=frozenset({RITA, PIA})),)
    assert (said(same), same.members) == (Say.SAME_ANSWER, ())


def test_an_answer_ends_a_row_of_silences() -> None:
    decision = click(asked(), SAM, Answer.NO, world=with_person(id=SAM, silences=1))

    assert decision.members == (a_member(id=SAM),)


def test_a_yes_may_be_taken_back_until_the_deadline() -> None:
    yes = click(asked(), SAM).state

    back = do(yes, c.TakeBack(SAM, 0), NOW + WINDOW - SECOND)

    assert (said(back), back.effects) == (Say.TAKEN_BACK, (EditPrompt(yes.id, SAM, 0, 2, Face.OPEN),))
    assert [(r.answer, r.fields) for r in back.receipts] == [(Answer.TAKEN_BACK, ())]
    assert said(do(yes, c.TakeBack(SAM, 0), NOW + WINDOW)) is Say.TOO_LATE
    assert said(do(back.state, c.TakeBack(SAM, 0))) is Say.NOTHING_TO_TAKE_BACK
    assert said(do(asked(), c.TakeBack(SAM, 0))) is Say.NOTHING_TO_TAKE_BACK


def test_who_has_left_can_say_no_but_not_yes() -> None:
    world = with_person(id=SAM, joined={})

    assert said(click(asked(), SAM, world=world)) is Say.NOT_JOINED
    assert said(click(asked(), SAM, Answer.BLOCK, world=world)) is Say.BLOCK_RECORDED


def test_after_a_withdrawal_there_is_nothing_to_answer() -> None:
    gone = do(asked(), c.Withdraw(RITA)).state

    assert said(click(gone, SAM)) is said(do(gone, c.TakeBack(SAM, 0))) is Say.WITHDRAWN_BEFORE


def test_after_the_claim_nothing_can_be_undone() -> None:
    referral = agreed()
    claimed = do(referral, c.ClaimPosting(1), NOW + 30 * SECOND).state

    for state in (claimed, posted(referral).state):
        assert said(do(state, c.TakeBack(PIA, 1), NOW + 31 * SECOND)) is Say.ALREADY_INTRODUCED
        assert said(click(state, SAM, Answer.NO, at=NOW + 31 * SECOND)) is Say.ALREADY_INTRODUCED


@pytest.mark.parametrize(
    ("words", "fault"),
    [({Slot.SEEKER_ABOUT: "x" * (MAX_LONG + 1)}, Fault.TOO_LONG), ({Slot.SEEKER_TERMS: "www.sam.example"}, Fault.LINK)],
)
def test_faulty_terms_are_said_at_their_field_and_record_no_yes(words: dict[Slot, str], fault: Fault) -> None:
    decision = click(asked(), SAM, Answer.YES_BUT, words=words)

    assert decision.outcome == Refused(dict.fromkeys(words, fault), Form.YES_BUT)
    assert decision.state == asked()


def test_nobody_types_another_ones_words_into_their_yes() -> None:
    typed = {Slot.WHY: "Because.", Slot.PROVIDER_CONTACT: "pia@example.org", Slot.SEEKER_QUESTION: "Hm?"}

    decision = click(asked(), SAM, Answer.YES_BUT, words={**typed, **MAIL})

    assert decision.state.words == {**asked().words, **MAIL}


def parallel() -> tuple[Any, Any]:
    world = ordered(Order.BOTH_AT_ONCE)
    return world, asked(world)


def test_in_parallel_the_terms_are_free_until_the_other_was_asked_over_them() -> None:
    world, referral = parallel()
    first = click(referral, SAM, Answer.YES_BUT, words=MAIL, world=world).state
    back = do(first, c.TakeBack(SAM, 0)).state

    again = click(back, SAM, world=world)

    assert (said(again), again.receipts[0].fields) == (Say.YES_RECORDED, ())
    assert Slot.SEEKER_CONTACT not in again.state.words


@pytest.mark.parametrize(
    ("answer", "more", "say"),
    [
        (Answer.YES_BUT, {"words": MAIL}, Say.YES_RECORDED),
        (Answer.YES_BUT, {"words": {Slot.SEEKER_CONTACT: "else@example.org"}}, Say.TERMS_FROZEN),
        (Answer.YES_BUT, {"words": {**MAIL, Slot.SEEKER_TERMS: "Mornings"}}, Say.TERMS_FROZEN),
        (Answer.YES_BUT, {"words": MAIL, "no_introduction": True}, Say.TERMS_FROZEN),
        (Answer.YES, {}, Say.TERMS_FROZEN),
        (Answer.NO, {}, Say.NO_RECORDED),
    ],
)
def test_terms_the_other_was_asked_over_stand(answer: Answer, more: dict[str, Any], say: Say) -> None:
    yes = click(asked(), SAM, Answer.YES_BUT, words=MAIL).state
    back = do(yes, c.TakeBack(SAM, 0)).state

    again = click(back, SAM, answer, **more)

    assert said(again) is say
    assert again.state.words == yes.words


def test_no_introduction_is_a_term_that_stands_too() -> None:
    back = do(click(asked(), SAM, Answer.YES_BUT, no_introduction=True).state, c.TakeBack(SAM, 0)).state

    assert said(click(back, SAM)) is Say.TERMS_FROZEN
    assert said(click(back, SAM, Answer.YES_BUT, no_introduction=True)) is Say.YES_RECORDED
    assert not back.no_introduction


def test_the_newest_yes_says_whether_there_is_an_introduction() -> None:
    referral = asked(reveal=Reveal.ROLE_ONLY)
    referral = click(click(referral, SAM, Answer.YES_BUT, no_introduction=True).state, PIA).state

    assert referral.no_introduction
    assert not click(referral, SAM).state.no_introduction


def test_a_no_is_told_to_the_referrer_if_its_owner_ticks_so_and_is_final_then() -> None:
    no = click(asked(), SAM, Answer.NO).state

    told = do(no, c.TellReferrer(SAM, 0, "No time before March."))

    assert notices(told.effects) == [(RITA, Notice.TOLD_NO)]
    assert (told.state.told_by, told.state.words[Slot.REASON]) == (0, "No time before March.")
    assert said(do(told.state, c.TellReferrer(SAM, 0))) is said(click(told.state, SAM)) is Say.REFERRER_TOLD
    assert not told.state.looks_open(NOW)
    assert no.looks_open(NOW)


def test_only_a_no_can_be_told_and_only_in_time() -> None:
    yes, no = click(asked(), SAM).state, click(asked(), SAM, Answer.NO).state

    assert said(do(yes, c.TellReferrer(SAM, 0))) is said(do(asked(), c.TellReferrer(SAM, 0))) is Say.ONLY_AFTER_NO
    assert said(do(no, c.TellReferrer(SAM, 0), NOW + WINDOW)) is Say.TOO_LATE


def test_a_reason_is_judged_like_any_words() -> None:
    decision = do(click(asked(), SAM, Answer.NO).state, c.TellReferrer(SAM, 0, "See https://sam.example"))

    assert (faults(decision), decision.effects) == ({Slot.REASON: Fault.LINK}, ())


def test_both_may_tell_and_neither_learns_that_the_other_did() -> None:
    world, referral = parallel()
    referral = click(click(referral, SAM, Answer.NO, world=world).state, PIA, Answer.NO, world=world).state
    first = do(referral, c.TellReferrer(SAM, 0, "No time.")).state

    second = do(first, c.TellReferrer(PIA, 1, "Not my field."))

    assert [(e.to, e.side) for e in second.effects] == [(RITA, Side.PROVIDER)]  # type: ignore[union-attr]
    assert said(click(second.state, PIA, world=world)) is Say.REFERRER_TOLD
    assert (second.state.told_by, second.state.words[Slot.REASON]) == (0, "No time.")
    assert said(do(replace(first, told_by=None), c.TellReferrer(SAM, 0))) is Say.REFERRER_TOLD


def test_a_yes_after_the_others_told_no_leads_nowhere_and_says_nothing_of_it() -> None:
    world, referral = parallel()
    no = click(referral, PIA, Answer.NO, world=world).state
    told = do(no, c.TellReferrer(PIA, 1)).state

    yes = click(told, SAM, world=world, at=NOW + DAY)

    assert (yes.outcome, yes.effects) == (
        click(referral, SAM, world=world, at=NOW + DAY).outcome,
        click(referral, SAM, world=world, at=NOW + DAY).effects,
    )
    assert yes.state.status is Status.ASKING


def test_late_clicks_on_an_introduced_referral_say_so() -> None:
    assert said(click(introduced(), SAM, Answer.NO)) is Say.ALREADY_INTRODUCED

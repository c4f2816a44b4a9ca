"""From the second yes to the introduction; withdrawing, and going away."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decision import Say
from bot.domain.effects import EditPrompt, Face, Notice, PostIntroduction, SendHeadsUp
from bot.domain.errors import NotAPartyError
from bot.domain.events import EventKind
from bot.domain.ids import GuestId
from bot.domain.member import Guest
from bot.domain.question import Answer, Side
from bot.domain.referral import Referral, Status, Tick
from bot.domain.words import Slot
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_referral, an_agreed_referral
from tests.unit.doing import (
    DAY,
    HOUR,
    SECOND,
    UNDO,
    WINDOW,
    agreed,
    asked,
    click,
    do,
    introduced,
    notices,
    posted,
    said,
    with_person,
)

CLAIM = c.ClaimPosting(1)


def test_the_second_yes_sets_the_posting_thirty_seconds_ahead() -> None:
    decision = click(click(asked(), SAM).state, PIA, at=NOW + HOUR)

    assert decision.effects[1:] == (PostIntroduction(asked().id, 1, NOW + HOUR + UNDO),)
    assert (decision.state.status, decision.state.posting_at) == (Status.POSTING, NOW + HOUR + UNDO)


def test_past_its_deadline_a_yes_cannot_be_undone_so_the_posting_does_not_wait_longer() -> None:
    decision = click(click(asked(), SAM).state, PIA, at=NOW + WINDOW - 10 * SECOND)

    assert decision.state.posting_at == NOW + WINDOW


def test_an_undo_calls_the_posting_off_and_another_yes_sets_a_new_one() -> None:
    undone = do(agreed(), c.TakeBack(PIA, 1), NOW + UNDO - SECOND).state
    stale = do(undone, CLAIM, NOW + UNDO)
    again = click(undone, PIA, at=NOW + HOUR).state

    assert (undone.status, undone.posting_at) == (Status.ASKING, None)
    assert (stale.state, stale.effects) == (undone, ())
    assert (again.status, again.postings) == (Status.POSTING, 2)
    assert do(again, CLAIM, NOW + DAY).state is again


def test_either_may_undo_and_a_no_does_it_too() -> None:
    for gone in (do(agreed(), c.TakeBack(SAM, 0)).state, click(agreed(), PIA, Answer.NO).state):
        assert gone.status is Status.ASKING


def test_the_claim_is_not_early_and_is_made_once() -> None:
    claimed = do(agreed(), CLAIM, NOW + UNDO)

    assert do(agreed(), CLAIM, NOW + UNDO - SECOND).state == agreed()
    assert claimed.state.too_late
    assert do(claimed.state, CLAIM, NOW + HOUR).state is claimed.state


@pytest.mark.parametrize(
    "changes",
    [
        {"id": SAM, "joined": {}},
        {"id": PIA, "user": None},
        {"id": SAM, "blocks": frozenset({PIA})},
        {"id": PIA, "blocks": frozenset({SAM})},
        {"id": PIA, "blocks": frozenset({RITA})},
    ],
)
def test_who_cannot_be_brought_together_any_more_is_found_at_the_claim(changes: dict[str, Any]) -> None:
    claimed = do(agreed(), CLAIM, NOW + UNDO, with_person(**changes))

    assert (claimed.state.status, claimed.state.too_late, claimed.effects) == (Status.ASKING, False, ())
    assert [(r.by, r.answer) for r in claimed.receipts] == [(changes["id"], Answer.GONE)]


def test_a_guest_is_always_willing() -> None:
    referral = replace(an_agreed_referral(), seeker=Guest(GuestId("guest")))

    assert do(referral, CLAIM, NOW + UNDO).state.too_late


def test_the_introduction_is_logged_when_its_receipt_is_back() -> None:
    decision = posted(agreed())

    assert (decision.state.status, decision.state.introduced_at) == (Status.INTRODUCED, NOW + UNDO)
    assert [(e.kind, e.facts) for e in decision.events] == [
        (EventKind.INTRODUCED, {"kind": "informed_referral", "helper": "false"})
    ]
    assert notices(decision.effects) == [(RITA, Notice.INTRODUCED)]
    assert do(decision.state, c.IntroductionPosted(1)).state is decision.state


def test_an_introduction_that_was_not_claimed_is_none() -> None:
    assert do(agreed(), c.IntroductionPosted(1), NOW + UNDO).state == agreed()


def test_the_provider_gets_the_heads_up_and_the_seeker_who_wants_no_introduction_hears_that() -> None:
    words = {**a_referral().words, Slot.HEADS_UP: "He is shy."}
    yes = click(asked(words=words), SAM, Answer.YES_BUT, no_introduction=True).state

    decision = posted(click(yes, PIA).state)

    assert decision.effects[0] == SendHeadsUp(yes.id, PIA)
    assert notices(decision.effects) == [(SAM, Notice.WRITE_TO_THEM), (RITA, Notice.INTRODUCED)]


def test_a_room_that_cannot_be_opened_calls_it_off_like_a_silence() -> None:
    claimed = do(agreed(), CLAIM, NOW + UNDO).state

    refused = do(claimed, c.IntroductionRefused(1), NOW + HOUR)
    lapsed = do(refused.state, c.Elapse(), NOW + 2 * WINDOW)

    assert (refused.state.status, refused.state.too_late, refused.effects) == (Status.ASKING, False, ())
    assert notices(lapsed.effects) == [
        (SAM, Notice.NOT_THIS_TIME),
        (PIA, Notice.NOT_THIS_TIME),
        (RITA, Notice.CLOSED_QUIETLY),
    ]
    assert do(agreed(), c.IntroductionRefused(1)).state == agreed()


def test_got_it_counts_once_for_each_party_and_from_when_the_room_is_there() -> None:
    claimed = do(agreed(), CLAIM, NOW + UNDO).state
    early = do(claimed, c.GotIt(SAM))
    twice = do(early.state, c.GotIt(SAM))

    assert (said(early), [e.kind for e in early.events]) == (Say.GOT_IT, [EventKind.GOT_IT])
    assert (twice.state, twice.events) == (early.state, ())
    assert do(introduced(), c.GotIt(PIA)).state.got_it == {Side.PROVIDER}


@pytest.mark.parametrize(("referral", "who"), [(introduced(), RITA), (asked(), SAM)])
def test_got_it_belongs_to_who_was_introduced(referral: Referral, who: Any) -> None:  # noqa: ANN401
    with pytest.raises(NotAPartyError):
        do(referral, c.GotIt(who))


def test_a_withdrawal_changes_open_prompts_and_is_told_to_who_said_yes() -> None:
    referral = click(asked(), SAM).state

    gone = do(referral, c.Withdraw(RITA))

    assert gone.effects[:2] == (
        EditPrompt(referral.id, SAM, 0, 2, Face.WITHDRAWN),
        EditPrompt(referral.id, PIA, 1, 1, Face.WITHDRAWN),
    )
    assert notices(gone.effects) == [(SAM, Notice.WITHDRAWN)]
    assert ([e.kind for e in gone.events], gone.state.status) == ([EventKind.WITHDRAWN], Status.WITHDRAWN)
    assert said(do(gone.state, c.Withdraw(RITA))) is Say.WITHDRAWN
    assert do(gone.state, c.Elapse(), NOW + 9 * WINDOW).state is gone.state


def test_a_withdrawal_leaves_closed_prompts_and_who_heard_already_alone() -> None:
    referral = click(asked(), SAM).state
    heard = do(referral, c.Elapse(), NOW + WINDOW).state

    gone = do(replace(heard, closes_at=NOW + 3 * WINDOW), c.Withdraw(RITA), NOW + WINDOW)

    assert (gone.effects, gone.state.questions) == ((), heard.questions)


def test_a_withdrawal_writes_to_nobody_who_was_erased() -> None:
    gone = do(asked(), c.Withdraw(RITA), NOW, with_person(id=SAM, user=None))

    assert gone.effects == ()


def test_a_withdrawal_is_possible_until_the_claim() -> None:
    during = do(agreed(), c.Withdraw(RITA), NOW + SECOND)
    claimed = do(agreed(), CLAIM, NOW + UNDO).state

    assert (said(during), during.state.posting_at) == (Say.WITHDRAWN, None)
    assert do(during.state, CLAIM, NOW + UNDO).state is during.state
    assert said(do(claimed, c.Withdraw(RITA))) is said(do(introduced(), c.Withdraw(RITA))) is Say.TOO_LATE_TO_WITHDRAW


def test_what_has_closed_cannot_be_withdrawn_swept_or_not() -> None:
    lapsed = do(asked(), c.Elapse(), NOW + 2 * WINDOW).state

    assert said(do(asked(), c.Withdraw(RITA), NOW + 2 * WINDOW)) is Say.CLOSED_ALREADY
    assert said(do(lapsed, c.Withdraw(RITA), NOW + 3 * WINDOW)) is Say.CLOSED_ALREADY


def test_only_who_started_it_withdraws_it() -> None:
    with pytest.raises(NotAPartyError):
        do(asked(), c.Withdraw(SAM))


@pytest.mark.parametrize("answer", [Answer.GONE, Answer.BLOCK])
def test_a_departure_ends_a_yes_without_a_word_and_is_on_record(answer: Answer) -> None:
    referral = click(asked(), SAM).state

    gone = do(referral, c.PartyGone(SAM, answer), NOW + HOUR)

    assert (gone.effects, gone.events, gone.state.questions[0].answer) == ((), (), answer)
    assert [(r.by, r.answer) for r in gone.receipts] == [(SAM, answer)]
    assert do(gone.state, c.PartyGone(SAM, answer), NOW + HOUR).state is gone.state


def test_a_departure_ends_a_question_that_waits_and_is_no_silence() -> None:
    gone = do(asked(), c.PartyGone(SAM))
    closed = do(gone.state, c.Elapse(), NOW + WINDOW)

    assert (gone.receipts, gone.effects, closed.members) == ((), (), ())


def test_a_departure_changes_nothing_for_who_said_no_or_was_not_asked_or_has_been_introduced() -> None:
    no = click(asked(), SAM, Answer.NO).state
    late = asked()
    done = introduced()

    assert do(no, c.PartyGone(SAM)).state is no
    assert do(late, c.PartyGone(PIA)).state is late
    assert do(late, c.PartyGone(SAM), NOW + WINDOW).state is late
    assert do(done, c.PartyGone(SAM)).state is done


def test_a_departure_is_a_partys() -> None:
    with pytest.raises(NotAPartyError):
        do(asked(), c.PartyGone(OTTO))


def test_a_departure_ends_a_fit_check_that_waits_and_none_that_confirmed() -> None:
    words = {**a_referral().words, Slot.SEEKER_BLIND: "a shop"}
    draft = a_referral(status=Status.DRAFT, fit=Tick.NOT_SURE, words=words)
    checking = do(draft, c.CheckFit(RITA)).state
    confirmed = click(checking, PIA).state

    assert do(checking, c.PartyGone(PIA)).state.questions[0].answer is Answer.GONE
    assert do(replace(confirmed, status=Status.DRAFT), c.PartyGone(PIA)).receipts == ()

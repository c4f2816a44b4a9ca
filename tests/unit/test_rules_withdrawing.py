"""Withdrawing: until when, which prompts say so, and who hears of it."""

from datetime import datetime
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Say
from bot.domain.effects import EditPrompt, Face, Notice, Notify
from bot.domain.events import EventKind
from bot.domain.ids import GuestId, MemberId
from bot.domain.member import Guest
from bot.domain.question import Answer, Question, Side, Stage, Swallow
from bot.domain.referral import Referral, Status
from tests.factories import (
    NOW,
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
from tests.unit.rulebook import SECOND, among, notices, play, reply, said

CLOSES = NOW + 2 * WINDOW
YES: dict[str, Any] = {"answer": Answer.YES, "answered_at": NOW}
PROVIDER: dict[str, Any] = {"number": 1, "stage": Stage.PROVIDER_NAMED}
REFUSED: dict[str, tuple[dict[str, Any], Say]] = {
    "claimed": ({"status": Status.POSTING, "too_late": True}, Say.TOO_LATE_TO_WITHDRAW),
    "introduced": ({"status": Status.INTRODUCED}, Say.TOO_LATE_TO_WITHDRAW),
    "closed": ({"status": Status.CLOSED}, Say.TOO_LATE_TO_WITHDRAW),
    "lapsed": ({"status": Status.LAPSED}, Say.CLOSED_ALREADY),
    "lapsed, not swept": ({"status": Status.ASKING, "closes_at": NOW}, Say.CLOSED_ALREADY),
    "a draft": ({"status": Status.DRAFT}, Say.CLOSED_ALREADY),
    "screened": ({"status": Status.SCREENED}, Say.CLOSED_ALREADY),
    "a lead": ({"status": Status.LEAD}, Say.CLOSED_ALREADY),
    "thrown away": ({"status": Status.DISCARDED}, Say.CLOSED_ALREADY),
}
PROMPTS: dict[str, tuple[tuple[Question, ...], Around, list[MemberId]]] = {
    "one waits": ((a_question(),), around(), [SAM]),
    "one said no": ((a_question(answer=Answer.NO),), around(), [SAM]),
    "both": ((a_question(**YES), a_question(**PROVIDER)), around(), [SAM, PIA]),
    "never sent": ((a_question(**YES), a_question(swallowed=Swallow.LIMIT, **PROVIDER)), around(), [SAM]),
    "closed before": ((a_question(closed=True, **YES), a_question(**PROVIDER)), around(), [PIA]),
    "erased": ((a_question(),), among(a_member(user=None)), []),
}
HEAR: dict[str, tuple[dict[str, Any], list[MemberId]]] = {
    "nobody answered": ({"questions": (a_question(),)}, []),
    "one said no": ({"questions": (a_question(answer=Answer.NO),)}, []),
    "one said yes": ({"questions": (a_question(**YES), a_question(**PROVIDER))}, [SAM]),
    "one took it back": ({"questions": (a_question(answer=Answer.TAKEN_BACK), a_question(**PROVIDER))}, []),
    "both said yes": ({"questions": (a_question(**YES), a_question(**(PROVIDER | YES)))}, [SAM, PIA]),
    "one heard before that it came to nothing": (
        {"questions": (a_question(**YES), a_question(**PROVIDER)), "heard": frozenset({Side.SEEKER})},
        [],
    ),
    "one outside the chat": ({"questions": (a_question(**YES),), "seeker": Guest(GuestId("guest"))}, []),
}


def withdrawn(referral: Referral) -> Referral:
    return play(referral, c.Withdraw(RITA))


@pytest.mark.parametrize(
    ("referral", "now"),
    [
        (an_asking_referral(), NOW),
        (an_asking_referral(), CLOSES - SECOND),
        (an_agreed_referral(), NOW + 29 * SECOND),
        (an_agreed_referral(), NOW + 60 * SECOND),
        (an_asking_referral(closes_at=None), NOW),
    ],
    ids=["at once", "at the last second", "during the undo", "after it, not claimed", "without an end"],
)
def test_a_referral_is_withdrawn_until_it_is_claimed_or_over(referral: Referral, now: datetime) -> None:
    found = decide(referral, c.Withdraw(RITA), around(), now)

    assert (found.state.status, found.state.posting_at, said(found)) == (Status.WITHDRAWN, None, Say.WITHDRAWN)
    assert [event.kind for event in found.events] == [EventKind.WITHDRAWN]
    assert all(question.closed for question in found.state.questions)


@pytest.mark.parametrize(("changes", "say"), REFUSED.values(), ids=REFUSED)
def test_otherwise_it_says_why_not(changes: dict[str, Any], say: Say) -> None:
    referral = an_agreed_referral(**changes)

    found = decide(referral, c.Withdraw(RITA), around(), NOW)

    assert (found.state, said(found), found.effects, found.events) == (referral, say, (), ())


def test_withdrawing_twice_is_the_same_as_once() -> None:
    referral = withdrawn(an_asking_referral())

    found = decide(referral, c.Withdraw(RITA), around(), CLOSES)

    assert (found.state, said(found), found.effects, found.events) == (referral, Say.WITHDRAWN, (), ())


@pytest.mark.parametrize(("questions", "world", "shown"), PROMPTS.values(), ids=PROMPTS)
def test_every_open_prompt_says_that_it_was_withdrawn(
    questions: tuple[Question, ...], world: Around, shown: list[MemberId]
) -> None:
    referral = an_asking_referral(questions=questions)

    found = decide(referral, c.Withdraw(RITA), world, NOW)

    edits = [effect for effect in found.effects if isinstance(effect, EditPrompt)]
    assert [edit.to for edit in edits] == shown
    assert all((edit.face, edit.edit) == (Face.WITHDRAWN, 1) for edit in edits)


@pytest.mark.parametrize(("changes", "told"), HEAR.values(), ids=HEAR)
def test_who_already_said_yes_hears_of_it(changes: dict[str, Any], told: list[MemberId]) -> None:
    referral = an_asking_referral(**changes)

    found = decide(referral, c.Withdraw(RITA), around(), NOW)

    assert notices(found.effects) == [(who, "withdrawn") for who in told]


def test_the_word_of_it_names_the_side() -> None:
    referral = an_asking_referral(questions=(a_question(**YES), a_question(**PROVIDER)))

    found = decide(referral, c.Withdraw(RITA), around(), NOW)

    assert found.effects[-1] == Notify(SAM, Notice.WITHDRAWN, referral.id, Side.SEEKER)


@pytest.mark.parametrize(
    "command",
    [reply(SAM), reply(SAM, 0, Answer.NO), c.TakeBack(SAM, 0), c.TellReferrer(SAM, 0), c.AskReferrer(SAM, 0, "Why?")],
    ids=["yes", "no", "undo", "tell", "ask"],
)
def test_nothing_is_answered_after_a_withdrawal(command: c.ReferralCommand) -> None:
    referral = withdrawn(an_asking_referral())

    found = decide(referral, command, around(), NOW)

    assert (found.state, said(found), found.effects) == (referral, Say.WITHDRAWN_BEFORE, ())


def test_time_does_nothing_more_to_it() -> None:
    referral = withdrawn(an_asking_referral())

    found = decide(referral, c.Elapse(), around(), CLOSES)

    assert (found.state, found.effects, found.events) == (referral, (), ())

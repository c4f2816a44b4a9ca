"""What time does: reminders, deadlines, silences, who hears when, the quiet close, and the end of following up."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Decision
from bot.domain.effects import CloseRoom, EditPrompt, Effect, Face, Notice, Notify, RemindOfPrompt
from bot.domain.elapsing import hears_at, next_due
from bot.domain.events import EventKind
from bot.domain.ids import GuestId, ReferralId
from bot.domain.member import FOREVER, Guest, Member
from bot.domain.question import Answer, Question, Side, Stage, Swallow
from bot.domain.referral import Referral, Status
from tests.factories import (
    GROUP,
    NOW,
    PIA,
    RITA,
    SAM,
    WINDOW,
    a_member,
    a_question,
    a_referral,
    an_agreed_referral,
    an_asking_referral,
    around,
)
from tests.unit.rulebook import DAY, HOUR, SECOND, among, notices, paused

HALF, END, LAST = NOW + WINDOW / 2, NOW + WINDOW, NOW + 2 * WINDOW
YES: dict[str, Any] = {"answer": Answer.YES, "answered_at": NOW}
PROVIDER: dict[str, Any] = {"number": 1, "stage": Stage.PROVIDER_NAMED}
OPEN = a_question(reminded=True)
NO_REMINDER: dict[str, tuple[dict[str, Any], Around, datetime]] = {
    "just before half-time": ({}, around(), HALF - SECOND),
    "reminded before": ({"reminded": True}, around(), HALF),
    "answered yes": (YES, around(), HALF),
    "answered no": ({"answer": Answer.NO}, around(), HALF),
    "never sent": ({"swallowed": Swallow.LIMIT}, around(), HALF),
    "closed": ({"closed": True}, around(), HALF),
    "on a break": ({}, among(paused(SAM)), HALF),
    "left": ({}, among(a_member(joined={})), HALF),
    "erased": ({}, among(a_member(user=None)), HALF),
}
LAST_LINES: dict[str, tuple[dict[str, Any], Around, bool]] = {
    "silent": ({}, around(), True),
    "answered yes": (YES, around(), True),
    "answered no": ({"answer": Answer.NO}, around(), True),
    "never sent": ({"swallowed": Swallow.PAUSE}, around(), False),
    "left": ({}, among(a_member(joined={})), False),
    "closed before": ({"closed": True}, around(), False),
}
SILENCES: dict[str, tuple[dict[str, Any], Member, int | None, bool]] = {
    "the first": ({}, a_member(), 1, False),
    "the second": ({}, a_member(silences=1), 0, True),
    "never sent": ({"swallowed": Swallow.BLOCK}, a_member(silences=1), None, False),
    "never sent for a pause": ({"swallowed": Swallow.PAUSE}, a_member(silences=1), None, False),
    "answered no": ({"answer": Answer.NO}, a_member(silences=1), None, False),
    "a yes taken back": ({"answer": Answer.TAKEN_BACK}, a_member(silences=1), None, False),
    "on a break by then": ({}, a_member(silences=1, paused_until=LAST), None, False),
    "left by then": ({}, a_member(silences=1, joined={}), None, False),
}
LATER = END + HOUR
HEARS: dict[str, tuple[dict[str, Any], Side, datetime | None]] = {
    "no yes": ({"questions": (a_question(),)}, Side.SEEKER, None),
    "not asked": ({"questions": (a_question(),)}, Side.PROVIDER, None),
    "a yes, the other asked later": (
        {"questions": (a_question(**YES), a_question(asked_at=NOW + HOUR, **PROVIDER))},
        Side.SEEKER,
        LATER,
    ),
    "a yes, the other's question never sent": (
        {"questions": (a_question(**YES), a_question(swallowed=Swallow.LIMIT, **PROVIDER))},
        Side.SEEKER,
        END,
    ),
    "a yes, the other said no": (
        {"questions": (a_question(**YES), a_question(answer=Answer.NO, **PROVIDER))},
        Side.SEEKER,
        END,
    ),
    "a yes after the other's deadline": (
        {
            "questions": (
                a_question(**PROVIDER),
                a_question(number=2, asked_at=NOW + DAY, answer=Answer.YES, answered_at=END),
            )
        },
        Side.SEEKER,
        END + DAY,
    ),
    "one of two yeses": (
        {
            "questions": (
                a_question(stage=Stage.SEEKER_ROLE, **YES),
                a_question(stage=Stage.PROVIDER_ROLE, number=1, **YES),
                a_question(number=2),
            )
        },
        Side.SEEKER,
        None,
    ),
    "heard before": (
        {"questions": (a_question(**YES), a_question(**PROVIDER)), "heard": frozenset({Side.SEEKER})},
        Side.SEEKER,
        None,
    ),
    "the other was asked nothing": ({"questions": (a_question(**YES),)}, Side.SEEKER, LAST),
    "about to be posted": (
        {"status": Status.POSTING, "questions": (a_question(**YES), a_question(**(PROVIDER | YES)))},
        Side.SEEKER,
        None,
    ),
}
DUES: dict[str, tuple[Referral, datetime | None]] = {
    "a draft": (a_referral(), None),
    "half-time": (an_asking_referral(), HALF),
    "the deadline": (an_asking_referral(questions=(OPEN,)), END),
    "the deadline of one never sent": (an_asking_referral(questions=(a_question(swallowed=Swallow.LIMIT),)), END),
    "the close": (an_asking_referral(questions=(a_question(closed=True),)), LAST),
    "no close": (an_asking_referral(questions=(), closes_at=None), None),
    "hearing": (an_asking_referral(closes_at=LAST + DAY, questions=(a_question(closed=True, **YES),)), LAST + DAY),
    "the end of following up": (a_referral(status=Status.INTRODUCED, introduced_at=NOW), NOW + 90 * DAY),
    "introduced, no instant": (a_referral(status=Status.INTRODUCED), None),
    "over": (a_referral(status=Status.LAPSED, closes_at=END), None),
}


def elapsed(referral: Referral, now: datetime, world: Around | None = None) -> Decision[Referral]:
    return decide(referral, c.Elapse(), world or around(), now)


def asking(*questions: Question, **changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    return an_asking_referral(questions=questions, **changes)


@pytest.mark.parametrize("late", [0 * HOUR, HOUR, WINDOW / 2 - SECOND], ids=["in time", "late", "very late"])
def test_a_reminder_comes_at_half_time_once(late: timedelta) -> None:
    referral = asking(a_question())

    found = elapsed(referral, HALF + late)
    again = elapsed(found.state, HALF + late)

    assert found.effects == (RemindOfPrompt(referral.id, SAM, 0),)
    assert (again.state, again.effects) == (found.state, ())


@pytest.mark.parametrize(("facts", "world", "now"), NO_REMINDER.values(), ids=NO_REMINDER)
def test_nobody_is_reminded_without_a_reason(facts: dict[str, Any], world: Around, now: datetime) -> None:
    referral = asking(a_question(**facts))

    found = elapsed(referral, now, world)

    assert found.effects == ()


def test_a_reminder_missed_until_the_deadline_is_not_sent() -> None:
    referral = asking(a_question())

    found = elapsed(referral, END)

    assert found.effects == (EditPrompt(referral.id, SAM, 0, 1, Face.CLOSED),)


@pytest.mark.parametrize(("facts", "world", "shown"), LAST_LINES.values(), ids=LAST_LINES)
def test_a_prompt_shows_its_last_line_from_its_own_deadline_on(
    facts: dict[str, Any], world: Around, *, shown: bool
) -> None:
    referral = asking(a_question(reminded=True, **facts), closes_at=LAST + DAY)

    before = elapsed(referral, END - SECOND, world)
    found = elapsed(referral, END, world)
    again = elapsed(found.state, END, world)

    edit = EditPrompt(referral.id, SAM, 0, 1, Face.CLOSED)
    assert (before.effects, found.effects, again.effects) == ((), (edit,) * shown, ())


@pytest.mark.parametrize(("facts", "person", "silences", "pauses"), SILENCES.values(), ids=SILENCES)
def test_two_silences_in_a_row_are_a_quiet_pause_and_what_was_never_sent_counts_for_none(
    facts: dict[str, Any], person: Member, silences: int | None, *, pauses: bool
) -> None:
    referral = asking(replace(OPEN, **facts))

    found = elapsed(referral, END, among(person))

    after = replace(person, silences=silences or 0, paused_until=FOREVER if pauses else None)
    told = Notify(SAM, Notice.QUIETLY_PAUSED, group=GROUP, occasion=f"{referral.id}:0")
    assert found.members == (() if silences is None else (after,))
    assert found.effects[1:] == (told,) * pauses


@pytest.mark.parametrize(("facts", "side", "expected"), HEARS.values(), ids=HEARS)
def test_who_said_yes_hears_at_the_others_deadline_whatever_the_other_did(
    facts: dict[str, Any], side: Side, expected: datetime | None
) -> None:
    referral = an_asking_referral(**facts)

    found = hears_at(referral, side)

    assert found == expected


@pytest.mark.parametrize("answer", [None, Answer.NO, Answer.TAKEN_BACK, Answer.GONE], ids=str)
def test_who_said_yes_is_told_once_that_it_did_not_come_together(answer: Answer | None) -> None:
    theirs = a_question(closed=True, answer=answer, **PROVIDER)
    referral = asking(a_question(closed=True, **YES), theirs)

    found = elapsed(referral, END)
    again = elapsed(found.state, LAST - SECOND)

    assert found.effects == (Notify(SAM, Notice.NOT_THIS_TIME, referral.id, Side.SEEKER),)
    assert (found.state.heard, again.effects) == (frozenset({Side.SEEKER}), ())


def test_somebody_outside_the_chat_is_sent_nothing() -> None:
    yes = a_question(**YES)
    referral = asking(yes, a_question(closed=True, **PROVIDER), seeker=Guest(GuestId("guest")))

    found = elapsed(referral, END)

    assert (found.effects, found.state.heard) == ((), frozenset({Side.SEEKER}))


@pytest.mark.parametrize("told_by", [None, 0], ids=["untold", "told"])
def test_it_lapses_at_its_fixed_end_and_the_referrer_hears_unless_told_before(told_by: int | None) -> None:
    referral = asking(a_question(closed=True, answer=Answer.NO), told_by=told_by)

    before = elapsed(referral, LAST - SECOND)
    found = elapsed(referral, LAST)
    again = elapsed(found.state, LAST)

    assert (before.state, found.state.status) == (referral, Status.LAPSED)
    assert notices(found.effects) == [(RITA, "closed_quietly")] * (told_by is None)
    assert ([event.kind for event in found.events], again.events) == ([EventKind.LAPSED], ())


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.ASKING}), ids=str)
def test_nothing_else_lapses(status: Status) -> None:
    referral = an_agreed_referral(status=status)

    found = elapsed(referral, LAST)

    assert (found.state.status, found.events) == (status, ())


@pytest.mark.parametrize(
    ("ago", "status", "owed"),
    [(90 * DAY - SECOND, Status.INTRODUCED, ()), (90 * DAY, Status.CLOSED, (CloseRoom(ReferralId("referral"), 2),))],
    ids=["just before", "at the end"],
)
def test_an_introduction_is_followed_for_90_days_and_then_its_room_is_put_away(
    ago: timedelta, status: Status, owed: tuple[Effect, ...]
) -> None:
    referral = a_referral(status=Status.INTRODUCED, introduced_at=NOW - ago, postings=2)

    found = elapsed(referral, NOW)

    assert (found.state.status, found.effects) == (status, owed)
    assert [event.kind for event in found.events] == [EventKind.CLOSED] * (status is Status.CLOSED)


def test_where_they_were_not_introduced_there_is_no_room_to_put_away() -> None:
    written_to = a_question(answer=Answer.YES_BUT, answered_at=NOW, no_introduction=True)
    referral = a_referral(status=Status.INTRODUCED, introduced_at=NOW - 90 * DAY, questions=(written_to,))

    found = elapsed(referral, NOW)

    assert (found.state.status, found.effects) == (Status.CLOSED, ())


@pytest.mark.parametrize(("referral", "due"), DUES.values(), ids=DUES)
def test_the_next_thing_due_is_known(referral: Referral, due: datetime | None) -> None:
    expected = due

    found = next_due(referral)

    assert found == expected


def test_everything_missed_is_made_up_for_at_once() -> None:
    referral = asking(a_question(**YES), a_question(**PROVIDER))

    found = elapsed(referral, LAST)

    edits = [(e.to, e.face) for e in found.effects if isinstance(e, EditPrompt)]
    assert edits == [(SAM, Face.CLOSED), (PIA, Face.CLOSED)]
    assert notices(found.effects) == [(SAM, "not_this_time"), (RITA, "closed_quietly")]
    assert (next_due(found.state), found.state.status) == (None, Status.LAPSED)

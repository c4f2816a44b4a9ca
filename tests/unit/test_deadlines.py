"""What time does: reminders, deadlines, the quiet close, who hears when, silences and quiet pauses."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decision import Around
from bot.domain.effects import EditPrompt, Effect, Face, Notice, RemindOfPrompt
from bot.domain.elapsing import hears_at, next_due
from bot.domain.events import EventKind
from bot.domain.group import Order, Reveal
from bot.domain.ids import GuestId, MemberId
from bot.domain.member import FOREVER, Guest
from bot.domain.question import Answer, Side
from bot.domain.referral import Referral, Status
from tests.factories import NOW, PIA, RITA, SAM, a_member, around
from tests.unit.doing import (
    DAY,
    HOUR,
    SECOND,
    WINDOW,
    agreed,
    asked,
    by,
    click,
    do,
    introduced,
    notices,
    ordered,
    people,
    with_person,
)

HALF = NOW + WINDOW / 2
DEADLINE = NOW + WINDOW


def elapse(referral: Referral, at: datetime, world: Around | None = None) -> tuple[Effect, ...]:
    return do(referral, c.Elapse(), at, world).effects


@pytest.mark.parametrize(
    ("order", "reveal", "rounds"),
    [
        (Order.SEEKER_FIRST, Reveal.NAMED, 2),
        (Order.PROVIDER_FIRST, Reveal.NAMED, 3),
        (Order.BOTH_AT_ONCE, Reveal.NAMED, 2),
        (Order.SEEKER_FIRST, Reveal.ROLE_ONLY, 4),
        (Order.PROVIDER_FIRST, Reveal.ROLE_ONLY, 4),
        (Order.BOTH_AT_ONCE, Reveal.ROLE_ONLY, 3),
    ],
)
def test_closes_at_is_fixed_when_asking_starts_as_the_sum_of_all_windows(
    order: Order, reveal: Reveal, rounds: int
) -> None:
    referral = asked(by({"order": order, "window": 2 * DAY}), reveal=reveal)

    assert referral.closes_at == NOW + rounds * 2 * DAY


def test_an_urgent_referral_asks_for_an_answer_within_a_day() -> None:
    referral = asked(urgent=True)

    assert referral.questions[0].deadline == NOW + timedelta(hours=24)
    assert referral.closes_at == NOW + timedelta(hours=48)


def test_there_is_one_reminder_at_half_time() -> None:
    referral = asked()
    reminded = do(referral, c.Elapse(), HALF)

    assert elapse(referral, HALF - SECOND) == ()
    assert reminded.effects == (RemindOfPrompt(referral.id, SAM, 0),)
    assert elapse(reminded.state, HALF + DAY) == ()


@pytest.mark.parametrize("answer", [Answer.YES, Answer.NO])
def test_who_answered_is_not_reminded(answer: Answer) -> None:
    referral = click(asked(), SAM, answer).state

    assert RemindOfPrompt(referral.id, SAM, 0) not in elapse(referral, HALF)


@pytest.mark.parametrize("changes", [{"paused_until": FOREVER}, {"joined": {}}, {"user": None}])
def test_who_is_not_there_is_not_reminded(changes: dict[str, Any]) -> None:
    assert elapse(asked(), HALF, with_person(id=SAM, **changes)) == ()


def test_a_late_sweep_reminds_nobody_of_a_closed_question() -> None:
    effects = elapse(asked(), DEADLINE)

    assert effects == (EditPrompt(asked().id, SAM, 0, 1, Face.CLOSED),)


def test_a_closed_prompt_changes_at_its_own_deadline_also_after_an_introduction() -> None:
    assert elapse(introduced(), DEADLINE) == (
        EditPrompt(asked().id, SAM, 0, 2, Face.CLOSED),
        EditPrompt(asked().id, PIA, 1, 2, Face.CLOSED),
    )


def test_the_referrer_hears_at_closes_at_and_not_before() -> None:
    silent = do(asked(), c.Elapse(), DEADLINE).state
    before = do(silent, c.Elapse(), NOW + 2 * WINDOW - SECOND)
    lapsed = do(silent, c.Elapse(), NOW + 2 * WINDOW)

    assert (before.state, before.effects) == (silent, ())
    assert notices(lapsed.effects) == [(RITA, Notice.CLOSED_QUIETLY)]
    assert [(e.kind, e.by) for e in lapsed.events] == [(EventKind.LAPSED, RITA)]
    assert (lapsed.state.status, next_due(lapsed.state)) == (Status.LAPSED, None)


def test_a_referrer_who_was_told_is_not_told_again() -> None:
    told = do(click(asked(), SAM, Answer.NO).state, c.TellReferrer(SAM, 0)).state

    lapsed = do(told, c.Elapse(), NOW + 2 * WINDOW)

    assert (notices(lapsed.effects), lapsed.state.status) == ([], Status.LAPSED)


def test_it_looks_open_until_closes_at_whatever_happened() -> None:
    no = click(asked(), SAM, Answer.NO).state

    assert no.looks_open(NOW + 2 * WINDOW - SECOND)
    assert not no.looks_open(NOW + 2 * WINDOW)
    assert not introduced().looks_open(NOW)


@pytest.mark.parametrize("answer", [None, Answer.NO, Answer.KNOWN, Answer.BLOCK])
def test_who_said_yes_hears_at_the_others_deadline(answer: Answer | None) -> None:
    referral = click(asked(), SAM, at=NOW + HOUR).state
    referral = click(referral, PIA, answer, at=NOW + 2 * HOUR).state if answer else referral
    at = NOW + HOUR + WINDOW

    assert notices(elapse(referral, at - SECOND)) == []
    assert notices(elapse(referral, at)) == [(SAM, Notice.NOT_THIS_TIME)]
    assert notices(elapse(do(referral, c.Elapse(), at).state, at)) == []


def test_nobody_hears_who_did_not_say_yes() -> None:
    both_no = click(asked(), SAM, Answer.NO).state

    assert notices(elapse(both_no, NOW + 2 * WINDOW)) == [(RITA, Notice.CLOSED_QUIETLY)]


@pytest.mark.parametrize(("said_at", "heard_at"), [(HALF, DEADLINE), (DEADLINE + HOUR, NOW + HOUR + WINDOW)])
def test_a_last_yes_after_the_others_was_taken_back_hears_at_their_deadline_or_ones_own(
    said_at: datetime, heard_at: datetime
) -> None:
    referral = click(asked(), SAM, at=NOW + HOUR).state
    back = do(referral, c.TakeBack(SAM, 0), NOW + 2 * HOUR).state
    if said_at == DEADLINE + HOUR:
        said_at = DEADLINE + HOUR - SECOND

    yes = click(back, PIA, at=said_at).state

    assert hears_at(yes, Side.PROVIDER) == heard_at


def test_a_yes_that_still_had_somebody_to_be_asked_hears_when_that_question_would_have_closed() -> None:
    world = ordered(Order.PROVIDER_FIRST)
    referral = click(asked(world), PIA, world=world).state
    back = do(referral, c.TakeBack(PIA, 0), NOW + HOUR).state
    taken = click(back, SAM, at=NOW + DAY, world=world).state
    stood = click(referral, SAM, at=NOW + DAY, world=world).state

    assert hears_at(taken, Side.SEEKER) == hears_at(stood, Side.SEEKER) == NOW + DAY + WINDOW


def test_a_guest_is_not_written_to_and_stops_no_sweep() -> None:
    referral = replace(click(asked(), SAM).state, seeker=Guest(GuestId("guest")))

    swept = do(referral, c.Elapse(), DEADLINE)

    assert notices(swept.effects) == []
    assert swept.state.heard == {Side.SEEKER}
    assert next_due(swept.state) == referral.closes_at


def test_once_heard_a_yes_leads_nowhere() -> None:
    referral = agreed()
    claimed = do(referral, c.ClaimPosting(1), NOW + 30 * SECOND).state
    refused = do(claimed, c.IntroductionRefused(1), NOW + 31 * SECOND).state
    heard = do(replace(refused, heard=frozenset({Side.SEEKER})), c.TakeBack(PIA, 1), NOW + HOUR).state

    again = click(heard, PIA, at=NOW + 2 * HOUR)

    assert (again.state.status, len(again.effects)) == (Status.ASKING, 1)


def test_one_silence_is_counted_and_the_second_in_a_row_is_a_quiet_pause_that_is_told_to_its_owner() -> None:
    once = do(asked(), c.Elapse(), DEADLINE)
    twice = do(asked(), c.Elapse(), DEADLINE, around(people=people(once.members[0])))

    assert (once.members, notices(once.effects)) == ((a_member(id=SAM, silences=1),), [])
    assert twice.members == (a_member(id=SAM, paused_until=FOREVER),)
    assert notices(twice.effects) == [(SAM, Notice.QUIETLY_PAUSED)]


@pytest.mark.parametrize(
    "changes",
    [{"blocks": frozenset({RITA})}, {"paused_until": FOREVER}, {"direct_messages_closed": True}],
    ids=["block", "pause", "unreachable"],
)
def test_a_swallowed_question_is_no_silence(changes: dict[str, Any]) -> None:
    world = with_person(id=SAM, **changes)

    closed = do(asked(world), c.Elapse(), DEADLINE, world)

    assert (closed.effects, closed.members) == ((), ())


@pytest.mark.parametrize("quiet", [True, False])
def test_a_break_taken_meanwhile_is_no_silence_and_stays_as_it_is(quiet: bool) -> None:  # noqa: FBT001 -- a parameter
    world = with_person(id=SAM, silences=1, paused_until=NOW + 9 * DAY, pause_is_quiet=quiet)

    closed = do(asked(), c.Elapse(), DEADLINE, world)

    assert (closed.members, notices(closed.effects)) == ((), [])


@pytest.mark.parametrize("who", [SAM, PIA])
def test_both_may_be_silent_at_once(who: MemberId) -> None:
    world = ordered(Order.BOTH_AT_ONCE)

    closed = do(asked(world), c.Elapse(), DEADLINE, world)

    assert a_member(id=who, silences=1) in closed.members


def test_what_the_platform_refused_for_good_is_no_silence_and_not_reminded_of() -> None:
    lost = do(asked(), c.PromptUndeliverable(0))

    assert (lost.effects, elapse(lost.state, HALF), elapse(lost.state, DEADLINE)) == ((), (), ())
    assert do(lost.state, c.PromptUndeliverable(0)).state is lost.state
    assert do(asked(), c.PromptUndeliverable(9)).state == asked()


def test_a_late_sweep_does_everything_at_once_and_the_same() -> None:
    referral = click(asked(), SAM, at=NOW + HOUR).state

    effects = elapse(referral, NOW + 60 * DAY)

    assert notices(effects) == [(SAM, Notice.NOT_THIS_TIME), (RITA, Notice.CLOSED_QUIETLY)]
    assert [e.number for e in effects if isinstance(e, EditPrompt)] == [0, 1]


def test_an_introduction_is_followed_for_ninety_days() -> None:
    referral = do(introduced(), c.Elapse(), DEADLINE).state
    at = (referral.introduced_at or NOW) + timedelta(days=90)

    closed = do(referral, c.Elapse(), at)

    assert next_due(referral) == at
    assert do(referral, c.Elapse(), at - SECOND).state is referral
    assert (closed.state.status, [e.kind for e in closed.events]) == (Status.CLOSED, [EventKind.CLOSED])
    assert next_due(closed.state) is None

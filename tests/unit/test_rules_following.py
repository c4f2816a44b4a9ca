"""What time asks for after an introduction: one nudge, the days on which each side is asked, and who is left alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.effects import CheckIn, Effect, Notice, Notify
from bot.domain.errors import NotAPartyError
from bot.domain.following import decide_follow_up, next_due
from bot.domain.hearing import Surroundings, may_be_asked, outcome_told
from bot.domain.ids import MemberId
from bot.domain.member import FOREVER, Member
from bot.domain.outcome import ElapseFollowUp, FollowUp, Outcome, Part, PartGone
from bot.domain.question import Side
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_follow_up, a_member, surroundings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
SEEKER, PROVIDER = Side.SEEKER, Side.PROVIDER
SAID = Part(outcome=Outcome.TALKING, reported_at=NOW + DAY)
LATER = Part(outcome=Outcome.TALKING, reported_at=NOW + 8 * DAY, wants_later=True, asked_on=frozenset({7}))


def among(*changed: Member, **changes: Any) -> Surroundings:  # noqa: ANN401 -- any field
    """Return the usual people, some of them changed."""
    usual = surroundings()
    return surroundings(people={**usual.people, **{one.id: one for one in changed}}, **changes)


def on_a_break(who: MemberId, until: timedelta) -> Surroundings:
    return among(a_member(id=who, paused_until=NOW + until))


def elapse(
    state: FollowUp, after: timedelta, around: Surroundings | None = None
) -> tuple[FollowUp, tuple[Effect, ...]]:
    decision = decide_follow_up(state, ElapseFollowUp(), around or surroundings(), NOW + after)
    assert not decision.events
    return decision.state, decision.effects


def asked(effects: tuple[Effect, ...]) -> list[tuple[MemberId, int]]:
    return [(effect.to, effect.day) for effect in effects if isinstance(effect, CheckIn)]


def nudge_to(who: MemberId, side: Side) -> Notify:
    return Notify(who, Notice.NUDGE, a_follow_up().referral, side)


def test_who_moves_first_and_said_nothing_for_a_day_is_nudged_once() -> None:
    state = a_follow_up()
    early = elapse(state, DAY - TICK)

    nudged, effects = elapse(state, DAY)

    assert early == (state, ())
    assert next_due(state) == NOW + DAY
    assert effects == (nudge_to(PIA, PROVIDER),)
    assert elapse(nudged, 2 * DAY) == (nudged, ())
    assert next_due(nudged) == NOW + 7 * DAY
    assert elapse(a_follow_up(first_move=SEEKER), DAY)[1] == (nudge_to(SAM, SEEKER),)


UNNUDGED: Mapping[str, tuple[dict[str, Any], Surroundings]] = {
    "they have it": ({}, surroundings(got_it=frozenset({PROVIDER}))),
    "they said what came of it": ({"parts": {PROVIDER: SAID}}, surroundings()),
    "they take a break": ({}, on_a_break(PIA, FOREVER - NOW)),
    "they left": ({}, among(a_member(id=PIA, joined={}))),
    "they were erased": ({}, among(a_member(id=PIA, user=None))),
    "they blocked the seeker": ({}, among(a_member(id=PIA, blocks=frozenset({SAM})))),
    "their part ended": ({"parts": {PROVIDER: Part(gone=True), SEEKER: Part()}}, surroundings()),
}


@pytest.mark.parametrize(("changes", "around"), UNNUDGED.values(), ids=UNNUDGED)
def test_nobody_is_nudged_without_a_reason(changes: dict[str, Any], around: Surroundings) -> None:
    after, effects = elapse(a_follow_up(**changes), DAY, around)

    assert effects == ()
    assert after.nudged
    assert elapse(after, 6 * DAY) == (after, ())


def test_a_nudge_that_is_late_gives_way_to_the_question() -> None:
    _, effects = elapse(a_follow_up(), 8 * DAY)

    assert asked(effects) == [(SAM, 7), (PIA, 7)]
    assert len(effects) == 2


def test_after_seven_days_each_side_is_asked_once_and_nobody_later_who_did_not_choose_it() -> None:
    state, _ = elapse(a_follow_up(), DAY)
    early = elapse(state, 7 * DAY - TICK)

    after, effects = elapse(state, 7 * DAY)

    assert early == (state, ())
    assert asked(effects) == [(SAM, 7), (PIA, 7)]
    assert elapse(after, 8 * DAY) == (after, ())
    assert next_due(after) is None


def test_who_said_it_before_is_not_asked_and_the_other_is() -> None:
    state = a_follow_up(nudged=True, parts={SEEKER: SAID})

    after, effects = elapse(state, 7 * DAY)

    assert asked(effects) == [(PIA, 7)]
    assert next_due(after) is None


def test_the_later_days_are_for_those_who_chose_them() -> None:
    state = a_follow_up(nudged=True, parts={SEEKER: LATER, PROVIDER: replace(LATER, wants_later=False)})
    dues = [next_due(state)]

    month, effects = elapse(state, 30 * DAY)
    quarter, last = elapse(month, 90 * DAY)

    dues += [next_due(month), next_due(quarter)]
    assert dues == [NOW + 30 * DAY, NOW + 90 * DAY, None]
    assert (asked(effects), asked(last)) == ([(SAM, 30)], [(SAM, 90)])


def test_what_is_late_does_not_pile_up_and_what_is_too_late_is_left() -> None:
    parts = {SEEKER: replace(LATER, outcome=None, asked_on=frozenset()), PROVIDER: Part()}
    state = a_follow_up(nudged=True, parts=parts)

    month, only_the_newest = elapse(state, 31 * DAY)
    _, nothing = elapse(state, 121 * DAY)

    assert asked(only_the_newest) == [(SAM, 30)]
    assert month.part(SEEKER).asked_on == {7, 30}
    assert month.part(PROVIDER).asked_on == {7}
    assert nothing == ()


def test_a_question_waits_for_the_end_of_a_break_that_is_soon_enough() -> None:
    state = a_follow_up(nudged=True, parts={SEEKER: SAID})
    away = on_a_break(PIA, 12 * DAY)

    waiting, nothing = elapse(state, 7 * DAY, away)
    again, still_nothing = elapse(waiting, 8 * DAY, away)
    after, effects = elapse(waiting, 12 * DAY, away)

    assert (nothing, still_nothing) == ((), ())
    assert next_due(waiting) == NOW + 12 * DAY
    assert again == waiting
    assert asked(effects) == [(PIA, 7)]
    assert next_due(after) is None


@pytest.mark.parametrize("until", [30 * DAY, FOREVER - NOW])
def test_a_question_is_left_out_for_a_longer_break(until: timedelta) -> None:
    state = a_follow_up(nudged=True, parts={SEEKER: SAID})

    after, effects = elapse(state, 7 * DAY, on_a_break(PIA, until))

    assert effects == ()
    assert next_due(after) is None


LEFT_ALONE: Mapping[str, tuple[dict[str, Any], Surroundings]] = {
    "somebody outside the chat": ({"seeker": None}, surroundings()),
    "who left": ({}, among(a_member(joined={}))),
    "who was erased": ({}, among(a_member(user=None))),
    "who is unknown": ({}, surroundings(people={PIA: a_member(id=PIA)})),
    "who blocked the other": ({}, among(a_member(blocks=frozenset({PIA})))),
    "who blocked the referrer": ({}, among(a_member(blocks=frozenset({RITA})))),
    "whose part ended": ({"parts": {SEEKER: Part(gone=True)}}, surroundings()),
}


@pytest.mark.parametrize(("changes", "around"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_who_is_not_there_is_not_asked_and_the_other_is(changes: dict[str, Any], around: Surroundings) -> None:
    after, effects = elapse(a_follow_up(nudged=True, **changes), 7 * DAY, around)

    assert asked(effects) == [(PIA, 7)]
    assert next_due(after) is None
    assert not may_be_asked(after, SEEKER, around, NOW)


def test_a_part_that_ended_asks_nothing_more_and_the_other_goes_on() -> None:
    state = a_follow_up()

    without_pia = decide_follow_up(state, PartGone(PIA), surroundings(), NOW).state
    without_both = decide_follow_up(without_pia, PartGone(SAM), surroundings(), NOW).state
    without_rita = decide_follow_up(state, PartGone(RITA), surroundings(), NOW).state

    assert next_due(without_pia) == NOW + 7 * DAY
    assert next_due(without_both) is None
    assert without_rita == state
    with pytest.raises(NotAPartyError):
        decide_follow_up(state, PartGone(OTTO), surroundings(), NOW)


def test_a_notice_tells_only_what_is_still_meant_to_be_told() -> None:
    part = replace(SAID, tells_referrer=True)
    heard = Notify(RITA, Notice.OUTCOME_HEARD, a_follow_up().referral, SEEKER)
    told = replace(heard, occasion=(NOW + DAY).isoformat())

    def tells(notice: Notify, **changes: Any) -> Outcome | None:  # noqa: ANN401 -- any field
        return outcome_told(a_follow_up(parts={SEEKER: replace(part, **changes)}), notice)

    assert tells(told) is Outcome.TALKING
    assert tells(heard) is None
    assert tells(told, tells_referrer=False) is None
    assert tells(told, reported_at=NOW + 2 * DAY) is None
    assert tells(replace(told, side=None)) is None

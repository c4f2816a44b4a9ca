"""The one door to what comes after an introduction: what is said about it, and what time asks for."""

from datetime import datetime
from typing import assert_never

from bot.domain import outcome as o
from bot.domain import reporting, saying
from bot.domain.decision import Decision, Say, Told
from bot.domain.effects import CheckIn, Effect, Notice, Notify
from bot.domain.errors import NotAPartyError
from bot.domain.hearing import Surroundings, reachable
from bot.domain.outcome import FollowUp, instant_of
from bot.domain.question import Side
from bot.domain.replacing import replace

Followed = Decision[FollowUp]

_UNTIL = {7: 30, 30: 90, 90: 120}
"""Until which day a day's question may still be put: then the next one is, or none. Late ones do not pile up."""

_Reporting = o.Report | o.TellOutcome | o.ChooseLater | o.ConfirmReady | o.SayAmount | o.Reclassify
_Speaking = o.Thank | o.ShowThanks | o.WantTestimonial | o.Testify | o.ShowTestimonial | o.HideTestimonial


def decide_follow_up(state: FollowUp, command: o.FollowUpCommand, around: Surroundings, now: datetime) -> Followed:
    """Return what the command does to a follow-up now. Pure: the same arguments give the same decision.

    Raises NotAPartyError when the command is not this person's to give.
    """
    match command:
        case o.ElapseFollowUp():
            return elapse(state, around, now)
        case o.PartGone():
            return _part_gone(state, command)
        case o.Report() | o.TellOutcome() | o.ChooseLater() | o.ConfirmReady() | o.SayAmount() | o.Reclassify():
            return _reported(state, command, around, now)
        case _:
            return _spoken(state, command, around, now)


def _reported(state: FollowUp, command: _Reporting, around: Surroundings, now: datetime) -> Followed:
    match command:
        case o.Report():
            return reporting.report(state, command, around, now)
        case o.TellOutcome():
            return reporting.tell(state, command, around, now)
        case o.ChooseLater():
            return reporting.choose_later(state, command, now)
        case o.ConfirmReady():
            return reporting.confirm_ready(state, command, now)
        case o.SayAmount():
            return reporting.say_amount(state, command, around, now)
        case o.Reclassify():
            return reporting.reclassify(state, command, around, now)
        case _:
            assert_never(command)


def _spoken(state: FollowUp, command: _Speaking, around: Surroundings, now: datetime) -> Followed:
    match command:
        case o.Thank():
            return saying.thank(state, command, around, now)
        case o.ShowThanks():
            return saying.show_thanks(state, command, now)
        case o.WantTestimonial():
            return saying.want_testimonial(state, command, around, now)
        case o.Testify():
            return saying.testify(state, command, around, now)
        case o.ShowTestimonial():
            return saying.show_testimonial(state, command, around, now)
        case o.HideTestimonial():
            return saying.hide_testimonial(state, command)
        case _:
            assert_never(command)


def _part_gone(state: FollowUp, command: o.PartGone) -> Followed:
    side = state.side_of(command.who)
    if side is None and command.who != state.referrer:
        raise NotAPartyError(state.referral, command.who)
    done = Told(Say.DONE)
    return Decision(state.with_part(side, replace(state.part(side), gone=True)) if side else state, done)


def next_due(state: FollowUp) -> datetime | None:
    """Return the next instant at which `elapse` has something to do, or None."""
    instants = [at for side in Side if (at := _next_question(state, side))]
    if not state.nudged and _is_there(state, state.first_move):
        instants.append(state.introduced_at + o.NUDGE_AFTER)
    return min(instants, default=None)


def _is_there(state: FollowUp, side: Side) -> bool:
    return state.member(side) is not None and not state.part(side).gone


def _next_question(state: FollowUp, side: Side) -> datetime | None:
    days = _days(state, side)
    if not days:
        return None
    at, away_until = instant_of(state, min(days)), state.part(side).away_until
    return max(at, away_until) if away_until else at


def _days(state: FollowUp, side: Side) -> frozenset[int]:
    """Return the days on which a party is still to be asked; on the first, only who has not said anything yet."""
    part = state.part(side)
    if not _is_there(state, side):
        return frozenset()
    first = (o.CHECK_IN_DAY,) if part.outcome is None else ()
    later = o.LATER_DAYS if part.wants_later else ()
    return frozenset((*first, *later)) - part.asked_on


def elapse(state: FollowUp, around: Surroundings, now: datetime) -> Followed:
    """Do everything that is due by now, once: at most one message for each party."""
    after, effects = state, _nudge(state, around, now)
    if now >= state.introduced_at + o.NUDGE_AFTER:
        after = replace(after, nudged=True)
    for side in Side:
        after, asked = _with_question(after, side, around, now)
        effects = (*effects, *asked)
    return Decision(after, Told(Say.DONE), effects)


def _nudge(state: FollowUp, around: Surroundings, now: datetime) -> tuple[Effect, ...]:
    """Remind who moves first, unless they saw it, or the time to ask what came of it is there."""
    side, at = state.first_move, state.introduced_at + o.NUDGE_AFTER
    if state.nudged or now < at or now >= instant_of(state, o.CHECK_IN_DAY):
        return ()
    has_moved = side in around.got_it or state.part(side).outcome is not None
    person = reachable(state, side, around)
    if has_moved or person is None or person.is_paused(now):
        return ()
    return (Notify(person.id, Notice.NUDGE, state.referral, side),)


def _with_question(
    state: FollowUp, side: Side, around: Surroundings, now: datetime
) -> tuple[FollowUp, tuple[Effect, ...]]:
    """Ask a party on a day that has come. During a break it waits until they are back, if that is soon enough."""
    due = [day for day in _days(state, side) if now >= instant_of(state, day)]
    if not due:
        return state, ()
    day, part, person = max(due), state.part(side), reachable(state, side, around)
    ends = instant_of(state, _UNTIL[day])
    back = person.paused_until if person and person.is_paused(now) else None
    if back and back < ends:
        passed = part.asked_on | frozenset(due) - {day}
        return state.with_part(side, replace(part, asked_on=passed, away_until=back)), ()
    after = state.with_part(side, replace(part, asked_on=part.asked_on | frozenset(due), away_until=None))
    if person is None or back or now >= ends:
        return after, ()
    return after, (CheckIn(state.referral, person.id, side, day),)

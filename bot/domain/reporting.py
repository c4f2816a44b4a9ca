"""What a party says came of an introduction, and who hears it."""

from datetime import datetime

from bot.domain.decision import Decision, Say, Told
from bot.domain.effects import Notice
from bot.domain.events import Event, EventKind
from bot.domain.groups import counts_amounts
from bot.domain.hearing import Surroundings, require_party, require_side, to_referrer
from bot.domain.ids import MemberId
from bot.domain.outcome import (
    ANSWERED_FOR,
    LATER_DAYS,
    ChooseLater,
    ConfirmReady,
    FollowUp,
    Outcome,
    Part,
    Reclassify,
    Report,
    SayAmount,
    TellOutcome,
    instant_of,
)
from bot.domain.question import Side
from bot.domain.replacing import replace

Said = Decision[FollowUp]


def is_over(state: FollowUp, now: datetime) -> bool:
    """Say whether the introduction was so long ago that nobody says any more what came of it."""
    return now >= state.introduced_at + ANSWERED_FOR


def long_ago(state: FollowUp) -> Said:
    """Answer that it was long ago, and change nothing."""
    return Decision(state, Told(Say.FOLLOWED_UP_LONG_AGO))


def report(state: FollowUp, command: Report, around: Surroundings, now: datetime) -> Said:
    """Record what a party says; a later word takes the place of an earlier one, and the same again changes nothing.

    The referrer hears once that they answered, and not what.
    """
    side = require_party(state, command.by)
    if is_over(state, now):
        return long_ago(state)
    if side is Side.PROVIDER and command.outcome is Outcome.WAS_A_LEAD:
        return _was_a_lead(state, command.by, around, now)
    return _recorded(state, command, side, around, now)


def reclassify(state: FollowUp, command: Reclassify, around: Surroundings, now: datetime) -> Said:
    """Record the provider's word that it was really a lead, which corrects the tally while there is time."""
    require_side(state, command.by, Side.PROVIDER)
    return report(state, Report(command.by, Outcome.WAS_A_LEAD), around, now)


def _was_a_lead(state: FollowUp, by: MemberId, around: Surroundings, now: datetime) -> Said:
    recorded = _recorded(state, Report(by, Outcome.WAS_A_LEAD), Side.PROVIDER, around, now)
    if state.reclassified_at is not None:
        return replace(recorded, outcome=Told(Say.RECLASSIFIED))
    if not state.can_reclassify(now):
        return replace(recorded, outcome=Told(Say.TOO_LATE_TO_RECLASSIFY))
    facts = {"week": state.week, "kind": state.kind.value, "referrer": state.referrer or ""}
    reversal = Event(EventKind.RECLASSIFIED, state.group, by=by, referral=state.referral, facts=facts)
    return Decision(
        replace(recorded.state, reclassified_at=now),
        Told(Say.RECLASSIFIED),
        to_referrer(state, Side.PROVIDER, Notice.RECLASSIFIED, around),  # which says that they answered, too
        (*recorded.events, reversal),
    )


def _recorded(state: FollowUp, command: Report, side: Side, around: Surroundings, now: datetime) -> Said:
    part = state.part(side)
    told = Told(Say.OUTCOME_RECORDED)
    if part.outcome is command.outcome:
        return Decision(state, told)
    heard = to_referrer(state, side, Notice.OUTCOME_HEARD, around) if part.outcome is None else ()
    # What they let the referrer know, and how much it was worth, was about what they said before.
    said = replace(
        part,
        outcome=command.outcome,
        reported_at=now,
        heard=part.heard or bool(heard),
        tells_referrer=False,
        amount=None,
    )
    after = state.with_part(side, said)
    if side is Side.SEEKER and command.outcome is Outcome.WON:
        after = replace(after, testimonial_asked=True)
    return Decision(after, told, heard, (_entry(state, command.by, side, said),))


def _entry(state: FollowUp, by: MemberId, side: Side, part: Part) -> Event:
    facts = {"outcome": part.outcome.value if part.outcome else "", "side": side.value}
    if state.reclassified_at is not None:
        facts["reclassified"] = "true"
    if part.amount is not None:
        facts |= {"amount": part.amount.value, "again": "true"}
        facts |= {"before": before.value} if (before := state.part(side).amount) else {}
    return Event(EventKind.OUTCOME_REPORTED, state.group, by=by, referral=state.referral, facts=facts)


def tell(state: FollowUp, command: TellOutcome, around: Surroundings, now: datetime) -> Said:
    """Let the referrer know what a party said last."""
    side = require_party(state, command.by)
    part = state.part(side)
    if is_over(state, now):
        return long_ago(state)
    if state.referrer is None:
        return Decision(state, Told(Say.NO_REFERRER))
    if part.reported_at is None or part.tells_referrer:
        return Decision(state, Told(Say.OUTCOME_TOLD if part.tells_referrer else Say.DONE))
    after = state.with_part(side, replace(part, tells_referrer=True))
    occasion = part.reported_at.isoformat()
    return Decision(after, Told(Say.OUTCOME_TOLD), to_referrer(state, side, Notice.OUTCOME_HEARD, around, occasion))


def choose_later(state: FollowUp, command: ChooseLater, now: datetime) -> Said:
    """Ask a party again on the later days, or not. A day that is over is not made up for."""
    side = require_party(state, command.by)
    if is_over(state, now):
        return long_ago(state)
    part = state.part(side)
    gone_by = frozenset(day for day in LATER_DAYS if now >= instant_of(state, day))
    asked_on = part.asked_on | gone_by if command.yes else part.asked_on
    after = state.with_part(side, replace(part, wants_later=command.yes, asked_on=asked_on))
    return Decision(after, Told(Say.LATER_CHOSEN if command.yes else Say.LATER_DECLINED))


def confirm_ready(state: FollowUp, command: ConfirmReady, now: datetime) -> Said:
    """Record the provider's word on how much was left to sell; each change is logged once."""
    require_side(state, command.by, Side.PROVIDER)
    if is_over(state, now):
        return long_ago(state)
    told = Told(Say.READY_RECORDED)
    if state.little_left is command.little_left:
        return Decision(state, told)
    after = replace(state, little_left=command.little_left)
    facts = {"little_left": str(command.little_left).lower(), "kind": after.kind_now.value, "week": state.week}
    event = Event(EventKind.READY_CONFIRMED, state.group, by=command.by, referral=state.referral, facts=facts)
    return Decision(after, told, events=(event,))


def say_amount(state: FollowUp, command: SayAmount, around: Surroundings, now: datetime) -> Said:
    """Record in which band business was worth, where the group counts that and the platform lets people say it."""
    side = require_party(state, command.by)
    if is_over(state, now):
        return long_ago(state)
    part = state.part(side)
    taken = counts_amounts(around.group, around.place) and part.outcome is Outcome.WON
    if not taken:
        return Decision(state, Told(Say.AMOUNTS_NOT_TAKEN))
    if part.amount is command.amount:
        return Decision(state, Told(Say.AMOUNT_RECORDED))
    said = replace(part, amount=command.amount)
    event = _entry(state, command.by, side, said)
    return Decision(state.with_part(side, said), Told(Say.AMOUNT_RECORDED), events=(event,))

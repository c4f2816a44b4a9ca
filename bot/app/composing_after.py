"""What is owed after an introduction, put into words just before it is sent; what is owed no longer is dropped."""

from dataclasses import replace

from bot.app import following
from bot.app.wording import afterwards, notices
from bot.app.wording.cast import Cast
from bot.domain.effects import CheckIn, Notice, Notify
from bot.domain.hearing import may_be_asked, outcome_told, to_referrer
from bot.domain.outcome import CHECK_IN_DAY, FollowUp
from bot.domain.question import Side
from bot.ports.messages import Message
from bot.ports.store import Transaction

_AFTER = frozenset(
    {
        Notice.NUDGE,
        Notice.OUTCOME_HEARD,
        Notice.THANKS,
        Notice.RECLASSIFIED,
        Notice.TESTIMONIAL_WANTED,
        Notice.TESTIMONIAL_GIVEN,
    }
)
_TO_REFERRER = frozenset({Notice.OUTCOME_HEARD, Notice.THANKS, Notice.RECLASSIFIED})


def is_after(effect: Notify) -> bool:
    """Say whether a notice is about what came of an introduction."""
    return effect.notice in _AFTER


def words(tx: Transaction, cast: Cast, effect: CheckIn | Notify) -> Message | None:
    """Return the words, or None when they are owed no longer: a person is asked nothing that they have answered."""
    state = tx.follow_ups.get(cast.subject.id)
    cast = replace(cast, follow_up=state)
    if isinstance(effect, CheckIn):
        return afterwards.check_in(cast, effect.side) if _is_asked(tx, cast, state, effect) else None
    return notices.notice(cast, effect) if _is_told(tx, cast, state, effect) else None


def _is_asked(tx: Transaction, cast: Cast, state: FollowUp, effect: CheckIn) -> bool:
    part, around = state.part(effect.side), following.around(tx, state, cast.group)
    is_answered = part.outcome is not None if effect.day == CHECK_IN_DAY else not part.wants_later
    return not is_answered and may_be_asked(state, effect.side, around, cast.now)


def _is_told(tx: Transaction, cast: Cast, state: FollowUp, effect: Notify) -> bool:
    side, around = effect.side or Side.SEEKER, following.around(tx, state, cast.group)
    if effect.notice in _TO_REFERRER and not to_referrer(state, side, effect.notice, around):
        return False
    match effect.notice:
        case Notice.NUDGE:
            has_moved = side in around.got_it or state.part(side).outcome is not None
            return not has_moved and may_be_asked(state, side, around, cast.now)
        case Notice.OUTCOME_HEARD:
            return not effect.occasion or outcome_told(state, effect) is not None
        case Notice.THANKS:
            return side in state.thanks and bool(state.thanks[side].words)
        case Notice.TESTIMONIAL_WANTED:
            return state.testimonial is None and may_be_asked(state, side, around, cast.now)
        case Notice.TESTIMONIAL_GIVEN:
            return state.testimonial is not None and bool(state.testimonial.words) and state.testimonial.may_show
        case _:
            return True

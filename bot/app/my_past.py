"""What is behind a member, for them alone: their introductions that can still be spoken of, and their numbers."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.app.wording.mine import Past
from bot.domain.ids import GroupId, MemberId
from bot.domain.numbers import numbers_of
from bot.domain.outcome import ANSWERED_FOR, FollowUp
from bot.domain.referral import Referral
from bot.ports.store import Transaction


def past_of(
    tx: Transaction, me: MemberId, groups: Iterable[GroupId], started: Sequence[Referral], now: datetime
) -> Past:
    """Return what is behind a member in these groups, in which they started some referrals."""
    among = tuple(groups)
    introduced = [one for one in tx.referrals.introduced_to(me) if one.group in among]
    follow_ups = [one for group in among for one in tx.follow_ups.of_member(me, group)]
    asked = [one for group in among for one in tx.referrals.party_of(group, me)]
    numbers = numbers_of(me, started=started, introduced=introduced, asked=asked, follow_ups=follow_ups)
    lately = [one for one in follow_ups if _can_be_spoken_of(one, me, now)]
    return Past(sorted(lately, key=lambda one: one.introduced_at, reverse=True), numbers)


def _can_be_spoken_of(follow_up: FollowUp, me: MemberId, now: datetime) -> bool:
    side = follow_up.side_of(me)
    return side is not None and not follow_up.part(side).gone and now < follow_up.introduced_at + ANSWERED_FOR


def parties_of(past: Past) -> set[MemberId]:
    """Return everybody whom the list of introductions names."""
    return {who for one in past.lately for who in (one.seeker, one.provider) if who}

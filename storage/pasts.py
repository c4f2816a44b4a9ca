"""Works out for whom two people are closed to being introduced, from what became of earlier referrals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.decision import PairPast
from bot.domain.ids import MemberId
from bot.domain.referral import Status
from storage.database import Row

_CAME_TO_SOMETHING = (Status.INTRODUCED, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class _Shadow:
    """What one earlier referral casts over the pair, until when."""

    starter: MemberId
    looks_open: bool
    until: datetime


def past_of(others: Sequence[Row], starter: MemberId, closed_for: timedelta, now: datetime) -> PairPast:
    """Return the past that these other started referrals make for a proposal by `starter`.

    Where one of them is the same starter's, only theirs count for `until`: nobody learns of another's proposal.
    """
    cast = [shadow for row in others if (shadow := _shadow(row, closed_for, now)) and now < shadow.until]
    own = [shadow for shadow in cast if shadow.starter == starter]
    counted = own or cast
    return PairPast(
        open_now=any(shadow.looks_open for shadow in counted),
        until=max((shadow.until for shadow in counted), default=None),
        by_same_referrer=bool(own),
        know_each_other=any(row.known for row in others),
    )


def _shadow(row: Row, closed_for: timedelta, now: datetime) -> _Shadow | None:
    """An introduction closes nothing, nor does a withdrawal, unless the referrer had been told of a no."""
    told = row.told_by is not None
    if row.status in _CAME_TO_SOMETHING or (row.status == Status.WITHDRAWN and not told):
        return None
    looks_open = row.status in (Status.ASKING, Status.POSTING) and not told and now < row.closes_at
    return _Shadow(row.starter_id, looks_open, row.closes_at if looks_open else row.closes_at + closed_for)

"""What comes after introductions, as it is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.outcome import FollowUp


class FollowUps(Protocol):
    """Keeps what came of introductions, with the words that were said afterwards; held by test_store_follow_ups.py."""

    def get(self, referral: ReferralId, *, to_change: bool = False) -> FollowUp:
        """Return it, locked against other writers if it is to be changed. Raises NotFoundError."""

    def add(self, state: FollowUp, due: datetime | None) -> None:
        """Store a new one; one that is there already is left alone. `due` is when time next asks for something."""

    def save(self, state: FollowUp, due: datetime | None) -> None:
        """Write over the version that was read, or raise StaleWriteError."""

    def due(self, now: datetime, most: int) -> Sequence[ReferralId]:
        """Return those whose time has come, oldest first."""

    def next_due(self) -> datetime | None:
        """Return when time next asks for something."""

    def open_with(self, member: MemberId) -> Sequence[FollowUp]:
        """Return those in which this member is a party, and one of the two is still to be asked something."""

    def of_member(self, member: MemberId, group: GroupId | None = None) -> Sequence[FollowUp]:
        """Return the introductions this member made or is a party of, newest first; of one group, or of all."""

    def testimonials_of(self, provider: MemberId, group: GroupId) -> Sequence[FollowUp]:
        """Return those whose testimonial stands on the provider's card in the group, newest first."""

"""The weeks of a group: the log's entries of one, the numbers that were frozen, and when the next is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.ids import GroupId
from bot.domain.tally import Entry, Tally


@dataclass(frozen=True, slots=True)
class Frozen:
    """One closed week as it was counted. `number` counts up for each group, from 1, and nothing of it ever changes."""

    number: int
    frozen_at: datetime
    tally: Tally


class Tallies(Protocol):
    """Keeps closed weeks; tests/contract/test_store_tallies.py holds it."""

    def week_of(self, group: GroupId, week: str) -> Sequence[Entry]:
        """Return the log's entries of one ISO week, oldest first, however long the log is."""

    def freeze(self, tally: Tally, now: datetime) -> Frozen:
        """Keep a week's numbers under the group's next number; a week that is kept already stays as it is."""

    def frozen(self, group: GroupId, week: str) -> Frozen | None:
        """Return that week as it was frozen, or None."""

    def last_weeks(self, group: GroupId, before: str, most: int) -> Sequence[Frozen]:
        """Return the frozen weeks before one, newest first."""

    def take_due(self, now: datetime, far: datetime, most: int) -> Sequence[GroupId]:
        """Return groups whose instant has come, is not known, or is further off than `far`, oldest first.

        Nobody else gets them until this transaction is over.
        """

    def due_of(self, group: GroupId) -> datetime | None:
        """Return when the group's next week is counted, or None where that is not known yet."""

    def set_due(self, group: GroupId, due: datetime) -> None:
        """Write down when that is."""

    def next_due(self) -> datetime | None:
        """Return when the next week of any group is counted."""

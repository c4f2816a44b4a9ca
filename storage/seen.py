"""What one transaction has read and written so far, so that it reads each thing once and may save it twice."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from bot.domain.ask import Ask
from bot.domain.group import Group
from bot.domain.ids import AskId, GroupId, MemberId, ReferralId, UserId, WorkspaceId
from bot.domain.member import Card, Member
from bot.domain.referral import Referral
from storage.memory import Known, Memory

K = TypeVar("K")
T = TypeVar("T")


@dataclass(slots=True)
class Entry(Generic[T]):
    """One thing as it stands in this transaction.

    `first` is the version that was read and `version` the one that stands now, after our own writes. `locked` says
    that nobody else can change it before we commit. `due` is when time next changes it.
    """

    value: T
    first: int
    version: int
    locked: bool
    due: datetime | None = None


class Shelf(dict[K, Entry[T]], Generic[K, T]):
    """The things of one sort."""

    def read(self, key: K, value: T, version: int, *, locked: bool, due: datetime | None = None) -> T:
        """Keep what was read from the database."""
        self[key] = Entry(value, version, version, locked, due)
        return value

    def get_value(self, key: K, *, locked: bool = False) -> T | None:
        """Return it as it stands, if it was read before (and, where that is wanted, locked)."""
        entry = self.get(key)
        return None if entry is None or (locked and not entry.locked) else entry.value

    def expected(self, key: K, version: int) -> int:
        """Return the version that must still stand in the database for something derived from `version`.

        What derives from the version this transaction read may be saved over this transaction's own writes.
        """
        entry = self.get(key)
        return entry.version if entry is not None and entry.first <= version <= entry.version else version

    def wrote(self, key: K, value: T, *, read: int, version: int, due: datetime | None = None) -> None:
        """Keep what was written; `read` is the version it derives from."""
        entry = self.get(key)
        first = entry.first if entry is not None and entry.first <= read else read
        self[key] = Entry(value, first, version, locked=True, due=due)


@dataclass(slots=True)
class Seen:
    """Everything one transaction has seen. `alone` says that nobody else writes meanwhile: SQLite has one writer."""

    alone: bool = False
    referrals: Shelf[ReferralId, Referral] = field(default_factory=Shelf)
    members: Shelf[MemberId, Member] = field(default_factory=Shelf)
    cards: Shelf[tuple[MemberId, GroupId], Card] = field(default_factory=Shelf)
    groups: Shelf[GroupId, Group] = field(default_factory=Shelf)
    asks: Shelf[AskId, Ask] = field(default_factory=Shelf)
    users: dict[tuple[WorkspaceId, UserId], MemberId] = field(default_factory=dict)
    strangers: set[tuple[WorkspaceId, UserId]] = field(default_factory=set)
    memory: Memory = field(default_factory=Memory)
    cleared: bool = False

    def recall_group(self, key: GroupId, version: int) -> None:
        """Take a group from this process's memory, if that is the version which stands."""
        known = self.memory.groups.get(key)
        if known is not None and known.version == version and key not in self.groups:
            self.groups.read(key, known.value, version, locked=False)

    def recall_member(self, key: MemberId, version: int | None) -> None:
        """Do the same with a member."""
        known = self.memory.members.get(key)
        if known is None or known.version != version or key in self.members:
            return
        self.members.read(key, known.value, known.version, locked=False)
        if known.value.user is not None:
            self.users[known.value.workspace, known.value.user] = key

    def leave_to_memory(self) -> None:
        """Let later transactions know what this one saw, now that it is committed."""
        if self.cleared:
            self.memory.clear()
        _leave(self.referrals, self.memory, self.memory.referrals)
        _leave(self.groups, self.memory, self.memory.groups)
        _leave(self.members, self.memory, self.memory.members)
        self.memory.fade()

    def clear(self) -> None:
        """Forget it all, after rows were changed behind its back."""
        self.cleared = True
        for shelf in (self.referrals, self.members, self.cards, self.groups, self.asks, self.users, self.strangers):
            shelf.clear()


def _leave(shelf: Shelf[K, T], memory: Memory, known: dict[K, Known[T]]) -> None:
    for key, entry in shelf.items():
        before = known.get(key)
        if before is None or before.value is not entry.value:
            memory.keep(known, key, entry.value, entry.version, entry.due)

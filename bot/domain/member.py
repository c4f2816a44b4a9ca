"""A member: what they agreed to, whom they blocked, when they take a break, and their card."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.ids import GroupId, GuestId, MemberId, UserId, WorkspaceId

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
ASK_LATER = timedelta(days=30)
SILENCES_BEFORE_PAUSE = 2


@dataclass(frozen=True, slots=True)
class Guest:
    """A party who is not in the chat."""

    id: GuestId


Party = MemberId | Guest
"""Who a referral is between: a member, or somebody outside the chat."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a workspace. `user` is None once they were erased, `time_zone` where no platform tells it.

    `pending` are the groups they asked to join where joining waits for a hello to reach them, and `hellos` tells of
    those that are on their way, by group, when each was sent.
    """

    id: MemberId
    workspace: WorkspaceId
    user: UserId | None
    locale: str = "en"
    time_zone: str | None = "UTC"
    joined: Mapping[GroupId, datetime] = field(default_factory=dict)
    pending: frozenset[GroupId] = frozenset()
    hellos: Mapping[GroupId, datetime] = field(default_factory=dict)
    blocks: frozenset[MemberId] = frozenset()
    paused_until: datetime | None = None
    pause_is_quiet: bool = True
    silences: int = 0
    direct_messages_closed: bool = False
    version: int = 0

    def is_in(self, group: GroupId) -> bool:
        """Say whether they joined this group and have not left it."""
        return self.user is not None and group in self.joined

    def is_paused(self, now: datetime) -> bool:
        """Say whether they take a break, said or quiet."""
        return self.paused_until is not None and now < self.paused_until

    def says_paused(self, now: datetime) -> bool:
        """Say whether they take a break and let referrers know."""
        return self.is_paused(now) and not self.pause_is_quiet

    def joining(self, group: GroupId, now: datetime) -> "Member":
        """Return them as a member of the group; joining twice keeps the first day."""
        if group in self.joined:
            return self
        return replace(self, joined={**self.joined, group: now}, direct_messages_closed=False)

    def greeted(self, group: GroupId, now: datetime) -> "Member":
        """Return them with a hello on its way; who is not in the group is in when it reaches them."""
        pending = self.pending if group in self.joined else self.pending | {group}
        return replace(self, pending=pending, hellos={**self.hellos, group: now})

    def reached(self, group: GroupId, now: datetime) -> "Member":
        """Return them as somebody whom a hello has reached: who waited for it is in."""
        joined = {**self.joined, group: now} if group in self.pending else self.joined
        open_again = replace(self, joined=joined, pending=self.pending - {group}, direct_messages_closed=False)
        return open_again.without_hello(group)

    def out_of_reach(self) -> GroupId | None:
        """Return the group whose hello is worth another try: none has reached them, or nothing does any more.

        None if all is well, or one is on its way.
        """
        if self.hellos:
            return None
        closed = self.joined if self.direct_messages_closed else ()
        return min(self.pending or closed, default=None)

    def without_hello(self, group: GroupId) -> "Member":
        """Return them with no hello on its way to them there."""
        return replace(self, hellos={g: at for g, at in self.hellos.items() if g != group})

    def unreachable(self) -> "Member":
        """Return them as somebody who lets no direct message through."""
        return replace(self, direct_messages_closed=True)

    def leaving(self, group: GroupId) -> "Member":
        """Return them outside the group."""
        joined = {g: at for g, at in self.joined.items() if g != group}
        return replace(self, joined=joined, pending=self.pending - {group}).without_hello(group)

    def closing(self) -> "Member":
        """Return them as somebody whose account was closed: in no group, and nothing can be delivered to them."""
        return replace(self, joined={}, pending=frozenset(), hellos={}, direct_messages_closed=True)

    def pausing(self, until: datetime | None, *, quiet: bool) -> "Member":
        """Return them on a break until a date, or back from it."""
        return replace(self, paused_until=until, pause_is_quiet=quiet, silences=0)

    def blocking(self, other: MemberId) -> "Member":
        """Return them with somebody on their private list."""
        return replace(self, blocks=self.blocks | {other})

    def unblocking(self, other: MemberId) -> "Member":
        """Return them with somebody off their private list."""
        return replace(self, blocks=self.blocks - {other})

    def after_answer(self) -> "Member":
        """Return them as somebody who answers: silences start again from none."""
        return self if self.silences == 0 else replace(self, silences=0)

    def after_silence(self) -> "Member":
        """Return them one silence on; the second in a row is a quiet pause until they say otherwise."""
        if self.silences + 1 < SILENCES_BEFORE_PAUSE:
            return replace(self, silences=self.silences + 1)
        return self.pausing(FOREVER, quiet=True)


class CardSlot(StrEnum):
    """One line of a referral card."""

    NAME_LINE = "name_line"
    DOES = "does"
    FOR_WHOM = "for_whom"
    PLACE = "place"
    IDEAL = "ideal"
    NOT_A_FIT = "not_a_fit"
    LISTEN_FOR = "listen_for"
    CATEGORY = "category"
    LINKS = "links"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Card:
    """A member's referral card in one group: the lines they wrote, and whether tips are welcome.

    `named` lets the weekly tally name them, and `listened_for` show what to listen for on their behalf.
    """

    member: MemberId
    group: GroupId
    lines: Mapping[CardSlot, str]
    accepts_leads: bool = False
    named: bool = False
    listened_for: bool = False
    version: int = 0

    @property
    def is_written(self) -> bool:
        """Say whether it tells a referrer enough to judge a fit: what they do and for whom it is ideal."""
        return bool(self.lines.get(CardSlot.DOES) and self.lines.get(CardSlot.IDEAL))

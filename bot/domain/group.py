"""A networking group and the settings it chose, with the defaults."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.ids import ChannelId, GroupId, MemberId, WorkspaceId


class Order(StrEnum):
    """Who is asked first."""

    SEEKER_FIRST = "seeker_first"
    PROVIDER_FIRST = "provider_first"
    BOTH_AT_ONCE = "both_at_once"


class Reveal(StrEnum):
    """Whether the first question says who the other is."""

    NAMED = "named"
    ROLE_ONLY = "role_only"


class TallyMode(StrEnum):
    """How much the weekly post names."""

    OFF = "off"
    TOTALS = "totals"
    THANKS = "thanks"
    GIVERS = "givers"
    FULL = "full"


MAX_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Settings:
    """A group's choices. Changes bind later referrals only."""

    language: str = "en"
    time_zone: str = "UTC"
    order: Order = Order.SEEKER_FIRST
    reveal: Reveal = Reveal.NAMED
    window: timedelta = timedelta(days=3)
    urgent_window: timedelta = timedelta(hours=24)
    closed_pair: timedelta = timedelta(days=90)
    asks_per_week: int = 3
    started_per_day: int = 5
    open_at_once: int = 10
    newcomer_wait: timedelta = timedelta(hours=48)
    young_group: timedelta = timedelta(days=14)
    quiet_from: time = time(22)
    quiet_until: time = time(7)
    leads: bool = True
    seats: bool = False
    quotas: bool = False
    amounts: bool = False
    tally_mode: TallyMode = TallyMode.THANKS
    tally_weekday: int = 0
    tally_time: time = time(9)
    keep_drafts: timedelta = timedelta(days=30)
    keep_words: timedelta = timedelta(days=180)
    keep_receipts: timedelta = timedelta(days=730)

    def window_for(self, *, urgent: bool) -> timedelta:
        """Return how long one question stays open: at most 14 days."""
        return min(self.urgent_window if urgent else self.window, MAX_WINDOW)


@dataclass(frozen=True, slots=True)
class Group:
    """One networking group: one channel of one workspace."""

    id: GroupId
    workspace: WorkspaceId
    channel: ChannelId
    started_at: datetime
    started_by: MemberId
    organisers: frozenset[MemberId] = frozenset()
    settings: Settings = field(default_factory=Settings)
    version: int = 0

    def is_organiser(self, member: MemberId) -> bool:
        """Say whether this member looks after the group."""
        return member == self.started_by or member in self.organisers

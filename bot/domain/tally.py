"""The weekly tally: a pure function of the append-only log."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.events import Event
from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log, with the ISO week it was written in, in the group's zone."""

    week: str
    event: Event


@dataclass(frozen=True, slots=True)
class Given:
    """What one member brought about in a week."""

    introductions: int = 0
    recommendations: int = 0
    thanks: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """One group's week in numbers. `inside` and `outside` are the introductions given to members and to guests.

    `outcomes` hold good ones alone, and `worth` is the sum of the bands' lower bounds; both are empty with fewer than
    three contributors. `givers` and `thanked` are member keys: who of them is named is decided when it is shown.
    `corrections` count reversals of earlier weeks.
    """

    group: GroupId
    week: str
    introductions: int = 0
    inside: int = 0
    outside: int = 0
    recommendations: int = 0
    leads: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    worth: int = 0
    thanks: int = 0
    corrections: int = 0
    givers: Mapping[MemberId, Given] = field(default_factory=dict)
    thanked: tuple[ReferralId, ...] = ()

"""What this process read or saved last, each good for as long as the database still has that version of it.

A version is counted up by whatever changes a referral, a group or a member, so one look at it says whether all that was
read before still stands: three reads and the opening of sealed texts are spared (bench/README.md, ADR 0012).
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

from bot.domain.group import Group
from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.member import Member
from bot.domain.referral import Referral

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

MOST = 512
"""Of each sort: as much as is in motion in one process, a few megabytes."""

KEPT_FOR = 600.0
"""Seconds after which something is forgotten that nobody looked at: opened texts do not lie about for long."""


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """One thing as it was committed. `due` is when time next changes it."""

    value: T
    version: int
    due: datetime | None
    since: float


class Memory:
    """Remembers what was committed, and never what was not: a version that was rolled back may come again, other."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing yet."""
        self.referrals: dict[ReferralId, Known[Referral]] = {}
        self.groups: dict[GroupId, Known[Group]] = {}
        self.members: dict[MemberId, Known[Member]] = {}
        self._clock = clock
        self._lock = Lock()

    def keep(self, known: dict[K, Known[T]], key: K, value: T, version: int, due: datetime | None = None) -> None:
        """Remember one thing; the one that was remembered longest ago makes room."""
        with self._lock:
            known.pop(key, None)
            known[key] = Known(value, version, due, self._clock())
            if len(known) > MOST:
                del known[next(iter(known))]

    def fade(self) -> None:
        """Forget what was not read or saved again for a while."""
        with self._lock:
            before = self._clock() - KEPT_FOR
            _drop_older(self.referrals, before)
            _drop_older(self.groups, before)
            _drop_older(self.members, before)

    def clear(self) -> None:
        """Forget everything: somebody was erased, or rows went without a version."""
        with self._lock:
            self.referrals.clear()
            self.groups.clear()
            self.members.clear()


def _drop_older(known: dict[K, Known[T]], before: float) -> None:
    while known:
        oldest = next(iter(known))
        if known[oldest].since >= before:
            return
        del known[oldest]

"""A group over which the hours pass, and what is counted and queued for its channel."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.app import tallying
from bot.app.sweep import Sweeper
from bot.domain.effects import PostTally
from bot.domain.ids import GroupId, ReferralId
from bot.domain.local_time import iso_week
from bot.ports.rows import Claimed
from bot.ports.store import Transaction
from storage.store import SqlStore
from tests.adapters.clocks import StoppedClock
from tests.e2e.stories import Noted
from tests.factories import GROUP, NOW, an_event

HOUR, DAY, WEEK, FAR_OFF = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1), timedelta(days=5000)
DUE = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""The first Monday at nine after NOW: week 47 is closed."""

_numbers = count()


class Town:
    """A group, the hours that pass over it, and what was queued for its channel."""

    def __init__(self, store: SqlStore, at: datetime = NOW) -> None:
        self.store = store
        self.clock = StoppedClock(at)
        self.sweeper = Sweeper(store=store, clock=self.clock, telemetry=Noted())

    async def at(self, instant: datetime) -> None:
        """Sweep at an instant."""
        self.clock.at = instant
        await self.sweeper.sweep()

    async def weekly(self, until: datetime, step: timedelta = HOUR) -> None:
        """Let something happen and sweep, step by step."""
        while self.clock.at < until:
            await self.happens()
            await self.at(self.clock.at + step)

    async def happens(self, group: GroupId = GROUP) -> None:
        """Let an introduction be logged now."""
        now, number = self.clock.at, next(_numbers)
        event = an_event(group=group, referral=ReferralId(f"r{number}"))

        def work(tx: Transaction) -> None:
            zone = tx.groups.get(group).settings.time_zone
            tx.records.append([event], now, iso_week(now, zone))

        await self.store.run(work)

    async def choose(self, **changes: Any) -> None:  # noqa: ANN401 -- any setting
        """Let an organiser change settings."""

        def work(tx: Transaction) -> None:
            before = tx.groups.get(GROUP)
            after = replace(before, settings=replace(before.settings, **changes))
            tx.groups.save(after)
            tallying.settings_changed(tx, before, after, self.clock.at)

        await self.store.run(work)

    async def due(self) -> datetime:
        """Return when the next week is counted."""
        return await self.store.run(lambda tx: tallying.next_post(tx, tx.groups.get(GROUP), self.clock.at))

    async def frozen(self) -> list[tuple[int, str]]:
        """Return the weeks that were counted, oldest first."""
        found = await self.store.run(lambda tx: tx.tallies.last_weeks(GROUP, "9999", 500))
        return sorted((one.number, one.tally.week) for one in found)

    async def queued(self) -> list[Claimed]:
        """Return the posts that were queued."""
        return await self.store.run(_all_rows)

    async def posts(self) -> list[str]:
        """Return the weeks whose posts were queued, oldest first."""
        effects = [row.intent.effect for row in await self.queued()]
        return [effect.week for effect in effects if isinstance(effect, PostTally)]


def _all_rows(tx: Transaction) -> list[Claimed]:
    late = datetime(2100, 1, 1, tzinfo=UTC)
    found: list[Claimed] = []
    while rows := tx.outbox.claim(late, late + DAY, "look", 500):  # one of each lane at a time
        found += rows
        for row in rows:
            tx.outbox.settle(row, None, late)
    return found


def in_a_row(first: str, most: int) -> list[str]:
    """Return ISO weeks, one after the other."""
    year, number = (int(part) for part in first.split("-W"))
    monday = datetime.fromisocalendar(year, number, 1).replace(tzinfo=UTC)
    return [iso_week(monday + WEEK * ahead, "UTC") for ahead in range(most)]

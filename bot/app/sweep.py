"""Turns deadlines that have passed into commands, and forgets what is too old."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app import deciding, following, tallying
from bot.app.retention import LEFT_BEHIND, Forgotten, forget
from bot.domain import commands as c
from bot.domain.ask_commands import ElapseAsk
from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.ids import AskId, ReferralId
from bot.domain.outcome import ElapseFollowUp
from bot.ports.edges import Clock
from bot.ports.store import Store, Transaction
from bot.ports.telemetry import Telemetry

BATCH = 100


class Sweeper:
    """Does what time asks for. Any number may run at once; each thing happens once."""

    def __init__(
        self, *, store: Store, clock: Clock, telemetry: Telemetry, grace: timedelta = timedelta(days=30)
    ) -> None:
        """`grace` is for how long the data of a workspace that removed the bot is kept."""
        self._grace = grace
        self._store = store
        self._clock = clock
        self._telemetry = telemetry

    async def sweep(self) -> int:
        """Carry out every deadline and reminder that is due; return how many moved."""
        moved = 0
        while True:
            now = self._clock.now()
            referrals, asks, follow_ups = await self._store.run(lambda tx, now=now: _due(tx, now))  # type: ignore[misc]
            for referral in referrals:
                await self._elapse(referral, now)
            for ask in asks:
                await self._elapse_ask(ask, now)
            for introduced in follow_ups:
                await self._elapse_follow_up(introduced, now)
            moved += len(referrals) + len(asks) + len(follow_ups)
            if max(len(referrals), len(asks), len(follow_ups)) < BATCH:
                break
        await self._count_weeks()
        return moved

    async def _count_weeks(self) -> None:
        """Count the closed week of every group that is due, a few at a time, so that others get their turn."""
        now, queued, counted = self._clock.now(), 0, tallying.BATCH
        while counted:
            counted, queued = await self._store.run(lambda tx, before=queued: tallying.count_due(tx, now, before))  # type: ignore[misc]

    async def _elapse(self, referral: ReferralId, now: datetime) -> None:
        try:
            await self._store.run(lambda tx: deciding.change(tx, referral, c.Elapse(), now))
        except StaleWriteError:
            self._telemetry.event("sweep.overtaken", referral=referral)

    async def _elapse_ask(self, ask: AskId, now: datetime) -> None:
        try:
            await self._store.run(lambda tx: deciding.change_ask(tx, ask, ElapseAsk(), now))
        except StaleWriteError:
            self._telemetry.event("sweep.overtaken", ask=ask)

    async def _elapse_follow_up(self, referral: ReferralId, now: datetime) -> None:
        try:
            await self._store.run(lambda tx: following.follow(tx, referral, ElapseFollowUp(), now))
        except (NotFoundError, StaleWriteError):
            self._telemetry.event("sweep.overtaken", referral=referral)

    async def purge(self, *, dry_run: bool = False) -> Sequence[Forgotten]:
        """Forget what has been kept long enough, by each group's own settings, and workspaces that are long gone.

        Return what went; a dry run returns what would go.
        """
        gone = await forget(self._store, self._clock.now(), self._grace, dry_run=dry_run)
        if dry_run:
            return gone
        self._telemetry.event("purge.done", dropped=sum(one.count for one in gone))
        if any(one.what == LEFT_BEHIND for one in gone):
            await self._store.scrub()
        return gone

    async def measure(self) -> None:
        """Say how much waits."""
        now = self._clock.now()
        self._telemetry.depth(await self._store.run(lambda tx: tx.outbox.depth(now)), now)


def _due(tx: Transaction, now: datetime) -> tuple[list[ReferralId], list[AskId], list[ReferralId]]:
    return (
        list(tx.referrals.due(now, BATCH)),
        list(tx.asks.due(now, BATCH)),
        list(tx.follow_ups.due(now, BATCH)),
    )

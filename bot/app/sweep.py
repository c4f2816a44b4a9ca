"""Turns deadlines that have passed into commands, and forgets what is too old."""

from datetime import datetime, timedelta

from bot.app import deciding
from bot.app.leaving import forget_departed
from bot.domain import commands as c
from bot.domain.ask_commands import ElapseAsk
from bot.domain.errors import StaleWriteError
from bot.domain.ids import AskId, ReferralId
from bot.ports.edges import Clock
from bot.ports.store import Store, Transaction
from bot.ports.telemetry import Telemetry

BATCH = 100
KEEP_INBOX = timedelta(days=7)
KEEP_DELIVERED = timedelta(days=30)


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
        """Carry out every deadline and reminder that is due; return how many referrals and asks moved."""
        moved = 0
        while True:
            now = self._clock.now()
            referrals, asks = await self._store.run(lambda tx, now=now: _due(tx, now))  # type: ignore[misc]
            for referral in referrals:
                await self._elapse(referral, now)
            for ask in asks:
                await self._elapse_ask(ask, now)
            moved += len(referrals) + len(asks)
            if len(referrals) < BATCH and len(asks) < BATCH:
                return moved

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

    async def purge(self) -> None:
        """Forget what has been kept long enough, by each group's own settings, and workspaces that are long gone."""
        now = self._clock.now()
        dropped = await self._store.run(lambda tx: _purge(tx, now))
        left_behind = await forget_departed(self._store, now, self._grace)
        self._telemetry.event("purge.done", dropped=dropped + left_behind)
        if left_behind:
            await self._store.scrub()

    async def measure(self) -> None:
        """Say how much waits."""
        now = self._clock.now()
        self._telemetry.depth(await self._store.run(lambda tx: tx.outbox.depth(now)), now)


def _due(tx: Transaction, now: datetime) -> tuple[list[ReferralId], list[AskId]]:
    return list(tx.referrals.due(now, BATCH)), list(tx.asks.due(now, BATCH))


def _purge(tx: Transaction, now: datetime) -> int:
    dropped = tx.inbox.forget_before(now - KEEP_INBOX) + tx.outbox.forget_before(now - KEEP_DELIVERED)
    dropped += tx.installations.forget_states(now)
    for group in tx.groups.all():
        kept = group.settings
        dropped += tx.upkeep.forget_drafts(group.id, now - kept.keep_drafts)
        dropped += tx.upkeep.forget_words(group.id, now - kept.keep_words)
        dropped += tx.upkeep.forget_receipt_texts(group.id, now - kept.keep_receipts)
    return dropped

"""Stores that do what the floor's prototype did: create a referral with the first command, queue three rows of it."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.domain import effects as e
from bot.domain.referral import Referral
from bot.ports.rows import Intent
from bot.ports.store import Outbox, Store, Transaction

T = TypeVar("T")

CREATES: ContextVar[Referral | None] = ContextVar("creates", default=None)
"""The referral that the command which is being handled creates."""


@dataclass(frozen=True, slots=True)
class Creating:
    """A Store like the one inside, whose next transaction of a command creates a referral first."""

    store: Store

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run the work, after creating what is to be created."""
        referral = CREATES.get()
        if referral is None:
            return await self.store.run(work)
        CREATES.set(None)

        def creating(tx: Transaction) -> T:
            tx.referrals.add(referral)
            return work(tx)

        return await self.store.run(creating)

    async def scrub(self) -> None:
        """Scrub the store inside."""
        await self.store.scrub()

    async def close(self) -> None:
        """Close the store inside."""
        await self.store.close()


@dataclass(frozen=True, slots=True)
class OnlyThree:
    """A Store like the one inside, whose outbox takes no edits and no notices."""

    store: Store

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run the work."""

        def narrowed(tx: Transaction) -> T:
            tx.outbox = _Narrow(tx.outbox)
            return work(tx)

        return await self.store.run(narrowed)

    async def scrub(self) -> None:
        """Scrub the store inside."""
        await self.store.scrub()

    async def close(self) -> None:
        """Close the store inside."""
        await self.store.close()


class _Narrow:
    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def add(self, intents: Sequence[Intent], now: datetime) -> None:
        kept = [one for one in intents if isinstance(one.effect, e.SendPrompt | e.PostIntroduction)]
        if kept:
            self._outbox.add(kept, now)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else as it is
        return getattr(self._outbox, name)

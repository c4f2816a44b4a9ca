"""A store that queues of each referral only the two questions and the introduction, as the floor's prototype did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.domain import effects as e
from bot.ports.rows import Intent
from bot.ports.store import Outbox, Store, Transaction

T = TypeVar("T")


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

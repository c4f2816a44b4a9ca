"""Remembers for a while what a platform told of people, and asks it about those of whom nothing fresh is known."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar
from weakref import WeakValueDictionary

from adapters.keeping import Lately
from adapters.reading import NotUnderstoodError
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock
from bot.ports.gateway import DeliveryError

FRESH: Final = timedelta(minutes=5)
STALE: Final = timedelta(days=1)
"""For so long somebody is shown as last seen while the platform does not say."""
MOST_PEOPLE: Final = 20_000
WITHIN: Final = 1.5
"""Seconds for all who are asked for together: a click has three, and the rest of it wants some."""
REST: Final = 5.0
"""For so many seconds nobody is asked about where the platform was silent, so that one click waits for it once."""

Found = TypeVar("Found")
_Key = tuple[WorkspaceId, UserId]


@dataclass(frozen=True, slots=True)
class _Known(Generic[Found]):
    found: Found
    at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How many are asked about at once, and how many seconds all of them may take together."""

    at_once: int
    within: float = WITHIN


class Acquaintances(Generic[Found]):
    """What was found out about people, each asked about once at a time."""

    def __init__(self, ask: Callable[[WorkspaceId, UserId], Awaitable[Found]], clock: Clock, pace: Pace) -> None:
        """`ask` finds out about one person; where it raises DeliveryError or NotUnderstoodError, nothing is known."""
        self._ask = ask
        self._clock = clock
        self._pace = pace
        self._known: Lately[_Key, _Known[Found]] = Lately(MOST_PEOPLE)
        self._asking: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()
        self._silent_until: dict[WorkspaceId, float] = {}

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Found]:
        """Return what is known of these people, asking where it is not fresh, for as long as there is time."""
        wanted = tuple(dict.fromkeys(users))
        await self._ask_for(workspace, wanted)
        lately = {user: self._lately((workspace, user)) for user in wanted}
        return {user: known.found for user, known in lately.items() if known}

    def keep(self, workspace: WorkspaceId, user: UserId, found: Found) -> None:
        """Note what was learned by the way: nobody has to be asked now."""
        self._known.keep((workspace, user), _Known(found, self._clock.now()))

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Ask again about this person, or about everybody there."""
        for key in self._known.keys_where(lambda key: key[0] == workspace and user in (None, key[1])):
            self._known.drop(key)

    async def _ask_for(self, workspace: WorkspaceId, users: Iterable[UserId]) -> None:
        missing = [user for user in users if not self._is_fresh((workspace, user))]
        loop = asyncio.get_running_loop()
        if not missing or self._silent_until.get(workspace, 0.0) > loop.time():
            return
        lines = asyncio.Semaphore(self._pace.at_once)
        try:
            async with asyncio.timeout(self._pace.within), asyncio.TaskGroup() as tasks:
                for user in missing:
                    tasks.create_task(self._find_out((workspace, user), lines))
        except TimeoutError:
            self._silent_until[workspace] = loop.time() + REST
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def _find_out(self, key: _Key, lines: asyncio.Semaphore) -> None:
        """Ask about one person; whoever asks meanwhile waits for the same answer."""
        async with self._asking.setdefault(key, asyncio.Lock()), lines:
            if not self._is_fresh(key):
                with suppress(DeliveryError, NotUnderstoodError):
                    self.keep(*key, await self._ask(*key))

    def _is_fresh(self, key: _Key) -> bool:
        known = self._known.get(key)
        return known is not None and self._clock.now() < known.at + FRESH

    def _lately(self, key: _Key) -> _Known[Found] | None:
        known = self._known.get(key)
        return known if known and self._clock.now() < known.at + STALE else None

"""Lets rounds of deliveries begin one after the other, and the next one also while a slow one still runs."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from bot.ports.telemetry import Telemetry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pace:
    """How rounds follow each other.

    A look is taken by oneself after `poll`. A round that takes longer than `patience` is left to itself, and so many of
    them may be under way `at_once`.
    """

    poll: timedelta = timedelta(seconds=1)
    patience: timedelta = timedelta(milliseconds=50)
    at_once: int = 16


class Rounds(Generic[T]):
    """One slow row (a picture to be drawn and sent, a platform that takes its time) keeps nobody else waiting."""

    def __init__(
        self,
        claim: Callable[[], Awaitable[Sequence[T]]],
        carry: Callable[[Sequence[T]], Awaitable[None]],
        pace: Pace,
        telemetry: Telemetry,
    ) -> None:
        """A round is what `claim` takes at once, and to `carry` all of it."""
        self._claim = claim
        self._carry = carry
        self._pace = pace
        self._telemetry = telemetry
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Say that something may be due."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until told to stop (and woken); rounds that are under way are finished, and none is begun."""
        under_way: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as tasks:
            while not stop.is_set():
                self._woken.clear()
                if claimed := await self._claimed():
                    one = tasks.create_task(self._carried(claimed))
                    under_way.add(one)
                    one.add_done_callback(under_way.discard)
                    await self._wait_for(one, under_way)
                else:
                    await self._rest()

    async def _wait_for(self, one: asyncio.Task[None], under_way: set[asyncio.Task[None]]) -> None:
        """Wait for a round, but not for long unless there are too many."""
        await asyncio.wait({one}, timeout=self._pace.patience.total_seconds())
        if len(under_way) >= self._pace.at_once:
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)

    async def _claimed(self) -> Sequence[T]:
        try:
            return await self._claim()
        except Exception as broken:  # noqa: BLE001 -- the courier's edge: it outlives a database that is away
            self._telemetry.event("courier.round_failed", error=type(broken).__name__)
            return ()

    async def _carried(self, claimed: Sequence[T]) -> None:
        """Carry a round, and look again: what was behind its rows in their lanes may go now."""
        await self._carry(claimed)
        self._woken.set()

    async def _rest(self) -> None:
        """Wait for a commit's nudge, or look by oneself after a while: another replica's rows make no noise here."""
        try:
            async with asyncio.timeout(self._pace.poll.total_seconds()):
                await self._woken.wait()
        except TimeoutError:
            return

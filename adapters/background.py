"""What goes on after an answer was given: in one group of tasks, which ends when all of it is done."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from adapters.telemetry import where
from bot.ports.telemetry import Telemetry

Work = Callable[[], Awaitable[None]]

IN_HAND: Final = 5.0
"""Seconds that what has been begun may take when the bot stops."""


class Background:
    """Does things one does not wait for. What fails there is noted, and disturbs nothing else."""

    def __init__(self, telemetry: Telemetry) -> None:
        """Keep what is begun before `run` until then."""
        self._telemetry = telemetry
        self._tasks: asyncio.TaskGroup | None = None
        self._early: list[tuple[str, Work]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def start(self, name: str, work: Work) -> None:
        """Begin it; `name` is what is noted if it fails."""
        if self._tasks is None:
            self._early.append((name, work))
        else:
            self._begin(name, work, self._tasks)

    def begun(self) -> None:
        """Count something in hand that is not one of these tasks, such as a request."""
        self._busy += 1
        self._idle.clear()

    def ended(self) -> None:
        """Count it out again."""
        self._busy -= 1
        if not self._busy:
            self._idle.set()

    async def settled(self) -> None:
        """Wait until nothing is in hand."""
        await self._idle.wait()

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is begun until told to stop; then end what is in hand, within IN_HAND."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            for name, work in self._early:
                self._begin(name, work, tasks)
            self._early.clear()
            await stop.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(IN_HAND):
                    await self._idle.wait()
            self._tasks = None
            for task in self._running:
                task.cancel()

    def _begin(self, name: str, work: Work, tasks: asyncio.TaskGroup) -> None:
        self.begun()
        task = tasks.create_task(self._done(name, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _done(self, name: str, work: Work) -> None:
        try:
            await work()
        except Exception as broken:  # noqa: BLE001 -- an edge: nobody waits for this any more
            self._telemetry.event("background.left_undone", what=name, error=where(broken))
        finally:
            self.ended()

"""APScheduler as a metronome: it wakes the code, which finds out from the database what is due."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.ports.edges import Clock, Wake

PURGE_EVERY = timedelta(days=1)


class Ticker:
    """Calls `sweep` every so often and `purge` daily, both at once when it starts, on the running event loop.

    Ticks that were missed, because the machine slept or the loop was busy, come as one tick.
    """

    def __init__(self, clock: Clock, *, sweep: Wake, every: timedelta, purge: Wake) -> None:
        """Get ready; nothing ticks before it starts."""
        # A zone of its own, or APScheduler asks the machine for one; everything of ours is UTC.
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for name, wake, pause in (("sweep", sweep, every), ("purge", purge, PURGE_EVERY)):
            self._scheduler.add_job(
                _on_the_loop(wake),
                _Every(pause),
                id=name,
                next_run_time=clock.now(),
                coalesce=True,
                misfire_grace_time=None,
                max_instances=1,
            )

    def __enter__(self) -> Self:
        """Start; an event loop must be running."""
        self._scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop for good."""
        self._scheduler.shutdown(wait=False)

    def jobs(self) -> list[Job]:
        """Return what ticks, for tests."""
        jobs: list[Job] = self._scheduler.get_jobs()
        return jobs


class _Every(BaseTrigger):  # type: ignore[misc] # APScheduler publishes no types
    """Fires so long after it last looked.

    IntervalTrigger counts every interval that went by, one by one: a machine that boots in 1970 and then learns the
    time would stand still for minutes.
    """

    def __init__(self, pause: timedelta) -> None:
        self.pause = pause

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + self.pause


def _on_the_loop(wake: Wake) -> Callable[[], Awaitable[None]]:
    """Make a coroutine function of it: APScheduler runs plain functions in threads, where no event may be set."""

    async def tick() -> None:
        wake()

    return tick

"""Clocks that can be moved, and ids that count, so that a story is the same every time."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.ports.edges import Clock

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""A Monday morning on which every story starts."""


class Movable(Protocol):
    """A Clock whose time goes on at once when it is told to."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""

    def move_to(self, instant: datetime) -> None:
        """Go on to an instant."""


class StoryClock:
    """The story's own time. It only goes forward."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the instant the story has come to, aware, in UTC."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Go on to an instant. Raises ValueError for one that lies behind."""
        if instant < self._now:
            raise ValueError(f"the story is at {self._now} and cannot go back to {instant}")
        self._now = instant.astimezone(UTC)


class RoomClock:
    """The machine's time with a lead that only grows; it can be stopped, and then goes on from where it stood."""

    def __init__(self, real: Clock) -> None:
        """Show the machine's time until it is moved."""
        self._real = real
        self._ahead = timedelta()
        self._stopped: datetime | None = None

    def now(self) -> datetime:
        """Return the room's instant, aware, in UTC."""
        return self._stopped or self._real.now() + self._ahead

    @property
    def is_stopped(self) -> bool:
        """Say whether it stands still."""
        return self._stopped is not None

    def move_to(self, instant: datetime) -> None:
        """Go on to an instant; one that lies behind changes nothing."""
        if instant <= self.now():
            return
        if self._stopped is None:
            self._ahead = instant - self._real.now()
        else:
            self._stopped = instant.astimezone(UTC)

    def stop(self) -> None:
        """Stand still."""
        self._stopped = self.now()

    def go_on(self) -> None:
        """Go on from where it stands."""
        if self._stopped is not None:
            self._ahead, self._stopped = self._stopped - self._real.now(), None

    def state(self) -> str:
        """Return where it is, for `restore`."""
        stopped = self._stopped.isoformat() if self._stopped else ""
        return f"{self._ahead.total_seconds()} {stopped}"

    def restore(self, state: str) -> None:
        """Be where it was."""
        ahead, _, stopped = state.partition(" ")
        self._ahead = timedelta(seconds=float(ahead or 0))
        self._stopped = datetime.fromisoformat(stopped) if stopped else None


class CountedIds:
    """Ids that anybody can guess: for stories and tests, where every run has to be the same."""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._made = 0

    def new(self) -> str:
        """Return the next one, such as `id-0001`."""
        self._made += 1
        return f"{self._prefix}-{self._made:04d}"

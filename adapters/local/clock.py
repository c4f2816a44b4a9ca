"""A clock that stands still until it is moved, and ids that count, so that a story is the same every time."""

from datetime import UTC, datetime

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""A Monday morning on which every story starts."""


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


class CountedIds:
    """Ids that anybody can guess: for stories and tests, where every run has to be the same."""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._made = 0

    def new(self) -> str:
        """Return the next one, such as `id-0001`."""
        self._made += 1
        return f"{self._prefix}-{self._made:04d}"

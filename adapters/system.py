"""The machine's clock and its randomness: the only places that ask for the time or invent an id."""

import secrets
from datetime import UTC, datetime


class SystemClock:
    """A Clock that tells the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIds:
    """Ids of 96 random bits, in 16 characters."""

    def new(self) -> str:
        """Return a fresh one that no command line takes for an option."""
        while (made := secrets.token_urlsafe(12)).startswith("-"):
            pass
        return made

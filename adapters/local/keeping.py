"""Where a room writes down what happens to it."""

from typing import Protocol

from adapters.local.happening import Happening


class Journal(Protocol):
    """Keeps what happens, so that a room outlives its process."""

    def write(self, happening: Happening) -> None:
        """Take it in; it is safe when `kept` has returned."""

    async def kept(self) -> None:
        """Wait until everything written so far is on the disk. Raises OSError."""


class NoJournal:
    """Keeps nothing."""

    def write(self, happening: Happening) -> None:
        del happening

    async def kept(self) -> None:
        return

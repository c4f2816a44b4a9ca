"""Lets a test wait until something has become true in the world, and no longer."""

import asyncio
from collections.abc import Callable


class TooLateError(AssertionError):
    """It did not come true in time."""


class Pulse:
    """Beats at each change; those who wait look again at each beat."""

    def __init__(self) -> None:
        self._beat = asyncio.Event()

    def beat(self) -> None:
        """Say that something changed."""
        self._beat.set()
        self._beat = asyncio.Event()

    async def until(self, is_so: Callable[[], object], patience: float = 10.0) -> None:
        """Return as soon as it is so. Raises TooLateError after `patience` seconds of real time."""
        try:
            async with asyncio.timeout(patience):
                while not is_so():
                    await self._beat.wait()
        except TimeoutError:
            raise TooLateError(f"it was not so after {patience} s") from None

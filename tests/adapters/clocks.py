"""Clocks for tests."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class StoppedClock:
    """A Clock that tells what it was set to."""

    at: datetime

    def now(self) -> datetime:
        return self.at

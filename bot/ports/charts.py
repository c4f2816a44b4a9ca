"""Pictures of numbers."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Bar:
    """One number with what it is called."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from left to right, the last of which is the one spoken of. `alt` says the numbers."""

    title: str
    bars: tuple[Bar, ...]
    alt: str


class Charts(Protocol):
    """Draws. tests/adapters/chart holds it."""

    async def draw(self, chart: Chart) -> bytes:
        """Return a PNG, legible on light and on dark: the same bytes for the same chart."""

    def close(self) -> None:
        """Let go of what drawing takes."""

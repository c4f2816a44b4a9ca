"""What a benchmark finds: figures with their repeats, and how each stands against its target and its gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median, quantiles

RATIO = "×"


class Verdict(StrEnum):
    """How a figure stands. Only FAILED makes the run fail."""

    MET = "met"
    WITHIN = "within the gate"
    FAILED = "FAILED"
    TOLD = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure should reach, and what it must not pass; `at_least` when more is better."""

    target: float
    gate: float
    at_least: bool = False

    def judge(self, value: float) -> Verdict:
        """Return how this value stands."""
        if self._reaches(value, self.target):
            return Verdict.MET
        return Verdict.WITHIN if self._reaches(value, self.gate) else Verdict.FAILED

    def _reaches(self, value: float, limit: float) -> bool:
        return value >= limit if self.at_least else value <= limit

    def words(self, limit: float) -> str:
        """Return a limit of this bound as people write it."""
        return f"{'≥' if self.at_least else '≤'} {number(limit)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured, once for each repeat. What counts is the median."""

    name: str
    values: tuple[float, ...]
    unit: str = RATIO
    bound: Bound | None = None

    @property
    def value(self) -> float:
        """Return the median of the repeats."""
        return median(self.values)

    @property
    def verdict(self) -> Verdict:
        """Return how it stands against its bound."""
        return self.bound.judge(self.value) if self.bound else Verdict.TOLD

    @property
    def cells(self) -> tuple[str, str, str, str, str, str]:
        """Return its line of the table: name, figure, spread, target, gate, verdict."""
        spread = f"{number(min(self.values))} to {number(max(self.values))}" if len(self.values) > 1 else ""
        limits = (self.bound.words(self.bound.target), self.bound.words(self.bound.gate)) if self.bound else ("", "")
        return (self.name, f"{number(self.value)} {self.unit}".rstrip(), spread, *limits, self.verdict)


HEADINGS = ("figure", "measured", "lowest to highest", "target", "gate", "result")


def number(value: float) -> str:
    """Return a number with as many digits as mean anything."""
    if value == int(value) and value < 1000:
        return str(int(value))
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def percentile(samples: Sequence[float], percent: int) -> float:
    """Return a percentile from 1 to 99."""
    return quantiles(samples, n=100, method="inclusive")[percent - 1]


def ratios(above: Sequence[float], below: Sequence[float]) -> tuple[float, ...]:
    """Return the ratio of each repeat to the floor of the same repeat."""
    return tuple(a / b for a, b in zip(above, below, strict=True))

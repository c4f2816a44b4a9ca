"""One run of the benchmark: how often and how much, on which databases, with a progress bar for what takes long."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import uvloop
from rich.progress import Progress

from bench.databases import Databases
from bench.figures import Figure

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """What every row is given."""

    databases: Databases
    progress: Progress
    repeats: int = 5
    quick: bool = False

    def size(self, full: int, quick: int) -> int:
        """Return how much to do."""
        return quick if self.quick else full

    def each(self, things: Sequence[T], doing: str) -> Iterator[T]:
        """Go through things with a progress bar."""
        task = self.progress.add_task(doing, total=len(things))
        for thing in things:
            yield thing
            self.progress.advance(task)

    def repeated(self, doing: str, parts: Iterable[tuple[str, Callable[[], T]]]) -> dict[str, list[T]]:
        """Do every part once in each repeat, one after the other, and return what each part gave."""
        parts = tuple(parts)
        found: dict[str, list[T]] = {name: [] for name, _ in parts}
        for name, do in self.each(parts * self.repeats, doing):
            found[name].append(do())
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to measure. `how` says in the report what was done."""

    name: str
    title: str
    how: str
    measure: Callable[[Run], list[Figure]]


def on_a_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run on the event loop that `serve` uses."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)

"""The places at which a process may die: around every statement, commit, piece of work and send."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect

from bot.ports.store import Store, Transaction

T = TypeVar("T")
LAST_BREATH = 0.003
"""Seconds in which other threads go on, as they may: what one of them says too early shall be on record."""

OPENING = -1
"""The step before the first one: opening the database."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """The nth place passed during one step of a story, counted from 0."""

    step: int
    nth: int


class Points:
    """Counts the places a process passes, and kills it at one of them.

    Which places are passed may differ a little from run to run (SQLite groups the commits of work that waits), so a
    step that ends before its nth place was reached ends with the kill.
    """

    def __init__(self, target: Point | None = None) -> None:
        self.passed: list[tuple[Point, str]] = []
        self._target = target
        self._here = Point(OPENING, 0)
        self._asleep = False
        self._lock = Lock()

    def hit(self, label: str) -> None:
        """Pass one place, or die there."""
        with self._lock:
            if self._asleep:
                return
            self._asleep = dies = self._here == self._target
            self.passed.append((self._here, label))
            self._here = Point(self._here.step, self._here.nth + 1)
        if dies:
            time.sleep(LAST_BREATH)
            _die()

    def enter(self, step: int) -> None:
        """End one step and begin another."""
        with self._lock:
            if self._target and step > self._target.step:
                _die()
            self._here = Point(step, 0)

    def sleep(self) -> None:
        """Count nothing more."""
        with self._lock:
            self._asleep = True

    def wake(self) -> None:
        """Go on counting."""
        with self._lock:
            self._asleep = False


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def watch(points: Points) -> None:
    """Put places around every statement and commit of this process, for good."""

    def before(_c: Connection, _cursor: Any, statement: str, _p: Any, _context: Any, _m: bool) -> None:  # noqa: ANN401, FBT001
        points.hit(f"before {shortened(statement)}")

    def after(_c: Connection, _cursor: Any, statement: str, _p: Any, _context: Any, _m: bool) -> None:  # noqa: ANN401, FBT001
        points.hit(f"after {shortened(statement)}")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    _watch_commits(points)


def _watch_commits(points: Points) -> None:
    commit = DefaultDialect.do_commit

    def watched(dialect: DefaultDialect, connection: Any) -> None:  # noqa: ANN401 -- either driver's
        points.hit("before COMMIT")
        commit(dialect, connection)  # type: ignore[no-untyped-call]
        points.hit("after COMMIT")

    DefaultDialect.do_commit = watched  # type: ignore[method-assign]


def shortened(statement: str) -> str:
    """Return a statement's first words, which say enough to find it."""
    return " ".join(statement.split())[:60]


class WatchedStore:
    """A store with places before and after each piece of work: the claim, the load, the settling."""

    def __init__(self, store: Store, points: Points) -> None:
        self._store = store
        self._points = points

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run the work between two places."""
        name = work.__qualname__.partition(".<locals>")[0]
        self._points.hit(f"before work of {name}")
        result = await self._store.run(work)
        self._points.hit(f"after work of {name}")
        return result

    async def scrub(self) -> None:
        """Scrub between two places."""
        self._points.hit("before scrub")
        await self._store.scrub()
        self._points.hit("after scrub")

    async def close(self) -> None:
        """Close without a place: nothing is open any more."""
        await self._store.close()

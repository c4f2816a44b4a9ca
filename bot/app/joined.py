"""The same work for many rows in one transaction, and apart when that fails: none suffers for another."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError
from bot.ports.store import Store, Transaction

A = TypeVar("A")
R = TypeVar("R")

MOST = 8
"""Rows in one transaction: what each costs by itself is small by then, and nobody else waits for long."""


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


@dataclass(frozen=True, slots=True)
class _Asked(Generic[A, R]):
    item: A
    waiting: "asyncio.Future[R]"


class Joined(Generic[A, R]):
    """Does `work` for an item, in one transaction with whoever else asks in the same turn of the event loop.

    Nobody waits for more than that turn. A transaction that fails is undone whole, and each item tried in one of its
    own. Items go in the order of `order`, which should be that of what they lock, so that no two wait for each other.
    """

    def __init__(self, store: Store, work: Callable[[Transaction, A], R], *, order: Callable[[A], str]) -> None:
        self._store = store
        self._work = work
        self._order = order
        self._open: list[_Asked[A, R]] = []

    async def do(self, item: A) -> R:
        """Return what the work returns for this item, when it is committed; raise what it raises for it alone."""
        asked: _Asked[A, R] = _Asked(item, asyncio.get_running_loop().create_future())
        group = self._open
        group.append(asked)
        if len(group) == MOST:
            self._open = []
        if group[0] is asked:
            await self._lead(group)
        return await asked.waiting

    async def _lead(self, group: list[_Asked[A, R]]) -> None:
        """Be the one who was first: let others join, then do the work of all."""
        try:
            await asyncio.sleep(0)
            if self._open is group:
                self._open = []
            group.sort(key=lambda asked: self._order(asked.item))
            outcomes = await self._together(group) if len(group) > 1 else None
            for place, asked in enumerate(group):
                _tell(asked, outcomes[place] if outcomes else await self._alone(asked.item))
        except BaseException:
            if self._open is group:
                self._open = []
            for asked in group:
                asked.waiting.cancel()
            raise

    async def _together(self, group: list[_Asked[A, R]]) -> list[R | _Failed] | None:
        """Do it in one transaction, or say by None that nothing was done."""
        try:
            return await self._store.run(lambda tx: [self._outcome(tx, asked.item) for asked in group])
        except Exception:  # noqa: BLE001 - whose fault it was shows when each is tried alone
            return None

    def _outcome(self, tx: Transaction, item: A) -> R | _Failed:
        try:
            return self._work(tx, item)
        except (DeliveryDelayedError, DeliveryRefusedError) as error:  # said before anything was written
            return _Failed(error)

    async def _alone(self, item: A) -> R | _Failed:
        try:
            return await self._store.run(lambda tx: self._work(tx, item))
        except Exception as error:  # noqa: BLE001 - it reaches whoever asked
            return _Failed(error)


def _tell(asked: _Asked[A, R], outcome: R | _Failed) -> None:
    if asked.waiting.done():
        return
    if isinstance(outcome, _Failed):
        asked.waiting.set_exception(outcome.error)
    else:
        asked.waiting.set_result(outcome)

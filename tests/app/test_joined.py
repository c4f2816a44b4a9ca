"""Work that is joined in one transaction: together when all goes well, apart when one fails."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from bot.app.joined import MOST, Joined
from bot.ports.gateway import DeliveryRefusedError, Refusal
from bot.ports.store import Transaction

T = TypeVar("T")


class CountingStore:
    """Runs work on nothing, and counts the transactions; `gate` holds them up, `entered` says that one is there."""

    def __init__(self) -> None:
        self.began = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered: asyncio.Queue[None] = asyncio.Queue()

    async def run(self, work: Callable[[Any], T]) -> T:
        self.began += 1
        self.entered.put_nowait(None)
        await self.gate.wait()
        return work(None)

    async def scrub(self) -> None:
        """Nothing to scrub."""

    async def close(self) -> None:
        """Nothing to close."""


def doubled(_tx: Transaction, item: int) -> int:
    if item == 13:
        raise ValueError(item)
    if item == 14:
        raise DeliveryRefusedError(Refusal.FOR_OPERATOR)
    return 2 * item


def joined(store: CountingStore) -> Joined[int, int]:
    return Joined(store, doubled, order=str)


async def each(work: Joined[int, int], *items: int) -> list[int | BaseException]:
    return await asyncio.gather(*map(work.do, items), return_exceptions=True)


async def test_what_is_asked_in_one_turn_is_one_transaction() -> None:
    store = CountingStore()

    answers = await each(joined(store), 3, 1, 2)

    assert (answers, store.began) == ([6, 2, 4], 1)


async def test_many_are_several_transactions() -> None:
    store = CountingStore()

    answers = await each(joined(store), *range(20, 20 + MOST // 2), *range(40, 40 + MOST))

    assert len(answers) == MOST + MOST // 2
    assert store.began >= 2


async def test_one_that_fails_is_undone_with_all_and_each_is_tried_alone() -> None:
    store = CountingStore()

    answers = await each(joined(store), 1, 13, 2)

    assert (answers[0], answers[2]) == (2, 4)
    assert isinstance(answers[1], ValueError)
    assert store.began == 1 + 3


async def test_a_refusal_that_wrote_nothing_undoes_nothing() -> None:
    store = CountingStore()

    answers = await each(joined(store), 1, 14, 2)

    assert (answers[0], answers[2], store.began) == (2, 4, 1)
    assert isinstance(answers[1], DeliveryRefusedError)


async def test_whoever_asks_later_does_not_wait_for_those_before() -> None:
    store = CountingStore()
    work = joined(store)
    store.gate.clear()

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        held = group.create_task(work.do(1))
        await store.entered.get()
        later = group.create_task(work.do(2))
        await store.entered.get()
        store.gate.set()

    assert (held.result(), later.result()) == (2, 4)


async def test_nobody_waits_for_ever_when_the_one_who_was_first_is_cancelled() -> None:
    store = CountingStore()
    work = joined(store)
    store.gate.clear()

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        tasks = [group.create_task(work.do(item)) for item in (1, 2)]
        await store.entered.get()
        tasks[0].cancel()

    assert [task.cancelled() for task in tasks] == [True, True]


@pytest.mark.parametrize("item", [13, 14])
async def test_one_alone_hears_its_own_failure(item: int) -> None:
    with pytest.raises((ValueError, DeliveryRefusedError)):
        await joined(CountingStore()).do(item)

"""What every Runner promises, on both databases."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Event, Thread

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from storage.errors import StoreClosedError
from storage.runner import Runner, open_runner

NOTES = Table("notes", MetaData(), Column("id", Integer, primary_key=True, autoincrement=False), Column("words", Text))
ADD = insert(NOTES).values(id=bindparam("note"), words=bindparam("words"))
COUNT = select(func.count()).select_from(NOTES)
Work = Callable[[Connection], int]


class RefusedError(Exception):
    """What a piece of work raises on purpose."""


def adding(note: int, words: str = "") -> Work:
    def work(connection: Connection) -> int:
        connection.execute(ADD, {"note": note, "words": words})
        return note

    return work


def adding_then_refusing(note: int) -> Work:
    def work(connection: Connection) -> int:
        connection.execute(ADD, {"note": note, "words": ""})
        raise RefusedError(note)

    return work


def notes(connection: Connection) -> list[int]:
    return list(connection.scalars(select(NOTES.c.id).order_by(NOTES.c.id)))


@pytest.fixture(autouse=True)
def table(runner: Runner) -> None:
    runner.run_now(NOTES.metadata.create_all)


class Gate:
    """Work that stays in the middle of its transaction until it is let go."""

    def __init__(self) -> None:
        self.entered = Event()
        self.opened = Event()

    def __call__(self, _connection: Connection) -> int:
        self.entered.set()
        assert self.opened.wait(10)
        return -1


async def test_work_that_returns_is_saved_and_its_result_handed_back(runner: Runner) -> None:
    result = await runner.run(adding(1))

    assert (result, await runner.run(notes)) == (1, [1])


async def test_work_that_raises_leaves_nothing_behind_and_its_error_reaches_the_caller(runner: Runner) -> None:
    with pytest.raises(RefusedError):
        await runner.run(adding_then_refusing(1))

    assert await runner.run(notes) == []


def test_the_command_line_may_wait_for_work_without_an_event_loop(runner: Runner) -> None:
    result = runner.run_now(adding(1))

    assert (result, runner.run_now(notes)) == (1, [1])


def test_the_command_line_gets_the_error_its_work_raised(runner: Runner) -> None:
    with pytest.raises(RefusedError):
        runner.run_now(adding_then_refusing(1))

    assert runner.run_now(notes) == []


async def test_sixteen_pieces_of_work_at_once_keep_each_others_failures_apart(runner: Runner) -> None:
    works = [adding(n) if n % 3 else adding_then_refusing(n) for n in range(16)]

    results = await asyncio.gather(*map(runner.run, works), return_exceptions=True)

    good = [n for n in range(16) if n % 3]
    assert [r for r in results if isinstance(r, int)] == good
    assert [r.args for r in results if isinstance(r, RefusedError)] == [(n,) for n in range(0, 16, 3)]
    assert await runner.run(notes) == good


async def test_work_that_waited_together_keeps_its_failures_apart(runner: Runner) -> None:
    gates = [Gate() for _ in range(4)]  # as many as may run at once, so that everything else has to wait
    held = [runner.submit(gate) for gate in gates]
    gates[0].entered.wait(10)
    waiting = [runner.submit(adding(n) if n % 2 else adding_then_refusing(n)) for n in range(70)]

    for gate in gates:
        gate.opened.set()

    outcomes = [future.exception(10) for future in (*held, *waiting)][4:]
    assert [n for n, outcome in enumerate(outcomes) if outcome is None] == list(range(1, 70, 2))
    assert await runner.run(notes) == list(range(1, 70, 2))


async def test_a_broken_rule_of_the_database_reaches_only_the_one_who_broke_it(runner: Runner) -> None:
    await runner.run(adding(5))

    results = await asyncio.gather(*(runner.run(adding(n)) for n in range(16)), return_exceptions=True)

    assert [n for n, result in enumerate(results) if isinstance(result, IntegrityError)] == [5]
    assert await runner.run(notes) == list(range(16))


async def test_what_a_database_error_says_holds_nothing_that_was_to_be_saved(runner: Runner) -> None:
    await runner.run(adding(1))

    with pytest.raises(IntegrityError) as caught:
        await runner.run(adding(1, "what nobody may read"))

    assert "what nobody may read" not in str(caught.value)


async def test_an_answer_is_there_only_when_another_process_can_read_what_was_saved(
    runner: Runner, database_url: str
) -> None:
    other = open_runner(database_url)

    seen = [(await runner.run(adding(n)), other.run_now(notes)) for n in range(3)]

    other.close()
    assert seen == [(0, [0]), (1, [0, 1]), (2, [0, 1, 2])]


async def test_nobody_is_answered_while_the_transaction_is_open(runner: Runner) -> None:
    gate = Gate()
    future = runner.submit(gate)

    gate.entered.wait(10)
    answered_early = future.done()
    gate.opened.set()

    assert (answered_early, await asyncio.wrap_future(future)) == (False, -1)


async def test_a_caller_cancelled_while_its_work_runs_disturbs_nobody(runner: Runner) -> None:
    gate = Gate()
    async with asyncio.TaskGroup() as group:
        cancelled = group.create_task(runner.run(gate))
        await asyncio.to_thread(gate.entered.wait, 10)

        cancelled.cancel()
        gate.opened.set()

    assert cancelled.cancelled()
    assert await asyncio.gather(*(runner.run(adding(n)) for n in range(4))) == [0, 1, 2, 3]


async def test_work_cancelled_before_it_began_is_never_done(runner: Runner) -> None:
    gates = [Gate() for _ in range(4)]
    held = [runner.submit(gate) for gate in gates]
    gates[0].entered.wait(10)
    async with asyncio.TaskGroup() as group:
        cancelled = group.create_task(runner.run(adding(1)))
        await asyncio.sleep(0)  # it has handed its work over

        cancelled.cancel()
        await asyncio.sleep(0)  # and knows that it need not wait
        for gate in gates:
            gate.opened.set()

    assert [future.result(10) for future in held] == [-1] * 4
    assert await runner.run(notes) == []


async def test_work_that_raises_stop_iteration_leaves_nobody_waiting(runner: Runner) -> None:
    def empty(_connection: Connection) -> int:
        return next(iter(()))

    with pytest.raises(RuntimeError):
        await asyncio.wait_for(runner.run(empty), 10)


def test_closing_finishes_what_was_handed_over(runner: Runner, database_url: str) -> None:
    gate = Gate()
    futures: list[Future[int]] = [runner.submit(gate), *(runner.submit(adding(n)) for n in range(20))]
    closing = Thread(target=runner.close)
    closing.start()

    gate.opened.set()
    closing.join(10)

    assert [future.result(0) for future in futures] == [-1, *range(20)]
    again = open_runner(database_url)
    assert again.run_now(notes) == list(range(20))
    again.close()


async def test_a_closed_store_takes_no_work(runner: Runner) -> None:
    runner.close()

    with pytest.raises(StoreClosedError):
        await runner.run(adding(1))
    with pytest.raises(StoreClosedError):
        runner.run_now(adding(1))


def test_closing_twice_is_closing_once(runner: Runner) -> None:
    runner.close()
    runner.close()


async def test_scrubbing_changes_nothing_that_is_stored(runner: Runner) -> None:
    await runner.run(adding(1))

    await runner.scrub()

    assert await runner.run(notes) == [1]


async def test_many_callers_lose_nothing(runner: Runner) -> None:
    async def caller(number: int) -> None:
        for step in range(10):
            await runner.run(adding(number * 10 + step))

    async with asyncio.TaskGroup() as group:
        for number in range(16):
            group.create_task(caller(number))

    assert await runner.run(lambda connection: connection.scalar(COUNT)) == 160


def test_a_runner_names_its_database(runner: Runner, database_url: str) -> None:
    assert database_url.startswith(runner.dialect)

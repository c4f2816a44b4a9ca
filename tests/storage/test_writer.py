"""The SQLite writer when things go wrong: one commit for many must not become one lie for many."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.engine import database_file
from storage.errors import DatabaseBusyError, DatabaseUnavailableError
from storage.writer import MOST_TOGETHER, SqliteWriter

TABLES = """
CREATE TABLE parents (n INTEGER PRIMARY KEY);
CREATE TABLE notes (
    n INTEGER PRIMARY KEY,
    words TEXT,
    parent INTEGER REFERENCES parents (n) DEFERRABLE INITIALLY DEFERRED
);
"""
Work = Callable[[Connection], int]


def adding(note: int, words: str = "", parent: int | None = None) -> Work:
    def work(connection: Connection) -> int:
        connection.exec_driver_sql("INSERT INTO notes VALUES (?, ?, ?)", (note, words, parent))
        return note

    return work


def execute(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def notes(connection: Connection) -> list[int]:
    return list(connection.exec_driver_sql("SELECT n FROM notes ORDER BY n").scalars())


def pragma(writer: SqliteWriter, setting: str) -> None:
    writer.run_now(partial(execute, statement=f"PRAGMA {setting}"))


@pytest.fixture
def path(sqlite_url: str) -> Path:
    found = database_file(sqlite_url)
    assert found
    return found


@pytest.fixture
def writer(sqlite_url: str) -> Iterator[SqliteWriter]:
    opened = SqliteWriter(sqlite_url)
    for table in TABLES.split(";"):
        opened.run_now(partial(execute, statement=table))
    yield opened
    opened.close()


async def together(writer: SqliteWriter, *works: Work) -> list[int | BaseException]:
    """Run works in one transaction: they are all waiting when the writer looks."""
    entered, opened = Event(), Event()

    def hold(_connection: Connection) -> int:
        entered.set()
        assert opened.wait(10)
        return -1

    held = writer.submit(hold)
    await asyncio.to_thread(entered.wait, 10)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(gather(writer, works))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        opened.set()
    assert held.result(10) == -1
    return waiting.result()


async def gather(writer: SqliteWriter, works: tuple[Work, ...]) -> list[int | BaseException]:
    return await asyncio.gather(*map(writer.run, works), return_exceptions=True)


async def test_works_that_wait_share_one_commit(writer: SqliteWriter) -> None:
    begun: list[str] = []
    writer.run_now(lambda connection: trace(connection, begun))

    await together(writer, *(adding(n) for n in range(MOST_TOGETHER + 6)))

    assert begun.count("BEGIN IMMEDIATE") == 3  # the one that held, as many as may, the rest
    assert begun.count("COMMIT") == 4  # and that of the work which began the trace


def trace(connection: Connection, statements: list[str]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_trace_callback(statements.append)


async def test_when_the_commit_fails_nobody_is_told_otherwise(writer: SqliteWriter) -> None:
    results = await together(writer, adding(1), adding(2, parent=404), adding(3))

    assert [type(result) for result in results] == [DatabaseUnavailableError] * 3
    assert len(set(map(id, results))) == 3  # an error of their own each
    assert writer.run_now(notes) == []


def test_work_whose_own_commit_fails_hears_why(writer: SqliteWriter) -> None:
    with pytest.raises(IntegrityError):
        writer.run_now(adding(1, parent=404))

    assert writer.run_now(notes) == []


async def test_after_a_commit_that_failed_the_writer_goes_on(writer: SqliteWriter) -> None:
    await together(writer, adding(1), adding(2, parent=404))

    results = await together(writer, adding(1), adding(2))

    assert results == [1, 2]
    assert writer.run_now(notes) == [1, 2]


def test_a_full_disk_is_a_sentence_and_passes(writer: SqliteWriter) -> None:
    pragma(writer, "max_page_count = 10")

    with pytest.raises(DatabaseUnavailableError):
        writer.run_now(adding(1, "x" * 100_000))

    assert writer.run_now(adding(2)) == 2
    assert writer.run_now(notes) == [2]


async def test_a_full_disk_tells_everybody_the_truth(writer: SqliteWriter) -> None:
    pragma(writer, "max_page_count = 10")

    results = await together(writer, adding(1), adding(2, "x" * 100_000), adding(3))

    assert isinstance(results[1], DatabaseUnavailableError)
    saved = [result for result in results if isinstance(result, int)]
    assert writer.run_now(notes) == saved


async def test_work_that_hides_a_full_disk_is_not_taken_for_saved(writer: SqliteWriter) -> None:
    pragma(writer, "max_page_count = 10")

    def hiding(connection: Connection) -> int:
        adding(1)(connection)
        with suppress(DBAPIError):
            adding(2, "x" * 100_000)(connection)
        return 1

    results = [*await together(writer, hiding), *await together(writer, hiding, adding(3))]

    saved = {result for result in results if isinstance(result, int)}
    assert set(writer.run_now(notes)) == saved


def test_work_in_a_transaction_that_ended_by_itself_is_not_taken_for_saved(writer: SqliteWriter) -> None:
    def ending(connection: Connection) -> int:
        adding(1)(connection)
        connection.exec_driver_sql("ROLLBACK")  # as SQLite does on some failures of the disk
        return 1

    with pytest.raises(DatabaseUnavailableError):
        writer.run_now(ending)

    assert writer.run_now(notes) == []


async def test_a_transaction_that_ended_by_itself_takes_everybodys_work_along(writer: SqliteWriter) -> None:
    def ending(connection: Connection) -> int:
        connection.exec_driver_sql("ROLLBACK")
        return 1

    results = await together(writer, adding(1), ending, adding(2))

    assert all(isinstance(result, BaseException) for result in results)
    assert writer.run_now(notes) == []


async def test_a_database_held_by_somebody_else_is_busy_for_everybody_until_let_go(
    writer: SqliteWriter, path: Path
) -> None:
    pragma(writer, "busy_timeout = 0")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    results = await gather(writer, (adding(1), adding(2)))
    other.execute("COMMIT")
    other.close()

    assert [type(result) for result in results] == [DatabaseBusyError] * 2
    assert await gather(writer, (adding(1), adding(2))) == [1, 2]


async def test_nothing_of_deleted_words_is_left_in_any_file_after_scrubbing(writer: SqliteWriter, path: Path) -> None:
    secret = "the words of somebody who wants to be forgotten"
    await writer.run(adding(1, secret))
    await writer.run(partial(execute, statement="DELETE FROM notes"))

    await writer.scrub()

    files = sorted(path.parent.glob(f"{path.name}*"))
    assert path in files
    assert not any(secret.encode() in file.read_bytes() for file in files)


async def test_scrubbing_says_when_a_reader_is_in_the_way(writer: SqliteWriter, path: Path) -> None:
    pragma(writer, "busy_timeout = 0")
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM notes").fetchall()
    await writer.run(adding(1))

    with pytest.raises(DatabaseBusyError):
        await writer.scrub()

    reader.close()
    await writer.scrub()


def test_a_caller_whose_loop_is_gone_disturbs_nobody(writer: SqliteWriter) -> None:
    entered, opened = Event(), Event()

    def hold(_connection: Connection) -> int:
        entered.set()
        assert opened.wait(10)
        return 1

    loop = asyncio.new_event_loop()
    waiting = loop.create_task(writer.run(hold))
    loop.call_later(0, loop.stop)
    loop.run_forever()
    entered.wait(10)
    waiting.cancel()
    loop.run_until_complete(asyncio.gather(waiting, return_exceptions=True))
    loop.close()

    opened.set()

    assert writer.run_now(adding(1)) == 1

"""The PostgreSQL pool when the server is in the way: the work is run again, for a while."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from storage.errors import DatabaseBusyError, DatabaseUnavailableError, HiddenFailureError
from storage.pool import Patience, PostgresPool
from tests.databases import PostgresForTests

NOWHERE = "postgresql://nobody@/nothing?host=/nonexistent"


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def patience(self, chance: float) -> Patience:
        return Patience(clock=lambda: self.now, sleep=self.sleep, chance=lambda: chance)


@pytest.fixture
def pool(postgres_url: str) -> Iterator[PostgresPool]:
    opened = PostgresPool(postgres_url)
    opened.run_now(lambda connection: connection.exec_driver_sql("CREATE TABLE notes (n int PRIMARY KEY)"))
    yield opened
    opened.close()


def raising(sqlstate: str, times: int) -> Callable[[Connection], int]:
    """Return work that PostgreSQL refuses so many times; it returns how often it was run."""
    attempts = itertools.count(1)

    def work(connection: Connection) -> int:
        attempt = next(attempts)
        connection.exec_driver_sql("INSERT INTO notes VALUES (%s)", (attempt,))
        if attempt <= times:
            connection.exec_driver_sql(f"DO $$ BEGIN RAISE SQLSTATE '{sqlstate}'; END $$")
        return attempt

    return work


def notes(connection: Connection) -> list[int]:
    return list(connection.exec_driver_sql("SELECT n FROM notes ORDER BY n").scalars())


@pytest.mark.postgres
@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03", "57P01", "08006"])
def test_work_that_lost_to_somebody_elses_is_run_again_from_its_start(pool: PostgresPool, sqlstate: str) -> None:
    attempts = pool.run_now(raising(sqlstate, 2))

    assert (attempts, pool.run_now(notes)) == (3, [3])


@pytest.mark.postgres
def test_work_that_keeps_losing_ends_in_a_sentence(postgres_url: str, pool: PostgresPool) -> None:
    time = FakeTime()
    impatient = PostgresPool(postgres_url, time.patience(chance=1))

    with pytest.raises(DatabaseBusyError):
        impatient.run_now(raising("40001", 100))

    impatient.close()
    assert pool.run_now(notes) == []


@pytest.mark.postgres
@pytest.mark.parametrize("sqlstate", ["53100", "58030"])
def test_a_server_in_trouble_is_a_sentence_at_once(pool: PostgresPool, sqlstate: str) -> None:
    with pytest.raises(DatabaseUnavailableError):
        pool.run_now(raising(sqlstate, 1))


@pytest.mark.postgres
def test_a_statement_that_took_too_long_is_a_sentence_at_once(pool: PostgresPool) -> None:
    with pytest.raises(DatabaseBusyError):
        pool.run_now(raising("57014", 1))


@pytest.mark.postgres
@pytest.mark.parametrize(("sqlstate", "error"), [("23505", IntegrityError), ("42P01", ProgrammingError)])
def test_an_error_of_the_work_is_not_tried_again(pool: PostgresPool, sqlstate: str, error: type[DBAPIError]) -> None:
    with pytest.raises(error):
        pool.run_now(raising(sqlstate, 1))


@pytest.mark.postgres
def test_connections_that_broke_meanwhile_are_not_noticed(
    pool: PostgresPool, postgres_server: PostgresForTests, postgres_url: str
) -> None:
    together = Barrier(4)

    def meeting(_connection: Connection) -> int:
        with suppress(BrokenBarrierError):
            together.wait(10)
        return 1

    for future in [pool.submit(meeting) for _ in range(4)]:  # so that there are four connections to break
        future.result(20)
    postgres_server.disconnect_all(postgres_url)

    assert [future.result(20) for future in [pool.submit(notes) for _ in range(8)]] == [[]] * 8


@pytest.mark.postgres
def test_a_connection_that_breaks_in_the_middle_of_work_saves_nothing_twice(
    pool: PostgresPool, postgres_server: PostgresForTests, postgres_url: str
) -> None:
    attempts = itertools.count(1)

    def work(connection: Connection) -> int:
        attempt = next(attempts)
        connection.exec_driver_sql("INSERT INTO notes VALUES (%s)", (attempt,))
        if attempt == 1:
            postgres_server.disconnect_all(postgres_url)
        return attempt

    assert (pool.run_now(work), pool.run_now(notes)) == (2, [2])


@pytest.mark.postgres
def test_two_that_wait_for_each_other_both_get_through(pool: PostgresPool) -> None:
    meeting = Barrier(2)
    lock = "SELECT FROM notes WHERE n = %s FOR UPDATE"
    pool.run_now(lambda connection: connection.exec_driver_sql("INSERT INTO notes VALUES (1), (2)"))

    def locking(first: int, second: int) -> Callable[[Connection], int]:
        def work(connection: Connection) -> int:
            connection.exec_driver_sql("SET LOCAL deadlock_timeout = '20ms'")
            connection.exec_driver_sql(lock, (first,))
            with suppress(BrokenBarrierError):
                meeting.wait(0.5)  # both hold their first; the one that tries again finds nobody
            connection.exec_driver_sql(lock, (second,))
            return first

        return work

    futures = [pool.submit(locking(1, 2)), pool.submit(locking(2, 1))]

    assert [future.result(20) for future in futures] == [1, 2]


@pytest.mark.postgres
def test_work_that_hides_a_failed_statement_is_not_taken_for_saved(pool: PostgresPool) -> None:
    def hiding(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO notes VALUES (1)")
        with suppress(IntegrityError):
            connection.exec_driver_sql("INSERT INTO notes VALUES (1)")

    with pytest.raises(HiddenFailureError):
        pool.run_now(hiding)

    assert pool.run_now(notes) == []


@pytest.mark.parametrize("chance", [0, 0.5, 1])
def test_a_server_that_is_gone_is_tried_for_a_second_and_a_half_at_most(chance: float) -> None:
    time = FakeTime()
    pool = PostgresPool(NOWHERE, time.patience(chance))

    with pytest.raises(DatabaseUnavailableError):
        pool.run_now(notes)

    pool.close()
    assert len(time.slept) >= 5
    assert 0.7 <= sum(time.slept) <= 1.5
    assert time.slept == sorted(time.slept)

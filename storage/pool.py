"""Runs work on PostgreSQL in a few threads, and runs it again when the server was in the way."""

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.engine import POSTGRES_CONNECTIONS, postgres_engine
from storage.errors import HiddenFailureError, StoreClosedError
from storage.failures import as_storage_error, is_conflict, is_disconnect
from storage.postgres import Postgres

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long work is tried again: pauses that double, shortened by chance, within `seconds` from the start.

    That is half of the time a platform waits for an answer.
    """

    seconds: float = 1.5
    first_pause: float = 0.02
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = field(default=random.SystemRandom().random)

    def pause(self, attempt: int, since: float) -> bool:
        """Wait after a failed attempt (0 is the first), or say at once that there is no time for another."""
        wait = self.first_pause * 2**attempt * (0.5 + self.chance() / 2)
        if self.clock() - since + wait > self.seconds:
            return False
        self.sleep(wait)
        return True


class PostgresPool:
    """A Runner for a PostgreSQL server, with as many threads as connections.

    No ping before use: a connection found dead costs one more attempt, and only then.
    """

    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, url: str, patience: Patience | None = None) -> None:
        """Get ready; nothing is connected before the first work."""
        self._engine = postgres_engine(url)
        self._patience = patience or Patience()
        self._threads = ThreadPoolExecutor(POSTGRES_CONNECTIONS, "postgres")
        self._closed = False

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue the work for the next free thread."""
        try:
            return self._threads.submit(self._persist, work)
        except RuntimeError as error:
            if self._closed:
                raise StoreClosedError from error
            raise

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Do the work in one of the threads."""
        return await asyncio.wrap_future(self.submit(work))

    def run_now(self, work: Callable[[Connection], T]) -> T:
        """Do the work and wait for it."""
        return self.submit(work).result()

    async def scrub(self) -> None:
        """Do nothing: the server's vacuum reuses what deleted rows held."""

    def close(self) -> None:
        """Finish what was handed over, then close the connections."""
        self._closed = True
        self._threads.shutdown()
        self._engine.dispose()

    def _persist(self, work: Callable[[Connection], T]) -> T:
        since = self._patience.clock()
        attempt = 0
        while True:
            try:
                return self._attempt(work)
            except DBAPIError as error:
                failure = error
            passing = is_conflict(failure) or is_disconnect(failure)
            if not (passing and self._patience.pause(attempt, since)):
                raise as_storage_error(failure)
            attempt += 1

    def _attempt(self, work: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection, connection.begin():
            value = _done(work, connection)
            _refuse_hidden_failure(connection)
            # Whoever listens to statements (the fault tests do) listens to SQLAlchemy's commits too.
            if not connection.dispatch.before_cursor_execute:
                Postgres.of(connection, waits=False).commit()
            return value


def _done(work: Callable[[Connection], T], connection: Connection) -> T:
    try:
        return work(connection)
    except StopIteration as error:  # no future takes one
        raise RuntimeError("The work raised StopIteration.") from error


def _refuse_hidden_failure(connection: Connection) -> None:
    """Raise if the work hid a failed statement: the server would answer our commit by a silent rollback."""
    driver = connection.connection.driver_connection
    failed = psycopg.pq.TransactionStatus.INERROR
    if isinstance(driver, psycopg.Connection) and driver.info.transaction_status == failed:
        raise HiddenFailureError

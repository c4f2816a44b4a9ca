"""The port between the store and its database: work goes in, and one transaction comes of it."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Literal, Protocol, TypeVar

from sqlalchemy import Connection

from storage.engine import is_sqlite

T = TypeVar("T")
Dialect = Literal["sqlite", "postgresql"]


class Runner(Protocol):
    """Runs each piece of work in a transaction of its own: saved when it returns, undone when it raises.

    An answer is given only after the commit. What the work raises reaches its caller and nobody else; a
    database that fails raises a StorageError, and then nothing was saved, or, if the connection broke in the
    very commit, nobody can tell. On PostgreSQL work may run more than once, so it must be repeatable. Work
    never commits or rolls back by itself, and hides no failed statement. A caller that is cancelled gets no
    answer; its work is done entirely or not at all. Held by tests/contract/test_store_runner.py.
    """

    @property
    def dialect(self) -> Dialect:
        """The name of the database, where statements differ."""
        ...

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Hand work over; StoreClosedError after close."""
        ...

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Do the work while other tasks go on."""
        ...

    def run_now(self, work: Callable[[Connection], T]) -> T:
        """Do the work and wait for it: for the command line, never on an event loop."""
        ...

    async def scrub(self) -> None:
        """Leave nothing of deleted rows in the files beside the database (PostgreSQL: left to its vacuum)."""
        ...

    def close(self) -> None:
        """Finish the work handed over so far, take no more, let go of the database; again does nothing."""
        ...


def open_runner(url: str) -> Runner:
    """Open the runner for DATABASE_URL; only the driver that is used gets imported."""
    if is_sqlite(url):
        from storage.writer import SqliteWriter  # noqa: PLC0415 -- see above

        return SqliteWriter(url)
    from storage.pool import PostgresPool  # noqa: PLC0415 -- see above

    return PostgresPool(url)

"""Writes to SQLite from one thread, with one commit for all the work that waits."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import connect, sqlite_engine
from storage.errors import DatabaseBusyError, DatabaseUnavailableError, StoreClosedError
from storage.failures import as_storage_error

MOST_TOGETHER = 64
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Piece(Generic[T]):
    work: Callable[[Connection], T]
    waiting: Future[T] | asyncio.Future[T]


@dataclass(frozen=True, slots=True)
class _Scrub:
    waiting: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class _Stop:
    pass


@dataclass(frozen=True, slots=True)
class _Done:
    value: object


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


_Item: TypeAlias = _Piece[Any] | _Scrub | _Stop
_Outcome: TypeAlias = _Done | _Failed
_Waiting: TypeAlias = Future[Any] | asyncio.Future[Any]


class SqliteWriter:
    """A Runner for one SQLite file, with one connection in one thread.

    Work that waits shares a commit, since a commit's price is the disk's. A piece that raises is undone
    alone; if the commit fails, nobody's work is saved and everybody hears it. Foreign keys must not be
    deferred, or one piece's broken key would surface in the commit of all.
    """

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, url: str) -> None:
        """Open the file, creating it if need be; DatabaseUnavailableError if that cannot be done."""
        self._engine = sqlite_engine(url)
        self._connection = connect(self._engine)
        self._items: SimpleQueue[_Item] = SimpleQueue()
        self._handing_over = Lock()
        self._closed = False
        # A daemon, so that a process which forgot to close does not hang at its exit.
        self._thread = Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue the work; its result is there once it is on disk."""
        future: Future[T] = Future()
        self._hand_over(_Piece(work, future))
        return future

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Do the work in the writer's thread."""
        waiting: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._hand_over(_Piece(work, waiting))
        return await waiting

    def run_now(self, work: Callable[[Connection], T]) -> T:
        """Do the work and wait for it."""
        return self.submit(work).result()

    async def scrub(self) -> None:
        """Move the write-ahead log into the file, empty it; DatabaseBusyError if a reader is in its way."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._hand_over(_Scrub(waiting))
        await waiting

    def close(self) -> None:
        """Finish what was handed over, then let go of the file."""
        with self._handing_over:
            if not self._closed:
                self._closed = True
                self._items.put(_Stop())
        self._thread.join()

    def _hand_over(self, item: _Item) -> None:
        with self._handing_over:
            if self._closed:
                raise StoreClosedError
            self._items.put(item)

    def _serve(self) -> None:
        stopped = False
        while not stopped:
            pieces, last = self._take()
            self._save(pieces)
            if isinstance(last, _Scrub):
                _tell([(last.waiting, self._empty_log())])
            stopped = isinstance(last, _Stop)
        self._connection.close()
        self._engine.dispose()

    def _take(self) -> tuple[list[_Piece[Any]], _Scrub | _Stop | None]:
        """Wait for something, and take along what else waits, up to an item that shares no transaction."""
        pieces: list[_Piece[Any]] = []
        item = self._items.get()
        while isinstance(item, _Piece):
            if _begins(item.waiting):
                pieces.append(item)
            if len(pieces) == MOST_TOGETHER:
                return pieces, None
            try:
                item = self._items.get_nowait()
            except Empty:
                return pieces, None
        return pieces, item

    def _save(self, pieces: Sequence[_Piece[Any]]) -> None:
        if not pieces:
            return
        try:
            outcomes = self._commit(pieces)
        except BaseException as error:  # noqa: BLE001 -- whatever it was, nobody may wait for ever
            self._recover()
            outcomes = [_failed(error) if len(pieces) == 1 else _lost(error) for _ in pieces]
        _tell([(piece.waiting, outcome) for piece, outcome in zip(pieces, outcomes, strict=True)])

    def _commit(self, pieces: Sequence[_Piece[Any]]) -> list[_Outcome]:
        """Do all the work in one transaction; raise if none of it was saved."""
        transaction = self._connection.begin()
        database = self._database()
        if len(pieces) == 1:
            outcomes: list[_Outcome] = [_Done(pieces[0].work(self._connection))]
        else:
            outcomes = [self._do_apart(piece, database) for piece in pieces]
        _refuse_ended(database)
        transaction.commit()
        return outcomes

    def _do_apart(self, piece: _Piece[Any], database: sqlite3.Connection) -> _Outcome:
        database.execute("SAVEPOINT piece")
        try:
            value = piece.work(self._connection)
        except BaseException as error:  # noqa: BLE001 -- whatever it was, it is the caller's
            _refuse_ended(database)
            database.execute("ROLLBACK TO piece")
            database.execute("RELEASE piece")
            return _failed(error)
        _refuse_ended(database)
        database.execute("RELEASE piece")
        return _Done(value)

    def _recover(self) -> None:
        """Leave no transaction open, or no connection."""
        try:
            self._connection.rollback()
            self._database().rollback()  # after a commit that failed, SQLAlchemy sends none
        except (SQLAlchemyError, sqlite3.Error, DatabaseUnavailableError):
            self._connection.invalidate()

    def _empty_log(self) -> _Outcome:
        try:
            (busy, _, _) = self._database().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except (sqlite3.Error, SQLAlchemyError, DatabaseUnavailableError) as error:
            return _failed(error)
        return _Failed(DatabaseBusyError()) if busy else _Done(None)

    def _database(self) -> sqlite3.Connection:
        """Return the driver's own connection: our savepoints cost a sixth through it."""
        driver = self._connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise DatabaseUnavailableError
        return driver


def _refuse_ended(database: sqlite3.Connection) -> None:
    """Raise if the transaction is over: SQLite ends it itself on some failures of the disk, seen or hidden.

    Whatever the pieces before have done is gone then, and a commit would do nothing and say nothing.
    """
    if not database.in_transaction:
        raise DatabaseUnavailableError


def _begins(waiting: _Waiting) -> bool:
    """Tell whether the work is still wanted; from here on it will be done."""
    if isinstance(waiting, Future):
        return waiting.set_running_or_notify_cancel()
    return not waiting.cancelled()


def _failed(error: BaseException) -> _Failed:
    if isinstance(error, StopIteration):  # no future takes one
        return _Failed(RuntimeError("The work raised StopIteration."))
    return _Failed(as_storage_error(error))


def _lost(error: BaseException) -> _Failed:
    """Tell one of many that the transaction they shared failed, in an error of its own: the fault may be another's."""
    known = as_storage_error(error)
    failure = DatabaseBusyError() if isinstance(known, DatabaseBusyError) else DatabaseUnavailableError()
    failure.__cause__ = error
    return _Failed(failure)


def _tell(outcomes: Sequence[tuple[_Waiting, _Outcome]]) -> None:
    """Answer everybody, with one call into each event loop: waking it for each of them would cost a quarter."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting, _Outcome]]] = {}
    for waiting, outcome in outcomes:
        if isinstance(waiting, Future):
            _settle(waiting, outcome)
        else:
            loops.setdefault(waiting.get_loop(), []).append((waiting, outcome))
    for loop, theirs in loops.items():
        with suppress(RuntimeError):  # the loop was closed, and nobody waits there any more
            loop.call_soon_threadsafe(_settle_all, theirs)


def _settle_all(outcomes: Sequence[tuple[_Waiting, _Outcome]]) -> None:
    for waiting, outcome in outcomes:
        if not waiting.done():  # cancelled meanwhile
            _settle(waiting, outcome)


def _settle(waiting: _Waiting, outcome: _Outcome) -> None:
    match outcome:
        case _Done(value):
            waiting.set_result(value)
        case _Failed(error):
            waiting.set_exception(error)

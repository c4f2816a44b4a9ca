"""Tells what a driver's failure means by its type and code, never by its text."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError

from storage.errors import DatabaseBusyError, DatabaseUnavailableError

_PRIMARY = 0xFF  # SQLite's extended codes keep the general one in the low byte
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
# https://www.postgresql.org/docs/current/errcodes-appendix.html
# Serialization failure, deadlock, and a lock that took too long: by our time-outs that may well be a deadlock which
# the server has not looked for yet.
_CONFLICTS = frozenset({"40001", "40P01", "55P03"})
_CANCELLED = "57014"
_SHUTDOWNS = frozenset({"57P01", "57P02", "57P03", "53300", "25006"})  # stopping, starting, full, a replica
_LOST = ("08",)  # connection exceptions
_EXHAUSTED = ("53", "58")  # resources, system errors


def is_conflict(error: DBAPIError) -> bool:
    """Tell whether PostgreSQL undid this transaction in favour of another, so that it may run again."""
    return _sqlstate(error) in _CONFLICTS


def is_disconnect(error: DBAPIError) -> bool:
    """Tell whether the connection to PostgreSQL was refused or lost, or led to a server taking no work."""
    state = _sqlstate(error)
    if error.connection_invalidated or state is None:
        # The server states a code for all it refuses; without one, this end could not reach it.
        return error.connection_invalidated or isinstance(error, OperationalError)
    return state in _SHUTDOWNS or state.startswith(_LOST)


def as_storage_error(error: BaseException) -> BaseException:
    """Return the StorageError that a driver's failure amounts to, or the error itself if it is none."""
    failure = _from_driver(error)
    if failure is None:
        return error
    failure.__cause__ = error
    return failure


def _from_driver(error: BaseException) -> DatabaseUnavailableError | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _from_sqlite(cause)
    return _from_postgres(error) if isinstance(error, DBAPIError) else None


def _from_sqlite(cause: sqlite3.Error) -> DatabaseUnavailableError | None:
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK) & _PRIMARY
    if code in _BUSY:
        return DatabaseBusyError()
    return DatabaseUnavailableError() if code in _UNAVAILABLE else None


def _from_postgres(error: DBAPIError) -> DatabaseUnavailableError | None:
    state = _sqlstate(error) or ""
    if state in _CONFLICTS or state == _CANCELLED:
        return DatabaseBusyError()
    if is_disconnect(error) or state.startswith(_EXHAUSTED):
        return DatabaseUnavailableError()
    return None


def _sqlstate(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None

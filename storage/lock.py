"""Lets one process at a time serve from a SQLite file."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import DatabaseInUseError, DatabaseUnavailableError


@contextmanager
def serving(database: Path) -> Iterator[None]:
    """Hold the file for this process, or raise DatabaseInUseError at once; a crash lets go of it.

    Operator commands do not ask: SQLite keeps their writes and the server's apart.
    """
    descriptor = _opened(lock_file_of(database))
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseInUseError(database) from error
        yield
    finally:
        os.close(descriptor)


def lock_file_of(database: Path) -> Path:
    """Return the lock file: one for all names of the database, never removed, since that is a race."""
    resolved = database.resolve()
    return resolved.with_name(f"{resolved.name}.lock")


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DatabaseUnavailableError from error

"""The database, opened for one command beside a running bot."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect

from bot.bootstrap import open_store
from bot.cli.failing import FailedError
from bot.settings import Settings
from storage.engine import database_file
from storage.runner import Runner, open_runner
from storage.store import SqlStore


@contextmanager
def opened(settings: Settings) -> Iterator[SqlStore]:
    """Open the store and close it again; a file that is not there is not made."""
    existing(settings)
    store = open_store(settings).store
    try:
        yield store
    finally:
        store.close_now()


@contextmanager
def running(settings: Settings) -> Iterator[Runner]:
    """Open what is below the store, whatever the tables and the keys are like."""
    existing(settings)
    runner = open_runner(settings.database_url)
    try:
        yield runner
    finally:
        runner.close()


def existing(settings: Settings) -> Path | None:
    """Return the SQLite file, None for a server; FailedError if there is no such file."""
    file = database_file(settings.database_url)
    if file is not None and not file.exists():
        raise FailedError(f"There is no database at {file}. `twoyes serve` makes one, or set DATABASE_URL.")
    return file


def is_new(settings: Settings, file: Path) -> bool:
    """Tell whether a SQLite file is missing or holds no table of anybody's."""
    if not file.exists():
        return True
    with running(settings) as runner:
        return runner.run_now(_has_no_tables)


def _has_no_tables(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()

"""Moves a database's tables from one version to another; the only module that loads Alembic."""
# ruff: noqa: TID253 -- see above; commands import this module when they need it, `serve` never

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError

from storage.backup import Progress, copy_file
from storage.engine import connect, database_file, migration_engine
from storage.errors import BrokenReferencesError, NewerDatabaseError
from storage.failures import as_storage_error
from storage.revisions import current

_SCRIPTS = Path(__file__).resolve().parents[1] / "migrations"
VERSIONS = _SCRIPTS / "versions"
_LOCK = text("SELECT pg_advisory_xact_lock(8237461951)")  # any number nobody else uses
_IMPATIENT = text("SET LOCAL lock_timeout = '5s'")  # a waiting ALTER TABLE makes everybody behind it wait too


@dataclass(frozen=True, slots=True)
class Migrated:
    """The versions before and after (None: no tables), and the copy that was made first, if any."""

    before: str | None
    after: str | None
    copy: Path | None = None


def upgrade(
    url: str, revision: str = "head", *, versions: Path = VERSIONS, progress: Progress | None = None
) -> Migrated:
    """Bring the tables up to a revision in one transaction, or leave everything as it was and raise.

    A SQLite file with data in it is first copied beside itself. NewerDatabaseError for a database we do not
    know, BrokenReferencesError if rows would lose what they point at. Several at once wait for each other.
    """
    return _migrate(url, revision, command.upgrade, versions, progress)


def downgrade(url: str, revision: str, *, versions: Path = VERSIONS, progress: Progress | None = None) -> Migrated:
    """Take the tables back to a revision ("base": none), with the same care."""
    return _migrate(url, revision, command.downgrade, versions, progress)


def script_ids(versions: Path = VERSIONS) -> tuple[str, ...]:
    """Return the ids of all migration scripts, oldest first."""
    walked = ScriptDirectory.from_config(_config(versions)).walk_revisions()
    return tuple(script.revision for script in walked)[::-1]


def differences(connection: Connection, metadata: MetaData) -> list[Any]:
    """Return what a migration would have to change to bring the database to `metadata`; [] if they agree."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def new_script(url: str, message: str, revision: str, metadata: MetaData, *, versions: Path = VERSIONS) -> None:
    """Write the draft of the next migration from what differs; for developers."""
    with _changing(url) as connection:
        config = _config(versions, connection)
        config.attributes["target_metadata"] = metadata
        command.revision(config, message, autogenerate=True, rev_id=revision, version_path=str(versions))


def _migrate(
    url: str, revision: str, move: Callable[[Config, str], None], versions: Path, progress: Progress | None
) -> Migrated:
    before = _version(url)
    scripts = ScriptDirectory.from_config(_config(versions))
    _refuse_newer(before, scripts)
    if before is not None and before == scripts.as_revision_number(revision):
        return Migrated(before, before)
    copy = _copied(url, before, progress)
    with _changing(url) as connection:
        move(_config(versions, connection), revision)
        _refuse_broken_references(connection)
        after = current(connection)
    return Migrated(before, after, copy)


def _refuse_newer(found: str | None, scripts: ScriptDirectory) -> None:
    if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerDatabaseError(found, scripts.get_current_head())


def _copied(url: str, version: str | None, progress: Progress | None) -> Path | None:
    """Copy a SQLite file that has tables, under a name that says at which version it is."""
    database = database_file(url)
    if database is None or version is None:
        return None
    names = (f"{database.name}.at-{version}{f'.{n}' if n else ''}" for n in count())
    copy = next(path for path in map(database.with_name, names) if not path.exists())
    copy_file(database, copy, progress)
    return copy


def _version(url: str) -> str | None:
    with _changing(url) as connection:
        return current(connection)


@contextmanager
def _changing(url: str) -> Iterator[Connection]:
    """Open one transaction in which nobody else migrates."""
    engine = migration_engine(url)
    try:
        with connect(engine) as connection, _begun(connection):
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _begun(connection: Connection) -> Iterator[None]:
    failure: BaseException | None = None
    try:
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(_LOCK)
                connection.execute(_IMPATIENT)
            yield
    except (DBAPIError, sqlite3.Error) as error:
        failure = as_storage_error(error)
    if failure is not None:
        raise failure


def _refuse_broken_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise BrokenReferencesError(tuple(sorted({table for table, *_ in broken})))


def _config(versions: Path, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", _escaped(_SCRIPTS))
    config.set_main_option("version_locations", _escaped(versions))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")

"""Builds SQLAlchemy engines from DATABASE_URL, with the settings that facts/speed.md section 3 arrived at."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import UnsupportedDatabaseError
from storage.failures import as_storage_error

POSTGRES_CONNECTIONS = 4
_BUSY_SECONDS = 5
_SQLITE = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA secure_delete=ON",
)
_POSTGRES = {
    # Behind PgBouncer, a statement prepared on one connection would be asked for on another.
    "prepare_threshold": None,
    "connect_timeout": 2,
    "options": "-c statement_timeout=2000 -c lock_timeout=1000 -c idle_in_transaction_session_timeout=30000",
}


def parse_url(url: str) -> URL:
    """Read DATABASE_URL and name our driver in it; UnsupportedDatabaseError for what we cannot use."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UnsupportedDatabaseError(url.partition(":")[0]) from error
    kind = parsed.drivername.partition("+")[0]
    if kind == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise UnsupportedDatabaseError(parsed.drivername)


def is_sqlite(url: str) -> bool:
    """Tell whether DATABASE_URL names a SQLite file."""
    return parse_url(url).get_backend_name() == "sqlite"


def database_file(url: str) -> Path | None:
    """Return the file that DATABASE_URL names, or None if it names a server."""
    parsed = parse_url(url)
    return Path(parsed.database) if is_sqlite(url) and parsed.database else None


def sqlite_engine(url: str, *, foreign_keys: bool = True) -> Engine:
    """Build an engine whose transactions take the write lock at once, so that none has to be upgraded midway.

    Without `foreign_keys` it is for migrations, which rebuild parents under their children.
    """
    engine = create_engine(
        parse_url(url),
        poolclass=NullPool,  # one connection, which lives as long as its owner
        connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS},
        hide_parameters=True,
    )
    enforced = f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}"
    event.listen(engine, "connect", _settings((*_SQLITE, enforced)))
    event.listen(engine, "begin", _begin_immediate)
    return engine


def postgres_engine(url: str) -> Engine:
    """Build an engine for many short transactions, safe behind PgBouncer and quick to give up."""
    return create_engine(
        parse_url(url),
        pool_size=POSTGRES_CONNECTIONS,
        max_overflow=0,
        pool_timeout=1,
        pool_recycle=1800,
        isolation_level="READ COMMITTED",
        use_native_hstore=False,
        hide_parameters=True,
        connect_args=dict(_POSTGRES),
    )


def migration_engine(url: str) -> Engine:
    """Build an engine for changing tables: no time-outs on PostgreSQL, foreign keys off on SQLite."""
    if is_sqlite(url):
        return sqlite_engine(url, foreign_keys=False)
    return create_engine(
        parse_url(url), poolclass=NullPool, hide_parameters=True, connect_args={"prepare_threshold": None}
    )


def connect(engine: Engine) -> Connection:
    """Open a connection, or raise the StorageError that says why there is none."""
    try:
        return engine.connect()
    except (DBAPIError, sqlite3.Error) as error:
        failure = as_storage_error(error)
    raise failure


def _settings(statements: tuple[str, ...]) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()

    return on_connect


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

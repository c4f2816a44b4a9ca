"""Knows which version of the tables this program wants, without loading Alembic."""

from collections.abc import Sequence

from sqlalchemy import Connection, inspect, text

from storage.errors import NewerDatabaseError, NotMigratedError

REVISIONS: tuple[str, ...] = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""The ids of all the scripts in migrations/versions, oldest first; a test compares."""

_CURRENT = text("SELECT version_num FROM alembic_version")


def head(revisions: Sequence[str] = REVISIONS) -> str | None:
    """Return the newest version, or None where there is none yet."""
    return revisions[-1] if revisions else None


def current(connection: Connection) -> str | None:
    """Return the version the database is at, or None if it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(_CURRENT)
    return version


def check(connection: Connection, revisions: Sequence[str] = REVISIONS) -> None:
    """Raise NotMigratedError for an older database, NewerDatabaseError for one the program does not know."""
    found, wanted = current(connection), head(revisions)
    if found == wanted:
        return
    if found is not None and found not in revisions:
        raise NewerDatabaseError(found, wanted)
    raise NotMigratedError(found, wanted)

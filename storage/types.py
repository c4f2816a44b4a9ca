"""The column type for instants: aware and UTC on both sides of the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

Convert = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NaiveDatetimeError(ValueError):
    """A datetime without a zone names no instant."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant to the microsecond: any aware datetime goes in, the same instant in UTC comes out.

    PostgreSQL keeps a timestamptz; SQLite, which has no such type, a count of microseconds since 1970. Both
    sort and compare as the instants do. Add and subtract in Python, not in SQL.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 -- drivers differ
        """Raise NaiveDatetimeError, in SQLAlchemy's StatementError, for a datetime without a zone."""
        return None if value is None else self.writer(dialect)(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 -- see above
        """Return UTC, whatever zone the connection is set to."""
        return None if value is None else self.reader(dialect)(value)

    def writer(self, dialect: Dialect) -> Convert:
        """Return what makes the database's value of an instant; NaiveDatetimeError for one without a zone."""
        return _to_microseconds if dialect.name == "sqlite" else _to_utc

    def reader(self, dialect: Dialect) -> Convert:
        """Return what makes an instant of the database's value."""
        return _from_microseconds if dialect.name == "sqlite" else _in_utc


def _to_microseconds(value: datetime) -> int:
    if value.tzinfo is not UTC and value.utcoffset() is None:
        raise NaiveDatetimeError(value.isoformat())
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _from_microseconds(count: int) -> datetime:
    return _EPOCH + timedelta(0, 0, count)


def _to_utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise NaiveDatetimeError(value.isoformat())
    return value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    return value if value.tzinfo is UTC else value.astimezone(UTC)

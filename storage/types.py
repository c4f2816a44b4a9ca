"""The column type for instants: aware and UTC on both sides of the database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveDatetimeError(value.isoformat())
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 -- see above
        """Return UTC, whatever zone the connection is set to."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + timedelta(microseconds=value)
        instant: datetime = value
        return instant.astimezone(UTC)

"""Statements that are compiled once and then cost little more than the driver's own call.

SQLAlchemy writes the SQL and knows the types. What it does around every single execution would be most of what a
referral costs (bench/README.md), so the drivers are called directly.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import BindParameter, Connection, bindparam
from sqlalchemy.exc import DBAPIError

from storage.plans import Plan, Row, Statement, Values, planned

__all__ = ["SLOTS", "Database", "Row", "in_slots"]

_PLANS: dict[str, dict[Statement, Plan]] = {}
"""By database, then by statement: each is a constant of some module, so this stops growing."""


SLOTS: list[BindParameter[str]] = [bindparam(f"slot{n}") for n in range(8)]
"""What `in_` takes where the number of keys is not known: as many as there are, the last one repeated."""

_SLOTS = tuple(f"slot{n}" for n in range(8))


def in_slots(keys: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield the values for SLOTS, once for every eight keys."""
    for start in range(0, len(keys), len(_SLOTS)):
        some = keys[start : start + len(_SLOTS)]
        last = (some[-1],) * (len(_SLOTS) - len(some))
        yield dict(zip(_SLOTS, (*some, *last), strict=True))


class Driver(Protocol):
    """Executes what was compiled. What the database refuses comes out as SQLAlchemy's DBAPIError."""

    def rows(self, plan: Plan, values: Values) -> Sequence[Sequence[Any]]:
        """Return every row, as the driver reads it."""
        ...

    def touched(self, plan: Plan, values: Values) -> int:
        """Return how many rows it touched."""
        ...

    def each(self, plan: Plan, many: Sequence[Values]) -> None:
        """Do it for each of these, of which there is at least one."""
        ...

    def flush(self) -> None:
        """Do what still waits for a statement to go along with."""
        ...


class Database:
    """Executes statements in one transaction, each compiled once for the whole process.

    What the driver raises comes out as SQLAlchemy's errors. What is read comes out in the types of its columns. If it
    `waits`, what `run_each` does may wait for the next statement, and whoever made it must `flush` it in the end.
    """

    __slots__ = ("_connection", "_driver", "_plans")

    def __init__(self, connection: Connection, *, waits: bool = False) -> None:
        self._connection = connection
        self._plans = _PLANS.setdefault(connection.dialect.name, {})
        self._driver = _driver(connection, waits=waits)

    def all(self, statement: Statement, values: Values = {}) -> list[Row]:  # noqa: B006 -- never written to
        """Return every row."""
        plan = self._plans.get(statement) or self._plan(statement, values)
        read = plan.read
        return [read(row) for row in self._driver.rows(plan, values)]

    def first(self, statement: Statement, values: Values = {}) -> Row | None:  # noqa: B006
        """Return the first row, if there is one."""
        rows = self.all(statement, values)
        return rows[0] if rows else None

    def scalars(self, statement: Statement, values: Values = {}) -> list[Any]:  # noqa: B006
        """Return the first column of every row."""
        return [row[0] for row in self.all(statement, values)]

    def scalar(self, statement: Statement, values: Values = {}) -> Any:  # noqa: ANN401, B006
        """Return the first column of the first row; None where there is no row."""
        row = self.first(statement, values)
        return None if row is None else row[0]

    def run(self, statement: Statement, values: Values) -> int:
        """Do it and return how many rows it touched."""
        plan = self._plans.get(statement) or self._plan(statement, values)
        return self._driver.touched(plan, values)

    def run_each(self, statement: Statement, rows: Sequence[Values]) -> None:
        """Do it for each of these; for none, nothing."""
        if rows:
            plan = self._plans.get(statement) or self._plan(statement, rows[0])
            self._driver.each(plan, rows)

    def flush(self) -> None:
        """Do what still waits."""
        self._driver.flush()

    def _plan(self, statement: Statement, values: Values) -> Plan:
        plan = self._plans[statement] = planned(statement, list(values), self._connection.dialect)
        return plan


def _driver(connection: Connection, *, waits: bool) -> Driver:
    driver = connection.connection.driver_connection
    # Whoever listens to statements (the fault tests stop at each of them) would not hear of a direct call.
    if connection.dispatch.before_cursor_execute:
        return _Heard(connection)
    if isinstance(driver, sqlite3.Connection):
        return _Sqlite(connection, driver)
    from storage.postgres import Postgres  # noqa: PLC0415 -- nobody on SQLite loads psycopg

    return Postgres.of(connection, waits=waits)


class _Heard:
    """Every statement by way of SQLAlchemy, which tells whoever listens."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, plan: Plan, values: Values) -> Sequence[Sequence[Any]]:
        return self._connection.exec_driver_sql(plan.sql, self._bound(plan, values)).fetchall()

    def touched(self, plan: Plan, values: Values) -> int:
        return self._connection.exec_driver_sql(plan.sql, self._bound(plan, values)).rowcount

    def each(self, plan: Plan, many: Sequence[Values]) -> None:
        bound = [self._bound(plan, values) for values in many]
        self._connection.exec_driver_sql(plan.sql, bound if len(bound) > 1 else bound[0])

    def flush(self) -> None:
        """Nothing waits here."""

    def _bound(self, plan: Plan, values: Values) -> Any:  # noqa: ANN401 -- a tuple or a dict, as the driver wants it
        bound = tuple(plan.bound(values))
        return bound if self._connection.dialect.positional else dict(zip(plan.names, bound, strict=True))


class _Sqlite:
    """Every statement straight to the standard library's sqlite3."""

    __slots__ = ("_connection", "_driver")

    def __init__(self, connection: Connection, driver: sqlite3.Connection) -> None:
        self._connection = connection
        self._driver = driver

    def rows(self, plan: Plan, values: Values) -> Sequence[Sequence[Any]]:
        bound = plan.bound(values)
        try:
            return self._driver.execute(plan.sql, bound).fetchall()
        except sqlite3.Error as error:
            raise self._wrapped(error, plan) from error

    def touched(self, plan: Plan, values: Values) -> int:
        bound = plan.bound(values)
        try:
            return self._driver.execute(plan.sql, bound).rowcount
        except sqlite3.Error as error:
            raise self._wrapped(error, plan) from error

    def each(self, plan: Plan, many: Sequence[Values]) -> None:
        bound = [plan.bound(values) for values in many]
        try:
            if len(bound) == 1:
                self._driver.execute(plan.sql, bound[0])
            else:
                self._driver.executemany(plan.sql, bound)
        except sqlite3.Error as error:
            raise self._wrapped(error, plan) from error

    def flush(self) -> None:
        """Nothing waits here."""

    def _wrapped(self, error: sqlite3.Error, plan: Plan) -> BaseException:
        dialect = self._connection.dialect
        return DBAPIError.instance(plan.sql, None, error, sqlite3.Error, hide_parameters=True, dialect=dialect)

"""Statements that are compiled once and then cost little more than the driver's own call.

SQLAlchemy writes the SQL and knows the types. What it does around every single execution would be most of what a
referral costs on SQLite (bench/README.md), so there the driver is called directly; on PostgreSQL, where the way to the
server counts, SQLAlchemy makes the call.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, CursorResult, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Values: TypeAlias = Mapping[str, Any]
Row: TypeAlias = Any
"""A named tuple of a statement's columns."""

_Statement: TypeAlias = Select[*tuple[Any, ...]] | Insert | Update | Delete
_Process: TypeAlias = Callable[[Any], Any]


class Plan(NamedTuple):
    """One statement for one database: what goes in by name, and what becomes of the columns that come out."""

    sql: str
    ins: tuple[tuple[str, _Process | None], ...]
    constants: dict[str, Any]
    positional: bool
    outs: tuple[tuple[int, _Process], ...]
    row: Callable[[Iterable[Any]], Row]

    def bound(self, values: Values) -> Any:  # noqa: ANN401 -- a tuple or a dict, as the driver wants it
        """Return the values as the database takes them. A missing one is a KeyError."""
        given = {**self.constants, **values} if self.constants else values
        if self.positional:
            return tuple([given[name] if process is None else process(given[name]) for name, process in self.ins])
        return {name: given[name] if process is None else process(given[name]) for name, process in self.ins}

    def read(self, columns: Sequence[Any]) -> Row:
        """Return a row as Python takes it."""
        if not self.outs:
            return self.row(columns)
        read = list(columns)
        for place, process in self.outs:
            if read[place] is not None:
                read[place] = process(read[place])
        return self.row(read)


class Prepared:
    """A statement with names for what is bound to it. An insert says which columns it fills."""

    __slots__ = ("_columns", "_plans", "_statement")

    def __init__(self, statement: _Statement, columns: Iterable[str] | None = None) -> None:
        """Compile nothing yet: the database is known at the first use."""
        self._statement = statement
        self._columns = list(columns) if columns is not None else None
        self._plans: dict[str, Plan] = {}

    def plan(self, dialect: Dialect) -> Plan:
        """Return the statement for this database."""
        plan = self._plans.get(dialect.name)
        if plan is None:
            plan = self._plans[dialect.name] = self._made(dialect)
        return plan

    def _made(self, dialect: Dialect) -> Plan:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(compiled)
        names = [c["name"] for c in _described(self._statement)]
        types = [c["type"].dialect_impl(dialect) for c in _described(self._statement)]
        outs = [(place, kind.result_processor(dialect, None)) for place, kind in enumerate(types)]
        constants = {name: bind.value for name, bind in compiled.binds.items() if bind.value is not None}
        return Plan(
            sql=compiled.string,
            ins=tuple((name, _bind_processor(compiled, name, dialect)) for name in _order(compiled)),
            constants=constants,
            positional=compiled.positional,
            outs=tuple((place, process) for place, process in outs if process is not None),
            row=namedtuple("Row", names, rename=True)._make,  # noqa: PYI024 -- its columns are known only now
        )


class Database:
    """Executes prepared statements in one transaction. What the driver raises comes out as SQLAlchemy's errors."""

    __slots__ = ("_connection", "_dialect", "_driver")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        driver = connection.connection.driver_connection
        self._driver = driver if isinstance(driver, sqlite3.Connection) else None

    def all(self, statement: Prepared, values: Values = {}) -> list[Row]:  # noqa: B006 -- never written to
        """Return every row."""
        plan = statement.plan(self._dialect)
        rows = self._execute(plan, plan.bound(values)).fetchall()
        return [plan.read(row) for row in rows]

    def first(self, statement: Prepared, values: Values = {}) -> Row | None:  # noqa: B006
        """Return the first row, if there is one."""
        rows = self.all(statement, values)
        return rows[0] if rows else None

    def scalars(self, statement: Prepared, values: Values = {}) -> list[Any]:  # noqa: B006
        """Return the first column of every row."""
        return [row[0] for row in self.all(statement, values)]

    def scalar(self, statement: Prepared, values: Values = {}) -> Any:  # noqa: ANN401, B006
        """Return the first column of the first row; None where there is no row."""
        row = self.first(statement, values)
        return None if row is None else row[0]

    def run(self, statement: Prepared, values: Values) -> int:
        """Do it and return how many rows it touched."""
        plan = statement.plan(self._dialect)
        return self._execute(plan, plan.bound(values)).rowcount

    def run_each(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Do it for each of these; for none, nothing."""
        plan = statement.plan(self._dialect)
        if len(rows) == 1:
            self._execute(plan, plan.bound(rows[0]))
        elif rows:
            self._execute_many(plan, [plan.bound(row) for row in rows])

    def _execute(self, plan: Plan, bound: Any) -> "sqlite3.Cursor | CursorResult[*tuple[Any, ...]]":  # noqa: ANN401
        if self._driver is None:
            return self._connection.exec_driver_sql(plan.sql, bound)
        try:
            return self._driver.execute(plan.sql, bound)
        except sqlite3.Error as error:
            raise self._wrapped(error, plan) from error

    def _execute_many(self, plan: Plan, bound: list[Any]) -> None:
        if self._driver is None:
            self._connection.exec_driver_sql(plan.sql, bound)
            return
        try:
            self._driver.executemany(plan.sql, bound)
        except sqlite3.Error as error:
            raise self._wrapped(error, plan) from error

    def _wrapped(self, error: sqlite3.Error, plan: Plan) -> BaseException:
        return DBAPIError.instance(plan.sql, None, error, sqlite3.Error, hide_parameters=True, dialect=self._dialect)


def _described(statement: _Statement) -> list[Any]:
    if isinstance(statement, Select):
        return list(statement.column_descriptions)
    return list(statement.returning_column_descriptions)


def _order(compiled: SQLCompiler) -> Sequence[str]:
    return compiled.positiontup or [] if compiled.positional else list(compiled.binds)


def _bind_processor(compiled: SQLCompiler, name: str, dialect: Dialect) -> _Process | None:
    process: _Process | None = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
    return process

"""Statements that are compiled once and then cost little more than the driver's own call.

SQLAlchemy writes the SQL and knows the types. What it does around every single execution would be most of what a
referral costs on SQLite (bench/README.md), so there the driver is called directly; on PostgreSQL, where the way to the
server counts, SQLAlchemy makes the call.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import BindParameter, Connection, CursorResult, Delete, Dialect, Insert, Select, Update, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

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


_PLANS: dict[str, dict[_Statement, Plan]] = {}
"""By database, then by statement: each is a constant of some module, so this stops growing."""


SLOTS: list[BindParameter[str]] = [bindparam(f"slot{n}") for n in range(8)]
"""What `in_` takes where the number of keys is not known: as many as there are, the last one repeated."""


def in_slots(keys: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield the values for SLOTS, once for every eight keys."""
    for start in range(0, len(keys), len(SLOTS)):
        some = keys[start : start + len(SLOTS)]
        yield {f"slot{n}": some[min(n, len(some) - 1)] for n in range(len(SLOTS))}


class Database:
    """Executes statements in one transaction, each compiled once for the whole process.

    What the driver raises comes out as SQLAlchemy's errors. What is read comes out in the types of its columns.
    """

    __slots__ = ("_connection", "_dialect", "_driver", "_plans")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._plans = _PLANS.setdefault(connection.dialect.name, {})
        driver = connection.connection.driver_connection
        # Whoever listens to statements (the fault tests stop at each of them) would not hear of a direct call.
        is_heard = bool(connection.dispatch.before_cursor_execute)
        self._driver = driver if isinstance(driver, sqlite3.Connection) and not is_heard else None

    def all(self, statement: _Statement, values: Values = {}) -> list[Row]:  # noqa: B006 -- never written to
        """Return every row."""
        plan = self._plan(statement, values)
        rows = self._execute(plan, plan.bound(values)).fetchall()
        return [plan.read(row) for row in rows]

    def first(self, statement: _Statement, values: Values = {}) -> Row | None:  # noqa: B006
        """Return the first row, if there is one."""
        rows = self.all(statement, values)
        return rows[0] if rows else None

    def scalars(self, statement: _Statement, values: Values = {}) -> list[Any]:  # noqa: B006
        """Return the first column of every row."""
        return [row[0] for row in self.all(statement, values)]

    def scalar(self, statement: _Statement, values: Values = {}) -> Any:  # noqa: ANN401, B006
        """Return the first column of the first row; None where there is no row."""
        row = self.first(statement, values)
        return None if row is None else row[0]

    def run(self, statement: _Statement, values: Values) -> int:
        """Do it and return how many rows it touched."""
        plan = self._plan(statement, values)
        return self._execute(plan, plan.bound(values)).rowcount

    def run_each(self, statement: _Statement, rows: Sequence[Values]) -> None:
        """Do it for each of these; for none, nothing."""
        if not rows:
            return
        plan = self._plan(statement, rows[0])
        if len(rows) == 1:
            self._execute(plan, plan.bound(rows[0]))
        else:
            self._execute_many(plan, [plan.bound(row) for row in rows])

    def _plan(self, statement: _Statement, values: Values) -> Plan:
        plan = self._plans.get(statement)
        if plan is None:
            plan = self._plans[statement] = _planned(statement, list(values), self._dialect)
        return plan

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


def _planned(statement: _Statement, columns: list[str], dialect: Dialect) -> Plan:
    """Compile; `columns` are those that an insert fills, unless it says so itself."""
    if isinstance(statement, Insert):
        compiled = statement.inline().compile(dialect=dialect, column_keys=columns)
    else:
        compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(compiled)
    described = _described(statement)
    outs = [(place, _result_processor(column["type"], dialect)) for place, column in enumerate(described)]
    return Plan(
        sql=compiled.string,
        ins=tuple((name, _bind_processor(compiled, name, dialect)) for name in _order(compiled)),
        constants={name: bind.value for name, bind in compiled.binds.items() if bind.value is not None},
        positional=compiled.positional,
        outs=tuple((place, process) for place, process in outs if process is not None),
        row=_row_of([column["name"] for column in described]),
    )


def _row_of(names: list[str]) -> Callable[[Iterable[Any]], Row]:
    # Not a NamedTuple class: the columns are known only now.
    make: Callable[[Iterable[Any]], Row] = namedtuple("Row", list(names), rename=True)._make  # type: ignore[attr-defined]  # noqa: PYI024
    return make


def _described(statement: _Statement) -> list[Any]:
    if isinstance(statement, Select):
        return list(statement.column_descriptions)
    return list(statement.returning_column_descriptions)


def _order(compiled: SQLCompiler) -> Sequence[str]:
    return compiled.positiontup or [] if compiled.positional else list(compiled.binds)


def _bind_processor(compiled: SQLCompiler, name: str, dialect: Dialect) -> _Process | None:
    process: _Process | None = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
    return process


def _result_processor(kind: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    process: _Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return process

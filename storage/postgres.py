"""Statements straight to libpq: one call that waits without the interpreter's lock, and psycopg's own conversions.

Psycopg's cursors are made for any query; they cost two to eight times as much CPU as what they do for ours.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NoReturn

import psycopg
from psycopg import abc, adapt
from psycopg.adapt import PyFormat
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.plans import Plan, Values

_BEGIN = b"BEGIN ISOLATION LEVEL READ COMMITTED"
_COMMIT = b"COMMIT"
_GOOD = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_TOGETHER = 64
"""Rows in one INSERT: far fewer than the 65,535 values that a statement may have."""
_ROW_OF_VALUES = re.compile(r"\bVALUES (\(.*?\))(?= ON CONFLICT| RETURNING|$)", re.DOTALL)
_PLACE = re.compile(r"\$(\d+)")
_KEPT = "twoyes.postgres"


class Postgres:
    """One connection's way to the server. A transaction begins with its first use and ends by SQLAlchemy's commit."""

    __slots__ = ("_about", "_connection", "_later", "_pg", "_transformer", "_waits")

    def __init__(self, connection: Connection, driver: psycopg.Connection[Any], *, waits: bool) -> None:
        self._connection = connection
        self._pg = driver.pgconn
        self._waits = waits
        self._later: list[tuple[str, list[Any]]] = []
        self._about: frozenset[str] = frozenset()
        self._transformer = _transformer(connection, driver)
        if self._pg.transaction_status == TransactionStatus.IDLE and not driver.autocommit:
            self._execute(_BEGIN, ())

    @classmethod
    def of(cls, connection: Connection, *, waits: bool) -> "Postgres":
        """Return the way to the server that this connection is; `waits` lets inserts wait for the next statement."""
        driver = connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError(driver)
        return cls(connection, driver, waits=waits)

    def rows(self, plan: Plan, values: Values) -> Sequence[Sequence[Any]]:
        """Return every row."""
        result = self._with_what_waits(plan, values)
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)

    def touched(self, plan: Plan, values: Values) -> int:
        """Return how many rows it touched."""
        return self._with_what_waits(plan, values).command_tuples or 0

    def each(self, plan: Plan, many: Sequence[Values]) -> None:
        """Do it for each of these; where they are values to insert, for many by one statement, which may wait."""
        bound = [plan.bound(values) for values in many]
        while bound:
            some, bound = bound[:_TOGETHER], bound[_TOGETHER:]
            together = _multiplied(plan.numbered, len(some))
            if together is not None:
                self._let_wait(plan, together, [value for one in some for value in one])
                continue
            self.flush()
            for one in some:
                self._execute(plan.numbered.encode(), one)

    def flush(self) -> None:
        """Do what still waits."""
        if self._later:
            waiting, self._later, self._about = self._later, [], frozenset()
            sql = _in_one(tuple(sql for sql, _ in waiting))
            self._execute(sql, [value for _, values in waiting for value in values])

    def commit(self) -> None:
        """End the transaction; SQLAlchemy's own commit then finds nothing to do."""
        self.flush()
        if self._pg.transaction_status == TransactionStatus.INTRANS:
            self._execute(_COMMIT, ())

    def _let_wait(self, plan: Plan, sql: str, values: list[Any]) -> None:
        """Keep it until the next statement goes: each way to the server costs more than what is done there."""
        if plan.tables & self._about:
            self.flush()
        self._later.append((sql, values))
        self._about |= plan.tables
        if not self._waits:
            self.flush()

    def _with_what_waits(self, plan: Plan, values: Values) -> PGresult:
        """Execute it, and what waits with it, unless it has to do with the same tables: it would not see the rows."""
        bound = plan.bound(values)
        if self._later and not plan.tables & self._about and not plan.numbered.startswith("WITH"):
            waiting, self._later, self._about = self._later, [], frozenset()
            sql = _in_one((*(sql for sql, _ in waiting), plan.numbered))
            return self._execute(sql, [*(value for _, some in waiting for value in some), *bound])
        self.flush()
        return self._execute(plan.numbered.encode(), bound)

    def _execute(self, sql: bytes, values: Sequence[Any]) -> PGresult:
        transformer = self._transformer
        try:
            dumped = transformer.dump_sequence(values, (PyFormat.AUTO,) * len(values))
        except psycopg.Error as error:
            raise self._wrapped(error, sql) from error
        try:
            result = self._pg.exec_params(sql, dumped, transformer.types, transformer.formats, Format.BINARY)
        except (psycopg.Error, MemoryError) as error:  # libpq has no result for what it could not send
            self._fail(sql, error)
        if result.status not in _GOOD:
            self._fail(sql, error_from_result(result))
        return result

    def _fail(self, sql: bytes, error: BaseException) -> NoReturn:
        if self._pg.status == ConnStatus.BAD:
            # It fails at once, as what it is, and the pool learns that all its connections may be dead.
            self._connection.exec_driver_sql("SELECT 1")
        raise self._wrapped(error, sql) from error

    def _wrapped(self, error: BaseException, sql: bytes) -> BaseException:
        dialect = self._connection.dialect
        return DBAPIError.instance(sql.decode(), None, error, psycopg.Error, hide_parameters=True, dialect=dialect)


def _transformer(connection: Connection, driver: psycopg.Connection[Any]) -> abc.Transformer:
    """Return the connection's own converter, which has learned the types that went through it."""
    known = connection.info.get(_KEPT)
    if known is None:
        known = connection.info[_KEPT] = adapt.Transformer(driver)
    found: abc.Transformer = known
    return found


@lru_cache(maxsize=1024)
def _multiplied(sql: str, rows: int) -> str | None:
    """Return an INSERT of one row as one of many rows; None for any other statement."""
    found = _ROW_OF_VALUES.search(sql) if sql.startswith("INSERT") else None
    if found is None:
        return None
    places = sql.count("$")
    row = found[1]
    if row.count("$") != places:
        return None  # values elsewhere too
    many = ", ".join(_moved(row, n * places) for n in range(rows))
    return f"{sql[: found.start(1)]}{many}{sql[found.end(1) :]}"


@lru_cache(maxsize=1024)
def _in_one(statements: tuple[str, ...]) -> bytes:
    """Return several statements as one, whose result is that of the last."""
    *before, last = _renumbered(statements)
    if not before:
        return last.encode()
    named = ", ".join(f"w{place} AS ({sql})" for place, sql in enumerate(before))
    return f"WITH {named} {last}".encode()


def _renumbered(statements: tuple[str, ...]) -> Iterator[str]:
    taken = 0
    for sql in statements:
        yield _moved(sql, taken)
        taken += sql.count("$")


def _moved(sql: str, by: int) -> str:
    """Return the statement with its places numbered from another number on."""
    return _PLACE.sub(lambda place: f"${int(place[1]) + by}", sql) if by else sql

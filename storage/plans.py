"""What becomes of a statement once it is compiled: its text for the driver, what goes in, and what comes out."""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Boolean, Delete, Dialect, Insert, LargeBinary, Select, Table, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeEngine

from storage.types import UtcDateTime

Values: TypeAlias = Mapping[str, Any]
Row: TypeAlias = Any
"""A named tuple of a statement's columns."""

Statement: TypeAlias = Select[*tuple[Any, ...]] | Insert | Update | Delete
_Process: TypeAlias = Callable[[Any], Any]

_PLACE = re.compile(r"%\((\w+)\)s")


class Plan(NamedTuple):
    """One statement for one database: what goes in by name, and what becomes of the columns that come out."""

    sql: str
    """As SQLAlchemy writes it for this driver."""
    numbered: str
    """With $1, $2 … in the places of the values, as PostgreSQL itself takes it."""
    tables: frozenset[str]
    """What it mentions."""
    names: tuple[str, ...]
    """What goes into each place."""
    take: Callable[[Values], tuple[Any, ...]]
    ins: tuple[tuple[int, _Process], ...]
    constants: dict[str, Any]
    outs: tuple[tuple[int, _Process], ...]
    row: Callable[[Iterable[Any]], Row]

    def bound(self, values: Values) -> Sequence[Any]:
        """Return the values as the database takes them, place by place. A missing one is a KeyError."""
        taken = self.take({**self.constants, **values} if self.constants else values)
        if not self.ins:
            return taken
        bound = list(taken)
        for place, process in self.ins:
            if bound[place] is not None:
                bound[place] = process(bound[place])
        return bound

    def read(self, columns: Sequence[Any]) -> Row:
        """Return a row as Python takes it."""
        if not self.outs:
            return self.row(columns)
        read = list(columns)
        for place, process in self.outs:
            if read[place] is not None:
                read[place] = process(read[place])
        return self.row(read)


def planned(statement: Statement, columns: list[str], dialect: Dialect) -> Plan:
    """Compile; `columns` are those that an insert fills, unless it says so itself."""
    if isinstance(statement, Insert):
        compiled = statement.inline().compile(dialect=dialect, column_keys=columns)
    else:
        compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(compiled)
    described = _described(statement)
    names = tuple(_order(compiled))
    ins = [(place, _bind_processor(compiled, name, dialect)) for place, name in enumerate(names)]
    outs = [(place, _result_processor(column["type"], dialect)) for place, column in enumerate(described)]
    return Plan(
        sql=compiled.string,
        numbered=_numbered(compiled.string),
        tables=_tables(statement),
        names=names,
        take=_taker(names),
        ins=tuple((place, process) for place, process in ins if process is not None),
        constants={name: bind.value for name, bind in compiled.binds.items() if bind.value is not None},
        outs=tuple((place, process) for place, process in outs if process is not None),
        row=_row_of([column["name"] for column in described]),
    )


def _tables(statement: Statement) -> frozenset[str]:
    written = (statement.table,) if isinstance(statement, Insert | Update | Delete) else ()
    return frozenset(part.name for part in (*iterate(statement), *written) if isinstance(part, Table))


def _numbered(sql: str) -> str:
    numbers = iter(range(1, sql.count("%(") + 1))
    return _PLACE.sub(lambda _: f"${next(numbers)}", sql).replace("%%", "%")


def _taker(names: Sequence[str]) -> Callable[[Values], tuple[Any, ...]]:
    match names:
        case ():
            return lambda _: ()
        case (name,):
            return lambda values: (values[name],)
        case _:
            return itemgetter(*names)


def _row_of(names: list[str]) -> Callable[[Iterable[Any]], Row]:
    # Not a NamedTuple class: the columns are known only now.
    make: Callable[[Iterable[Any]], Row] = namedtuple("Row", list(names), rename=True)._make  # type: ignore[attr-defined]  # noqa: PYI024
    return make


def _described(statement: Statement) -> list[Any]:
    if isinstance(statement, Select):
        return list(statement.column_descriptions)
    return list(statement.returning_column_descriptions)


def _order(compiled: SQLCompiler) -> Sequence[str]:
    return compiled.positiontup or [] if compiled.positional else _PLACE.findall(compiled.string)


def _bind_processor(compiled: SQLCompiler, name: str, dialect: Dialect) -> _Process | None:
    kind = compiled.binds[name].type
    if isinstance(kind, Boolean | LargeBinary):
        return None  # both drivers take a bool and bytes as they are
    if isinstance(kind, UtcDateTime):
        return kind.writer(dialect)
    process: _Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return process


def _result_processor(kind: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    if isinstance(kind, UtcDateTime):
        return kind.reader(dialect)
    process: _Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return process

"""How many transactions a second the store makes of sixteen clients' work, beside bare sqlite3 one by one."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, SmallInteger, Table, Text, bindparam, insert

from bench.figures import Bound, Figure, ratios
from bench.run import Row, Run, on_a_loop
from storage.engine import sqlite_engine
from storage.writer import SqliteWriter

CLIENTS = 16
BODY = "x" * 200
HOW = """\
One transaction writes one row of 200 characters into one table and two into another (with a unique key), as a step of a
referral does at least. Above: sixteen clients, each with its next transaction when its last is on disk, through the
store's writer thread and SQLAlchemy. Below: the standard library's sqlite3, one transaction after the other in one
thread. Both with WAL, `synchronous=FULL` and `BEGIN IMMEDIATE`, each on a file of its own in one directory."""

_metadata = MetaData()
_step = Table(
    "step", _metadata, Column("id", Integer, primary_key=True), Column("body", Text), Column("at", BigInteger)
)
_owed = Table(
    "owed",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, unique=True),
    Column("body", Text),
    Column("status", SmallInteger),
)
_ADD_STEP = insert(_step).values(id=bindparam("number"), body=BODY, at=0)
_ADD_OWED = insert(_owed).values(key=bindparam("name"), body=BODY, status=0)


def measure(run: Run) -> list[Figure]:
    """Return the ratio, and both rates."""
    size = run.size(full=4000, quick=1000)
    numbers = count()

    def file() -> Path:
        return run.databases.directory / f"transactions-{next(numbers)}.db"

    parts = (("store", lambda: _store(file(), size)), ("raw", lambda: _raw(file(), size // 2)))
    found = run.repeated("Transactions on SQLite", parts)
    return [
        Figure("store ÷ raw sqlite3", ratios(found["store"], found["raw"]), bound=Bound(1.0, 0.6, at_least=True)),
        Figure("through the store, 16 clients", tuple(found["store"]), "a second"),
        Figure("raw sqlite3, one by one", tuple(found["raw"]), "a second"),
    ]


def _store(file: Path, transactions: int) -> float:
    writer = SqliteWriter(f"sqlite:///{file}")
    writer.run_now(_metadata.create_all)
    began = perf_counter()
    on_a_loop(_clients(writer, iter(range(transactions))))
    rate = transactions / (perf_counter() - began)
    writer.close()
    return rate


async def _clients(writer: SqliteWriter, numbers: Iterator[int]) -> None:
    async def client() -> None:
        for number in numbers:
            await writer.run(partial(_write, number))

    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(client())


def _write(number: int, connection: Connection) -> None:
    connection.execute(_ADD_STEP, {"number": number})
    connection.execute(_ADD_OWED, {"name": f"{number}/one"})
    connection.execute(_ADD_OWED, {"name": f"{number}/two"})


def _raw(file: Path, transactions: int) -> float:
    with sqlite_engine(f"sqlite:///{file}").begin() as made:
        _metadata.create_all(made)
    connection = sqlite3.connect(file, isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}")
    began = perf_counter()
    for number in range(transactions):
        _write_raw(number, connection.execute)
    rate = transactions / (perf_counter() - began)
    connection.close()
    return rate


def _write_raw(number: int, execute: Callable[..., sqlite3.Cursor]) -> None:
    execute("BEGIN IMMEDIATE")
    execute("INSERT INTO step (id, body, at) VALUES (?, ?, 0)", (number, BODY))
    execute("INSERT INTO owed (key, body, status) VALUES (?, ?, 0)", (f"{number}/one", BODY))
    execute("INSERT INTO owed (key, body, status) VALUES (?, ?, 0)", (f"{number}/two", BODY))
    execute("COMMIT")


ROW = Row("transactions", "Transactions a second on SQLite", HOW, measure)

"""What counting one group's week costs when the log is long, and a thousand groups that are due in the same minute."""

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

from sqlalchemy import Connection, Integer, Text, bindparam, cast, func, insert, literal, select
from sqlalchemy.sql.elements import ColumnElement

from bench.databases import KINDS
from bench.edges import NOON
from bench.figures import Bound, Figure, ratios
from bench.rows.tally_minute import measure_minute
from bench.run import Row, Run, on_a_loop
from bench.world import open_bench_store
from bot.domain.ids import GroupId
from bot.domain.tally import tally_of
from bot.ports.store import Transaction
from storage.engine import migration_engine
from storage.tables import log
from storage.types import UtcDateTime

SHORT = 10_000
LONG = (1_000_000, 10_000_000)
WEEKS = 50
IN_A_WEEK = 100
TIMES = 40
CHUNK = 100_000
GROUP, WEEK = GroupId("group-0"), "week-7"
FACTS = '{"kind":"recommendation","helper":"false","provider":"p","again":"false","seeker":"'
HOW = f"""\
Databases of each kind hold a log of 10,000, a million and (not with `--quick`) ten million entries, made by SQL, of
{WEEKS} weeks and as many groups as it takes for each to have {IN_A_WEEK} introductions a week. In turn, one week of one
group is read and counted {TIMES} times in each; the figure compares the medians. PostgreSQL's statistics are brought up
to date first, as its autovacuum would.

*In the same minute*, a thousand groups (with `--quick`: a hundred) with something to tell are due on SQLite, and
meanwhile ten members a second are asked for their consent, as they were for a minute before. Time is real, everything
is put into words, and each post gets its chart. The gateway takes 80 ms for a message and 300 ms for one with a
picture, and counts what goes past a limit: one message a second for each place, and 50 a second altogether. A
question's wait is from the commit that queues it until the gateway has said that it is there. It is measured once: it
takes minutes."""

_FIRST, _LAST, _GROUPS = (cast(bindparam(name), Integer) for name in ("first", "last", "groups"))
_numbers = select(_FIRST.label("n")).cte("numbers", recursive=True)
_numbers = _numbers.union_all(select(_numbers.c.n + 1).where(_numbers.c.n < _LAST))
_N = _numbers.c.n


def _whole(number: ColumnElement[int], by: ColumnElement[int]) -> ColumnElement[int]:
    """Divide on both databases alike."""
    return cast(func.floor(number / by), Integer)


_WEEK_NUMBER = func.mod(_whole(_N, _GROUPS), WEEKS)
_FILL = insert(log).from_select(
    ["at", "week", "group_id", "kind", "by_id", "referral_id", "facts"],
    select(
        literal(NOON, UtcDateTime()),
        literal("week-") + cast(cast(_WEEK_NUMBER, Integer), Text),
        literal("group-") + cast(cast(func.mod(_N, _GROUPS), Integer), Text),
        literal("introduced"),
        literal("m-") + cast(cast(func.mod(_N, 7), Integer), Text),
        literal("r-") + cast(_N, Text),
        literal(FACTS) + cast(_N, Text) + literal('"}'),
    ),
)

(_INDEX,) = log.indexes
"""Made when the log is full: row by row it takes ten times as long."""


def measure(run: Run) -> list[Figure]:
    """Return the ratios on both databases, and what a thousand posts do to everybody else."""
    figures = []
    for kind in KINDS:
        figures += _measured(run, kind)
    return figures + measure_minute(run)


def _measured(run: Run, kind: str) -> list[Figure]:
    sizes = (SHORT, *(LONG[:1] if run.quick else LONG))
    logs = {size: _Log(run.databases.fresh(kind)) for size in sizes}
    for size, one in logs.items():
        one.fill(run, size)
    found = run.repeated(f"Weeks on {kind}", [(f"{size:,}", one.counts) for size, one in logs.items()])
    for one in logs.values():
        one.close()
    short = found[f"{SHORT:,}"]
    longer = [
        Figure(
            f"a week of {size:,} ÷ of {SHORT:,} entries, {kind}",
            ratios(found[f"{size:,}"], short),
            bound=Bound(1.5, 1.5),
        )
        for size in sizes[1:]
    ]
    return [*longer, Figure(f"a week of {SHORT:,} entries, {kind}", tuple(1e3 * one for one in short), "ms")]


class _Log:
    """One database's log, through the store and beside it."""

    def __init__(self, url: str) -> None:
        self._store = open_bench_store(url)
        self._engine = migration_engine(url)  # no time-outs: a chunk takes longer than any step of the bot may

    def fill(self, run: Run, entries: int) -> None:
        """Put so many entries into it."""
        groups = entries // (WEEKS * IN_A_WEEK)
        chunks = range(0, entries, CHUNK)
        self._do(_INDEX.drop)
        for first in run.each(chunks, f"{entries:,} log entries, {self._engine.dialect.name}"):
            values = {"first": first, "last": min(first + CHUNK, entries) - 1, "groups": groups}
            self._do(lambda connection, bound=values: connection.execute(_FILL, bound))  # type: ignore[misc]
        self._do(_INDEX.create)
        if self._engine.dialect.name == "postgresql":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE log")

    def _do(self, work: Callable[[Connection], object]) -> None:
        with self._engine.begin() as connection:
            work(connection)

    def counts(self) -> float:
        """Return the median seconds of reading and counting the week."""
        return median(self._store.run_now(partial(_timed)) for _ in range(TIMES))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
        on_a_loop(self._store.close())


def _timed(tx: Transaction) -> float:
    began = perf_counter()
    tally = tally_of(GROUP, WEEK, tx.tallies.week_of(GROUP, WEEK))
    took = perf_counter() - began
    assert tally.introductions == tally.recommendations == IN_A_WEEK
    return took


ROW = Row("tally", "The weekly tally", HOW, measure)

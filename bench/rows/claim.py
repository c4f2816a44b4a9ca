"""What claiming from the outbox costs when a million rows were delivered before, beside none."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from statistics import median
from time import perf_counter
from types import MappingProxyType

from sqlalchemy import (
    Executable,
    Integer,
    Text,
    bindparam,
    cast,
    delete,
    insert,
    literal,
    literal_column,
    null,
    select,
    true,
    update,
)

from adapters.local.room import WORKSPACE
from bench.databases import KINDS
from bench.edges import NOON
from bench.figures import Bound, Figure, ratios
from bench.run import Row, Run, on_a_loop
from bench.world import GROUP, open_bench_store
from bot.domain.effects import Notice, Notify
from bot.domain.ids import MemberId
from bot.ports.gateway import DeliveryKey
from bot.ports.rows import Intent
from bot.ports.store import Transaction
from storage.engine import migration_engine
from storage.tables import outbox

CLAIMS = 20
BATCH = 32
CHUNK = 50_000
LEASE = timedelta(minutes=1)
HOW = """\
Two databases of each kind: one holds 640 open rows, the other as many and a million (with `--quick`: 100,000) that were
delivered, made by SQL. In turn, twenty batches of 32 are claimed from each; the time is that of the claim inside its
transaction, without the commit, and the figure compares the medians. PostgreSQL's statistics are brought up to date
first, as its autovacuum would."""

_FIRST, _LAST = (cast(bindparam(name), Integer) for name in ("first", "last"))
_numbers = select(_FIRST.label("n")).cte("numbers", recursive=True)
_numbers = _numbers.union_all(select(_numbers.c.n + 1).where(_numbers.c.n < _LAST))
_KEY = literal("old/") + cast(_numbers.c.n, Text)
_CHANGED = {"key": _KEY, "lane": _KEY, "status": literal_column("1"), "settled_at": outbox.c.due}
_NAMES = [column.name for column in outbox.c if column.name != "id"]
_TEMPLATE = select(*(_CHANGED.get(name, outbox.c[name]) for name in _NAMES)).where(
    outbox.c.status == literal_column("0")
)
_OLD = insert(outbox).from_select(_NAMES, _TEMPLATE.select_from(outbox.join(_numbers, true())))
_RESET = update(outbox).where(outbox.c.status == literal_column("0")).values(due=NOON, lease=null())


def measure(run: Run) -> list[Figure]:
    """Return the ratio on both databases, and the bare figures."""
    figures = []
    for kind in KINDS:
        figures += _measured(run, kind)
    return figures


def _measured(run: Run, kind: str) -> list[Figure]:
    old = run.size(full=1_000_000, quick=100_000)
    outboxes = [_Outbox(run.databases.fresh(kind)) for _ in range(2)]
    for one, rows in zip(outboxes, (0, old), strict=True):
        one.fill(run, rows)
    parts = [(name, one.claims) for name, one in zip(("none", "many"), outboxes, strict=True)]
    found = run.repeated(f"Claims on {kind}", parts)
    for one in outboxes:
        one.close()
    slower = ratios(found["many"], found["none"])
    return [
        Figure(f"claim with {old:,} delivered ÷ none, {kind}", slower, bound=Bound(1.5, 3)),
        Figure(f"claim of {BATCH} with none delivered, {kind}", tuple(1e3 * one for one in found["none"]), "ms"),
    ]


class _Outbox:
    """One database's outbox, through the store and beside it."""

    def __init__(self, url: str) -> None:
        self._store = open_bench_store(url)
        self._engine = migration_engine(url)  # no time-outs: a chunk takes longer than any step of the bot may

    def fill(self, run: Run, old: int) -> None:
        """Put so many delivered rows into it, and then those that are open."""
        if old:
            self._store.run_now(lambda tx: tx.outbox.add([_intent(0)], NOON))
            for first in run.each(range(0, old, CHUNK), f"{old:,} delivered rows, {self._engine.dialect.name}"):
                self._execute(_OLD, {"first": first, "last": min(first + CHUNK, old) - 1})
            self._execute(delete(outbox).where(outbox.c.status == literal_column("0")))
        self._store.run_now(_adding)
        if self._engine.dialect.name == "postgresql":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE outbox")

    def claims(self) -> float:
        """Return the median seconds of a claim; afterwards everything is open again."""
        took = median(self._store.run_now(partial(_timed, str(number))) for number in range(CLAIMS))
        self._execute(_RESET)
        return took

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
        on_a_loop(self._store.close())

    def _execute(self, statement: Executable, values: Mapping[str, int] = MappingProxyType({})) -> None:
        with self._engine.begin() as connection:
            connection.execute(statement, dict(values))


def _adding(tx: Transaction) -> None:
    tx.outbox.add([_intent(number) for number in range(CLAIMS * BATCH)], NOON)


def _intent(number: int) -> Intent:
    member = MemberId(f"member-{number}")
    effect = Notify(member, Notice.HELLO, group=GROUP)
    return Intent(DeliveryKey(f"notice/hello/{number}"), effect, f"{GROUP}/{member}", WORKSPACE, member, NOON)


def _timed(lease: str, tx: Transaction) -> float:
    began = perf_counter()
    claimed = tx.outbox.claim(NOON, NOON + LEASE, lease, BATCH)
    took = perf_counter() - began
    assert len(claimed) == BATCH
    return took


ROW = Row("claim", "Claiming from a long outbox", HOW, measure)

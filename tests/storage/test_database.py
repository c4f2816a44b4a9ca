"""Statements that go to the driver directly behave as those that SQLAlchemy executes, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Engine, bindparam, delete, event, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import SLOTS, Database, in_slots
from storage.runner import Runner
from storage.tables import guest, meta
from tests.factories import NOW

T = TypeVar("T")
ADD = insert(guest)
FIND = select(guest).where(guest.c.id.in_(SLOTS)).order_by(guest.c.id)
SINCE = select(guest.c.id).where(guest.c.created_at >= bindparam("since")).order_by(guest.c.id)
DROP = delete(guest).where(guest.c.id == bindparam("who"))
NAMES = tuple("abcdefghij")
NOTE = insert(meta)
NOTED = select(meta.c.key).order_by(meta.c.key)


@pytest.fixture(autouse=True)
def table(runner: Runner) -> None:
    """Have a table with an instant in it."""
    runner.run_now(lambda connection: guest.metadata.create_all(connection, [guest, meta]))


def on(runner: Runner, work: Callable[[Database], T]) -> T:
    return runner.run_now(lambda connection: work(Database(connection)))


def add(*names: str) -> Callable[[Database], None]:
    rows = [{"id": name, "created_at": NOW + place * timedelta(days=1)} for place, name in enumerate(names)]
    return lambda database: database.run_each(ADD, rows)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 10])
def test_rows_go_in_and_come_out_in_their_types_however_many_there_are(runner: Runner, count: int) -> None:
    names = NAMES[:count]

    on(runner, add(*names))
    found = on(runner, lambda database: [row for keys in in_slots(names) for row in database.all(FIND, keys)])

    assert [(row.id, row.created_at) for row in found] == [
        (n, NOW + p * timedelta(days=1)) for p, n in enumerate(names)
    ]


def test_first_scalar_and_run_say_what_there_is(runner: Runner) -> None:
    def work(database: Database) -> list[object]:
        add("a", "b")(database)
        later, never = {"since": NOW + timedelta(days=1)}, {"since": NOW + timedelta(days=9)}
        found = [database.scalar(SINCE, later), database.scalars(SINCE, {"since": NOW}), database.first(SINCE, never)]
        return [
            *found,
            database.scalar(SINCE, never),
            database.run(DROP, {"who": "a"}),
            database.run(DROP, {"who": "z"}),
        ]

    assert on(runner, work) == ["b", ["a", "b"], None, None, 1, 0]


@pytest.mark.parametrize("names", [("a",), ("b", "a")])
def test_a_broken_rule_is_sqlalchemys_error_and_shows_no_value(runner: Runner, names: tuple[str, ...]) -> None:
    on(runner, add("a"))

    with pytest.raises(IntegrityError) as caught:
        on(runner, add(*names))

    assert str(NOW.year) not in str(caught.value)


def test_a_table_that_is_missing_is_sqlalchemys_error_too(runner: Runner) -> None:
    runner.run_now(guest.drop)

    with pytest.raises(DBAPIError):
        on(runner, add("a"))


def test_a_value_that_was_forgotten_is_an_error_before_anything_is_sent(runner: Runner) -> None:
    with pytest.raises(KeyError):
        on(runner, lambda database: database.all(SINCE, {}))


def test_whoever_listens_to_statements_hears_every_one(runner: Runner) -> None:
    heard: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement.partition(" ")[0])

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        on(runner, lambda database: (add("a", "b")(database), database.all(SINCE, {"since": NOW})))
    finally:
        event.remove(Engine, "before_cursor_execute", listen)

    assert heard[-2:] == ["INSERT", "SELECT"]


def waiting(runner: Runner, work: Callable[[Database], T]) -> T:
    """Do work whose inserts may wait for the next statement."""

    def whole(connection: Connection) -> T:
        database = Database(connection, waits=True)
        value = work(database)
        database.flush()
        return value

    return runner.run_now(whole)


def note(*names: str) -> Callable[[Database], None]:
    return lambda database: database.run_each(NOTE, [{"key": name, "value": b"%$1"} for name in names])


def test_inserts_that_waited_are_there_in_the_end(runner: Runner) -> None:
    waiting(runner, lambda database: (add("a", "b")(database), note("x", "y", "z")(database), add("c")(database)))

    assert on(runner, lambda database: database.scalars(SINCE, {"since": NOW})) == ["a", "b", "c"]
    assert on(runner, lambda database: database.scalars(NOTED)) == ["x", "y", "z"]


def test_inserts_that_wait_are_seen_by_whoever_asks_about_them(runner: Runner) -> None:
    found = waiting(runner, lambda database: (add("a")(database), database.scalars(SINCE, {"since": NOW}))[1])

    assert found == ["a"]


def test_a_statement_about_something_else_takes_along_what_waits(runner: Runner) -> None:
    on(runner, lambda database: (add("old")(database), note("x")(database)))

    def work(database: Database) -> tuple[list[str], int]:
        add("a", "b")(database)
        noted = database.scalars(NOTED)
        note("y")(database)
        return noted, database.run(DROP, {"who": "old"})

    assert waiting(runner, work) == (["x"], 1)
    assert on(runner, lambda database: database.scalars(SINCE, {"since": NOW})) == ["a", "b"]
    assert on(runner, lambda database: database.scalars(NOTED)) == ["x", "y"]


def test_an_insert_that_waited_and_breaks_a_rule_undoes_everything(runner: Runner) -> None:
    on(runner, add("a"))

    with pytest.raises(IntegrityError):
        waiting(runner, lambda database: (note("x")(database), add("a")(database)))

    assert on(runner, lambda database: database.scalars(NOTED)) == []


def test_more_rows_than_one_statement_takes_go_in_by_several(runner: Runner) -> None:
    waiting(runner, add(*(f"{n:03}" for n in range(200))))

    assert len(on(runner, lambda database: database.scalars(SINCE, {"since": NOW}))) == 200

"""After a rotation nothing needs the old key, and nothing is lost on the way."""

from functools import partial

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, bindparam, insert, select, update

from storage.errors import WrongKeyError
from storage.keys import Keyring, Unlocked, new_key, unlock
from storage.meta import meta, metadata
from storage.rotation import BATCH, SealedColumn, rotate
from storage.runner import Runner

OLD, NEW = new_key(), new_key()
EXTRA = MetaData()
LETTERS = Table("letters", EXTRA, Column("id", Integer, primary_key=True), Column("sealed", LargeBinary))
NOTES = Table("notes", EXTRA, Column("name", Text, primary_key=True), Column("sealed", LargeBinary))
COLUMNS = [SealedColumn(LETTERS.c.id, LETTERS.c.sealed), SealedColumn(NOTES.c.name, NOTES.c.sealed)]
MANY = BATCH + 3


def unlocked(runner: Runner, *keys: str) -> Unlocked:
    return runner.run_now(partial(unlock, configured=keys, key_file=None))


def no_progress(_done: int, _total: int) -> None:
    """Nobody watches."""


@pytest.fixture(autouse=True)
def letters(runner: Runner) -> None:
    runner.run_now(partial(metadata.create_all, tables=[meta]))
    runner.run_now(EXTRA.create_all)
    vault = unlocked(runner, OLD).vault
    rows = [{"sealed": vault.seal(str(n)) if n % 7 else None} for n in range(MANY)]
    runner.run_now(lambda connection: connection.execute(insert(LETTERS), rows))
    note = {"name": "b", "sealed": vault.seal("note")}
    runner.run_now(lambda connection: connection.execute(insert(NOTES), note))


def texts(runner: Runner, *keys: str) -> list[str | None]:
    vault = unlocked(runner, *keys).vault
    statement = select(LETTERS.c.sealed).order_by(LETTERS.c.id)
    sealed = runner.run_now(lambda connection: connection.scalars(statement).all())
    return [None if value is None else vault.open(value) for value in sealed]


def test_the_new_key_alone_opens_everything_afterwards(runner: Runner) -> None:
    rotate(runner, Keyring((NEW, OLD)), COLUMNS, no_progress)

    assert texts(runner, NEW) == [str(n) if n % 7 else None for n in range(MANY)]


def test_the_old_key_opens_nothing_afterwards(runner: Runner) -> None:
    rotate(runner, Keyring((NEW, OLD)), COLUMNS, no_progress)

    with pytest.raises(WrongKeyError):
        unlocked(runner, OLD)


def test_progress_ends_at_what_there_was(runner: Runner) -> None:
    seen: list[tuple[int, int]] = []

    done = rotate(runner, Keyring((NEW, OLD)), COLUMNS, lambda *at: seen.append(at))

    there = sum(1 for n in range(MANY) if n % 7) + 2  # and the note, and the proof of the key
    assert (done, seen[-1]) == (there, (there, there))
    assert seen == sorted(seen)


def test_an_interrupted_rotation_is_finished_by_the_next(runner: Runner) -> None:
    class StoppedError(Exception):
        pass

    def interrupt(_done: int, _total: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        rotate(runner, Keyring((NEW, OLD)), COLUMNS, interrupt)
    unlocked(runner, OLD)  # until it is finished the old key proves itself

    rotate(runner, Keyring((NEW, OLD)), COLUMNS, no_progress)

    assert texts(runner, NEW) == [str(n) if n % 7 else None for n in range(MANY)]


def test_what_a_server_writes_meanwhile_stays(runner: Runner) -> None:
    vault = unlocked(runner, NEW, OLD).vault
    change = update(LETTERS).where(LETTERS.c.id == MANY).values(sealed=bindparam("sealed"))

    def write(_done: int, _total: int) -> None:
        sealed = {"sealed": vault.seal("written meanwhile")}
        runner.run_now(lambda connection: connection.execute(change, sealed))

    rotate(runner, Keyring((NEW, OLD)), COLUMNS, write)

    assert texts(runner, NEW)[-1] == "written meanwhile"


def test_a_key_that_is_missing_from_the_ring_stops_the_rotation(runner: Runner) -> None:
    with pytest.raises(WrongKeyError):
        rotate(runner, Keyring((NEW,)), COLUMNS, no_progress)

    assert texts(runner, OLD)[1] == "1"

"""A backup is whole, of one moment, and never written over something."""

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from storage.backup import back_up
from storage.errors import BackupExistsError, BackupFailedError
from storage.runner import Runner, open_runner
from tests.databases import PostgresForTests, programs_on_path

PAIRS = "CREATE TABLE pairs (n INTEGER, words TEXT)"


@pytest.fixture
def writer(sqlite_url: str) -> Iterator[Runner]:
    opened = open_runner(sqlite_url)
    opened.run_now(lambda connection: connection.exec_driver_sql(PAIRS))
    yield opened
    opened.close()


def add_pair(writer: Runner) -> None:
    statement = "INSERT INTO pairs VALUES (1, ?), (2, ?)"
    writer.run_now(lambda connection: connection.exec_driver_sql(statement, ("a" * 500, "b" * 500)))


def counts(path: Path) -> tuple[int, int]:
    database = sqlite3.connect(path)
    ones, twos = (database.execute("SELECT count(*) FROM pairs WHERE n = ?", (n,)).fetchone()[0] for n in (1, 2))
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    return ones, twos


def test_a_backup_holds_what_was_saved(writer: Runner, sqlite_url: str, tmp_path: Path) -> None:
    add_pair(writer)

    back_up(sqlite_url, tmp_path / "copy.db")

    assert counts(tmp_path / "copy.db") == (1, 1)


def test_a_backup_of_a_busy_database_is_of_one_moment(writer: Runner, sqlite_url: str, tmp_path: Path) -> None:
    started, enough = Event(), Event()

    def write() -> None:
        while not enough.is_set():
            add_pair(writer)
            started.set()

    thread = Thread(target=write)
    thread.start()
    started.wait(10)

    for n in range(5):
        back_up(sqlite_url, tmp_path / f"copy{n}.db")

    enough.set()
    thread.join(10)
    found = [counts(tmp_path / f"copy{n}.db") for n in range(5)]
    assert all(ones == twos > 0 for ones, twos in found)
    assert found == sorted(found)


def test_only_its_owner_may_read_a_backup_and_nothing_else_is_left(
    writer: Runner, sqlite_url: str, tmp_path: Path
) -> None:
    target = tmp_path / "backups" / "copy.db"
    target.parent.mkdir()

    back_up(sqlite_url, target)

    assert target.stat().st_mode & 0o777 == 0o600
    assert list(target.parent.iterdir()) == [target]


def test_progress_is_told_in_bytes(writer: Runner, sqlite_url: str, tmp_path: Path) -> None:
    filling = "WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 30000) "
    statement = f"INSERT INTO pairs {filling} SELECT n, 'words words words words' FROM k"
    writer.run_now(lambda connection: connection.exec_driver_sql(statement))
    seen: list[tuple[int, int]] = []

    back_up(sqlite_url, tmp_path / "copy.db", lambda *at: seen.append(at))

    assert seen
    assert all(0 <= done <= total for done, total in seen)


def test_a_file_that_exists_is_never_overwritten(writer: Runner, sqlite_url: str, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")

    with pytest.raises(BackupExistsError):
        back_up(sqlite_url, target)

    assert target.read_text() == "precious"


def test_a_directory_that_does_not_exist_is_a_sentence(writer: Runner, sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupFailedError):
        back_up(sqlite_url, tmp_path / "missing" / "copy.db")


def test_a_database_that_does_not_exist_is_a_sentence_and_is_not_created(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupFailedError):
        back_up(sqlite_url, tmp_path / "copy.db")

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_leaves_no_backup(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)

    with pytest.raises(BackupFailedError):
        back_up(f"sqlite:///{tmp_path / 'letter.txt'}", tmp_path / "copy.db")

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.postgres
def test_a_backup_of_postgres_can_be_restored(
    postgres_server: PostgresForTests, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = programs_on_path(postgres_server, "pg_restore")
    monkeypatch.setenv("PATH", path)
    runner = open_runner(postgres_url)
    runner.run_now(lambda connection: connection.exec_driver_sql("CREATE TABLE kept AS SELECT 42 AS n"))

    back_up(postgres_url, tmp_path / "copy")

    runner.run_now(lambda connection: connection.exec_driver_sql("DROP TABLE kept"))
    subprocess.run(["pg_restore", "--dbname", postgres_url, tmp_path / "copy"], check=True)
    assert runner.run_now(lambda c: c.exec_driver_sql("SELECT n FROM kept").scalar()) == 42
    runner.close()


def test_postgres_without_its_programs_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BackupFailedError) as caught:
        back_up("postgresql://somebody:secret@localhost/twoyes", tmp_path / "copy")

    assert "pg_dump" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_what_pg_dump_has_to_say_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "it is too old, $PGPASSWORD was given apart from: $*" >&2\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    with pytest.raises(BackupFailedError) as caught:
        back_up("postgresql://somebody:secret@localhost/twoyes", tmp_path / "copy")

    said, arguments = caught.value.reason.split("apart from:")
    assert "it is too old, secret was given" in said
    assert "secret" not in arguments

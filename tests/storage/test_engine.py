"""DATABASE_URL says which database; the settings that keep promises are on."""

from pathlib import Path

import pytest

from storage.engine import database_file, is_sqlite, parse_url
from storage.errors import DatabaseUnavailableError, UnsupportedDatabaseError
from storage.runner import Runner, open_runner
from tests.databases import PostgresForTests

SQLITE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 5000}
POSTGRES = {
    "statement_timeout": "2s",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "30s",
    "transaction_isolation": "read committed",
    "synchronous_commit": "on",
}


def setting(runner: Runner, statement: str) -> object:
    return runner.run_now(lambda connection: connection.exec_driver_sql(statement).scalar())


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///twoyes.db", "sqlite+pysqlite"),
        ("sqlite:////var/lib/twoyes.db", "sqlite+pysqlite"),
        ("postgresql://me@host/name", "postgresql+psycopg"),
        ("postgres://me@host/name", "postgresql+psycopg"),
        ("postgresql+psycopg2://me@host/name", "postgresql+psycopg"),
    ],
)
def test_an_address_is_opened_with_our_driver(url: str, driver: str) -> None:
    assert parse_url(url).drivername == driver
    assert is_sqlite(url) == driver.startswith("sqlite")


@pytest.mark.parametrize(
    "url", ["", "twoyes.db", "mysql://me:secret@host/name", "sqlite://", "sqlite:///:memory:", "no:secret"]
)
def test_an_address_we_cannot_use_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(UnsupportedDatabaseError) as caught:
        parse_url(url)

    assert "secret" not in str(caught.value)
    assert "sqlite:///" in str(caught.value)


def test_only_sqlite_has_a_file() -> None:
    assert database_file("sqlite:///data/twoyes.db") == Path("data/twoyes.db")
    assert database_file("postgresql://me@host/name") is None


def test_sqlite_keeps_what_it_says_it_keeps(sqlite_url: str) -> None:
    runner = open_runner(sqlite_url)

    found = {name: setting(runner, f"PRAGMA {name}") for name in SQLITE}

    runner.close()
    assert found == SQLITE


@pytest.mark.postgres
def test_postgres_gives_up_in_time(postgres_server: PostgresForTests, postgres_url: str) -> None:
    runner = open_runner(postgres_url)

    found = {name: setting(runner, f"SHOW {name}") for name in POSTGRES}

    runner.close()
    assert found == POSTGRES


@pytest.mark.postgres
def test_nothing_is_prepared_on_the_server_where_a_pooler_could_lose_it(postgres_url: str) -> None:
    runner = open_runner(postgres_url)

    for _ in range(20):
        setting(runner, "SELECT 1")

    prepared = setting(runner, "SELECT count(*) FROM pg_prepared_statements")
    runner.close()
    assert prepared == 0


def test_a_file_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailableError):
        open_runner(f"sqlite:///{tmp_path / 'missing' / 'twoyes.db'}")


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)

    with pytest.raises(DatabaseUnavailableError):
        open_runner(f"sqlite:///{tmp_path / 'letter.txt'}")

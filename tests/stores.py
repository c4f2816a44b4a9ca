"""Stores for tests: every test gets a migrated database of its own, copied from one made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.domain.ids import MemberId
from bot.domain.referral import Referral
from bot.ports.store import Transaction
from storage.keys import new_key
from storage.migrate import upgrade
from storage.runner import open_runner
from storage.store import SqlStore
from storage.vault import Vault
from tests.databases import PostgresForTests
from tests.factories import OTTO, PIA, RITA, SAM, a_group, a_member

LOOKUP_KEY = b"a secret for look-ups, 32 bytes."
_LEAVE = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""
_EMPTY = """DO $$ DECLARE kept text; BEGIN
  PERFORM set_config('session_replication_role', 'replica', true); -- the triggers that keep the log do not fire
  FOR kept IN SELECT relid::regclass FROM pg_stat_user_tables WHERE relname <> 'alembic_version' LOOP
    EXECUTE 'DELETE FROM ' || kept;
  END LOOP;
  PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';
END $$"""
_SHAPE = """SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
  SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull, atthasdef) AS part FROM pg_attribute
  WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger) AS parts"""


class EmptiedPostgres:
    """One migrated PostgreSQL database that is emptied for each test: a tenth of what making one anew costs.

    A test that changed more of it than its rows leaves it to nobody: the next one gets another.
    """

    def __init__(self, server: PostgresForTests, template: str) -> None:
        self._server = server
        self._template = template
        self._url = ""
        self._shape = ""

    def emptied(self) -> str:
        """Return the URL of a migrated database with nothing in it, and nobody connected."""
        if self._url and self._empty() != self._shape:
            self.drop()
        if not self._url:
            self._url = self._server.create(self._template)
            self._shape = self._empty()
        return self._url

    def drop(self) -> None:
        """Remove it."""
        if self._url:
            self._server.drop(self._url)
        self._url = ""

    def _empty(self) -> str:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(_LEAVE)
            connection.execute(_EMPTY)
            (shape,) = connection.execute(_SHAPE).fetchone() or ("",)
        return str(shape)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "twoyes.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresForTests) -> Iterator[str]:
    """The name of a migrated PostgreSQL database, to be copied."""
    url = postgres_server.create()
    upgrade(url)
    yield make_url(url).database or ""
    postgres_server.drop(url)


@pytest.fixture
def migrated_sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database with nothing in it."""
    path = tmp_path / "migrated.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def emptied_postgres(postgres_server: PostgresForTests, postgres_template: str) -> Iterator[EmptiedPostgres]:
    """The database that tests which need one share, one after another."""
    database = EmptiedPostgres(postgres_server, postgres_template)
    yield database
    database.drop()


@pytest.fixture
def migrated_postgres(emptied_postgres: EmptiedPostgres) -> str:
    """A migrated PostgreSQL database with nothing in it."""
    return emptied_postgres.emptied()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of each kind in turn."""
    url: str = request.getfixturevalue("migrated_sqlite" if request.param == "sqlite" else "migrated_postgres")
    return url


@pytest.fixture
def key() -> str:
    """A key of the test's own."""
    return new_key()


@pytest.fixture
def vault(key: str) -> Vault:
    """A vault with that key."""
    return Vault([key], LOOKUP_KEY)


@pytest.fixture
def store(migrated_url: str, vault: Vault) -> Iterator[SqlStore]:
    """A store with Rita, Sam, Pia and Otto in Otto's group, on each database in turn."""
    opened = settled(migrated_url, vault)
    yield opened
    opened.close_now()


def settled(url: str, vault: Vault) -> SqlStore:
    """Open a store on a migrated database and let the four and their group move in."""
    opened = SqlStore(open_runner(url), vault)
    opened.run_now(move_in)
    return opened


def move_in(tx: Transaction) -> None:
    """Add the four and their group. The group needs Otto, and a membership needs the group."""
    tx.members.add(a_member(id=OTTO, joined={}))
    tx.groups.add(a_group())
    for key in (RITA, SAM, PIA):
        tx.members.add(a_member(id=MemberId(key)))
    otto = tx.members.get(OTTO)
    tx.members.save(otto.joining(a_group().id, a_group().started_at))


def keep(store: SqlStore, *referrals: Referral) -> None:
    """Store some referrals."""

    def work(tx: Transaction) -> None:
        for referral in referrals:
            tx.referrals.add(referral)

    store.run_now(work)

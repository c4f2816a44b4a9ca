"""Stores for tests: every test gets a migrated database of its own, copied from one made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture
def migrated_postgres(postgres_server: PostgresForTests, postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database with nothing in it."""
    url = postgres_server.create(postgres_template)
    yield url
    postgres_server.drop(url)


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

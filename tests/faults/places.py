"""Fresh databases with a group in them, as many as wanted, from one template of each kind."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import make_url

from adapters.local.people import DAVID, SAMPLES
from adapters.local.room import INTRODUCTIONS, WORKSPACE
from bot.bootstrap import open_store
from bot.domain.ids import MemberId
from bot.ports.store import Transaction
from bot.settings import Settings
from storage.engine import database_file
from storage.migrate import upgrade
from tests.databases import PostgresForTests, _server_module, _started
from tests.factories import GROUP, LONG_AGO, a_card, a_group, a_member

KEY = "b3BlbnMgbm90aGluZyBidXQgdGVzdHMnIHRleHRzISE="
"""Thirty-two bytes that seal nothing of worth."""

LEASE = 15.0


def settings_for(url: str) -> Settings:
    """Return the settings of a bot in a fault test: the shortest lease there is."""
    return Settings(
        _env_file=None,
        database_url=url,
        encryption_keys=(SecretStr(KEY),),
        lease_seconds=LEASE,
        operator_name="the operator",
    )


def furnish(url: str) -> None:
    """Migrate an empty database, and put a group in it with the sample people and their cards."""
    upgrade(url)
    move_in(url)


def move_in(url: str) -> None:
    """Put the group into a migrated database."""
    store = open_store(settings_for(url)).store
    try:
        store.run_now(_furnish)
    finally:
        store.close_now()


def _furnish(tx: Transaction) -> None:
    keys = {sample.person.user: MemberId(f"m-{sample.person.user}") for sample in SAMPLES}
    for sample in SAMPLES:
        user, locale = sample.person.user, sample.person.locale
        tx.members.add(a_member(id=keys[user], workspace=WORKSPACE, user=user, locale=locale, joined={}))
    tx.groups.add(a_group(workspace=WORKSPACE, channel=INTRODUCTIONS, started_by=keys[DAVID]))
    for sample in SAMPLES:
        key = keys[sample.person.user]
        tx.members.save(replace(tx.members.get(key), joined={GROUP: LONG_AGO}))
        tx.members.save_card(a_card(member=key, lines=dict(sample.card), accepts_leads=sample.accepts_leads))


def address_of(template: str, directory: Path, name: str) -> str:
    """Return the address of a copy: a file in that directory, or a database of that name."""
    if database_file(template) is not None:
        return f"sqlite:///{directory / 'twoyes.db'}"
    return make_url(template).set(database=name).render_as_string(hide_password=False)


def copied(template: str, directory: Path, name: str) -> str:
    """Make a new copy of a template to which nobody is connected, and return its address."""
    file = database_file(template)
    if file is None:
        _on_server(template, "CREATE DATABASE {} TEMPLATE {}", name, make_url(template).database or "")
    else:
        shutil.copyfile(file, directory / "twoyes.db")
    return address_of(template, directory, name)


def discarded(url: str) -> None:
    """Remove a copy. A SQLite file goes with its directory."""
    if database_file(url) is None:
        _on_server(url, "DROP DATABASE {} WITH (FORCE)", make_url(url).database or "")


def _on_server(url: str, statement: str, *names: str) -> None:
    server = make_url(url).set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def a_server() -> Iterator[PostgresForTests]:
    """Run a PostgreSQL server of our own, and remove it with its data."""
    directory = Path(tempfile.mkdtemp(prefix="twoyes-faults-"))
    directory.chmod(0o755)  # the server runs as another user when we are root
    server = _started(_server_module(), directory / "data")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync = off", "autovacuum = off", "full_page_writes = off"):
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield PostgresForTests(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    furnish(sys.argv[1])

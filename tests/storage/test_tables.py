"""The tables in the code and the tables that migrations make are the same, and survive going back and forth."""

import re

import pytest
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import EventId, MemberId, UserId
from bot.domain.outcome import Thanks
from bot.domain.question import Side
from bot.domain.tally import Tally
from bot.ports.installs import Installation, Workspace
from bot.ports.store import Transaction
from storage.engine import parse_url
from storage.migrate import differences, downgrade, script_ids, upgrade
from storage.revisions import REVISIONS, check
from storage.runner import open_runner
from storage.store import SqlStore
from storage.tables import metadata
from storage.vault import Vault
from tests.factories import (
    GROUP,
    NOW,
    PIA,
    WORKSPACE,
    a_card,
    a_follow_up,
    a_member,
    a_receipt,
    a_shown,
    an_ask,
    an_asking_referral,
    an_event,
    an_intent,
    remembered,
)
from tests.stores import settled


def populate(tx: Transaction) -> None:
    """Put something into every table that move_in leaves empty."""
    tx.asks.add(an_ask())
    tx.referrals.add(an_asking_referral())
    tx.members.save_card(a_card())
    tx.members.save(tx.members.get(PIA).blocking(an_ask().owner))
    tx.records.show(a_shown())
    tx.records.add_receipts([a_receipt()])
    tx.records.append([an_event()], NOW, "2026-W47")
    tx.outbox.add([an_intent()], NOW)
    tx.inbox.remember(EventId("event"), remembered(), NOW)
    tx.workspaces.save(Workspace(WORKSPACE, NOW))
    tx.installations.save(Installation(WORKSPACE, "token", UserId("U-bot"), None, NOW))
    tx.installations.issue("state", NOW)
    tx.conversations.keep(PIA, "D1")
    tx.follow_ups.add(a_follow_up(thanks={Side.SEEKER: Thanks("Thank you!", NOW)}), NOW)
    tx.tallies.freeze(Tally(GROUP, "2026-W46", leads=1), NOW)
    tx.tallies.set_due(GROUP, NOW)


_PARTS = re.compile(r",\s*\n|\(\s*\n|, (?=[a-z_]+ [A-Z]+)")
"""What stands between two parts; SQLite writes a column that was added later behind the last one, on its line."""


def made(connection: Connection) -> set[str]:
    """Return what makes each table and index, whatever the order in which it was said, and which names were quoted."""
    if connection.dialect.name == "sqlite":
        query = (
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger' AND name NOT LIKE 'alembic%%'"
        )
    else:
        query = (
            "SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conname NOT LIKE 'alembic%%' "
            "UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic%%'"
        )
    return {
        ",".join(sorted(part.strip(" \t\n()") for part in _PARTS.split(sql.replace('"', ""))))
        for (sql,) in connection.exec_driver_sql(query)
    }


def test_migrations_and_models_agree(migrated_url: str) -> None:
    engine = create_engine(parse_url(migrated_url))
    with engine.connect() as connection:
        found = differences(connection, metadata)
        check(connection)
    engine.dispose()

    assert found == []
    assert script_ids() == REVISIONS


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_migrations_make_the_very_same_constraints_and_indexes(request: pytest.FixtureRequest, kind: str) -> None:
    found = []
    for url in (request.getfixturevalue(f"migrated_{kind}"), request.getfixturevalue(f"{kind}_url")):
        engine = create_engine(parse_url(url))
        with engine.begin() as connection:
            if not inspect(connection).get_table_names():
                metadata.create_all(connection)
            found.append(made(connection))
        engine.dispose()

    assert found[0] == found[1]
    assert len(found[0]) > len(metadata.tables)


def test_every_constraint_has_a_name() -> None:
    unnamed = [str(c) for table in metadata.tables.values() for c in table.constraints if c.name is None]

    assert unnamed == []


def test_every_step_goes_back_and_forth_with_rows_in_it(migrated_url: str, vault: Vault) -> None:
    store = settled(migrated_url, vault)
    store.run_now(populate)
    store.close_now()

    for revision in reversed((None, *REVISIONS[:-1])):
        downgrade(migrated_url, revision or "base")
    empty = _tables(migrated_url)
    for revision in REVISIONS:
        upgrade(migrated_url, revision)

    assert empty == {"alembic_version"}
    again = settled(migrated_url, vault)
    again.run_now(populate)
    assert again.run_now(lambda tx: len(tx.records.events())) == 1
    again.close_now()


def test_going_back_one_step_and_forth_keeps_what_the_step_does_not_touch(migrated_url: str, vault: Vault) -> None:
    store = settled(migrated_url, vault)
    store.run_now(populate)
    before = store.run_now(lambda tx: tx.referrals.get(an_asking_referral().id))
    words = dict(before.words)
    store.close_now()

    downgrade(migrated_url, REVISIONS[1])
    upgrade(migrated_url)

    store = SqlStore(open_runner(migrated_url), vault)
    after = store.run_now(lambda tx: tx.referrals.get(before.id))
    assert (after.questions, dict(after.words)) == (before.questions, words)
    store.close_now()


@pytest.mark.postgres
def test_on_postgres_the_log_cannot_be_emptied_at_once(migrated_postgres: str, vault: Vault) -> None:
    store = settled(migrated_postgres, vault)

    with pytest.raises(IntegrityError):
        store._runner.run_now(lambda connection: connection.exec_driver_sql("TRUNCATE log"))

    store.close_now()


def test_ids_may_differ_in_capitals_whatever_the_database_sorts_by(migrated_url: str, vault: Vault) -> None:
    store = settled(migrated_url, vault)
    low, high = MemberId("Zoe"), MemberId("adam")

    def work(tx: Transaction) -> None:
        for key in (low, high):
            tx.members.add(a_member(id=key))
        tx.referrals.add(an_asking_referral(seeker=high, provider=low))

    store.run_now(work)

    assert store.run_now(lambda tx: tx.referrals.get(an_asking_referral().id)).pair == (low, high)
    store.close_now()


def _tables(url: str) -> set[str]:
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
    engine.dispose()
    return names

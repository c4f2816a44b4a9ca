"""What a Store promises about workspaces, installations and one-time states, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import EventId, MemberId, UserId, WorkspaceId
from bot.ports.installs import Installation, Workspace
from bot.ports.store import Transaction
from storage.keys import Keyring, new_key
from storage.rotation import rotate
from storage.sealed_columns import SEALED_COLUMNS
from storage.store import SqlStore
from storage.tables import metadata
from storage.vault import Vault
from tests.factories import NOW, SAM, WORKSPACE, a_group, a_member, an_event, remembered
from tests.storage.test_tables import populate
from tests.stores import LOOKUP_KEY

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
TOKEN = "xoxb-a-token-nobody-may-read"
FACTS = {"team_name": "Makers' Guild", "token": "a fact's name may be any", "scopes": "commands,chat:write"}


def an_installation(**changes: Any) -> Installation:  # noqa: ANN401 -- any field
    """Return the installation of the tests' workspace."""
    facts: dict[str, Any] = {
        "workspace": WORKSPACE,
        "token": TOKEN,
        "bot_user": UserId("U-bot"),
        "installed_by": UserId("U-admin"),
        "installed_at": NOW,
        "facts": FACTS,
    }
    return Installation(**(facts | changes))


def save(store: SqlStore, installation: Installation) -> None:
    store.run_now(lambda tx: tx.installations.save(installation))


def get(store: SqlStore, workspace: WorkspaceId = WORKSPACE) -> Installation | None:
    return store.run_now(lambda tx: tx.installations.get(workspace))


def issue(store: SqlStore, **states: datetime) -> None:
    for state, until in states.items():
        store.run_now(lambda tx, state=state, until=until: tx.installations.issue(state, until))  # type: ignore[misc]


@pytest.mark.parametrize("changes", [{}, {"installed_by": None, "facts": {}}], ids=["full", "bare"])
def test_an_installation_comes_back_as_it_was_saved(store: SqlStore, changes: dict[str, Any]) -> None:
    save(store, an_installation(**changes))

    assert get(store) == an_installation(**changes)
    assert get(store, WorkspaceId("local:elsewhere")) is None


def test_a_later_installation_takes_the_place_of_an_earlier_one(store: SqlStore) -> None:
    save(store, an_installation())
    later = an_installation(token="another", facts={}, installed_by=None, installed_at=NOW + DAY)

    save(store, later)

    assert get(store) == later


def test_removing_an_installation_forgets_it_once_and_for_all(store: SqlStore) -> None:
    save(store, an_installation())

    removed = store.run_now(lambda tx: [tx.installations.remove(WORKSPACE) for _ in range(2)])

    assert (removed, get(store)) == ([True, False], None)


def test_no_token_and_no_fact_stands_open_in_the_database_nor_in_a_traceback(store: SqlStore) -> None:
    save(store, an_installation())

    row = store._runner.run_now(lambda c: c.execute(select(metadata.tables["installation"])).one())

    assert not any(word in str(row) for word in (TOKEN, "Makers", "commands"))
    assert TOKEN not in repr(an_installation())


def test_a_rotation_seals_tokens_with_the_new_key(store: SqlStore, key: str) -> None:
    save(store, an_installation())
    fresh = new_key()

    rotate(store._runner, Keyring((fresh, key)), SEALED_COLUMNS, lambda _done, _total: None)

    assert get(SqlStore(store._runner, Vault([fresh], LOOKUP_KEY))) == an_installation()


def test_who_installed_it_goes_when_they_are_erased_and_the_token_stays(store: SqlStore) -> None:
    sam = UserId("U-m-sam")
    save(store, an_installation(installed_by=sam))
    save(store, an_installation(workspace=WorkspaceId("local:elsewhere"), installed_by=sam))

    store.run_now(lambda tx: tx.upkeep.erase(SAM, NOW))

    assert get(store) == an_installation(installed_by=None)
    elsewhere = get(store, WorkspaceId("local:elsewhere"))
    assert elsewhere
    assert elsewhere.installed_by == sam


def test_a_state_is_spent_once_in_time_and_only_if_it_was_issued(store: SqlStore) -> None:
    issue(store, a=NOW + SECOND, late=NOW + SECOND)
    issue(store, a=NOW + SECOND)

    spent = store.run_now(lambda tx: [tx.installations.spend(state, NOW) for state in ("a", "a", "never", "")])
    late = store.run_now(lambda tx: tx.installations.spend("late", NOW + SECOND))

    assert (spent, late) == ([True, False, False, False], False)


def test_a_state_stands_in_the_database_as_a_keyed_hash(store: SqlStore, key: str) -> None:
    store.run_now(lambda tx: tx.installations.issue("one-time", NOW + SECOND))

    rows = store._runner.run_now(lambda c: c.execute(select(metadata.tables["install_state"])).all())

    assert "one-time" not in str(rows)
    other = SqlStore(store._runner, Vault([key], b"another secret for look-ups......"))
    assert not other.run_now(lambda tx: tx.installations.spend("one-time", NOW))


def test_states_that_are_too_old_are_forgotten(store: SqlStore) -> None:
    issue(store, a=NOW, b=NOW + DAY, c=NOW + 2 * DAY)

    forgotten = store.run_now(lambda tx: [tx.installations.forget_states(NOW + DAY) for _ in range(2)])

    assert forgotten == [1, 0]
    assert store.run_now(lambda tx: tx.installations.spend("c", NOW))


def test_a_workspace_is_kept_as_it_was_noted_last(store: SqlStore) -> None:
    first = Workspace(WORKSPACE, NOW)
    later = replace(first, arrivals=2, greeted=True, departed_at=NOW + DAY)
    store.run_now(lambda tx: tx.workspaces.save(first))
    assert store.run_now(lambda tx: tx.workspaces.get(WORKSPACE)) == first

    store.run_now(lambda tx: tx.workspaces.save(later))

    assert store.run_now(lambda tx: tx.workspaces.get(WORKSPACE, to_change=True)) == later
    assert store.run_now(lambda tx: tx.workspaces.get(WorkspaceId("local:elsewhere"))) is None


def test_those_that_are_gone_long_enough_are_found_the_longest_first(store: SqlStore) -> None:
    gone: dict[str, Any] = {"a": NOW + DAY, "b": NOW, "c": NOW + 2 * DAY, "here": None}
    for name, at in gone.items():
        store.run_now(lambda tx, n=name, at=at: tx.workspaces.save(Workspace(n, NOW, departed_at=at)))  # type: ignore[misc]

    assert store.run_now(lambda tx: tx.workspaces.departed_by(NOW + DAY)) == ["b", "a"]
    assert store.run_now(lambda tx: tx.workspaces.present()) == ["here"]


def test_a_workspaces_groups_are_those_of_no_other(store: SqlStore) -> None:
    elsewhere = WorkspaceId("local:elsewhere")

    found = store.run_now(lambda tx: [tx.groups.of_workspace(where) for where in (WORKSPACE, elsewhere)])

    assert found == [[a_group(version=1)], []]


def counts(store: SqlStore) -> dict[str, int]:
    """Count the rows of every table that holds any."""

    def work(connection: Any) -> dict[str, int]:  # noqa: ANN401
        return {
            name: connection.scalar(select(func.count()).select_from(table)) for name, table in metadata.tables.items()
        }

    return {name: count for name, count in store._runner.run_now(work).items() if count}


def departs(tx: Transaction) -> None:
    tx.workspaces.save(Workspace(WORKSPACE, NOW, departed_at=NOW))


def forget(store: SqlStore, most: int) -> int:
    """Forget the workspace bit by bit; return how many bits it took."""
    bits = 0
    while store.run_now(lambda tx: tx.upkeep.forget_workspace(WORKSPACE, most)):
        bits += 1
    return bits


@pytest.mark.parametrize("most", [1, 200])
def test_forgetting_a_workspace_leaves_nothing_of_it_and_everything_of_others(store: SqlStore, most: int) -> None:
    elsewhere = WorkspaceId("local:elsewhere")
    stranger = a_member(id=MemberId("m-else"), workspace=elsewhere, joined={})
    other_group = a_group(id="else", workspace=elsewhere, started_by=stranger.id)

    def others(tx: Transaction) -> None:
        tx.members.add(stranger)
        tx.groups.add(other_group)
        tx.records.append([an_event(group="else")], NOW, "2026-W47")
        tx.installations.save(an_installation(workspace=elsewhere))
        tx.inbox.remember(EventId("later"), remembered(), NOW)

    store.run_now(others)
    store.run_now(populate)
    store.run_now(departs)
    save(store, an_installation())

    bits = forget(store, most)

    assert bits > 1
    # What arrived names no workspace, holds no words and goes within seven days; states go by themselves.
    of_none = {"inbox": 2, "install_state": 1}
    assert counts(store) == {"member": 1, "group": 1, "log": 1, "installation": 1} | of_none
    assert forget(store, most) == 0


def test_the_log_and_the_receipts_of_a_workspace_that_is_there_cannot_be_forgotten(store: SqlStore) -> None:
    store.run_now(populate)

    with pytest.raises(IntegrityError):
        forget(store, 200)

    assert counts(store)["log"] == 1
    assert counts(store)["receipt"] == 1


@pytest.mark.parametrize("table", ["log", "receipt"])
def test_no_row_of_what_only_grows_is_changed_even_after_a_departure(store: SqlStore, table: str) -> None:
    store.run_now(populate)
    store.run_now(departs)

    with pytest.raises(IntegrityError):
        store._runner.run_now(lambda connection: connection.exec_driver_sql(f"UPDATE {table} SET seq = 99"))

"""The tables move as a whole or not at all, forwards and back, on both databases."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TypeVar

import pytest
from sqlalchemy import Column, Connection, Integer, Table
from sqlalchemy.exc import DBAPIError

from storage.errors import BrokenReferencesError, NewerDatabaseError, NotMigratedError
from storage.meta import meta, metadata
from storage.migrate import Migrated, differences, downgrade, new_script, script_ids, upgrade
from storage.revisions import REVISIONS, check, current, head
from storage.runner import open_runner

ALL = ("0001", "0002")
FIRST = """
    op.create_table("parents", sa.Column("id", sa.Integer, primary_key=True), sa.Column("words", sa.Text))
    op.create_table(
        "children",
        sa.Column("parent", sa.Integer, sa.ForeignKey("parents.id", ondelete="CASCADE", name="fk_children_parent")),
    )
"""
SECOND = """
    with op.batch_alter_table("parents") as parents:
        parents.alter_column("words", existing_type=sa.Text, nullable=False)
"""
SECOND_BACK = SECOND.replace("nullable=False", "nullable=True")
FIRST_BACK = """
    op.drop_table("children")
    op.drop_table("parents")
"""
BREAKING = """
    op.create_table("gone", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("DELETE FROM parents")
"""
FAILING = """
    op.create_table("gone", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO nowhere VALUES (1)")
"""
SCRIPT = '''"""A step."""
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}


def upgrade():{forward}

def downgrade():{back}
'''
T = TypeVar("T")


def write_script(versions: Path, revision: str, before: str | None, forward: str, back: str) -> None:
    text = SCRIPT.format(revision=revision, before=before, forward=forward, back=back)
    (versions / f"{revision}.py").write_text(text)


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """Two revisions, the second of which rebuilds a parent on SQLite."""
    directory = tmp_path / "100%" / "versions"  # an ini file would choke on the sign
    directory.mkdir(parents=True)
    write_script(directory, "0001", None, FIRST, FIRST_BACK)
    write_script(directory, "0002", "0001", SECOND, SECOND_BACK)
    return directory


def ask(url: str, *statements: str) -> list[object]:
    """Run statements in one transaction; return the single value each gives, if any."""

    def work(connection: Connection) -> list[object]:
        results = [connection.exec_driver_sql(statement) for statement in statements]
        return [result.scalar() for result in results if result.returns_rows]

    return read(url, work)


def read(url: str, work: Callable[[Connection], T]) -> T:
    runner = open_runner(url)
    try:
        return runner.run_now(work)
    finally:
        runner.close()


def populate(url: str) -> None:
    ask(
        url,
        "INSERT INTO parents VALUES (1, 'a'), (2, 'b')",
        "INSERT INTO children VALUES (1), (2), (2)",
    )


COUNTS = ("SELECT count(*) FROM parents", "SELECT count(*) FROM children")


def test_an_empty_database_gets_all_tables(database_url: str, versions: Path) -> None:
    migrated = upgrade(database_url, versions=versions)

    assert migrated == Migrated(None, "0002")
    assert ask(database_url, *COUNTS) == [0, 0]


def test_a_second_upgrade_changes_nothing(database_url: str, versions: Path) -> None:
    upgrade(database_url, versions=versions)

    assert upgrade(database_url, versions=versions) == Migrated("0002", "0002")


def test_children_survive_the_rebuilding_of_their_parent_and_the_way_back(database_url: str, versions: Path) -> None:
    upgrade(database_url, "0001", versions=versions)
    populate(database_url)

    forward = upgrade(database_url, versions=versions)
    counted = ask(database_url, *COUNTS)
    back = downgrade(database_url, "0001", versions=versions)

    assert (forward.after, back.after) == ("0002", "0001")
    assert (counted, ask(database_url, *COUNTS)) == ([2, 3], [2, 3])


def test_going_back_to_the_base_leaves_no_tables(database_url: str, versions: Path) -> None:
    upgrade(database_url, versions=versions)

    assert downgrade(database_url, "base", versions=versions).after is None
    with pytest.raises(DBAPIError):
        ask(database_url, "SELECT count(*) FROM parents")


def test_a_migration_that_fails_leaves_everything_as_it_was(database_url: str, versions: Path) -> None:
    upgrade(database_url, versions=versions)
    populate(database_url)
    write_script(versions, "0003", "0002", FAILING, FIRST_BACK)

    with pytest.raises(DBAPIError):
        upgrade(database_url, versions=versions)

    assert read(database_url, current) == "0002"
    assert ask(database_url, *COUNTS) == [2, 3]
    with pytest.raises(DBAPIError):
        ask(database_url, "SELECT count(*) FROM gone")


def test_a_migration_that_breaks_references_is_undone(sqlite_url: str, versions: Path) -> None:
    upgrade(sqlite_url, versions=versions)
    populate(sqlite_url)
    write_script(versions, "0003", "0002", BREAKING, FIRST_BACK)

    with pytest.raises(BrokenReferencesError) as caught:
        upgrade(sqlite_url, versions=versions)

    assert caught.value.tables == ("children",)
    assert ask(sqlite_url, *COUNTS) == [2, 3]
    assert read(sqlite_url, current) == "0002"


def test_a_sqlite_file_with_tables_is_copied_before_each_change(
    sqlite_url: str, versions: Path, tmp_path: Path
) -> None:
    upgrade(sqlite_url, "0001", versions=versions)
    populate(sqlite_url)

    copies = []
    for _ in range(2):
        copies.append(upgrade(sqlite_url, versions=versions).copy)
        downgrade(sqlite_url, "0001", versions=versions)

    assert copies == [tmp_path / "twoyes.db.at-0001", tmp_path / "twoyes.db.at-0001.1"]
    assert ask(f"sqlite:///{copies[0]}", *COUNTS) == [2, 3]
    assert read(f"sqlite:///{copies[0]}", current) == "0001"


def test_a_database_from_a_newer_version_is_not_touched(database_url: str, versions: Path) -> None:
    write_script(versions, "0003", "0002", "\n    pass", "\n    pass")
    upgrade(database_url, versions=versions)
    (versions / "0003.py").unlink()

    with pytest.raises(NewerDatabaseError):
        upgrade(database_url, versions=versions)

    assert read(database_url, current) == "0003"


def test_two_that_migrate_at_once_do_it_once(database_url: str, versions: Path) -> None:
    done: list[Migrated] = []
    threads = [Thread(target=lambda: done.append(upgrade(database_url, versions=versions))) for _ in range(2)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert [migrated.after for migrated in done] == ["0002", "0002"]


def test_a_database_at_the_wanted_version_passes(database_url: str, versions: Path) -> None:
    upgrade(database_url, versions=versions)

    read(database_url, partial(check, revisions=ALL))


def test_a_database_without_tables_is_not_migrated(database_url: str) -> None:
    with pytest.raises(NotMigratedError) as caught:
        read(database_url, partial(check, revisions=ALL))

    assert (caught.value.current, caught.value.wanted) == (None, "0002")
    assert "twoyes migrate" in str(caught.value)


def test_an_older_database_is_not_migrated(database_url: str, versions: Path) -> None:
    upgrade(database_url, "0001", versions=versions)

    with pytest.raises(NotMigratedError):
        read(database_url, partial(check, revisions=ALL))


def test_a_newer_database_is_refused(database_url: str, versions: Path) -> None:
    upgrade(database_url, versions=versions)

    with pytest.raises(NewerDatabaseError) as caught:
        read(database_url, partial(check, revisions=("0001",)))

    assert (caught.value.current, caught.value.wanted) == ("0002", "0001")


def test_a_database_downgraded_to_nothing_is_not_migrated(database_url: str, versions: Path) -> None:
    upgrade(database_url, versions=versions)
    downgrade(database_url, "base", versions=versions)

    with pytest.raises(NotMigratedError):
        read(database_url, partial(check, revisions=ALL))


def test_the_revisions_the_program_knows_are_the_scripts_there_are() -> None:
    assert script_ids() == REVISIONS
    assert head() == (REVISIONS[-1] if REVISIONS else None)


def test_revisions_are_listed_oldest_first(versions: Path) -> None:
    assert script_ids(versions) == ALL


def test_tables_that_agree_with_their_models_show_no_differences(database_url: str) -> None:
    read(database_url, partial(metadata.create_all, tables=[meta]))
    wanted = type(metadata)(naming_convention=metadata.naming_convention)
    meta.to_metadata(wanted)

    assert read(database_url, partial(differences, metadata=wanted)) == []


def test_a_table_that_no_migration_makes_is_a_difference(database_url: str) -> None:
    wanted = type(metadata)()
    Table("forgotten", wanted, Column("id", Integer, primary_key=True))

    found = read(database_url, partial(differences, metadata=wanted))

    assert [change for change, *_ in found] == ["add_table"]


def test_the_draft_of_a_migration_brings_the_database_to_its_models(database_url: str, tmp_path: Path) -> None:
    wanted = type(metadata)(naming_convention=metadata.naming_convention)
    meta.to_metadata(wanted)

    new_script(database_url, "Add what the database knows of itself.", "0001", wanted, versions=tmp_path)
    upgrade(database_url, versions=tmp_path)

    assert read(database_url, partial(differences, metadata=wanted)) == []


def test_a_server_on_sqlite_loads_neither_alembic_nor_a_driver_it_does_not_use(sqlite_url: str) -> None:
    program = f"""
import sys
import storage.keys, storage.lock, storage.revisions, storage.runner
runner = storage.runner.open_runner({sqlite_url!r})
runner.run_now(storage.revisions.current)
runner.close()
print(*sorted({{name.partition(".")[0] for name in sys.modules}} & {{"alembic", "mako", "psycopg", "aiosqlite"}}))
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ended.stdout.split() == []

"""What `twoyes doctor` looks at in the database: that it answers, its tables, its key, its dead letters."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import Connection

from adapters.system import SystemClock
from bot.cli.database import running
from bot.cli.examining import Finding, Verdict
from bot.settings import Settings
from storage.engine import database_file
from storage.errors import KeyMissingError, StorageError
from storage.keys import Unlocked, key_file_of, unlock
from storage.revisions import check, head
from storage.runner import Runner
from storage.store import SqlStore

T = TypeVar("T")


class _SeenError(Exception):
    """Undoes a transaction in which we only looked."""


def database(settings: Settings) -> Iterator[Finding]:
    """Look at the database as far as it lets us."""
    file = database_file(settings.database_url)
    if file is not None and not file.exists():
        yield Finding(Verdict.NOTE, "database", f"there is none at {file} yet; `twoyes serve` makes it, and its key.")
        return
    try:
        with running(settings) as runner:
            runner.run_now(lambda _connection: None)
            yield Finding(Verdict.OK, "database", f"it answers: {file or 'a PostgreSQL server'}.")
            yield from _inside(runner, settings, file)
    except StorageError as error:
        yield Finding(Verdict.FIX, "database", str(error))


def _inside(runner: Runner, settings: Settings, file: Path | None) -> Iterator[Finding]:
    try:
        runner.run_now(check)
    except StorageError as error:
        yield Finding(Verdict.FIX, "tables", str(error))
        return
    yield Finding(Verdict.OK, "tables", f"they are at version {head()}, which this program needs.")
    try:
        unlocked = _unlocked(runner, settings, file)
    except StorageError as error:
        yield Finding(Verdict.FIX, "key", str(error))
        return
    yield _key(settings, file)
    yield _outbox(SqlStore(runner, unlocked.vault))


def _key(settings: Settings, file: Path | None) -> Finding:
    if file is None or settings.encryption_keys:
        return Finding(Verdict.OK, "key", "TWOYES_ENCRYPTION_KEYS opens the database.")
    key_file = key_file_of(file)
    if not key_file.exists():
        return Finding(Verdict.NOTE, "key", f"there is none yet, and nothing to open; it will be made at {key_file}.")
    if key_file.stat().st_mode & 0o077:
        return Finding(Verdict.FIX, "key", f"others can read {key_file}. Run `chmod 600 {key_file}`.")
    return Finding(Verdict.OK, "key", f"{key_file} opens the database. Keep a copy of it somewhere else.")


def _outbox(store: SqlStore) -> Finding:
    now = SystemClock().now()
    depth = store.run_now(lambda tx: tx.outbox.depth(now))
    if depth.dead:
        letters = "1 dead letter" if depth.dead == 1 else f"{depth.dead} dead letters"
        return Finding(Verdict.NOTE, "outbox", f"{letters}. `twoyes deadletters list` says what was given up.")
    return Finding(Verdict.OK, "outbox", f"{depth.open} deliveries wait, and there are no dead letters.")


def _unlocked(runner: Runner, settings: Settings, file: Path | None) -> Unlocked:
    """Open the database as `serve` would, and undo what that leaves in it."""
    if file is None or settings.encryption_keys or key_file_of(file).exists():
        key_file = key_file_of(file) if file else None
        return _undone(runner, lambda tx: unlock(tx, settings.secret_keys(), key_file=key_file))
    with TemporaryDirectory() as elsewhere:
        try:
            return _undone(runner, lambda tx: unlock(tx, (), key_file=Path(elsewhere) / "key"))
        except KeyMissingError:
            raise KeyMissingError(key_file_of(file)) from None


def _undone(runner: Runner, look: Callable[[Connection], T]) -> T:
    seen: list[T] = []

    def work(connection: Connection) -> None:
        seen.append(look(connection))
        raise _SeenError

    with suppress(_SeenError):
        runner.run_now(work)
    return seen[-1]

"""Copies a database while it runs."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL

from storage.engine import database_file, parse_url
from storage.errors import BackupExistsError, BackupFailedError

Progress = Callable[[int, int], None]
_STEPS_BETWEEN_REPORTS = 20_000


def back_up(url: str, target: Path, progress: Progress | None = None) -> None:
    """Write a consistent copy of the database to `target`, whole or not at all, readable by its owner alone.

    Servers go on meanwhile. SQLite gives a file that can be opened as it is, PostgreSQL an archive for
    pg_restore. The encryption key is not in it. `progress` gets bytes written and about how many there will
    be (SQLite only). Raises BackupExistsError or BackupFailedError.
    """
    database = database_file(url)
    if database is not None:
        copy_file(database, target, progress)
    else:
        _write(target, lambda partial: _dump(parse_url(url), partial, target))


def copy_file(database: Path, target: Path, progress: Progress | None = None) -> None:
    """Copy a SQLite file that may be in use; deleted rows are not in the copy."""
    if not database.exists():
        raise BackupFailedError(target, f"there is no database at {database}.")
    _write(target, lambda partial: _vacuum_into(database, partial, progress))


def _write(target: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write a file under another name; give it its own once it is on disk."""
    if target.exists():
        raise BackupExistsError(target)
    partial = _new_file(target)
    try:
        fill(partial)
        _sync(partial)
        partial.rename(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailedError(target, str(error)) from error
    finally:
        partial.unlink(missing_ok=True)


def _new_file(target: Path) -> Path:
    try:
        descriptor, path = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.")
    except OSError as error:
        raise BackupFailedError(target, str(error)) from error
    os.close(descriptor)
    return Path(path)


def _vacuum_into(database: Path, partial: Path, progress: Progress | None) -> None:
    """Copy in one read transaction; SQLite's backup interface starts again whenever others write."""
    source = sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
    try:
        if progress is not None:
            _report(source, partial, progress)
        source.execute("VACUUM INTO ?", (str(partial),))
    finally:
        source.close()


def _report(source: sqlite3.Connection, partial: Path, progress: Progress) -> None:
    (pages,) = source.execute("PRAGMA page_count").fetchone()
    (page_size,) = source.execute("PRAGMA page_size").fetchone()

    def on_steps() -> int:
        written = partial.stat().st_size
        progress(written, max(written, pages * page_size))
        return 0

    source.set_progress_handler(on_steps, _STEPS_BETWEEN_REPORTS)


def _dump(url: URL, partial: Path, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailedError(
            target, "pg_dump was not found. Install PostgreSQL's client programs, or back up at the server."
        )
    address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    command = [program, "--format=custom", f"--file={partial}", f"--dbname={address.render_as_string()}"]
    # The password goes by the environment: everybody on the machine can read a command line.
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    ended = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 -- no shell, own arguments
    if ended.returncode:
        raise BackupFailedError(target, f"pg_dump says: {ended.stderr.decode(errors='replace').strip()}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

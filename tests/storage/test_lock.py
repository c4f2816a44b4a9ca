"""One process serves from a file, and a crash locks nobody out."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import DatabaseInUseError, DatabaseUnavailableError
from storage.lock import serving
from storage.runner import open_runner

HOLDER = """
import sys, pathlib, storage.lock
with storage.lock.serving(pathlib.Path(sys.argv[1])):
    print("holding", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "twoyes.db"


def test_a_second_server_is_refused_with_the_name_of_the_file(database: Path) -> None:
    with serving(database), pytest.raises(DatabaseInUseError) as caught, serving(database):
        pass

    assert str(database) in str(caught.value)


def test_the_file_is_free_after_the_server_has_stopped(database: Path) -> None:
    with serving(database):
        pass

    with serving(database):
        pass


def test_another_name_for_the_same_file_is_refused_too(database: Path, tmp_path: Path) -> None:
    database.touch()
    alias = tmp_path / "alias.db"
    alias.symlink_to(database)

    with serving(database), pytest.raises(DatabaseInUseError), serving(alias):
        pass


def test_a_server_in_another_process_is_seen_and_its_crash_lets_go(database: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(DatabaseInUseError), serving(database):
            pass

        other.kill()
        other.wait(10)

    with serving(database):
        pass


def test_a_directory_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailableError), serving(tmp_path / "missing" / "twoyes.db"):
        pass


def test_an_operators_command_works_beside_a_running_server(database: Path) -> None:
    url = f"sqlite:///{database}"
    with serving(database):
        server, command = open_runner(url), open_runner(url)
        server.run_now(lambda connection: connection.exec_driver_sql("CREATE TABLE t (n INTEGER)"))

        for runner in (server, command) * 10:
            runner.run_now(lambda connection: connection.exec_driver_sql("INSERT INTO t VALUES (1)"))

        count = server.run_now(lambda c: c.exec_driver_sql("SELECT count(*) FROM t").scalar())
        command.close()
        server.close()
    assert count == 20

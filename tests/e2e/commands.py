"""Runs `twoyes` as an operator would: real processes, in a directory and an environment of their own."""

import gc
import io
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from pydantic import SecretStr

from adapters.local.room import INTRODUCTIONS
from bot.bootstrap import open_store
from bot.cli import main
from bot.domain.effects import WelcomeGroup
from bot.ports.store import Transaction
from bot.settings import Settings
from storage.migrate import upgrade
from tests.factories import GROUP, OTTO, PIA, RITA, SAM, a_card, a_group, a_member, an_intent

ROOT = Path(__file__).resolve().parents[2]
LONG_AGO, LONG_AFTER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Instants before and after whatever the machine's clock says."""

KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
PATIENCE = 90
"""Seconds until a process that should have ended fails its test; nothing waits that long when all is well."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """Return the complaint of a command that failed, which is one line."""
        (line,) = self.err.splitlines()
        return line.removeprefix("twoyes: ")


@dataclass(frozen=True)
class Operator:
    """Somebody at a shell in `home`, with nothing of ours set but `sets`."""

    home: Path
    sets: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """Return the file that is used when DATABASE_URL is not set."""
        return self.home / "twoyes.db"

    @property
    def key_file(self) -> Path:
        """Return where its key lies."""
        return self.home / "twoyes.db.key"

    def setting(self, **sets: str) -> "Operator":
        """Return the same with more variables set."""
        return Operator(self.home, {**self.sets, **sets})

    def environment(self) -> dict[str, str]:
        """Return what a process gets: of ours only what was set."""
        kept = {name: value for name, value in os.environ.items() if name in KEPT}
        return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "120", "TWOYES_HEALTH_PORT": "0", **self.sets}

    def types(self, *words: str, answers: str = "", python: tuple[str, ...] = ()) -> Ended:
        """Run `twoyes` with these words to its end. No command may ever show a traceback."""
        command = [sys.executable, *python, "-m", "bot", *words]
        ended = subprocess.run(
            command,
            cwd=self.home,
            env=self.environment(),
            input=answers,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert "Traceback" not in ended.stdout + ended.stderr
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def does(self, *words: str, answers: str = "") -> Ended:
        """Do the same without a process: for what is said of a command, where starting one proves nothing more."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err), _undisturbed():
            patch.chdir(self.home)
            patch.setattr(os, "environ", self.environment())
            patch.setattr(sys, "argv", ["twoyes", *words])
            patch.setattr(sys, "stdin", io.StringIO(answers))
            code = _exit_code()
        assert "Traceback" not in out.getvalue() + err.getvalue()
        return Ended(code, out.getvalue(), err.getvalue())

    @contextmanager
    def serving(self, python: tuple[str, ...] = ()) -> Iterator["Server"]:
        """Run `twoyes serve` beside the test; it is stopped, if the test has not done so."""
        with (self.home / "serve.err").open("w+") as errors:
            process = subprocess.Popen(
                [sys.executable, *python, "-m", "bot", "serve"],
                cwd=self.home,
                env={**self.environment(), "TWOYES_LOG_FORMAT": "json"},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            server = Server(process)
            try:
                yield server
            finally:
                process.kill()
                process.communicate()


class Server:
    """A running `twoyes serve` and the lines it logs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.logged: list[dict[str, Any]] = []
        self._address = str(self.until("serve.started")["health"]).removesuffix("/healthz")

    def until(self, event: str) -> dict[str, Any]:
        """Read its log up to an event, and return that."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.logged.append(json.loads(line))
            if self.logged[-1]["event"] == event:
                return self.logged[-1]
        raise AssertionError(f"the server ended without {event}: {self.logged}")

    def ask(self, path: str) -> httpx.Response:
        """Return a page of its health server."""
        return httpx.get(f"{self._address}{path}", trust_env=False)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        self.process.send_signal(by)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.logged += map(json.loads, rest.splitlines())
        return self.process.returncode


def move_in(operator: Operator, template: Path) -> None:
    """Give the operator a database in which four people are a group of the local room."""
    shutil.copyfile(template, operator.database)
    in_store(operator, _people)


def in_store(operator: Operator, *works: Any, keys: tuple[str, ...] = ()) -> list[Any]:  # noqa: ANN401 -- any result
    """Do something in the operator's database, from this process."""
    secrets = tuple(map(SecretStr, keys))
    settings = Settings.model_construct(database_url=f"sqlite:///{operator.database}", encryption_keys=secrets)
    store = open_store(settings).store
    try:
        return [store.run_now(work) for work in works]
    finally:
        store.close_now()


def welcome(number: int) -> Any:  # noqa: ANN401 -- as above
    """Return work that owes the channel a welcome; each number is one of its own."""
    key, effect = f"welcome/{number}", WelcomeGroup(GROUP)
    intent = an_intent(key, effect=effect, lane=key, destination=INTRODUCTIONS, due=LONG_AGO)
    return lambda tx: tx.outbox.add([intent], LONG_AGO)


def one_dead(tx: Transaction) -> int:
    """Give up whatever is owed, and return the number of the first of it."""
    claimed = tx.outbox.claim(LONG_AFTER, LONG_AFTER, "lease", 10)
    for row in claimed:
        tx.outbox.give_up(row, "unreachable", LONG_AFTER)
    return claimed[0].id


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Undo what `twoyes serve` does to the process that it has to itself."""
    root, ours = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        gc.enable()
        logging.captureWarnings(capture=False)
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**ours)


def _exit_code() -> int:
    try:
        return main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0


def make_template(path: Path) -> Path:
    """Make a migrated SQLite file, to be copied."""
    upgrade(f"sqlite:///{path}")
    return path


def _people(tx: Transaction) -> None:
    tx.members.add(a_member(id=OTTO, joined={}))
    tx.groups.add(a_group(channel=INTRODUCTIONS))
    for member in (RITA, SAM, PIA):
        tx.members.add(a_member(id=member))
    tx.members.save_card(a_card())

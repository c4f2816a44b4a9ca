"""`twoyes serve`: opens everything in order, runs until told to stop, and closes it in the opposite order."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from adapters.local.directory import LocalDirectory
from adapters.local.gateway import LocalGateway
from adapters.local.people import ADMINS, EVERYBODY
from adapters.local.room import LocalRoom
from adapters.system import SystemClock
from adapters.telemetry import Observed, set_up_logging
from adapters.web.health import health_app
from adapters.web.server import PortTakenError, address_of, answer, listen
from bot.bootstrap import Bot, Platform, build, open_store
from bot.cli.database import is_new
from bot.cli.failing import FailedError
from bot.cli.readiness import Readiness
from bot.cli.terminal import bar, say
from bot.settings import Settings
from storage.engine import database_file
from storage.lock import serving


@dataclass(frozen=True, slots=True)
class Voice:
    """Tells the operator of the start: in sentences on a console, as events where machines read the log."""

    telemetry: Observed
    in_sentences: bool

    def tell(self, event: str, sentence: str, **facts: str | float) -> None:
        """Say it in one of the two ways."""
        if self.in_sentences:
            say(sentence)
        else:
            self.telemetry.event(event, **facts)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises StorageError and FailedError for what has to be set right first."""
    telemetry = Observed(set_up_logging(form=settings.log_format, level=settings.log_level))
    voice = Voice(telemetry, settings.log_format == "console")
    with ExitStack() as stack:
        file = database_file(settings.database_url)
        if file is not None:
            stack.enter_context(serving(file))
            _make_if_new(settings, file, voice)
        listening = stack.enter_context(_listening(settings))
        opened = open_store(settings)
        if opened.made_key is not None:
            _tell_of_key(opened.made_key, voice)
        _tell_of_platforms(settings, voice)
        bot = build(settings, opened.store, _platforms(), telemetry=telemetry)
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        runner.run(_live(bot, Readiness(opened), listening, telemetry))


async def _live(bot: Bot, readiness: Readiness, listening: socket.socket, telemetry: Observed) -> None:
    stop, over = asyncio.Event(), asyncio.Event()
    _on_signals(stop, readiness, telemetry)
    app = health_app(readiness.found, telemetry.exposition)
    telemetry.event("serve.started", health=f"http://{address_of(listening)}/healthz")
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(answer(app, listening, over))
            await bot.run(stop)
            over.set()
    finally:
        await bot.close()
    telemetry.event("serve.stopped")


def _on_signals(stop: asyncio.Event, readiness: Readiness, telemetry: Observed) -> None:
    """Stop in order at the first signal; the second does what it does to any program."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)

    def on_signal(name: str) -> None:
        telemetry.event("serve.stopping", signal=name)
        readiness.is_stopping = True
        stop.set()
        for each in signals:
            loop.remove_signal_handler(each)

    for each in signals:
        loop.add_signal_handler(each, on_signal, each.name)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    try:
        listening = listen(settings.health_host, settings.health_port)
    except PortTakenError as error:
        raise FailedError(str(error)) from error
    with listening:
        yield listening


def _make_if_new(settings: Settings, file: Path, voice: Voice) -> None:
    """Make the tables of a SQLite file that has none, in a process of its own: this one never loads Alembic.

    A database with tables is left to `twoyes migrate`, after a look by somebody.
    """
    if not is_new(settings, file):
        return
    command = [sys.executable, "-m", "bot", "migrate"]
    environment = {**os.environ, "DATABASE_URL": settings.database_url}
    with bar("making the database"):
        made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- no shell
    if made.returncode:
        raise FailedError(made.stderr.strip().removeprefix("twoyes: ") or "The database's tables could not be made.")
    voice.tell("database.made", f"A new database was made: {file}.", file=str(file))


def _tell_of_key(key_file: Path, voice: Voice) -> None:
    voice.tell(
        "key.made",
        f"A key was made for it, readable by you alone: {key_file}. Keep a copy somewhere else: without the key nobody "
        "can read what is in the database.",
        file=str(key_file),
    )


def _tell_of_platforms(settings: Settings, voice: Voice) -> None:
    names = settings.platform_variables()
    why = f"This version makes no use of {', '.join(names)} yet" if names else "No chat platform is set up"
    voice.tell(
        "platforms.none",
        f"{why}, so there is only the local room; `twoyes demo` plays a story in it. Stop with Ctrl-C.",
        unused=", ".join(names),
    )


def _platforms() -> Mapping[str, Platform]:
    room = LocalRoom(EVERYBODY, SystemClock(), admins=ADMINS)
    return {"local": Platform(LocalGateway(room), LocalDirectory(room))}

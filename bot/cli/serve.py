"""`twoyes serve`: opens everything in order, runs until told to stop, and closes it in the opposite order."""

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import uvloop
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from adapters.telemetry import Observed, set_up_logging
from adapters.web.health import health_app
from adapters.web.server import PortTakenError, address_of, answer, listen
from bot.bootstrap import Bot, build, open_store
from bot.cli.database import is_new
from bot.cli.failing import FailedError
from bot.cli.hosting import Host, choose
from bot.cli.readiness import Readiness
from bot.cli.terminal import bar
from bot.cli.voice import Voice
from bot.settings import Settings
from storage.engine import database_file
from storage.lock import serving


@dataclass(frozen=True, slots=True)
class _Serving:
    """Everything that was opened, in the order in which it is used."""

    bot: Bot
    hosts: Sequence[Host]
    readiness: Readiness
    health: socket.socket
    public: socket.socket | None
    routes: Sequence[BaseRoute]
    telemetry: Observed


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises StorageError and FailedError for what has to be set right first."""
    telemetry = Observed(set_up_logging(form=settings.log_format, level=settings.log_level))
    voice = Voice(telemetry, settings.log_format == "console")
    with ExitStack() as stack:
        file = database_file(settings.database_url)
        if file is not None:
            stack.enter_context(serving(file))
            _make_if_new(settings, file, voice)
        health = stack.enter_context(_health(settings))
        opened = open_store(settings)
        if opened.made_key is not None:
            _tell_of_key(opened.made_key, voice)
        hosts = choose(settings, opened, voice)
        clock = next((host.clock for host in hosts if host.clock), None)
        platforms = {host.name: host.platform for host in hosts}
        bot = build(_signed(settings, hosts), opened.store, platforms, telemetry=telemetry, clock=clock)
        routes = [route for host in hosts for route in host.routes(bot)]
        public = stack.enter_context(_listening("The bot", settings.http_host, settings.http_port)) if routes else None
        readiness = Readiness(opened, hosts)
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        runner.run(_live(_Serving(bot, hosts, readiness, health, public, routes, telemetry)))


def _signed(settings: Settings, hosts: Sequence[Host]) -> Settings:
    """Say who runs the bot in a room that nobody else can reach, if nobody did."""
    if settings.operator_name or any(host.name != "local" for host in hosts):
        return settings
    return settings.model_copy(update={"operator_name": "whoever sits at this machine"})


async def _live(serving: _Serving) -> None:
    """Take in, deliver and answer; at the end stop intake first, then drain, then close."""
    stop, telemetry = asyncio.Event(), serving.telemetry
    _on_signals(stop, serving.readiness, telemetry)
    public = {"public": f"http://{address_of(serving.public)}"} if serving.public else {}
    gc.freeze()  # what is there by now stays to the end: `twoyes serve` came here without the collector
    gc.enable()
    telemetry.event("serve.started", health=f"http://{address_of(serving.health)}/healthz", **public)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(serving.bot.close)
        for host in serving.hosts:
            closing.push_async_callback(host.close)
        async with _answering(serving, stop), asyncio.TaskGroup() as tasks:
            for host in serving.hosts:
                tasks.create_task(host.run(serving.bot, stop))
            await serving.bot.run(stop)
    telemetry.event("serve.stopped")


@asynccontextmanager
async def _answering(serving: _Serving, stop: asyncio.Event) -> AsyncIterator[None]:
    """Answer over HTTP: the platforms until told to stop, health to the very end."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        health = health_app(serving.readiness.found, serving.telemetry.exposition)
        tasks.create_task(answer(health, serving.health, over))
        if serving.public is not None:
            tasks.create_task(answer(Starlette(routes=serving.routes), serving.public, stop))
        try:
            yield
        finally:
            over.set()


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


def _health(settings: Settings) -> socket.socket:
    """Open the socket of health and metrics; nobody who only tries the local room has to choose a port for it."""
    is_ours_to_choose = "health_port" not in settings.model_fields_set and not settings.platform_variables()
    if is_ours_to_choose:
        with suppress(PortTakenError):
            return listen(settings.health_host, settings.health_port)
    return _listening("Health and metrics", settings.health_host, 0 if is_ours_to_choose else settings.health_port)


def _listening(what: str, host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except PortTakenError as error:
        names = (
            ("TWOYES_HTTP_PORT", "TWOYES_HTTP_HOST")
            if what == "The bot"
            else ("TWOYES_HEALTH_PORT", "TWOYES_HEALTH_HOST")
        )
        raise FailedError(
            f"{what} cannot be served at {host}:{port}: it is taken, or not this machine's. "
            f"Set {names[0]} (0 takes a free one) or {names[1]}."
        ) from error


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

"""`twoyes serve` as it is, in a process of its own; and small servers beside it.

Run as a program it is `twoyes serve`, and says in the end which modules it had loaded.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from starlette.types import ASGIApp

from adapters.web.server import address_of, answer, listen

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1024 * 1024
LOADED = "loaded "


@dataclass(slots=True)
class Served:
    """A bot that serves. `url` is its public address, if it has one; `modules` are known when it has ended."""

    process: Process
    url: str
    modules: tuple[str, ...] = ()


def environment(url: str, more: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return this process's environment, with nothing in it that sets the bot up but the database and what is given."""
    ours = ("SLACK_", "DISCORD_", "TWOYES_", "DATABASE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "DATABASE_URL": url,
        "TWOYES_HEALTH_PORT": "0",
        "TWOYES_ROOM_PORT": "0",
        "TWOYES_LOG_FORMAT": "json",
        "PYTHONPATH": str(ROOT),
        **more,
    }


@asynccontextmanager
async def served(variables: Mapping[str, str]) -> AsyncIterator[Served]:
    """Serve until the block ends, beginning when it says that it does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.twoyes", env=dict(variables), stdout=PIPE, limit=2**20
    )
    assert process.stdout is not None
    told = await _started(process.stdout)
    made = Served(process, told.get("public", ""))
    async with asyncio.TaskGroup() as tasks:
        rest = tasks.create_task(process.stdout.read())  # lest it waits for somebody to read
        try:
            yield made
        finally:
            process.terminate()
            lines = (await rest).decode().splitlines()
            await process.wait()
            loaded = next((line for line in lines if line.startswith(LOADED)), LOADED)
            made.modules = tuple(loaded.split()[1:])


@asynccontextmanager
async def answering(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an app on loopback, with the server that the bot itself is served by; gives its address."""
    listening, stop = listen("127.0.0.1", 0), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(answer(app, listening, stop))
        try:
            yield f"http://{address_of(listening)}"
        finally:
            stop.set()


async def _started(output: asyncio.StreamReader) -> dict[str, Any]:
    async for line in output:
        told: dict[str, Any] = json.loads(line) if line.startswith(b"{") else {}
        if told.get("event") == "serve.started":
            return told
    raise RuntimeError("It ended before it served.")


def main() -> None:
    """Serve."""
    from bot.cli import app  # noqa: PLC0415 - the measuring process loads none of it

    try:
        app(["serve"])
    finally:
        print(LOADED.strip(), *sorted(sys.modules), flush=True)


if __name__ == "__main__":
    main()

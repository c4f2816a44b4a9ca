"""Plays stories through the whole bot, on a database of either kind, for the tests beside this file."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet
from pydantic import SecretStr
from rich.console import Console

from adapters.local.playing import OpenBot
from adapters.local.show import play
from adapters.local.story import Ending
from adapters.local.table import Table, set_table
from bot.bootstrap import Bot, Platform, build, open_store
from bot.ports.edges import Clock, Directory, Ids
from bot.ports.gateway import ChatGateway
from bot.ports.rows import Depth
from bot.settings import Settings
from storage.migrate import upgrade

LINE = dict[str, Any]


@dataclass
class Noted:
    """Telemetry that keeps what it is told."""

    events: list[tuple[str, dict[str, str | float]]] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)

    def event(self, name: str, **facts: str | float) -> None:
        self.events.append((name, facts))

    def handled(self, kind: str, seconds: float) -> None:
        self.counted.append(f"handled {kind}")

    def delivered(self, kind: str) -> None:
        self.counted.append(f"delivered {kind}")

    def retried(self, kind: str) -> None:
        self.counted.append(f"retried {kind}")

    def died(self, kind: str) -> None:
        self.counted.append(f"died {kind}")

    def depth(self, depth: Depth, now: datetime) -> None:
        self.counted.append("depth")


def bot_on(database_url: str, telemetry: Noted | None = None) -> OpenBot:
    """Return what opens a bot on an empty database, as the command line does for the demo."""

    async def open_bot(*, gateway: ChatGateway, directory: Directory, clock: Clock, ids: Ids) -> Bot:
        upgrade(database_url)
        key = SecretStr(Fernet.generate_key().decode())
        settings = Settings(database_url=database_url, encryption_keys=(key,), operator_name="The test")
        local = Platform(gateway, directory)
        store = open_store(settings).store
        return build(
            settings,
            store,
            {"local": local},
            telemetry=telemetry or Noted(),
            clock=clock,
            ids=ids,
            jitter=lambda: 0.5,
        )

    return open_bot


def lines_of(database_url: str, ending: Ending, telemetry: Noted | None = None, *, weeks: int = 0) -> list[LINE]:
    """Play a story, and so many weeks, and return what `twoyes demo --json` prints, line by line."""
    printed = _printed(database_url, ending, as_json=True, telemetry=telemetry, weeks=weeks)
    return [json.loads(line) for line in printed.splitlines()]


def page_of(database_url: str, ending: Ending) -> str:
    """Play a story and return what `twoyes demo` prints where there is no terminal."""
    return _printed(database_url, ending, as_json=False)


def _printed(
    database_url: str, ending: Ending, *, as_json: bool, telemetry: Noted | None = None, weeks: int = 0
) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100)
    open_bot = bot_on(database_url, telemetry)
    code = asyncio.run(play(open_bot, ending, as_json=as_json, console=console, weeks=weeks))
    assert code == 0
    return out.getvalue()


def at_a_table(database_url: str, plays: Callable[[Table], Awaitable[None]]) -> Table:
    """Play something by hand at a table with the whole bot; return the table as it was left."""

    async def playing() -> Table:
        table, bot = await set_table(bot_on(database_url))
        try:
            await plays(table)
        finally:
            await bot.close()
        return table

    return asyncio.run(playing())


def seen_by(user: str, lines: list[LINE]) -> list[str]:
    """Return, byte for byte, the lines of what a person received or did."""
    return [json.dumps(line, ensure_ascii=False) for line in lines if _concerns(user, line)]


def _concerns(user: str, line: LINE) -> bool:
    return user in (line.get("by"), line.get("to")) or line.get("to") == "channel" or user in _room(line)


def _room(line: LINE) -> list[str]:
    to = line.get("to")
    return to if isinstance(to, list) else []

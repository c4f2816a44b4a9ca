"""`twoyes demo`: the local room, played on a database that is thrown away."""

import asyncio
import os
import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from adapters.local.interactive import interact
from adapters.local.lines import lines_from
from adapters.local.playing import OpenBot
from adapters.local.show import play
from adapters.local.story import Ending
from bot.bootstrap import Bot, Platform, build, open_store
from bot.ports.edges import Clock, Directory, Ids
from bot.ports.gateway import ChatGateway
from bot.ports.rows import Depth
from bot.settings import Settings
from storage.migrate import upgrade


class Silent:
    """A Telemetry that nobody reads: what a demo does is on the screen."""

    def event(self, name: str, **facts: str | float) -> None:
        """Say nothing."""

    def handled(self, kind: str, seconds: float) -> None:
        """Count nothing."""

    def delivered(self, kind: str) -> None:
        """Count nothing."""

    def retried(self, kind: str) -> None:
        """Count nothing."""

    def died(self, kind: str) -> None:
        """Count nothing."""

    def depth(self, depth: Depth, now: datetime) -> None:
        """Show nothing."""


def demo(ending: str, *, weeks: int, as_json: bool, interactive: bool) -> int:
    """Play a story with so many weeks after it, or let somebody play; return the exit code."""
    with TemporaryDirectory(prefix="twoyes-demo-") as directory:
        open_bot = partial(_open_bot, Path(directory) / "demo.db")
        if interactive:
            return asyncio.run(_interact(open_bot))
        console = Console(highlight=False)
        return asyncio.run(play(open_bot, Ending(ending), as_json=as_json, console=console, weeks=weeks))


async def _interact(open_bot: OpenBot) -> int:
    descriptor = sys.stdin.fileno()
    return await interact(
        open_bot, console=Console(highlight=False), read=lines_from(descriptor), echoes=not os.isatty(descriptor)
    )


async def _open_bot(file: Path, *, gateway: ChatGateway, directory: Directory, clock: Clock, ids: Ids) -> Bot:
    """Open a bot whose settings are the defaults, whatever the environment says."""
    settings = Settings.model_construct(database_url=f"sqlite:///{file}", operator_name="the operator of this demo")
    upgrade(settings.database_url)
    return build(
        settings,
        open_store(settings).store,
        {"local": Platform(gateway, directory)},
        telemetry=Silent(),
        clock=clock,
        ids=ids,
    )

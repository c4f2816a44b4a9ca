"""`twoyes serve` as it is, with one command handled as soon as it could be: what the cold start is measured by.

Prints `answered` with the names of all modules that are loaded by then, and serves on until it is told to stop.
"""

import asyncio
import sys
from importlib import import_module
from typing import Any

from adapters.local.people import ANA
from adapters.local.room import INTRODUCTIONS, WORKSPACE
from bot.bootstrap import Bot
from bot.domain.ids import EventId
from bot.ports.inbound import Origin, Slash
from bot.settings import read_settings


class AnswersFirst:
    """A bot that handles a command before it goes to work."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def run(self, stop: asyncio.Event) -> None:
        """Handle the command, say so, and run."""
        origin = Origin(EventId("bench:first"), WORKSPACE, ANA, INTRODUCTIONS)
        reply = await self._bot.handle(Slash(origin, "intros", "help"))
        assert reply.message is not None
        print("answered", *sorted(sys.modules), flush=True)
        await self._bot.run(stop)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else as it is
        return getattr(self._bot, name)


def main() -> None:
    """Serve."""
    serving: Any = import_module("bot.cli.serve")  # `bot.cli` has a command of the same name
    build = serving.build
    serving.build = lambda *edges, **named: AnswersFirst(build(*edges, **named))
    serving.serve(read_settings())


if __name__ == "__main__":
    main()

"""What is seen to beside interactions: that Discord knows the commands, and, without a gateway, where the bot is."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from discord.http import Route

from adapters.discord.line import Line, listed
from adapters.discord.syncing import EVERYWHERE, sync
from adapters.waiting import is_told
from bot.ports.gateway import DeliveryDelayedError, DeliveryError
from bot.ports.telemetry import Telemetry

TRY_AGAIN: Final = 15.0
EVERY: Final = 3600.0
"""Seconds between two looks at where the bot is; a server that removed it meanwhile gets nothing anyway."""
AT_ONCE: Final = 200


class LookingAfter:
    """Tries again until it works, or the bot stops."""

    def __init__(self, line: Line, telemetry: Telemetry) -> None:
        """Ask through `line`."""
        self._line = line
        self._telemetry = telemetry

    async def sync(self, stop: asyncio.Event) -> None:
        """Let Discord know the commands, if it does not."""
        while not stop.is_set():
            try:
                if await sync(self._line):
                    self._telemetry.event("discord.commands_synced")
            except DeliveryError as failed:
                self._telemetry.event("discord.commands_not_synced", error=type(failed).__name__)
                await is_told(stop, within=TRY_AGAIN)
            else:
                return

    async def look_where_we_are(self, tell: Callable[[Sequence[str]], None], stop: asyncio.Event) -> None:
        """Tell of the servers the bot is in, now and then: without a gateway nobody else does."""
        while not stop.is_set():
            try:
                tell(await servers(self._line))
            except DeliveryError:
                await is_told(stop, within=TRY_AGAIN)
            else:
                await is_told(stop, within=EVERY)


async def servers(line: Line) -> list[str]:
    """Return the ids of all servers the bot is in. Raises DeliveryError."""
    found: list[str] = []
    while True:
        query = {"limit": str(AT_ONCE), "after": found[-1] if found else "0"}
        answer = await line.call(EVERYWHERE, Route("GET", "/users/@me/guilds"), query=query)
        if not isinstance(answer, list):
            raise DeliveryDelayedError
        page = sorted((str(each.get("id")) for each in listed(answer)), key=int)
        found += page
        if len(page) < AT_ONCE:
            return found

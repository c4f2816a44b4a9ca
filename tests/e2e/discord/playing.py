"""Plays a story on Discord, and keeps what became of it."""

import asyncio
from dataclasses import dataclass
from typing import cast

from adapters.local.clock import StoryClock
from adapters.local.story import Ending, tell
from adapters.local.table import Table
from bot.domain.events import Event
from tests.discord.club import Club, open_club
from tests.discord.server import DiscordServer
from tests.e2e.discord.seats import DiscordSeats
from tests.oracles import oracle


@dataclass(frozen=True)
class Played:
    """A story that was played on Discord, as it stands at its end."""

    club: Club
    events: tuple[Event, ...]


def on_discord(database_url: str, ending: Ending, transport: str = "gateway", *, weeks: int = 0) -> Played:
    """Play a story, and so many weeks, in the sample server, on a database that is migrated."""
    return asyncio.run(_on_discord(database_url, ending, transport, weeks=weeks))


async def _on_discord(database_url: str, ending: Ending, transport: str, *, weeks: int) -> Played:
    clock = StoryClock()
    async with (
        DiscordServer.started(clock, checker=oracle("discord_check")) as server,
        open_club(server, clock, database_url, transport, upgraded=True) as club,
    ):
        await tell(cast("Table", DiscordSeats(club)), ending, weeks=weeks)  # as far as the scenes can tell
        return Played(club, tuple(await club.store.run(lambda tx: tx.records.events())))

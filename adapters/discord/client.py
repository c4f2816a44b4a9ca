"""The gateway by discord.py: it keeps the connection and the list of servers, and hands interactions on as they came.

discord.py's own dispatch of interactions (command tree, views, modals) is not used: it remembers modals in memory,
drops what it does not remember, and only logs what goes wrong in a button (2.7.1: ui/view.py 1014-1041 and 1096). So
the one parser of INTERACTION_CREATE is replaced. It also remembers every channel and role, which takes 40 KiB for a
larger server and is not needed: rights are asked for when they matter. So of a server only its name and id are read,
and of events only those that say where the bot is. Both take a private attribute: here and nowhere else, and tested.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord.http import Route

from adapters.telemetry import where
from bot.ports.telemetry import Telemetry

READY_AFTER: Final = 2.0
"""Seconds without another server after which the list is taken to be whole."""
BITS_BEFORE_SHARD: Final = 22
_LISTENED_TO: Final = ("READY", "RESUMED", "GUILD_DELETE")
_KEPT: Final = ("id", "name", "member_count", "unavailable")


@dataclass(frozen=True, slots=True)
class Shards:
    """Which of how many shards this process has. None: all that Discord recommends, in this one."""

    ids: tuple[int, ...] | None = None
    count: int | None = None

    def has(self, guild: str) -> bool:
        """Say whether a server is among those that this process hears of."""
        if self.ids is None or self.count is None:
            return True
        return (int(guild) >> BITS_BEFORE_SHARD) % self.count in self.ids


@dataclass(frozen=True, slots=True)
class Hears:
    """Whom the client tells, each at once and without waiting: of interactions, and of servers by their ids."""

    interaction: Callable[[dict[str, Any]], None]
    added: Callable[[str], None]
    removed: Callable[[str], None]
    ready: Callable[[Sequence[str]], None]


def point_at(api_url: str) -> None:
    """Let everything in this process call this address; without a number of shards it tells where the gateway is."""
    Route.BASE = api_url.rstrip("/")


Parser = Callable[[Any], None]


def _read(parsers: Mapping[str, Parser], hears: Hears) -> dict[str, Parser]:
    """Return the parsers of what is listened to; discord.py passes over what has none."""
    kept = {event: parsers[event] for event in _LISTENED_TO}
    return kept | {"GUILD_CREATE": _bare(parsers["GUILD_CREATE"]), "INTERACTION_CREATE": hears.interaction}


def _bare(parse: Parser) -> Parser:
    return lambda told: parse({key: told[key] for key in _KEPT if key in told})


class Client(discord.AutoShardedClient):
    """Remembers which servers there are, and nothing that is in them: no channels, roles, people or messages."""

    def __init__(
        self, hears: Hears, telemetry: Telemetry, *, shards: Shards | None = None, ready_after: float = READY_AFTER
    ) -> None:
        """Ask for no privileged intent."""
        shards = shards or Shards()
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=ready_after,
            shard_count=shards.count,
        )
        if shards.ids:
            self.shard_ids = list(shards.ids)
        self._hears = hears
        self._telemetry = telemetry
        self._connection.parsers = _read(self._connection.parsers, hears)

    @property
    def is_connected(self) -> bool:
        """Say whether every shard has its connection."""
        return bool(self.shards) and not any(shard.is_closed() for shard in self.shards.values())

    async def on_ready(self) -> None:
        """Tell of the servers the bot is in: those that are unavailable are among them."""
        self._telemetry.event("discord.ready", servers=len(self.guilds))
        self._hears.ready([str(guild.id) for guild in self.guilds])

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Tell of a server that added the bot."""
        self._hears.added(str(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Tell of a server that removed the bot. One that is unavailable has not, and is not told of here."""
        self._hears.removed(str(guild.id))

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note it: discord.py connects again by itself."""
        self._telemetry.event("discord.disconnected", shard=shard_id)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Note what went wrong in one of these, without the words that a traceback may quote."""
        broken = sys.exception()
        self._telemetry.event("discord.failed", kind=event_method, error=where(broken) if broken else "")

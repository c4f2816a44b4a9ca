"""A process with two bots on Discord's gateway: ours, which decides and commits, and one whose button does nothing.

Run as a program it takes what it is brought until its input ends. Nothing is delivered meanwhile.
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from io import StringIO
from typing import Any

import discord
import uvloop
from discord.gateway import DiscordWebSocket
from pydantic import SecretStr
from yarl import URL

from adapters.telemetry import Observed, set_up_logging
from bench.discord import token_of
from bot.bootstrap import build, open_store
from bot.cli.hosting_discord import DiscordHost
from bot.cli.voice import Voice
from bot.settings import Settings

OURS, NO_OP = "ours", "nothing"


class Nothing(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"nothing:(?P<ref>.+)"):
    """discord.py's own button that survives a restart, with the least it can do: it is acknowledged."""

    def __init__(self, ref: str) -> None:
        """Make it as it stood."""
        super().__init__(discord.ui.Button(custom_id=f"nothing:{ref}"))

    @classmethod
    async def from_custom_id(cls, _interaction: object, _item: object, match: Any, /) -> "Nothing":  # noqa: ANN401 - discord.py's own
        """Make it from what it carries."""
        return cls(match["ref"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Acknowledge it."""
        await interaction.response.defer()


def no_op() -> discord.AutoShardedClient:
    """Return a bot as light as discord.py makes one."""
    client = discord.AutoShardedClient(
        intents=discord.Intents(guilds=True),
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        max_messages=None,
        shard_count=1,
    )
    client.add_dynamic_items(Nothing)
    return client


async def _run(url: str) -> None:
    settings = Settings(discord_token=SecretStr(token_of(OURS)), discord_api_url=f"{url}/api/v10")
    DiscordWebSocket.DEFAULT_GATEWAY = URL(url.replace("http", "ws"))
    voice = Voice(Observed(set_up_logging(form="json", level="error", to=StringIO())), in_sentences=False)
    opened, stop = open_store(settings), asyncio.Event()
    host = DiscordHost(settings, opened, voice)
    bot = build(settings, opened.store, {host.name: host.platform}, telemetry=voice.telemetry)
    async with AsyncExitStack() as leaving, asyncio.TaskGroup() as tasks:
        leaving.push_async_callback(opened.store.close)
        leaving.push_async_callback(host.close)
        other = await leaving.enter_async_context(no_op())
        await other.login(token_of(NO_OP))
        tasks.create_task(other.connect())
        tasks.create_task(host.run(bot, stop))
        await asyncio.to_thread(sys.stdin.read)
        stop.set()
        await other.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(sys.argv[1]))

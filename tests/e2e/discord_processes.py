"""`twoyes` as real processes beside a Discord for tests, which lives in the test's own loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.system import SystemClock
from tests.discord.cast import TOKEN
from tests.discord.pointing import pointed_at
from tests.discord.server import DiscordServer

TOLD = {"TWOYES_OPERATOR_NAME": "Ada", "TWOYES_OPERATOR_CONTACT": "ada@example.org"}
BY_GATEWAY = {"DISCORD_TOKEN": TOKEN, **TOLD}


def over_http(server: DiscordServer) -> dict[str, str]:
    """Return what is set where interactions come to an address."""
    public = {"DISCORD_PUBLIC_KEY": server.public_key, "TWOYES_PUBLIC_URL": "https://bot.example.org"}
    return {**BY_GATEWAY, **public, "TWOYES_HTTP_PORT": "0"}


@asynccontextmanager
async def a_discord() -> AsyncIterator[DiscordServer]:
    """Start a Discord that goes by the machine's clock, as processes do."""
    async with DiscordServer.started(SystemClock()) as discord:
        with pointed_at(discord):  # a command that runs in this process points discord.py elsewhere
            yield discord
    assert discord.world.violations == []

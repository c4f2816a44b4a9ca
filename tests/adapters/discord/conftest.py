"""A Discord for tests, our gateway before it, and the whole bot in it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.local.clock import StoryClock
from tests.adapters.discord.delivering import office
from tests.discord.club import Club, open_club
from tests.discord.fixtures import discord_clock, discord_pointed, discord_server, discord_transport
from tests.discord.server import DiscordServer
from tests.stores import key, migrated_sqlite, vault

__all__ = [
    "discord_clock",
    "discord_pointed",
    "discord_server",
    "discord_transport",
    "key",
    "migrated_sqlite",
    "office",
    "vault",
]


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of this test's own, with nothing in it."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'twoyes.db')}"


@pytest.fixture
async def club(
    discord_server: DiscordServer, discord_clock: StoryClock, discord_transport: str, database_url: str
) -> AsyncIterator[Club]:
    """The bot in the sample servers, over both transports in turn."""
    async with open_club(discord_server, discord_clock, database_url, discord_transport, upgraded=True) as opened:
        yield opened


@pytest.fixture
async def gateway_club(
    discord_server: DiscordServer, discord_clock: StoryClock, database_url: str
) -> AsyncIterator[Club]:
    """The same on the gateway."""
    async with open_club(discord_server, discord_clock, database_url, "gateway", upgraded=True) as opened:
        yield opened

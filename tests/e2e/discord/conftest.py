"""The sample server with the whole bot in it, for the tests of the conversation on Discord."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.local.clock import StoryClock
from tests.discord.fixtures import discord_clock, discord_server
from tests.discord.server import DiscordServer
from tests.e2e.discord.hall import Hall, open_hall
from tests.stores import sqlite_template

__all__ = ["discord_clock", "discord_server", "sqlite_template"]


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated database with nothing in it."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'twoyes.db')}"


@pytest.fixture
async def hall(discord_server: DiscordServer, discord_clock: StoryClock, database: str) -> AsyncIterator[Hall]:
    """The bot in the sample server, in which no group was started yet; nothing may have gone wrong in the end."""
    async with open_hall(discord_server, discord_clock, database) as opened:
        yield opened
    assert opened.club.events("discord.failed") == []
    assert opened.club.events("discord.not_understood") == []
    assert opened.club.events("background.left_undone") == []

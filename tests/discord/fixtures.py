"""Fixtures with a Discord of one's own; another folder imports them in its conftest."""

from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.local.clock import StoryClock
from tests.discord.pointing import pointed_at
from tests.discord.server import DiscordServer
from tests.oracles import oracle


@pytest.fixture
def discord_clock() -> StoryClock:
    """The clock of the server: it stands still until it is moved."""
    return StoryClock()


@pytest.fixture
async def discord_server(discord_clock: StoryClock) -> AsyncIterator[DiscordServer]:
    """A started server with the sample world; in the end nobody may have broken a limit or sent a wrong shape."""
    async with DiscordServer.started(discord_clock, checker=oracle("discord_check")) as server:
        yield server
    assert not server.world.violations, server.world.violations
    assert not server.world.misshapen, server.world.misshapen


@pytest.fixture
def discord_pointed(discord_server: DiscordServer) -> Iterator[DiscordServer]:
    """The server, and discord.py pointed at it."""
    with pointed_at(discord_server):
        yield discord_server


@pytest.fixture(params=["gateway", "http"])
def discord_transport(request: pytest.FixtureRequest) -> str:
    """How interactions reach the bot: build the app for each."""
    return str(request.param)

"""Points discord.py at the server, and runs a real client there from login to close."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord.cast import TOKEN
from tests.discord.server import DiscordServer

ClientT = TypeVar("ClientT", bound=discord.Client)
READY_AFTER = 0.05
"""Give clients `guild_ready_timeout=READY_AFTER`: they wait so long for more guilds, two seconds by default."""


@contextmanager
def pointed_at(server: DiscordServer) -> Iterator[None]:
    """Let every client made by discord.py in this process talk to the server; afterwards to Discord again."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, yarl.URL(server.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@asynccontextmanager
async def running(client: ClientT, server: DiscordServer, *, token: str = TOKEN) -> AsyncIterator[ClientT]:
    """Log a client in, connect it, wait until it is ready, and close it in the end.

    Raises what ends the connection for good, such as PrivilegedIntentsRequired.
    """
    with pointed_at(server), _plainly():
        async with asyncio.TaskGroup() as tasks, client:
            await client.login(token)
            tasks.create_task(client.connect())
            try:
                async with asyncio.timeout(10):
                    await client.wait_until_ready()
                yield client
            finally:
                await client.close()


@asynccontextmanager
async def logged_in(client: ClientT, server: DiscordServer, *, token: str = TOKEN) -> AsyncIterator[ClientT]:
    """Log a client in without a gateway, as one does who takes interactions by HTTP."""
    with pointed_at(server):
        async with client:
            await client.login(token)
            yield client


@contextmanager
def _plainly() -> Iterator[None]:
    """Raise what a task group has wrapped, if it is one thing only, so that tests read it as it was."""
    try:
        yield
    except BaseExceptionGroup as group:
        if len(group.exceptions) == 1:
            raise group.exceptions[0] from None
        raise

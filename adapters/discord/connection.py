"""Keeps the gateway up while the bot serves, and gives up in order where nothing else would help."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import aiohttp
import discord

from adapters.discord.client import Client
from adapters.waiting import is_told
from bot.ports.telemetry import Telemetry

NOT_AUTHENTICATED: Final = 4004
LOGIN_FAILURES: Final = (aiohttp.ClientError, OSError, TimeoutError, discord.HTTPException, discord.GatewayNotFound)
"""What may pass: Discord cannot be reached, or stumbles."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the connection is looked at, when it is given up, and when a login is tried again; in seconds."""

    look: float = 1.0
    give_up: float = 300.0
    try_again: float = 15.0


class GivenUpError(Exception):
    """The connection will not come back by itself."""


class TokenRefusedError(GivenUpError):
    """Discord does not know the token."""


class NotConnectedError(GivenUpError):
    """There was no connection for too long.

    discord.py asks one dead address for ever (discord.py#10511); a new process asks for a new one.
    """


class Connection:
    """One login and its shards. A supervisor starts the process again when this gives up."""

    def __init__(self, make: Callable[[], Client], token: str, telemetry: Telemetry, pace: Pace | None = None) -> None:
        """Make a client for each try to log in: one that failed keeps what it had."""
        self._make = make
        self._token = token
        self._telemetry = telemetry
        self._pace = pace or Pace()
        self._client: Client | None = None
        logging.getLogger("discord").setLevel(logging.ERROR)  # what it warns of, and knows itself, needs nobody

    @property
    def is_connected(self) -> bool:
        """Say whether interactions arrive."""
        return self._client is not None and self._client.is_connected

    async def run(self, stop: asyncio.Event) -> None:
        """Be connected until told to stop, then hang up. Raises GivenUpError."""
        client = await self._logged_in(stop)
        if client is None:
            return
        self._client = client
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._connected(client, stop))
                try:
                    await self._watched(stop)
                finally:
                    await client.close()
        except BaseExceptionGroup as ended:
            raise next((each for each in ended.exceptions if isinstance(each, GivenUpError)), ended) from None

    async def _logged_in(self, stop: asyncio.Event) -> Client | None:
        while not stop.is_set():
            client = self._make()
            try:
                await client.login(self._token)
            except discord.LoginFailure:
                await client.close()
                raise TokenRefusedError from None
            except LOGIN_FAILURES as failed:
                await client.close()
                self._telemetry.event("discord.not_logged_in", error=type(failed).__name__)
                await is_told(stop, within=self._pace.try_again)
            else:
                return client
        return None

    async def _connected(self, client: Client, stop: asyncio.Event) -> None:
        """Be connected until the client is closed. Raises GivenUpError, also if Discord ended it in peace."""
        try:
            await client.connect()
        except discord.ConnectionClosed as closed:
            raise (TokenRefusedError if closed.code == NOT_AUTHENTICATED else NotConnectedError) from None
        except (*LOGIN_FAILURES, discord.PrivilegedIntentsRequired) as failed:
            self._telemetry.event("discord.disconnected", error=type(failed).__name__)
            raise NotConnectedError from None
        if not stop.is_set():
            raise NotConnectedError

    async def _watched(self, stop: asyncio.Event) -> None:
        """Look at the connection until told to stop. Raises NotConnectedError."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while not stop.is_set():
            if self.is_connected:
                last = loop.time()
            elif loop.time() - last > self._pace.give_up:
                raise NotConnectedError
            await is_told(stop, within=self._pace.look)

"""Discord while the bot serves: by the gateway, or over HTTP behind an address."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import BaseRoute, Route

from adapters.discord.app import DiscordApp, Sentences
from adapters.discord.client import Client, Hears, Shards, point_at
from adapters.discord.connection import Connection, GivenUpError, TokenRefusedError
from adapters.discord.directs import StoredAddresses
from adapters.discord.interactions_http import ADDRESS, Door
from adapters.discord.leaving import compared_in
from adapters.discord.looking_after import LookingAfter
from adapters.discord.place import PLACE
from adapters.discord.whose import joined_in
from adapters.discord.wiring import Discord, Given
from adapters.system import SystemClock
from bot.app.routes import then_of
from bot.app.wording import adding, replies
from bot.bootstrap import Bot, Opened, Platform
from bot.cli.discord_settings import DiscordWay, discord_problems, discord_way_of, token_of
from bot.cli.failing import FailedError
from bot.cli.voice import Voice
from bot.ports.edges import Clock
from bot.settings import Settings

SENTENCES: Final = Sentences(
    try_again=replies.try_again,
    no_group=replies.no_group_here,
    edit=adding.edit_again,
    which_group=lambda groups, language, slash: replies.which_group(groups, language, then=then_of(slash)),
)


class DiscordHost:
    """A Host for Discord, either way."""

    name = "discord"

    def __init__(self, settings: Settings, opened: Opened, voice: Voice) -> None:
        """Build what needs no bot yet. Raises FailedError for settings that have to be set right first."""
        if wrong := discord_problems(settings):
            raise FailedError(f"Discord cannot be served. {' '.join(wrong)}")
        point_at(settings.discord_api_url)
        self._settings = settings
        self._voice = voice
        self.clock: Clock | None = None
        self._shards = Shards(settings.discord_shard_ids or None, settings.discord_shard_count)
        given = Given(
            token=token_of(settings),
            compare=compared_in(opened.store),
            joined=joined_in(opened.store),
            addresses=StoredAddresses(opened.store),
            sentences=SENTENCES,
            clock=SystemClock(),
            telemetry=voice.telemetry,
            shards=self._shards,
        )
        self._discord = Discord(given)
        self.platform = Platform(self._discord.gateway, self._discord.directory, PLACE, self._discord.examiner)
        self._app: DiscordApp | None = None
        self._connection: Connection | None = None

    @property
    def _is_by_http(self) -> bool:
        return discord_way_of(self._settings) is DiscordWay.HTTP

    def routes(self, bot: Bot) -> Sequence[BaseRoute]:
        """Return where interactions arrive; nothing by the gateway, which needs no address."""
        if not self._is_by_http:
            return ()
        door = Door(self._settings.discord_public_key.strip(), self._hears(bot).interaction, SystemClock())
        return (Route(ADDRESS, door.interactions, methods=["POST"]),)

    async def run(self, bot: Bot, stop: asyncio.Event) -> None:
        """Take in what happens there until told to stop; then finish what is in hand."""
        hears = self._hears(bot)
        after = LookingAfter(self._discord.line, self._voice.telemetry)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._discord.background.run(stop))
            tasks.create_task(after.sync(stop))
            if self._is_by_http:
                tasks.create_task(after.look_where_we_are(hears.ready, stop))
            else:
                self._connection = self._connected(hears)
                tasks.create_task(_in_words(self._connection, stop))

    def readiness(self) -> Mapping[str, bool]:
        """Tell whether the connection stands. Over HTTP it is Discord that connects."""
        if self._is_by_http:
            return {}
        return {"discord": self._connection is not None and self._connection.is_connected}

    async def close(self) -> None:
        """Hang up."""
        await self._discord.close()

    def _hears(self, bot: Bot) -> Hears:
        if self._app is None:
            self._app = self._discord.app(bot)
        return self._discord.hears(self._app, self._discord.comings(bot))

    def _connected(self, hears: Hears) -> Connection:
        telemetry, shards = self._voice.telemetry, self._shards
        return Connection(lambda: Client(hears, telemetry, shards=shards), token_of(self._settings), telemetry)


async def _in_words(connection: Connection, stop: asyncio.Event) -> None:
    """Run, and say in a sentence what the process ends with."""
    try:
        await connection.run(stop)
    except TokenRefusedError:
        raise FailedError(
            "Discord does not know DISCORD_TOKEN. Reset it on the app's page Bot, and set the new one."
        ) from None
    except GivenUpError:
        raise FailedError(
            "There was no connection to Discord for some minutes. Start the bot again, or let a supervisor do so."
        ) from None

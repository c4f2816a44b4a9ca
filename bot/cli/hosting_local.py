"""The local room while the bot serves."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.routing import BaseRoute

from adapters.local.directory import LocalDirectory
from adapters.local.gateway import LocalGateway
from adapters.local.people import ADMINS, EVERYBODY
from adapters.local.room import LocalRoom
from adapters.system import SystemClock
from bot.bootstrap import Bot, Platform
from bot.cli.voice import Voice
from bot.ports.edges import Clock
from bot.settings import Settings


class LocalHost:
    """A Host for the sample group."""

    name = "local"

    def __init__(self, settings: Settings, voice: Voice) -> None:
        """Open the room and say so."""
        room = LocalRoom(EVERYBODY, SystemClock(), admins=ADMINS)
        self.platform = Platform(LocalGateway(room), LocalDirectory(room))
        self.clock: Clock | None = None
        _tell(settings, voice)

    def routes(self, bot: Bot) -> Sequence[BaseRoute]:
        """Return nothing: the room has an address of its own."""
        del bot
        return ()

    async def run(self, bot: Bot, stop: asyncio.Event) -> None:
        """Wait."""
        del bot
        await stop.wait()

    def readiness(self) -> Mapping[str, bool]:
        """Need nothing."""
        return {}

    async def close(self) -> None:
        """Hold nothing."""


def _tell(settings: Settings, voice: Voice) -> None:
    names = settings.platform_variables()
    why = f"This version makes no use of {', '.join(names)} yet" if names else "No chat platform is set up"
    voice.tell(
        "platforms.none",
        f"{why}, so there is only the local room; `twoyes demo` plays a story in it. Stop with Ctrl-C.",
        unused=", ".join(names),
    )

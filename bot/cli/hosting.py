"""What `twoyes serve` runs for each chat platform: chosen by what is set, and imported only then."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

from starlette.routing import BaseRoute

from bot.bootstrap import Bot, Opened, Platform
from bot.cli.discord_settings import discord_way_of
from bot.cli.slack_settings import way_of
from bot.cli.voice import Voice
from bot.ports.edges import Clock
from bot.settings import Settings


class Host(Protocol):
    """One chat platform while the bot serves: who is there, what it answers over HTTP, and what runs beside the bot."""

    @property
    def name(self) -> str:
        """Return the prefix of its workspaces."""

    @property
    def platform(self) -> Platform:
        """Return its gateway and its directory."""

    @property
    def clock(self) -> Clock | None:
        """Return the platform's own clock, where it has one."""

    def routes(self, bot: Bot) -> Sequence[BaseRoute]:
        """Return what it answers at the public address, if anything."""

    async def run(self, bot: Bot, stop: asyncio.Event) -> None:
        """Take in what happens there until told to stop."""

    def readiness(self) -> Mapping[str, bool]:
        """Tell of each thing it needs whether it is there, for /readyz."""

    async def close(self) -> None:
        """Let go of its connections, after the last delivery."""


def choose(settings: Settings, opened: Opened, voice: Voice) -> Sequence[Host]:
    """Return the platforms that are set up; the local room if there is none. What is not used is not loaded."""
    hosts: list[Host] = []
    if way_of(settings) is not None:
        from bot.cli.hosting_slack import SlackHost

        hosts.append(SlackHost(settings, opened, voice))
    if discord_way_of(settings) is not None:
        from bot.cli.hosting_discord import DiscordHost

        hosts.append(DiscordHost(settings, opened, voice))
    if not hosts:
        from bot.cli.hosting_local import LocalHost

        hosts.append(LocalHost(settings, voice))
    return hosts

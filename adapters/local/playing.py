"""What the local room needs from the bot it plays with; whoever starts it hands it over."""

from datetime import datetime
from typing import Protocol

from bot.domain.ids import ChannelId, WorkspaceId
from bot.ports.edges import Clock, Directory, Ids
from bot.ports.gateway import ChatGateway
from bot.ports.inbound import Inbound
from bot.ports.messages import Reply


class Playable(Protocol):
    """The bot, as far as a player can tell: it answers, and does what is due when it is told that time has passed."""

    async def handle(self, inbound: Inbound) -> Reply:
        """Take one thing that arrived and answer the person."""

    async def sweep(self) -> None:
        """Do what has become due by now."""

    async def deliver(self) -> None:
        """Deliver everything that is due now, until nothing is left."""

    async def next_due(self) -> datetime | None:
        """Return the next instant at which anything happens, or None."""

    async def next_post(self, workspace: WorkspaceId, channel: ChannelId) -> datetime | None:
        """Return when the channel's group has its next weekly post, or None where there is none to come."""

    async def close(self) -> None:
        """Let go of everything."""


class OpenBot(Protocol):
    """Builds the bot around the room's own edges, on a store of the builder's choice."""

    async def __call__(self, *, gateway: ChatGateway, directory: Directory, clock: Clock, ids: Ids) -> Playable:
        """Return a bot that is ready to play."""

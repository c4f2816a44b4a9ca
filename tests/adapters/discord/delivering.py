"""The gateway before the Discord for tests, with everything in reach that a test of it wants to see or to spoil."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from adapters.discord.gateway import DiscordGateway
from adapters.discord.line import Line
from adapters.local.clock import StoryClock
from bot.domain.ids import ChannelId, UserId
from bot.ports.gateway import (
    DeliveryDelayedError,
    DeliveryKey,
    DeliveryRefusedError,
    Direct,
    InChannel,
    Receipt,
    Recipient,
    Refusal,
    Room,
)
from bot.ports.messages import Message, Part, Plain, Text
from tests.contract.gateways import Steps
from tests.discord.adapting import WORKSPACE, Noted, calling, gateway_on
from tests.discord.cast import BEN, BOT, CARLA, INTRODUCTIONS
from tests.discord.seen import Seen
from tests.discord.server import DiscordServer
from tests.discord.state import Channel

TO_BEN = Direct(WORKSPACE, UserId(BEN))
TO_CARLA = Direct(WORKSPACE, UserId(CARLA))
CHANNEL = InChannel(WORKSPACE, ChannelId(INTRODUCTIONS))
PAIR = Room(WORKSPACE, ChannelId(INTRODUCTIONS), (UserId(BEN), UserId(CARLA)), "An introduction")

POST = "POST /channels/{channel_id}/messages"
OPEN = "POST /users/@me/channels"
MAKE = "POST /channels/{channel_id}/threads"
ADD = "PUT /channels/{channel_id}/thread-members/{user_id}"
LOOK = "GET /guilds/{guild_id}/threads/active"


@dataclass
class Office:
    """A gateway and its surroundings."""

    server: DiscordServer
    clock: StoryClock
    line: Line
    gateway: DiscordGateway
    noted: Noted

    def another(self) -> "Office":
        """Return the same before another process: it remembers nothing of this one's."""
        return Office(self.server, self.clock, self.line, gateway_on(self.line, self.clock, self.noted), self.noted)

    async def deliver(
        self, to: Recipient = TO_BEN, *parts: Part, key: str = "notice/1", steps: Steps | None = None
    ) -> Receipt:
        message = a_message(*parts)
        return await self.gateway.deliver(to, message, key=DeliveryKey(key), progress=steps or Steps())

    async def delayed(
        self, to: Recipient = TO_BEN, *parts: Part, key: str = "notice/1", steps: Steps | None = None
    ) -> DeliveryDelayedError:
        """Deliver, and return the delay it ended in."""
        try:
            await self.deliver(to, *parts, key=key, steps=steps)
        except DeliveryDelayedError as delayed:
            return delayed
        raise AssertionError("it was delivered")

    async def refused(
        self, to: Recipient = TO_BEN, *parts: Part, key: str = "notice/1", steps: Steps | None = None
    ) -> Refusal:
        """Deliver, and return the reason why it never will be."""
        try:
            await self.deliver(to, *parts, key=key, steps=steps)
        except DeliveryRefusedError as refused:
            return refused.reason
        raise AssertionError("it was delivered")

    async def edit(self, receipt: Receipt, *parts: Part, key: str = "edit/1") -> Receipt:
        return await self.gateway.edit(receipt, a_message(*parts), key=DeliveryKey(key))

    def pass_time(self, time: timedelta) -> None:
        self.clock.move_to(self.clock.now() + time)

    def count(self, route: str) -> int:
        """Return how often a route was called."""
        return len(self.server.world.called(route))

    def posts(self) -> int:
        """Return how many messages of the bot's stand in Discord."""
        return sum(message.author == BOT for message in self.server.world.messages.values())

    def dm_of(self, user: str) -> tuple[Seen, ...]:
        return self.server.view.dm_of(user)

    def rooms(self) -> tuple[Channel, ...]:
        return self.server.view.threads(INTRODUCTIONS)

    def errors(self) -> list[str]:
        """Return the errors the operator was told of."""
        return [str(facts["error"]) for name, facts in self.noted.events if name == "discord.call_failed"]


def a_message(*parts: Part) -> Message:
    return Message("Ben, somebody asks for you.", parts or (Text((Plain("Ben, somebody asks for you."),)),))


@asynccontextmanager
async def an_office(server: DiscordServer, clock: StoryClock, *, within: float = 8.0) -> AsyncIterator[Office]:
    """Open a gateway on the sample server."""
    noted = Noted()
    async with calling(server, clock, telemetry=noted, within=within) as line:
        yield Office(server, clock, line, gateway_on(line, clock, noted), noted)


@pytest.fixture
async def office(discord_server: DiscordServer, discord_clock: StoryClock) -> AsyncIterator[Office]:
    """A gateway on the sample server."""
    async with an_office(discord_server, discord_clock) as opened:
        yield opened

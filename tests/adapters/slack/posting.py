"""The gateway before the Slack for tests, with everything in reach that a test of it wants to see or to spoil."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from adapters.local.clock import StoryClock
from adapters.slack.clients import Calls
from adapters.slack.gateway import SlackGateway
from adapters.slack.rates import Buckets
from bot.domain.ids import ChannelId, UserId, WorkspaceId
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
from tests.slack.adapting import WORKSPACE, GivenTokens, Noted, calling, seconds_of
from tests.slack.cast import BEN, BOT_USER, CARLA, INTRODUCTIONS
from tests.slack.server import SlackServer

TO_BEN = Direct(WORKSPACE, UserId(BEN))
TO_CARLA = Direct(WORKSPACE, UserId(CARLA))
CHANNEL = InChannel(WORKSPACE, ChannelId(INTRODUCTIONS))
PAIR = Room(WORKSPACE, ChannelId(INTRODUCTIONS), (UserId(BEN), UserId(CARLA)), "an introduction")


@dataclass
class Office:
    """A gateway and its surroundings."""

    slack: SlackServer
    clock: StoryClock
    calls: Calls
    gateway: SlackGateway
    tokens: GivenTokens
    noted: Noted
    told: list[tuple[WorkspaceId, UserId]] = field(default_factory=list)

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

    async def refused(self, to: Recipient = TO_BEN, *parts: Part) -> Refusal:
        """Deliver, and return the reason why it never will be."""
        try:
            await self.deliver(to, *parts)
        except DeliveryRefusedError as refused:
            return refused.reason
        raise AssertionError("it was delivered")

    async def edit(self, receipt: Receipt, *parts: Part, key: str = "edit/1") -> Receipt:
        return await self.gateway.edit(receipt, a_message(*parts), key=DeliveryKey(key))

    def pass_time(self, time: timedelta) -> None:
        self.clock.move_to(self.clock.now() + time)

    def count(self, method: str) -> int:
        """Return how often a method was called."""
        return len(self.slack.world.called(method))

    def posts(self) -> int:
        """Return how many messages of the bot's stand in Slack."""
        channels = self.slack.world.channels.values()
        return sum(post.author == BOT_USER for channel in channels for post in channel.posts.values())

    def errors(self) -> list[str]:
        """Return the errors the operator was told of, by Slack's names."""
        return [str(facts["error"]) for name, facts in self.noted.events if name == "slack.call_failed"]


def a_message(*parts: Part) -> Message:
    return Message("Ben, somebody asks for you.", parts or (Text((Plain("Ben, somebody asks for you."),)),))


@asynccontextmanager
async def an_office(slack: SlackServer, clock: StoryClock, *, within: float = 8.0) -> AsyncIterator[Office]:
    """Open a gateway on the sample workspace."""
    told: list[tuple[WorkspaceId, UserId]] = []
    tokens, noted = GivenTokens(), Noted()
    buckets = Buckets(seconds_of(clock))
    async with calling(slack, tokens=tokens, telemetry=noted, buckets=buckets, within=within) as (calls, _):
        gateway = SlackGateway(calls, on_private=lambda *person: told.append(person))
        yield Office(slack, clock, calls, gateway, tokens, noted, told)


@pytest.fixture
async def office(slack: SlackServer, slack_clock: StoryClock) -> AsyncIterator[Office]:
    """A gateway on the sample workspace."""
    async with an_office(slack, slack_clock) as opened:
        yield opened

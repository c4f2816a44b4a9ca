"""The Discord gateway with its platform in view."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from adapters.discord.gateway import DiscordGateway
from adapters.local.clock import StoryClock
from bot.domain.ids import ChannelId, UserId
from bot.ports.gateway import ChatGateway, Direct, InChannel, Receipt, Refusal, Room
from tests.discord.adapting import WORKSPACE, calling, gateway_on
from tests.discord.cast import BEN, BOT, CARLA, INTRODUCTIONS
from tests.discord.faults import drop, error, limited
from tests.discord.server import DiscordServer
from tests.oracles import oracle

_CODES = {
    Refusal.UNREACHABLE: 50007,
    Refusal.FORBIDDEN: 50013,
    Refusal.GONE: 10008,
    Refusal.NO_CHANNEL: 10003,
}


class DiscordBench:
    """The loopback Discord, and the gateway that calls it."""

    knows_keys = True

    def __init__(self, discord: DiscordServer, clock: StoryClock, gateway: DiscordGateway) -> None:
        self._discord = discord
        self._clock = clock
        self.gateway: ChatGateway = gateway
        channel = ChannelId(INTRODUCTIONS)
        self.person = Direct(WORKSPACE, UserId(BEN))
        self.channel = InChannel(WORKSPACE, channel)
        self.pair = Room(WORKSPACE, channel, (UserId(BEN), UserId(CARLA)), "an introduction")

    def reads(self, receipt: Receipt) -> str:
        standing = self._discord.world.messages[receipt.message]
        assert standing.channel == receipt.channel
        return self._discord.view.seen(standing).shown

    def count(self) -> int:
        return sum(message.author == BOT for message in self._discord.world.messages.values())

    def rooms(self) -> int:
        return len(self._discord.view.threads())

    def delay_next(self, wait: timedelta) -> None:
        self._discord.faults.next("*", limited(wait.total_seconds()))

    def pass_time(self, time: timedelta) -> None:
        self._clock.move_to(self._clock.now() + time)

    def refuse_next(self, reason: Refusal) -> None:
        self._discord.faults.next("*", error(_CODES[reason]))

    def lose_next_answer(self) -> None:
        self._discord.faults.next("POST /channels/{channel_id}/messages", drop(after=True))


@asynccontextmanager
async def discord_bench() -> AsyncIterator[DiscordBench]:
    """Set a Discord up; at the end nothing that was sent may have broken its rules."""
    clock = StoryClock()
    async with (
        DiscordServer.started(clock, checker=oracle("discord_check")) as server,
        calling(server, clock) as line,
    ):
        yield DiscordBench(server, clock, gateway_on(line, clock))
        assert server.world.violations == []

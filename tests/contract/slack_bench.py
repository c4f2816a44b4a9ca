"""The Slack gateway with its platform in view."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from adapters.local.clock import StoryClock
from adapters.slack.gateway import SlackGateway
from adapters.slack.rates import Buckets
from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.ports.gateway import ChatGateway, Direct, InChannel, Receipt, Refusal, Room
from tests.slack.adapting import calling, seconds_of
from tests.slack.cast import BEN, BOT_USER, CARLA, INTRODUCTIONS
from tests.slack.faults import drop, error, ratelimited
from tests.slack.server import SlackServer

_WORDS = {
    Refusal.UNREACHABLE: "user_disabled",
    Refusal.FORBIDDEN: "missing_scope",
    Refusal.GONE: "message_not_found",
    Refusal.NO_CHANNEL: "channel_not_found",
}


class SlackBench:
    """The loopback Slack, and the gateway that calls it with the real client."""

    knows_keys = False

    def __init__(self, slack: SlackServer, clock: StoryClock, gateway: SlackGateway, workspace: WorkspaceId) -> None:
        self._slack = slack
        self._clock = clock
        self.gateway: ChatGateway = gateway
        channel = ChannelId(INTRODUCTIONS)
        self.person = Direct(workspace, UserId(BEN))
        self.channel = InChannel(workspace, channel)
        self.pair = Room(workspace, channel, (UserId(BEN), UserId(CARLA)), "an introduction")

    def reads(self, receipt: Receipt) -> str:
        (seen,) = (one for one in self._slack.world.messages(receipt.channel) if one.ts == receipt.message)
        return seen.text

    def count(self) -> int:
        posts = (post for channel in self._slack.world.channels.values() for post in channel.posts.values())
        return sum(post.author == BOT_USER for post in posts)

    def rooms(self) -> int:
        return len(self._slack.world.group_dms)

    def delay_next(self, wait: timedelta) -> None:
        self._slack.faults.next("*", ratelimited(int(wait.total_seconds())))

    def pass_time(self, time: timedelta) -> None:
        self._clock.move_to(self._clock.now() + time)

    def refuse_next(self, reason: Refusal) -> None:
        self._slack.faults.next("*", error(_WORDS[reason]))

    def lose_next_answer(self) -> None:
        self._slack.faults.next("chat.postMessage", drop(after=True))


@asynccontextmanager
async def slack_bench() -> AsyncIterator[SlackBench]:
    """Set a Slack up; at the end nothing that was sent may have broken its rules."""
    clock = StoryClock()
    buckets = Buckets(seconds_of(clock))
    async with SlackServer.started(clock) as slack, calling(slack, buckets=buckets) as (calls, workspace):
        yield SlackBench(slack, clock, SlackGateway(calls), workspace)
        assert slack.world.violations == []

"""The gateways that have to keep the contract, each with its platform in view."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Protocol

from adapters.local.clock import StoryClock
from adapters.local.gateway import Delay, LocalGateway, LoseAnswer, Refuse
from adapters.local.people import BEN, CARLA, EVERYBODY
from adapters.local.room import LocalRoom
from bot.ports.gateway import ChatGateway, Direct, InChannel, Receipt, Refusal, Room


class Bench(Protocol):
    """A gateway with its platform in view: what stands there, and how to make it fail.

    `knows_keys` says whether the platform itself tells a repeat from a second message. Where it does not, a message
    whose answer was lost stands twice after the next try, in words that the courier chose for that.
    """

    knows_keys: bool
    gateway: ChatGateway
    person: Direct
    channel: InChannel
    pair: Room

    def reads(self, receipt: Receipt) -> str:
        """Return the summary of what stands at a receipt's place."""

    def count(self) -> int:
        """Return how many messages there are on the platform."""

    def rooms(self) -> int:
        """Return how many rooms were opened."""

    def delay_next(self, wait: timedelta) -> None:
        """Let the platform ask the next call to come back later."""

    def pass_time(self, time: timedelta) -> None:
        """Let so much time go by."""

    def refuse_next(self, reason: Refusal) -> None:
        """Let the platform refuse the next call."""

    def lose_next_answer(self) -> None:
        """Let the platform do the next call and its answer get lost."""


class LocalBench:
    """The local room."""

    knows_keys = True

    def __init__(self) -> None:
        self._clock = StoryClock()
        self._room = LocalRoom(EVERYBODY, self._clock)
        self._gateway = LocalGateway(self._room)
        self.gateway: ChatGateway = self._gateway
        self.person = Direct(self._room.workspace, BEN)
        self.channel = InChannel(self._room.workspace, self._room.channel)
        self.pair = Room(self._room.workspace, self._room.channel, (BEN, CARLA), "ben-and-carla")

    def reads(self, receipt: Receipt) -> str:
        standing = self._room.message(receipt.message)
        assert standing is not None
        return standing.message.summary

    def count(self) -> int:
        return len({standing.id for user in self._room.people for standing in self._room.in_view(user)})

    def rooms(self) -> int:
        return len(self._room.rooms)

    def delay_next(self, wait: timedelta) -> None:
        self._gateway.fail_next(Delay(wait))

    def pass_time(self, time: timedelta) -> None:
        self._clock.move_to(self._clock.now() + time)

    def refuse_next(self, reason: Refusal) -> None:
        self._gateway.fail_next(Refuse(reason))

    def lose_next_answer(self) -> None:
        self._gateway.fail_next(LoseAnswer())


@asynccontextmanager
async def local_bench() -> AsyncIterator[Bench]:
    """Set the local room up."""
    yield LocalBench()


@asynccontextmanager
async def on_slack() -> AsyncIterator[Bench]:
    """Set a Slack up, with the real client before it; imported here, for others only want what is above."""
    from tests.contract.slack_bench import slack_bench

    async with slack_bench() as bench:
        yield bench


@asynccontextmanager
async def on_discord() -> AsyncIterator[Bench]:
    """Set a Discord up, over real sockets; imported here for the same reason."""
    from tests.contract.discord_bench import discord_bench

    async with discord_bench() as bench:
        yield bench


GATEWAYS: Mapping[str, Callable[[], AbstractAsyncContextManager[Bench]]] = {
    "local": local_bench,
    "slack": on_slack,
    "discord": on_discord,
}


class Steps:
    """A delivery's progress, as the courier keeps it."""

    def __init__(self, done: Mapping[str, str] | None = None) -> None:
        self.kept = dict(done or {})

    @property
    def done(self) -> Mapping[str, str]:
        return self.kept

    async def record(self, step: str, result: str) -> None:
        self.kept[step] = result

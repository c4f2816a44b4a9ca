"""The bot's edges for a benchmark: a clock that only counts, a gateway that does nothing, and the post it brings."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from adapters.local.gateway import LocalGateway
from adapters.local.room import WORKSPACE, LocalRoom
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock, Person
from bot.ports.gateway import DeliveryKey, Direct, InChannel, Progress, Rate, Receipt, Recipient, Room
from bot.ports.messages import Message

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
AHEAD = timedelta(minutes=1)
"""The courier's clock is so far ahead that the time to undo a yes is over when it looks."""


class CountingClock:
    """A Clock on which every look is a microsecond later than the one before."""

    def __init__(self) -> None:
        self._ticks = count()

    def now(self) -> datetime:
        return NOON + timedelta(microseconds=next(self._ticks))


@dataclass(frozen=True, slots=True)
class Ahead:
    """The same clock, as the courier sees it."""

    clock: Clock

    def now(self) -> datetime:
        return self.clock.now() + AHEAD


class NoGateway:
    """A ChatGateway that says at once that everything is there, and hands private messages and rooms to `Post`."""

    def __init__(self) -> None:
        self.post = Post()

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        del progress
        self.post.bring(to, message)
        return Receipt(WORKSPACE, "somewhere", key)

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        del message, key
        return receipt

    def rates(self, to: Recipient) -> Sequence[Rate]:
        del to
        return ()


class RoomGateway(LocalGateway):
    """The local room's own gateway, which hands over what it has shown."""

    def __init__(self, room: LocalRoom) -> None:
        super().__init__(room)
        self.post = Post()

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        receipt = await super().deliver(to, message, key=key, progress=progress)
        self.post.bring(to, message)
        return receipt


class Post:
    """Lets people wait for what they are sent."""

    def __init__(self) -> None:
        self._boxes: defaultdict[UserId, asyncio.Queue[Message]] = defaultdict(asyncio.Queue)

    def bring(self, to: Recipient, message: Message) -> None:
        """Put a message into the box of everyone it is for."""
        match to:
            case Direct(user=user):
                self._boxes[user].put_nowait(message)
            case Room(users=users):
                for user in users:
                    self._boxes[user].put_nowait(message)
            case InChannel():
                pass  # nobody here waits for what stands in the channel

    async def next_for(self, user: UserId) -> Message:
        """Wait for the next message to somebody; TimeoutError if it takes longer than anything here should."""
        async with asyncio.timeout(60):
            return await self._boxes[user].get()


class Everybody:
    """A Directory in which everybody is somebody."""

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Person]:
        del workspace
        return {user: Person(user, f"Person {user}") for user in users}

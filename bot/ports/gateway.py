"""Putting messages in front of people on a chat platform, and what can come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NewType, Protocol, runtime_checkable

from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.ports.messages import Message

DeliveryKey = NewType("DeliveryKey", str)
"""The intent of one delivery: (referral, effect, recipient, occasion). At most 100 characters.

Before its first `/` stands what sort of delivery it is: prompt, reminder, edit, notice, introduction, heads_up,
check_in, tally, post, report, begin, cannot_post, answer or close_room. Metrics count by it, and an adapter may tell by
it what a message is for.
"""


@dataclass(frozen=True, slots=True)
class Direct:
    """One person, in private."""

    workspace: WorkspaceId
    user: UserId


@dataclass(frozen=True, slots=True)
class InChannel:
    """A group's channel."""

    workspace: WorkspaceId
    channel: ChannelId


@dataclass(frozen=True, slots=True)
class Room:
    """The people who are introduced, in a room of their own beside the group's channel.

    Where the platform has no room for them, each gets `apart` in private, if there is such a text, else the message.
    """

    workspace: WorkspaceId
    channel: ChannelId
    users: tuple[UserId, ...]
    name: str
    apart: Message | None = None


Recipient = Direct | InChannel | Room


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's word that a message is there, and where, so that it can be edited later."""

    workspace: WorkspaceId
    channel: str
    message: str


class Refusal(StrEnum):
    """Why a delivery will never be made: the platform's reason, or that nobody is left but the operator."""

    UNREACHABLE = "unreachable"
    GONE = "gone"
    NO_CHANNEL = "no_channel"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    FOR_OPERATOR = "for_operator"


class DeliveryError(Exception):
    """A delivery that did not happen. Nothing else crosses the border from a platform."""


class DeliveryDelayedError(DeliveryError):
    """It may work later: after `wait` if the platform said so, for everything of that destination or workspace."""

    def __init__(
        self, wait: timedelta | None = None, *, whole_workspace: bool = False, lost_answer: bool = False
    ) -> None:
        super().__init__(f"delayed by {wait}")
        self.wait = wait
        self.whole_workspace = whole_workspace
        self.lost_answer = lost_answer


class DeliveryRefusedError(DeliveryError):
    """It will never work."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit a platform sets: `most` calls in `per`, counted under `key`."""

    key: str
    most: float
    per: timedelta


class Progress(Protocol):
    """The platform calls already made for one delivery, kept across crashes."""

    @property
    def done(self) -> Mapping[str, str]:
        """Return each step's result so far."""

    async def record(self, step: str, result: str) -> None:
        """Store a step's result before the next call is made."""


class ChatGateway(Protocol):
    """Puts one message in front of some people on one chat platform.

    Every implementation passes tests/contract/test_chat_gateway.py: while it runs, a key it has delivered gets its
    first receipt again, and a platform failure is a DeliveryDelayedError or a DeliveryRefusedError.
    """

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        """Show the message, opening the room first where there is none."""

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        """Put the message in the place of an earlier one; a key it has edited with gets its first receipt again.

        A message that is not there any more is refused as GONE.
        """

    def rates(self, to: Recipient) -> Sequence[Rate]:
        """Return the limits this delivery counts against."""


@runtime_checkable
class PutsRoomsAway(Protocol):
    """A gateway of a platform that counts the rooms that are open. What is put away can be read and taken up again."""

    async def put_away(self, to: Room, *, opened_by: DeliveryKey) -> None:
        """Put the room away that was opened for this delivery, if there is one and it is open; again changes nothing.

        Who is in it and what it is called do not matter. Raises DeliveryDelayedError.
        """

"""What a platform's adapter may ask of the bot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.ports.inbound import Inbound, Origin, Typing
from bot.ports.messages import Message, Reply


@dataclass(frozen=True, slots=True)
class Greeting:
    """Where a workspace reads what concerns all of it, and in which language."""

    channel: ChannelId
    locale: str


class Front(Protocol):
    """The bot, as the adapters see it. When one of these returns, what it did is committed."""

    async def handle(self, inbound: Inbound) -> Reply:
        """Carry out what arrived and return what the one who acted sees."""

    async def home(self, origin: Origin) -> Message:
        """Return a member's own page: what waits, what they started, card, pause, privacy. It writes nothing.

        It has at most 40 parts, and may be longer than a message.
        """

    async def arrived(self, workspace: WorkspaceId, by: UserId | None, *, greeting: Greeting | None = None) -> None:
        """Note that the bot was added to a workspace, also again, and tell who added it how to begin.

        Where nobody knows who did, it is said in the place of the greeting, if there is one. It may be called at every
        start: it greets once for each arrival, and a removal counts until the next arrival.
        """

    async def departed(self, workspace: WorkspaceId, *, at: datetime | None = None) -> None:
        """Note that the bot was removed: nothing is delivered there any more, and in time its data is purged.

        Its token is forgotten. A removal that happened `at` a time before the bot was added again changes nothing.
        """

    async def person_gone(self, workspace: WorkspaceId, user: UserId) -> None:
        """Note that somebody is not there any more: whatever was open with them ends without a word."""


class CompletingFront(Front, Protocol):
    """The same, for a platform that shows what could be meant while somebody types."""

    async def complete(self, typing: Typing) -> Sequence[str]:
        """Return what could be meant, the likeliest first: at most 25 texts of at most 100 characters.

        Anything else may be typed all the same. It writes nothing.
        """

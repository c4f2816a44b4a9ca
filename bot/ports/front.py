"""What a platform's adapter may ask of the bot."""

from datetime import datetime
from typing import Protocol

from bot.domain.ids import UserId, WorkspaceId
from bot.ports.inbound import Inbound, Origin
from bot.ports.messages import Message, Reply


class Front(Protocol):
    """The bot, as the adapters see it. When one of these returns, what it did is committed."""

    async def handle(self, inbound: Inbound) -> Reply:
        """Carry out what arrived and return what the one who acted sees."""

    async def home(self, origin: Origin) -> Message:
        """Return a member's own page: what waits, what they started, card, pause, privacy. It writes nothing.

        It has at most 40 parts, and may be longer than a message.
        """

    async def arrived(self, workspace: WorkspaceId, by: UserId | None) -> None:
        """Note that the bot was added to a workspace, also again, and tell who added it how to begin.

        It may be called at every start: it greets once for each arrival, and a removal counts until the next arrival.
        """

    async def departed(self, workspace: WorkspaceId, *, at: datetime | None = None) -> None:
        """Note that the bot was removed: nothing is delivered there any more, and in time its data is purged.

        Its token is forgotten. A removal that happened `at` a time before the bot was added again changes nothing.
        """

    async def person_gone(self, workspace: WorkspaceId, user: UserId) -> None:
        """Note that somebody's account was closed: whatever was open with them ends without a word."""

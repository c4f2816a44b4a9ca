"""Conversations with one person: remembered where they are known, opened slowly where they are not."""

from typing import Final

from discord.http import Route

from adapters.discord.ids import is_snowflake
from adapters.discord.line import Line, text_at
from adapters.discord.rates import Openings
from adapters.keeping import Lately
from bot.domain.ids import UserId
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Direct, Refusal

MOST_DIRECTS: Final = 50_000


class Directs:
    """Finds the channel of a direct message. A person has the same one with the bot in every server."""

    def __init__(self, line: Line, openings: Openings) -> None:
        """Open new ones through `line`, at the pace of `openings`."""
        self._line = line
        self._openings = openings
        self._known: Lately[UserId, str] = Lately(MOST_DIRECTS)

    def met(self, user: UserId, channel: str) -> None:
        """Note which conversation is the one with this person, as an interaction in it tells."""
        self._known.keep(user, channel)

    def forget(self, user: UserId) -> bool:
        """Forget somebody's conversation; False if none was known."""
        return self._known.drop(user) is not None

    async def channel(self, to: Direct) -> str:
        """Return where to write to this person.

        Raises DeliveryDelayedError while it is too early for somebody new. Discord says `too fast` (40003) about all of
        them: nobody else is tried until then.
        """
        if not is_snowflake(to.user):
            raise DeliveryRefusedError(Refusal.UNREACHABLE)
        return self._known.get(to.user) or await self._opened(to)

    async def _opened(self, to: Direct) -> str:
        self._openings.take()
        try:
            answer = await self._line.call(
                to.workspace, Route("POST", "/users/@me/channels"), {"recipient_id": str(to.user)}
            )
        except DeliveryDelayedError as delayed:
            if delayed.wait is not None and not delayed.whole_workspace:
                self._openings.close(delayed.wait)
            raise
        channel = text_at(answer, "id")
        self.met(to.user, channel)
        return channel

"""Conversations with one person: remembered where they are known, opened slowly where they are not."""

from typing import Final, Protocol

from discord.http import Route

from adapters.discord.ids import is_snowflake
from adapters.discord.line import Line, text_at
from adapters.discord.rates import Openings
from adapters.keeping import Lately
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Direct, Refusal
from bot.ports.store import Store, Transaction

MOST_DIRECTS: Final = 50_000


class Addresses(Protocol):
    """Remembers conversations for longer than a process lives: one that stands costs nothing of what is scarce."""

    async def of(self, user: UserId) -> str | None:
        """Return the conversation with this person, if it is known."""

    async def keep(self, workspace: WorkspaceId, user: UserId, channel: str) -> None:
        """Remember it."""

    async def forget(self, user: UserId) -> None:
        """Forget it."""


class NoAddresses:
    """Remembers nothing: for looking into a gateway alone."""

    async def of(self, user: UserId) -> str | None:
        """Return that none is known."""

    async def keep(self, workspace: WorkspaceId, user: UserId, channel: str) -> None:
        """Let it be."""

    async def forget(self, user: UserId) -> None:
        """Let it be."""


class StoredAddresses:
    """Remembers them in the store, beside the member, with whom they are erased."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, user: UserId) -> str | None:
        """Return the conversation with this person, whichever server that was learnt in."""
        return await self._store.run(lambda tx: tx.conversations.of(user))

    async def keep(self, workspace: WorkspaceId, user: UserId, channel: str) -> None:
        """Remember it, for somebody who is written down."""
        await self._store.run(lambda tx: _keep(tx, workspace, user, channel))

    async def forget(self, user: UserId) -> None:
        """Forget it."""
        await self._store.run(lambda tx: tx.conversations.forget(user))


def _keep(tx: Transaction, workspace: WorkspaceId, user: UserId, channel: str) -> None:
    if member := tx.members.by_user(workspace, user):
        tx.conversations.keep(member.id, channel)


class Directs:
    """Finds the channel of a direct message. A person has the same one with the bot in every server."""

    def __init__(self, line: Line, openings: Openings, addresses: Addresses) -> None:
        """Open new ones through `line`, at the pace of `openings`, and remember them among `addresses`."""
        self._line = line
        self._openings = openings
        self._addresses = addresses
        self._known: Lately[UserId, str] = Lately(MOST_DIRECTS)
        self._kept: Lately[UserId, str] = Lately(MOST_DIRECTS)

    def met(self, user: UserId, channel: str) -> None:
        """Note which conversation is the one with this person, as an interaction in it tells."""
        self._known.keep(user, channel)

    async def forget(self, user: UserId) -> bool:
        """Forget somebody's conversation; False if none was known."""
        if self._known.drop(user) is None:
            return False
        self._kept.drop(user)
        await self._addresses.forget(user)
        return True

    async def channel(self, to: Direct) -> str:
        """Return where to write to this person.

        Raises DeliveryDelayedError while it is too early for somebody new. Discord says `too fast` (40003) about all of
        them: nobody else is tried until then.
        """
        if not is_snowflake(to.user):
            raise DeliveryRefusedError(Refusal.UNREACHABLE)
        channel = self._known.get(to.user) or await self._recalled(to.user) or await self._opened(to)
        if self._kept.get(to.user) != channel:
            await self._addresses.keep(to.workspace, to.user, channel)
            self._kept.keep(to.user, channel)
        return channel

    async def _recalled(self, user: UserId) -> str | None:
        channel = await self._addresses.of(user)
        if channel is not None:
            self.met(user, channel)
            self._kept.keep(user, channel)
        return channel

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

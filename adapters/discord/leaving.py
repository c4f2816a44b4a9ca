"""Servers that add the bot and remove it: while it is connected, and while it was not."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from discord.http import Route

from adapters.background import Background
from adapters.discord.ids import PLATFORM, guild_of, workspace_of
from adapters.discord.line import Line, listed
from adapters.discord.looking_after import TRY_AGAIN, servers
from adapters.discord.permissions import Right
from adapters.discord.rights import Rights
from adapters.discord.whose import Whose
from adapters.reading import Body, NotUnderstoodError
from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.ports.front import Front, Greeting
from bot.ports.gateway import DeliveryDelayedError, DeliveryError
from bot.ports.store import Store, Transaction

LOOK_AGAIN: Final = TRY_AGAIN
"""Seconds after which it is looked once more where the bot is, when a coming or a going could not be noted."""

MOST_GREETED: Final = 5
"""Servers found at one look that are greeted: more are no arrivals, but a database that is new."""

TO_POST: Final = Right.VIEW_CHANNEL | Right.SEND_MESSAGES

Compare = Callable[[frozenset[WorkspaceId]], Awaitable["Differences"]]
"""Returns how the servers where the bot is differ from those that the store knows."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Servers that the store does not know as present, and those it does in which the bot seems not to be."""

    new: tuple[WorkspaceId, ...]
    missing: tuple[WorkspaceId, ...]


class People(Protocol):
    """What is remembered of people."""

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Ask Discord again about this person, or about everybody there."""


class Comings:
    """Notes comings and goings. Each may be told twice, late, and in any order."""

    def __init__(
        self, *, front: Front, compare: Compare, people: People, whose: Whose, line: Line, rights: Rights
    ) -> None:
        """Tell `front`, which forgets what is stored in time, and forget what is remembered here."""
        self._rights = rights
        self._front = front
        self._compare = compare
        self._people = people
        self._whose = whose
        self._line = line

    async def arrived(self, guild: str) -> None:
        """Note that the bot was added. Discord does not say by whom: how to begin is said to the whole server."""
        workspace = workspace_of(guild)
        await self._front.arrived(workspace, None, greeting=await self._greeting(workspace))

    async def departed(self, guild: str) -> None:
        """Note that the bot was removed."""
        workspace = workspace_of(guild)
        await self._front.departed(workspace)
        self._people.forget(workspace)
        self._whose.forget(workspace)

    async def reconcile(self, guilds: Iterable[str], has: Callable[[str], bool]) -> None:
        """Note what happened meanwhile. `guilds` are where the bot is now, of those that this process `has`.

        Nobody's data goes because of a list: Discord is asked once more about each server that is not in it.
        """
        found = await self._compare(frozenset(map(workspace_of, guilds)))
        greets = len(found.new) <= MOST_GREETED
        for workspace in found.new:
            greeting = await self._greeting(workspace) if greets else None
            await self._front.arrived(workspace, None, greeting=greeting)
        for workspace in found.missing:
            guild = guild_of(workspace)
            if has(guild) and not await self._is_in(workspace, guild):
                await self.departed(guild)

    async def _greeting(self, workspace: WorkspaceId) -> Greeting | None:
        """Return the channel in which a server says who came, if it has one and the bot may write there."""
        try:
            told = await self._line.call(workspace, Route("GET", "/guilds/{guild_id}", guild_id=guild_of(workspace)))
            body = Body(told if isinstance(told, dict) else {})
            channel = ChannelId(body.maybe("system_channel_id"))
            standing = await self._rights.in_channel(workspace, channel)
        except (DeliveryError, NotUnderstoodError):
            return None
        return Greeting(channel, body.maybe("preferred_locale") or "en") if standing.bot & TO_POST == TO_POST else None

    async def _is_in(self, workspace: WorkspaceId, guild: str) -> bool:
        """Ask for the servers from this one on, of which it is the first if the bot is in it. Raises DeliveryError."""
        query = {"limit": "1", "after": str(int(guild) - 1)}
        answer = await self._line.call(workspace, Route("GET", "/users/@me/guilds"), query=query)
        if not isinstance(answer, list):
            raise DeliveryDelayedError
        return any(str(each.get("id")) == guild for each in listed(answer))


class Noticing:
    """Sees comings and goings through: whatever fails is made up for by a look at where the bot is, until that works.

    A list that is older than what happened since would undo it, so it is Discord's own at that time.
    """

    def __init__(
        self,
        comings: Comings,
        background: Background,
        line: Line,
        has: Callable[[str], bool],
        again: float = LOOK_AGAIN,
    ) -> None:
        """Do it in the background, for the servers that this process `has`."""
        self._comings = comings
        self._background = background
        self._line = line
        self._has = has
        self._again = again

    def ready(self, guilds: Sequence[str]) -> None:
        """Note where the bot is."""
        self._begin("reconcile", lambda: self._comings.reconcile(guilds, self._has))

    def added(self, guild: str) -> None:
        """Note that a server added the bot."""
        self._begin("arrived", lambda: self._comings.arrived(guild))

    def removed(self, guild: str) -> None:
        """Note that a server removed the bot."""
        self._begin("departed", lambda: self._comings.departed(guild))

    def _begin(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._background.start(name, lambda: self._done(work))

    async def _done(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:  # whatever it was, and it goes on to whoever notes it
            asyncio.get_running_loop().call_later(self._again, self._look)
            raise

    def _look(self) -> None:
        self._begin("reconcile", self._by_their_own_list)

    async def _by_their_own_list(self) -> None:
        await self._comings.reconcile(await servers(self._line), self._has)


def compared_in(store: Store) -> Compare:
    """Return what looks into the store."""

    async def compare(present: frozenset[WorkspaceId]) -> Differences:
        return await store.run(lambda tx: _compared(tx, present))

    return compare


def _compared(tx: Transaction, present: frozenset[WorkspaceId]) -> Differences:
    known = {place for place in tx.workspaces.present() if place.startswith(PLATFORM)}
    return Differences(new=tuple(sorted(present - known)), missing=tuple(sorted(known - present)))

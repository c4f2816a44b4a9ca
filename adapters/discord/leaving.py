"""Servers that add the bot and remove it: while it is connected, and while it was not."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from discord.http import Route

from adapters.discord.ids import PLATFORM, guild_of, workspace_of
from adapters.discord.line import Line, listed
from adapters.discord.whose import Whose
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.front import Front
from bot.ports.gateway import DeliveryDelayedError
from bot.ports.store import Store, Transaction

Compare = Callable[[frozenset[WorkspaceId]], Awaitable["Differences"]]
"""Returns how the servers where the bot is differ from those that the store knows."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Servers that the store does not know as present, and servers with groups in which the bot seems not to be."""

    new: tuple[WorkspaceId, ...]
    missing: tuple[WorkspaceId, ...]


class People(Protocol):
    """What is remembered of people."""

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Ask Discord again about this person, or about everybody there."""


class Comings:
    """Notes comings and goings. Each may be told twice, late, and in any order."""

    def __init__(self, *, front: Front, compare: Compare, people: People, whose: Whose, line: Line) -> None:
        """Tell `front`, which forgets what is stored in time, and forget what is remembered here."""
        self._front = front
        self._compare = compare
        self._people = people
        self._whose = whose
        self._line = line

    async def arrived(self, guild: str) -> None:
        """Note that the bot was added. Discord does not say by whom, so nobody is written to."""
        await self._front.arrived(workspace_of(guild), None)

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
        for workspace in found.new:
            await self._front.arrived(workspace, None)
        for workspace in found.missing:
            guild = guild_of(workspace)
            if has(guild) and not await self._is_in(workspace, guild):
                await self.departed(guild)

    async def _is_in(self, workspace: WorkspaceId, guild: str) -> bool:
        """Ask for the servers from this one on, of which it is the first if the bot is in it. Raises DeliveryError."""
        query = {"limit": "1", "after": str(int(guild) - 1)}
        answer = await self._line.call(workspace, Route("GET", "/users/@me/guilds"), query=query)
        if not isinstance(answer, list):
            raise DeliveryDelayedError
        return any(str(each.get("id")) == guild for each in listed(answer))


def compared_in(store: Store) -> Compare:
    """Return what looks into the store."""

    async def compare(present: frozenset[WorkspaceId]) -> Differences:
        return await store.run(lambda tx: _compared(tx, present))

    return compare


def _compared(tx: Transaction, present: frozenset[WorkspaceId]) -> Differences:
    grouped = {group.workspace for group in tx.groups.all() if group.workspace.startswith(PLATFORM)}
    missing = (place for place in sorted(grouped - present) if not _has_departed(tx, place))
    return Differences(tuple(place for place in sorted(present) if not _is_known(tx, place)), tuple(missing))


def _is_known(tx: Transaction, place: WorkspaceId) -> bool:
    known = tx.workspaces.get(place)
    return known is not None and known.departed_at is None


def _has_departed(tx: Transaction, place: WorkspaceId) -> bool:
    known = tx.workspaces.get(place)
    return known is not None and known.departed_at is not None

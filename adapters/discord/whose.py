"""Which server a direct message is about, where neither its button nor its form says so."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from adapters.discord.envelopes import Arrived
from adapters.discord.ids import PLATFORM, NotUnderstoodError, snowflake
from adapters.discord.reading import Body
from adapters.keeping import Lately
from bot.domain.group import Group
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.store import Store, Transaction

MOST_PEOPLE: Final = 50_000

Joined = Callable[[UserId], Awaitable[Sequence[Group]]]
"""Finds the groups on Discord that somebody has joined."""


class NoServerError(NotUnderstoodError):
    """Somebody who has joined nowhere typed a command in a direct message."""


class Whose:
    """Knows where somebody acted last, and asks the store about those it has not seen since it runs."""

    def __init__(self, joined: Joined) -> None:
        self._joined = joined
        self._lately: Lately[UserId, WorkspaceId] = Lately(MOST_PEOPLE)

    def acted(self, user: UserId, workspace: WorkspaceId) -> None:
        """Note that somebody did something about this server."""
        self._lately.keep(user, workspace)

    def forget(self, workspace: WorkspaceId) -> None:
        """Forget a server that is left."""
        for user in self._lately.keys_where(lambda user: self._lately.get(user) == workspace):
            self._lately.drop(user)

    async def home_of(self, arrived: Arrived) -> WorkspaceId:
        """Return the server where this person acted last; else the first where they joined. Raises NoServerError."""
        user = UserId(snowflake(Body(arrived).text("user", "id")))
        if known := self._lately.get(user):
            return known
        groups = await self._joined(user)
        if not groups:
            raise NoServerError("guild_id")
        return groups[0].workspace


def joined_in(store: Store) -> Joined:
    """Return what looks among the groups of all servers."""

    async def joined(user: UserId) -> Sequence[Group]:
        return await store.run(lambda tx: _groups_of(tx, user))

    return joined


def _groups_of(tx: Transaction, user: UserId) -> Sequence[Group]:
    groups = [group for group in tx.groups.all() if group.workspace.startswith(PLATFORM)]
    members = {place: tx.members.by_user(place, user) for place in {group.workspace for group in groups}}
    return [group for group in groups if (member := members[group.workspace]) and group.id in member.joined]

"""Which server a direct message is about, where neither its button nor its form says so."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from adapters.discord.envelopes import Arrived
from adapters.discord.ids import PLATFORM, guild_of, snowflake
from adapters.keeping import Lately
from adapters.reading import Body, NotUnderstoodError
from bot.domain.group import Group
from bot.domain.ids import UserId, WorkspaceId
from bot.domain.member import Member
from bot.ports.messages import Buttons, Message, Part
from bot.ports.store import Store, Transaction

MOST_PEOPLE: Final = 50_000
_COMMAND: Final = 2
_TYPED: Final = 1

Joined = Callable[[UserId], Awaitable[Sequence[Group]]]
"""Finds the groups on Discord that somebody has joined, in servers where the bot is."""


class NoServerError(NotUnderstoodError):
    """Somebody who has joined nowhere typed a command in a direct message."""


class SeveralServersError(NotUnderstoodError):
    """Somebody who has joined in several servers typed a command in a direct message: it is asked which they mean."""

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__("guild_id")
        self.groups = groups


class Whose:
    """Knows where somebody has joined, and where they acted last since it runs."""

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
        """Return the only server where this person has joined, or else the one where they acted last.

        Raises SeveralServersError for a command of somebody who has joined in several: anything else goes on with the
        last of them. Raises NoServerError for somebody who is known nowhere.
        """
        user = UserId(snowflake(Body(arrived).text("user", "id")))
        groups, lately = await self._joined(user), self._lately.get(user)
        servers = {group.workspace for group in groups}
        if len(servers) > 1 and _is_command(arrived):
            raise SeveralServersError(groups)
        if lately in servers or (lately and not servers):
            return lately
        if not groups:
            raise NoServerError("guild_id")
        return groups[0].workspace


def _is_command(arrived: Arrived) -> bool:
    body = Body(arrived)
    return body.number("type") == _COMMAND and body.number("data", "type") == _TYPED


def told_apart(message: Message, groups: Sequence[Group]) -> Message:
    """Return a choice between groups whose buttons say of which server each is, as a direct message cannot."""
    guilds = {str(group.id): guild_of(group.workspace) for group in groups}
    return replace(message, parts=tuple(_told_apart(part, guilds) for part in message.parts))


def _told_apart(part: Part, guilds: Mapping[str, str]) -> Part:
    if not isinstance(part, Buttons):
        return part
    return Buttons(tuple(replace(one, ref=f"{one.ref}@{guilds[one.ref.partition('.')[0]]}") for one in part.buttons))


def joined_in(store: Store) -> Joined:
    """Return what looks among the groups of all servers."""

    async def joined(user: UserId) -> Sequence[Group]:
        return await store.run(lambda tx: _groups_of(tx, user))

    return joined


def _groups_of(tx: Transaction, user: UserId) -> Sequence[Group]:
    """Return the groups they have joined, or else those they have asked to join."""
    there = [member for member in tx.members.everywhere(user) if _is_on_discord(tx, member)]
    joined = [group for member in there for group in sorted(member.joined)]
    pending = [group for member in there for group in sorted(member.pending)]
    return [tx.groups.get(group) for group in joined or pending]


def _is_on_discord(tx: Transaction, member: Member) -> bool:
    if not member.workspace.startswith(PLATFORM):
        return False
    place = tx.workspaces.get(member.workspace)
    return place is None or place.departed_at is None

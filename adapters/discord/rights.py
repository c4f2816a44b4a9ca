"""Asks Discord who may do what: before people are brought together in a channel, and when a server is examined."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from discord.http import Route

from adapters.discord.errors import NOT_THERE, UNTIL_ADDED_AGAIN, NotTakenError
from adapters.discord.ids import guild_of, is_snowflake
from adapters.discord.line import Line
from adapters.discord.permissions import TO_INTRODUCE, Right, Told, in_channel, in_server
from adapters.keeping import Lately
from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.ports.edges import Clock
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Refusal

TEXT_CHANNEL: Final = 0
"""The only type of channel that private threads can be in."""
SEEN_FOR: Final = timedelta(minutes=5)
MOST_SEEN: Final = 50_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What a channel is, what the bot may do in it, and what each of some people."""

    kind: int
    bot: Right
    people: Mapping[UserId, Right]

    @property
    def takes_rooms(self) -> bool:
        """Say whether these people can meet in a private thread here: all see the channel, and the bot may make one."""
        sighted = all(held & Right.VIEW_CHANNEL for held in self.people.values())
        return self.kind == TEXT_CHANNEL and sighted and self.bot & TO_INTRODUCE == TO_INTRODUCE


Gone = Callable[[WorkspaceId, UserId], None]
"""Is told of somebody who was found not to be in a server, or not any more."""


class Rights:
    """Looks each time: what an administrator changed a moment ago counts. Only who is there is known for a while."""

    def __init__(self, line: Line, clock: Clock, gone: Gone = lambda *_: None) -> None:
        """Ask through `line`; `gone` is told of those who turn out not to be there."""
        self._line = line
        self._clock = clock
        self._gone = gone
        self._seen: Lately[tuple[WorkspaceId, UserId], datetime] = Lately(MOST_SEEN)

    async def require_member(self, workspace: WorkspaceId, user: UserId) -> None:
        """Raise DeliveryRefusedError (UNREACHABLE) for somebody who is not in the server, or not any more.

        Discord tells a bot without privileges of nobody's leaving, and lets it write to them while they share another.
        """
        seen, now = self._seen.get((workspace, user)), self._clock.now()
        if seen is None or now >= seen + SEEN_FOR:
            await self._member(workspace, user)

    async def in_channel(self, workspace: WorkspaceId, channel: ChannelId, users: Iterable[UserId] = ()) -> Standing:
        """Return who may do what there.

        Raises DeliveryRefusedError: UNREACHABLE where one of them is not in the server (any more), NO_CHANNEL or
        FORBIDDEN where the bot cannot even see the channel; and DeliveryDelayedError.
        """
        if not is_snowflake(channel):
            raise DeliveryRefusedError(Refusal.NO_CHANNEL)
        guild, own = await self._guild(workspace)
        members = {user: await self._member(workspace, user) for user in dict.fromkeys(users)}
        place = await self._told(workspace, Route("GET", "/channels/{channel_id}", channel_id=channel))
        if place.get("guild_id") != guild_of(workspace):
            raise DeliveryRefusedError(Refusal.NO_CHANNEL)
        held = {user: self._held(guild, place, told) for user, told in members.items()}
        return Standing(int(place.get("type", -1)), self._held(guild, place, own), held)

    async def in_server(self, workspace: WorkspaceId) -> Right:
        """Return what the bot may do in a server as a whole. Raises DeliveryError."""
        return in_server(*await self._guild(workspace))

    async def _guild(self, workspace: WorkspaceId) -> tuple[Told, Told]:
        """Return the server with its roles, and the bot's own membership. What is owed where it has none waits."""
        route = Route("GET", "/guilds/{guild_id}", guild_id=guild_of(workspace))
        try:
            guild = await self._told(workspace, route)
            return guild, await self._member(workspace, UserId(await self._line.me(workspace)))
        except NotTakenError as refused:
            raise DeliveryDelayedError(UNTIL_ADDED_AGAIN, whole_workspace=True) from refused

    async def _member(self, workspace: WorkspaceId, user: UserId) -> Told:
        if not is_snowflake(user):
            raise DeliveryRefusedError(Refusal.UNREACHABLE)
        path, guild = "/guilds/{guild_id}/members/{user_id}", guild_of(workspace)
        try:
            told = await self._told(workspace, Route("GET", path, guild_id=guild, user_id=user))
        except NotTakenError as refused:
            if refused.code in NOT_THERE:
                self._gone(workspace, user)
            raise
        self._seen.keep((workspace, user), self._clock.now())
        return told

    async def _told(self, workspace: WorkspaceId, route: Route) -> Told:
        answer = await self._line.call(workspace, route)
        if not isinstance(answer, dict):
            raise DeliveryDelayedError
        return answer

    def _held(self, guild: Told, channel: Told, member: Told) -> Right:
        until = member.get("communication_disabled_until")
        timed_out = isinstance(until, str) and datetime.fromisoformat(until) > self._clock.now()
        return in_channel(guild, channel, member, timed_out=timed_out)

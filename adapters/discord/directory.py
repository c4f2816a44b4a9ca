"""Knows the people of a server as Get Guild Member tells them, and remembers them for a while."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from discord.http import Route

from adapters.acquaintances import WITHIN, Acquaintances, Pace
from adapters.discord.errors import NOT_THERE, UNKNOWN_MEMBER, UNKNOWN_USER, NotTakenError
from adapters.discord.ids import guild_of, is_snowflake
from adapters.discord.line import Line
from adapters.discord.rights import Gone
from adapters.keeping import Lately
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock, Person
from bot.ports.gateway import DeliveryDelayedError

MOST_LOCALES: Final = 50_000
AT_ONCE: Final = 4


class DiscordDirectory:
    """Passes tests/contract/test_directory.py. Where Discord does not answer, who was known a while ago is known still.

    Discord tells a language only of somebody who acts, and a time zone never: the language they had last is kept while
    this runs (the core stores it), and the group's zone is what counts. Who left the server is deactivated here.
    """

    def __init__(self, line: Line, clock: Clock, *, within: float = WITHIN, gone: Gone = lambda *_: None) -> None:
        """Ask through `line`; an answer is fresh for five minutes. `gone` is told of those who are not there."""
        self._line = line
        self._within = within
        self._gone = gone
        self._known = Acquaintances(self._asked, clock, Pace(AT_ONCE, within))
        self._locales: Lately[UserId, str] = Lately(MOST_LOCALES)

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Person]:
        """Return those it knows; unknown users are left out."""
        known = await self._known.look_up(workspace, filter(is_snowflake, users))
        return {user: self._spoken_to(person) for user, person in known.items() if person}

    def acted(self, workspace: WorkspaceId, person: Person) -> None:
        """Note somebody as their own interaction in the server tells: nobody has to be asked about them now."""
        self.speaks(person.user, person.locale)
        self._known.keep(workspace, person.user, person)

    def speaks(self, user: UserId, locale: str | None) -> None:
        """Note somebody's language, as any interaction of theirs tells."""
        if locale:
            self._locales.keep(user, locale)

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Ask Discord again about this person, or about everybody there."""
        self._known.forget(workspace, user)

    def _spoken_to(self, person: Person) -> Person:
        return replace(person, locale=self._locales.get(person.user) or person.locale)

    async def _asked(self, workspace: WorkspaceId, user: UserId) -> Person | None:
        """Find out about one person; None: there is no such account."""
        path, guild = "/guilds/{guild_id}/members/{user_id}", guild_of(workspace)
        try:
            told = await self._told(workspace, Route("GET", path, guild_id=guild, user_id=user))
        except NotTakenError as refused:
            if refused.code not in NOT_THERE:
                raise
            self._gone(workspace, user)
            return await self._elsewhere(workspace, user) if refused.code == UNKNOWN_MEMBER else None
        return _member(user, told)

    async def _elsewhere(self, workspace: WorkspaceId, user: UserId) -> Person | None:
        """Return somebody who has an account and is not in this server, or not any more."""
        try:
            told = await self._told(workspace, Route("GET", "/users/{user_id}", user_id=user))
        except NotTakenError as refused:
            if refused.code == UNKNOWN_USER:
                return None
            raise
        return Person(user, _name(told, ""), is_bot=_is_bot(told), is_deactivated=True, locale=None, time_zone=None)

    async def _told(self, workspace: WorkspaceId, route: Route) -> Mapping[str, Any]:
        answer = await self._line.call(workspace, route, patience=self._within)
        if not isinstance(answer, dict):
            raise DeliveryDelayedError
        return answer


def _member(user: UserId, told: Mapping[str, Any]) -> Person:
    """Return what a member object says. Who has not agreed to the server's rules yet cannot take part in it."""
    account = told.get("user")
    inner: Mapping[str, Any] = account if isinstance(account, dict) else {}
    return Person(
        user=user,
        name=_name(inner, told.get("nick")),
        is_bot=_is_bot(inner),
        is_guest=told.get("pending") is True,
        locale=None,
        time_zone=None,
    )


def _name(account: Mapping[str, Any], nick: object) -> str:
    """Return what somebody is called here."""
    return str(nick or account.get("global_name") or account.get("username") or "")


def _is_bot(account: Mapping[str, Any]) -> bool:
    return bool(account.get("bot") or account.get("system"))

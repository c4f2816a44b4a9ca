"""Knows the people of a server as Get Guild Member tells them, and remembers them for a while."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from weakref import WeakValueDictionary

from discord.http import Route

from adapters.discord.errors import UNKNOWN_MEMBER, UNKNOWN_USER, NotTakenError
from adapters.discord.ids import NotUnderstoodError, guild_of, is_snowflake
from adapters.discord.line import Line
from adapters.keeping import Lately
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock, Person
from bot.ports.gateway import DeliveryDelayedError, DeliveryError

FRESH: Final = timedelta(minutes=5)
STALE: Final = timedelta(days=1)
"""For so long somebody is shown as last seen while Discord does not say."""
MOST_PEOPLE: Final = 20_000
MOST_LOCALES: Final = 50_000
AT_ONCE: Final = 4
WITHIN: Final = 1.5
"""Seconds for all who are asked for together: a click has three, and the rest of it wants some."""
REST: Final = 5.0
"""For so many seconds nobody is asked about where Discord was silent, so that one click waits for it once."""
UNTOLD: Final = "en"

_Key = tuple[WorkspaceId, UserId]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about somebody; no person: there is no such account."""

    person: Person | None
    at: datetime


class DiscordDirectory:
    """Passes tests/contract/test_directory.py. Where Discord does not answer, who was known a while ago is known still.

    Discord tells a language only of somebody who acts, and a time zone never: the language they had last is kept while
    this runs (the core stores it), and the group's zone is what counts. Who left the server is deactivated here.
    """

    def __init__(self, line: Line, clock: Clock, *, within: float = WITHIN) -> None:
        """Ask through `line`; an answer is fresh for five minutes."""
        self._line = line
        self._clock = clock
        self._within = within
        self._known: Lately[_Key, _Known] = Lately(MOST_PEOPLE)
        self._locales: Lately[UserId, str] = Lately(MOST_LOCALES)
        self._asking: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()
        self._silent_until: dict[WorkspaceId, float] = {}

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Person]:
        """Return those it knows; unknown users are left out."""
        wanted = tuple(user for user in dict.fromkeys(users) if is_snowflake(user))
        await self._ask_for(workspace, wanted)
        found = {user: self._lately(workspace, user) for user in wanted}
        return {user: self._spoken_to(known.person) for user, known in found.items() if known and known.person}

    def acted(self, workspace: WorkspaceId, person: Person) -> None:
        """Note somebody as their own interaction in the server tells: nobody has to be asked about them now."""
        self.speaks(person.user, person.locale)
        self._known.keep((workspace, person.user), _Known(person, self._clock.now()))

    def speaks(self, user: UserId, locale: str) -> None:
        """Note somebody's language, as any interaction of theirs tells."""
        self._locales.keep(user, locale)

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Ask Discord again about this person, or about everybody there."""
        for key in self._known.keys_where(lambda key: key[0] == workspace and user in (None, key[1])):
            self._known.drop(key)

    def _spoken_to(self, person: Person) -> Person:
        return replace(person, locale=self._locales.get(person.user) or person.locale)

    async def _ask_for(self, workspace: WorkspaceId, users: Iterable[UserId]) -> None:
        """Find out about those of whom nothing fresh is known, together, for as long as there is time."""
        missing = [user for user in users if not self._is_fresh((workspace, user))]
        loop = asyncio.get_running_loop()
        if not missing or self._silent_until.get(workspace, 0.0) > loop.time():
            return
        lines = asyncio.Semaphore(AT_ONCE)
        try:
            async with asyncio.timeout(self._within), asyncio.TaskGroup() as tasks:
                for user in missing:
                    tasks.create_task(self._find_out((workspace, user), lines))
        except TimeoutError:
            self._silent_until[workspace] = loop.time() + REST
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def _find_out(self, key: _Key, lines: asyncio.Semaphore) -> None:
        """Ask about one person; whoever asks meanwhile waits for the same answer."""
        async with self._asking.setdefault(key, asyncio.Lock()), lines:
            if not self._is_fresh(key):
                with suppress(DeliveryError, NotUnderstoodError):
                    self._known.keep(key, _Known(await self._asked(*key), self._clock.now()))

    async def _asked(self, workspace: WorkspaceId, user: UserId) -> Person | None:
        path, guild = "/guilds/{guild_id}/members/{user_id}", guild_of(workspace)
        try:
            told = await self._told(workspace, Route("GET", path, guild_id=guild, user_id=user))
        except NotTakenError as refused:
            if refused.code == UNKNOWN_MEMBER:
                return await self._elsewhere(workspace, user)
            if refused.code == UNKNOWN_USER:
                return None
            raise
        return _member(user, told)

    async def _elsewhere(self, workspace: WorkspaceId, user: UserId) -> Person | None:
        """Return somebody who has an account and is not in this server, or not any more."""
        try:
            told = await self._told(workspace, Route("GET", "/users/{user_id}", user_id=user))
        except NotTakenError as refused:
            if refused.code == UNKNOWN_USER:
                return None
            raise
        return Person(user, _name(told, ""), is_bot=_is_bot(told), is_deactivated=True)

    async def _told(self, workspace: WorkspaceId, route: Route) -> Mapping[str, Any]:
        answer = await self._line.call(workspace, route, patience=self._within)
        if not isinstance(answer, dict):
            raise DeliveryDelayedError
        return answer

    def _is_fresh(self, key: _Key) -> bool:
        known = self._known.get(key)
        return known is not None and self._clock.now() < known.at + FRESH

    def _lately(self, workspace: WorkspaceId, user: UserId) -> _Known | None:
        known = self._known.get((workspace, user))
        return known if known and self._clock.now() < known.at + STALE else None


def _member(user: UserId, told: Mapping[str, Any]) -> Person:
    """Return what a member object says. Who has not agreed to the server's rules yet cannot take part in it."""
    account = told.get("user")
    inner: Mapping[str, Any] = account if isinstance(account, dict) else {}
    return Person(
        user=user,
        name=_name(inner, told.get("nick")),
        is_bot=_is_bot(inner),
        is_guest=told.get("pending") is True,
        locale=UNTOLD,
    )


def _name(account: Mapping[str, Any], nick: object) -> str:
    """Return what somebody is called here."""
    return str(nick or account.get("global_name") or account.get("username") or "")


def _is_bot(account: Mapping[str, Any]) -> bool:
    return bool(account.get("bot") or account.get("system"))

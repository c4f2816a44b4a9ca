"""Knows the people of a workspace as users.info tells them, and remembers them for a while."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from adapters.keeping import Lately
from adapters.slack.clients import Calls
from adapters.slack.errors import NotTakenError
from adapters.slack.ids import team_of
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock, Person
from bot.ports.gateway import DeliveryError, Refusal

FRESH: Final = timedelta(minutes=5)
STALE: Final = timedelta(days=1)
"""For so long somebody is shown as last seen while Slack does not say."""
MOST_PEOPLE: Final = 20_000
AT_ONCE: Final = 8
WITHIN: Final = 1.5
"""Seconds for all who are asked for together: a click has three, and the rest of it wants some."""
REST: Final = 5.0
"""For so many seconds nobody is asked about where Slack was silent, so that one click waits for it once."""

SLACKBOT: Final = "USLACKBOT"
"""Its `is_bot` is false."""

_Key = tuple[WorkspaceId, UserId]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about somebody; no person: nobody of that id can be seen from here."""

    person: Person | None
    is_admin: bool
    at: datetime


class SlackDirectory:
    """Passes tests/contract/test_directory.py. Where Slack does not answer, who was known a while ago is known still.

    Who is not known at all is left out: a form then says so at its field and keeps what was typed, and somebody who
    acts is spoken to in English. Nothing is guessed about anybody, above all not that they may be asked.
    """

    def __init__(self, calls: Calls, clock: Clock, *, within: float = WITHIN) -> None:
        """Ask through `calls`; an answer is fresh for five minutes."""
        self._calls = calls
        self._clock = clock
        self._within = within
        self._known: Lately[_Key, _Known] = Lately(MOST_PEOPLE)
        self._asking: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()
        self._silent_until: dict[WorkspaceId, float] = {}

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Person]:
        """Return those it knows; unknown users are left out."""
        wanted = tuple(dict.fromkeys(users))
        await self._ask_for(workspace, wanted)
        found = {user: self._lately(workspace, user) for user in wanted}
        return {user: known.person for user, known in found.items() if known and known.person}

    async def is_admin(self, workspace: WorkspaceId, user: UserId) -> bool:
        """Say whether this is an administrator or owner of the workspace; not while that cannot be found out."""
        await self._ask_for(workspace, (user,))
        known = self._lately(workspace, user)
        return known is not None and known.is_admin

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Ask Slack again about this person, or about everybody there."""
        for key in self._known.keys_where(lambda key: key[0] == workspace and user in (None, key[1])):
            self._known.drop(key)

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
                with suppress(DeliveryError):
                    self._known.keep(key, await self._asked(key))

    async def _asked(self, key: _Key) -> _Known:
        workspace, user = key
        now = self._clock.now()
        try:
            answer = await self._calls.make(
                workspace, "users.info", lambda client: client.users_info(user=user, include_locale=True)
            )
        except NotTakenError as refused:
            if refused.reason is not Refusal.UNREACHABLE:
                raise
            return _Known(None, is_admin=False, at=now)
        return _known(workspace, user, answer.get("user") or {}, now)

    def _is_fresh(self, key: _Key) -> bool:
        known = self._known.get(key)
        return known is not None and self._clock.now() < known.at + FRESH

    def _lately(self, workspace: WorkspaceId, user: UserId) -> _Known | None:
        known = self._known.get((workspace, user))
        return known if known and self._clock.now() < known.at + STALE else None


def _known(workspace: WorkspaceId, user: UserId, told: Mapping[str, Any], now: datetime) -> _Known:
    """Return what a user object says. Of strangers and those who left, Slack tells less."""
    is_stranger = bool(told.get("is_stranger")) or not _is_of(team_of(workspace), told)
    person = Person(
        user=user,
        name=_name(told),
        is_bot=bool(told.get("is_bot")) or user == SLACKBOT,
        is_deactivated=bool(told.get("deleted")),
        is_guest=bool(told.get("is_restricted") or told.get("is_ultra_restricted")),
        is_stranger=is_stranger,
        locale=str(told.get("locale") or "en"),
        time_zone=_zone(told.get("tz")),
    )
    runs_it = any(told.get(flag) for flag in ("is_admin", "is_owner", "is_primary_owner"))
    return _Known(person, is_admin=runs_it and not (is_stranger or person.is_deactivated), at=now)


def _is_of(team: str, told: Mapping[str, Any]) -> bool:
    """Say whether somebody has their account here; in an Enterprise organisation one account serves many teams."""
    shared = (told.get("enterprise_user") or {}).get("teams") or ()
    return str(told.get("team_id") or team) == team or team in shared


def _name(told: Mapping[str, Any]) -> str:
    """Return the full name, and what they call themselves where that adds a word: either gives away who is meant."""
    profile = told.get("profile") or {}
    full = str(profile.get("real_name") or told.get("real_name") or "").strip()
    called = str(profile.get("display_name") or "").strip()
    if not full or not called:
        return full or called or str(told.get("name") or "")
    adds = set(called.casefold().split()) - set(full.casefold().split())
    return f"{full} ({called})" if adds else full


def _zone(told: object) -> str:
    return told if isinstance(told, str) and _is_zone(told) else "UTC"


@lru_cache(maxsize=1_000)
def _is_zone(name: str) -> bool:
    """Say whether there is such a zone. A list of all of them would take longer than the first answer may."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True

"""Knows the people of a workspace as users.info tells them, and remembers them for a while."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.acquaintances import WITHIN, Acquaintances, Pace
from adapters.slack.clients import Calls
from adapters.slack.errors import NotTakenError
from adapters.slack.ids import team_of
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock, Person
from bot.ports.gateway import Refusal

AT_ONCE: Final = 8

SLACKBOT: Final = "USLACKBOT"
"""Its `is_bot` is false."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about somebody; no person: nobody of that id can be seen from here."""

    person: Person | None = None
    is_admin: bool = False


class SlackDirectory:
    """Passes tests/contract/test_directory.py. Where Slack does not answer, who was known a while ago is known still.

    Who is not known at all is left out: a form then says so at its field and keeps what was typed, and somebody who
    acts is spoken to in English. Nothing is guessed about anybody, above all not that they may be asked.
    """

    def __init__(self, calls: Calls, clock: Clock, *, within: float = WITHIN) -> None:
        """Ask through `calls`; an answer is fresh for five minutes."""
        self._calls = calls
        self._known = Acquaintances(self._asked, clock, Pace(AT_ONCE, within))

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Person]:
        """Return those it knows; unknown users are left out."""
        known = await self._known.look_up(workspace, users)
        return {user: found.person for user, found in known.items() if found.person}

    async def is_admin(self, workspace: WorkspaceId, user: UserId) -> bool:
        """Say whether this is an administrator or owner of the workspace; not while that cannot be found out."""
        known = await self._known.look_up(workspace, (user,))
        return user in known and known[user].is_admin

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Ask Slack again about this person, or about everybody there."""
        self._known.forget(workspace, user)

    async def _asked(self, workspace: WorkspaceId, user: UserId) -> _Known:
        try:
            answer = await self._calls.make(
                workspace, "users.info", lambda client: client.users_info(user=user, include_locale=True)
            )
        except NotTakenError as refused:
            if refused.reason is not Refusal.UNREACHABLE:
                raise
            return _Known()
        return _known(workspace, user, answer.get("user") or {})


def _known(workspace: WorkspaceId, user: UserId, told: Mapping[str, Any]) -> _Known:
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
    return _Known(person, is_admin=runs_it and not (is_stranger or person.is_deactivated))


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

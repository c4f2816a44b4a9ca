"""The small things the world provides: people, time, fresh identities, and a nudge."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.ids import UserId, WorkspaceId


@dataclass(frozen=True, slots=True)
class Person:
    """What a platform tells about somebody. Nothing of it is stored but locale and time zone.

    A guest has a limited account here; a stranger belongs to another workspace and is seen in a shared channel.
    """

    user: UserId
    name: str
    is_bot: bool = False
    is_deactivated: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    locale: str = "en"
    time_zone: str = "UTC"


class Directory(Protocol):
    """Knows the people of a workspace. Implementations pass tests/contract/test_directory.py."""

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Person]:
        """Return those it knows; unknown users are left out, and of a workspace it does not know all of them are."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""


class Ids(Protocol):
    """Makes identities nobody can guess."""

    def new(self) -> str:
        """Return a fresh one: at most 24 characters of A-Z a-z 0-9 - _."""


Wake = Callable[[], None]
"""Says that something may be due now."""

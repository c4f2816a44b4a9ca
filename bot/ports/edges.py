"""The small things the world provides: people, time, fresh identities, and a nudge."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.ids import ChannelId, UserId, WorkspaceId


@dataclass(frozen=True, slots=True)
class Person:
    """What a platform tells about somebody. Nothing of it is stored but locale and time zone, where they are known.

    A guest has a limited account here; a stranger belongs to another workspace and is seen in a shared channel.
    """

    user: UserId
    name: str
    is_bot: bool = False
    is_deactivated: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    locale: str | None = "en"
    time_zone: str | None = "UTC"


class Directory(Protocol):
    """Knows the people of a workspace. Implementations pass tests/contract/test_directory.py."""

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Person]:
        """Return those it knows; unknown users are left out, and of a workspace it does not know all of them are."""


class Hindered(StrEnum):
    """What the bot cannot do in a channel, or not well, for want of something."""

    SIGHT = "sight"
    POSTS = "posts"
    PICTURES = "pictures"
    ROOMS = "rooms"
    ROOMS_OF_THIS_KIND = "rooms_of_this_kind"
    LOOKING_BACK = "looking_back"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Lack:
    """Something the bot is missing: what it hinders, and what the platform's own settings call it.

    It has no name where no setting would help: a channel of a kind that has no rooms.
    """

    hinders: Hindered
    name: str = ""


class Examiner(Protocol):
    """Knows what the bot may do on its platform, and changes nothing.

    Held by tests/adapters/discord/test_examining.py and tests/adapters/slack/test_examining.py.
    """

    async def missing(self, workspace: WorkspaceId, channel: ChannelId) -> Sequence[Lack] | None:
        """Return what the bot lacks for a group in this channel, or None if that cannot be found out in time."""


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

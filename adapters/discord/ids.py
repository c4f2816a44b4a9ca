"""What travels in Discord's ids and comes back with them: servers, events, and what a button or a form stands for."""

import re
from dataclasses import dataclass

from adapters.reading import NotUnderstoodError
from bot.domain.ids import EventId, WorkspaceId

PLATFORM = "discord:"
MOST_ID = 100
"""What a custom id may have."""

_SNOWFLAKE = re.compile(r"[1-9][0-9]{0,19}")


class WhichServerError(NotUnderstoodError):
    """It comes from a direct message and does not say which server it is about: whoever knows the person has to."""


def snowflake(value: str) -> str:
    """Return an id as it stands. Raises NotUnderstoodError for what is none of Discord's."""
    if not is_snowflake(value):
        raise NotUnderstoodError("id")
    return value


def is_snowflake(value: str) -> bool:
    """Say whether this can be one of Discord's ids."""
    return _SNOWFLAKE.fullmatch(value) is not None


def workspace_of(guild: str) -> WorkspaceId:
    """Return our name for a server. Raises NotUnderstoodError for what cannot be one."""
    return WorkspaceId(PLATFORM + snowflake(guild))


def guild_of(workspace: WorkspaceId) -> str:
    """Return Discord's name for a workspace of ours. Raises NotUnderstoodError for another platform's."""
    if not workspace.startswith(PLATFORM):
        raise NotUnderstoodError("workspace")
    return snowflake(workspace.removeprefix(PLATFORM))


def event_of(interaction: str) -> EventId:
    """Return our name for an interaction. The same one arriving again has the same."""
    return EventId(PLATFORM + snowflake(interaction))


@dataclass(frozen=True, slots=True)
class Travelled:
    """What came back in a custom id: a verb, an opaque reference, and the server, where only that id can tell it."""

    verb: str
    ref: str
    guild: str = ""


def custom_id(verb: str, ref: str, *, guild: str = "") -> str:
    """Return what travels with a button or a form.

    A direct message belongs to no server, so there `guild` goes along, if there is room for it.
    """
    plain = f"{verb}:{ref}"
    with_guild = f"{plain}@{guild}"
    return with_guild if guild and len(with_guild) <= MOST_ID else plain


def travelled(custom: str) -> Travelled:
    """Return what a custom id says. Raises NotUnderstoodError for anybody else's."""
    verb, colon, rest = custom.partition(":")
    if not verb or not colon:
        raise NotUnderstoodError("custom_id")
    ref, at, guild = rest.rpartition("@")
    if at and is_snowflake(guild):
        return Travelled(verb, ref, guild)
    return Travelled(verb, rest)

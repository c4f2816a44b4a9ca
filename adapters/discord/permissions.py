"""What somebody may do in a server and in its channels, computed from what Discord tells of roles and overwrites.

Source: docs.discord.com/developers/topics/permissions, "Permission Overwrites" and "Implicit Permissions".
"""

from collections.abc import Iterable, Mapping
from enum import IntFlag
from typing import Any, Final

Told = Mapping[str, Any]
"""An object as Discord's REST gives it."""


class Right(IntFlag):
    """The permissions that matter to this bot."""

    ADMINISTRATOR = 1 << 3
    MANAGE_SERVER = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MANAGE_THREADS = 1 << 34
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


NONE: Final = Right(0)
ALL: Final = Right(sum(Right))

NAMES: Final[Mapping[Right, str]] = {
    Right.ADMINISTRATOR: "Administrator",
    Right.MANAGE_SERVER: "Manage Server",
    Right.VIEW_CHANNEL: "View Channel",
    Right.SEND_MESSAGES: "Send Messages",
    Right.EMBED_LINKS: "Embed Links",
    Right.ATTACH_FILES: "Attach Files",
    Right.READ_MESSAGE_HISTORY: "Read Message History",
    Right.MANAGE_THREADS: "Manage Threads",
    Right.CREATE_PRIVATE_THREADS: "Create Private Threads",
    Right.SEND_MESSAGES_IN_THREADS: "Send Messages in Threads",
}
"""What Discord's own settings call them, in English."""

TO_POST: Final = Right.VIEW_CHANNEL | Right.SEND_MESSAGES | Right.ATTACH_FILES
"""What the bot needs in a group's channel: asks, welcomes, and the tally with its picture."""
TO_INTRODUCE: Final = Right.VIEW_CHANNEL | Right.CREATE_PRIVATE_THREADS | Right.SEND_MESSAGES_IN_THREADS
"""What it needs there to bring two people together in a private thread."""
WANTED: Final = TO_POST | TO_INTRODUCE | Right.READ_MESSAGE_HISTORY
"""Everything an invitation asks for. With the history it can see that an introduction is there already."""
_WHEN_TIMED_OUT: Final = Right.VIEW_CHANNEL | Right.READ_MESSAGE_HISTORY


def in_server(guild: Told, member: Told) -> Right:
    """Return what a member may do in a server as a whole. `guild` holds its roles and its owner."""
    if _user(member) == guild.get("owner_id"):
        return ALL
    own = {str(guild.get("id")), *map(str, member.get("roles") or ())}
    held = _together(role.get("permissions") for role in guild.get("roles") or () if str(role.get("id")) in own)
    return ALL if held & Right.ADMINISTRATOR else held


def in_channel(guild: Told, channel: Told, member: Told, *, timed_out: bool = False) -> Right:
    """Return what a member may do in a channel, of a thread in the one it belongs to; without sight of it, nothing."""
    held = in_server(guild, member)
    if held & Right.ADMINISTRATOR:
        return held
    overwrites = {str(each.get("id")): each for each in channel.get("permission_overwrites") or ()}
    everyone = str(guild.get("id"))
    roles = [role for role in map(str, member.get("roles") or ()) if role != everyone]
    for layer in ((everyone,), roles, (_user(member),)):
        found = [overwrites[one] for one in layer if one in overwrites]
        held = held & ~_together(each.get("deny") for each in found) | _together(each.get("allow") for each in found)
    if timed_out:
        held &= _WHEN_TIMED_OUT
    return held if held & Right.VIEW_CHANNEL else NONE


def missing(held: Right, wanted: Right) -> tuple[str, ...]:
    """Return the names of what is wanted and not held, in the order of Discord's bits."""
    return tuple(NAMES[right] for right in Right if right & wanted & ~held)


def _user(member: Told) -> str:
    return str((member.get("user") or {}).get("id", ""))


def _together(bits: Iterable[object]) -> Right:
    """Return bit fields in one. Discord writes them as decimals in a text."""
    held = 0
    for each in bits:
        held |= int(each) if isinstance(each, str) and each.isascii() and each.isdecimal() else 0
    return Right(held & ALL)

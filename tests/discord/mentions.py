"""Whom a message notifies: Discord's own parsing of mentions, held against what the sender allows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.discord import permissions
from tests.discord.state import SILENT, Channel, Json, Permission
from tests.discord.world import World

USER = re.compile(r"<@!?(\d{1,20})>")
ROLE = re.compile(r"<@&(\d{1,20})>")
ALL = re.compile(r"@(everyone|here)")
BY_MESSAGE = ("users", "roles", "everyone")
BY_INTERACTION = ("users",)


@dataclass(frozen=True)
class Allowed:
    """What a message may notify: whole kinds, or those that are named."""

    kinds: frozenset[str]
    users: frozenset[str]
    roles: frozenset[str]


def allowed_by(body: Json, default: Iterable[str]) -> Allowed:
    """Return what a request allows; without a word, `default`."""
    given = body.get("allowed_mentions")
    if given is None:
        return Allowed(frozenset(default), frozenset(), frozenset())
    users, roles = ({str(each) for each in given.get(kind) or []} for kind in ("users", "roles"))
    return Allowed(frozenset(given.get("parse") or ()), frozenset(users), frozenset(roles))


def allowed_faults(body: Json) -> list[str]:
    """Return what is wrong with a request's allowed_mentions."""
    given = body.get("allowed_mentions") or {}
    return [
        f"allowed_mentions: `parse` has {kind!r} and `{kind}` names some too"
        for kind in ("users", "roles")
        if kind in (given.get("parse") or ()) and given.get(kind)
    ]


def notified(world: World, channel: Channel, author: str, texts: Iterable[str], allowed: Allowed) -> frozenset[str]:
    """Return who is notified: user ids, `&` and a role's id, `everyone`, `here`. In code or escaped, it counts too."""
    text = "\n".join(texts)
    found = {user for user in USER.findall(text) if _reaches(world, channel, user, allowed)}
    if channel.guild is None:
        return frozenset(found)
    return frozenset(
        found | _roles(world, channel, author, text, allowed) | _all(world, channel, author, text, allowed)
    )


def is_silent(flags: int) -> bool:
    """Say whether a message is sent without notifying anybody."""
    return bool(flags & SILENT)


def _reaches(world: World, channel: Channel, user: str, allowed: Allowed) -> bool:
    if user not in world.users or not ("users" in allowed.kinds or user in allowed.users):
        return False
    return bool(world.may(user, channel) & Permission.VIEW_CHANNEL)


def _roles(world: World, channel: Channel, author: str, text: str, allowed: Allowed) -> set[str]:
    known = world.guilds[channel.guild or ""].roles
    roles = [known[role] for role in ROLE.findall(text) if role in known]
    wanted = [role for role in roles if "roles" in allowed.kinds or role.id in allowed.roles]
    return {f"&{role.id}" for role in wanted if role.mentionable or _may_mention_all(world, channel, author)}


def _all(world: World, channel: Channel, author: str, text: str, allowed: Allowed) -> set[str]:
    if "everyone" not in allowed.kinds or not _may_mention_all(world, channel, author):
        return set()
    return set(ALL.findall(text))


def _may_mention_all(world: World, channel: Channel, author: str) -> bool:
    place = world.channels[channel.parent or channel.id]
    held = permissions.in_channel(world.guilds[channel.guild or ""], place, author)
    return bool(held & Permission.MENTION_EVERYONE)

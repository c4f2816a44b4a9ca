"""Who may do what where, as Discord computes it: roles, then a channel's overwrites."""

from tests.discord.state import EVERYTHING, NOTHING, Channel, Guild, Overwrite, Permission


def in_guild(guild: Guild, user: str) -> Permission:
    """Return what somebody may do in a guild as a whole; nothing if they are not in it."""
    member = guild.members.get(user)
    if member is None:
        return NOTHING
    if guild.owner == user:
        return EVERYTHING
    held = guild.roles[guild.id].permissions
    for role in member.roles:
        held |= guild.roles[role].permissions
    return EVERYTHING if held & Permission.ADMINISTRATOR else held


def in_channel(guild: Guild, channel: Channel, user: str) -> Permission:
    """Return what somebody may do in a channel that is not a thread; without sight of it, nothing."""
    held = in_guild(guild, user)
    if held == EVERYTHING:
        return held
    for overwrite in _ordered(guild, channel, user):
        held = (held & ~overwrite.deny) | overwrite.allow
    return held if held & Permission.VIEW_CHANNEL else NOTHING


def _ordered(guild: Guild, channel: Channel, user: str) -> list[Overwrite]:
    """Return everyone's overwrite, those of all roles taken together, and the member's own, in that order."""
    member = guild.members.get(user)
    if member is None:
        return []
    roles = [channel.overwrites[role] for role in member.roles if role in channel.overwrites]
    together = Overwrite("", is_member=False)
    for overwrite in roles:
        together.allow |= overwrite.allow
        together.deny |= overwrite.deny
    found = [channel.overwrites.get(guild.id), together, channel.overwrites.get(user)]
    return [overwrite for overwrite in found if overwrite is not None]

"""What an interaction looks like when it arrives at the bot, over the gateway or by HTTP."""

from collections.abc import Iterable

from tests.discord.interactions import Interaction
from tests.discord.limits import MOST_FILE
from tests.discord.shapes import channel_json, member_json, message_json, role_json, user_json
from tests.discord.state import Channel, Json, Message
from tests.discord.world import World

IN_GUILD, IN_DM = 0, 1


def payload_of(world: World, interaction: Interaction, data: Json) -> Json:
    """Return the whole of an interaction: who, where, with which permissions, and its data."""
    channel = world.channels[interaction.channel]
    shaped: Json = {
        "id": interaction.id,
        "application_id": world.application.id,
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": data,
        "channel_id": channel.id,
        "channel": channel_json(world, channel) | {"permissions": str(int(world.may(interaction.user, channel)))},
        "app_permissions": str(int(world.may(world.bot, channel))),
        "locale": world.users[interaction.user].locale,
        "entitlements": [],
        "attachment_size_limit": MOST_FILE,
        "context": IN_DM if channel.guild is None else IN_GUILD,
        "authorizing_integration_owners": {"0": channel.guild or "0"},
    }
    if interaction.source is not None:
        shaped["message"] = message_json(world, interaction.source)
    return shaped | _who(world, interaction, channel.guild)


def _who(world: World, interaction: Interaction, guild_id: str | None) -> Json:
    """Return the member in a guild, the user in a direct message."""
    if guild_id is None:
        return {"user": user_json(world.users[interaction.user])}
    guild, channel = world.guilds[guild_id], world.channels[interaction.channel]
    permissions = str(int(world.may(interaction.user, channel)))
    return {
        "guild_id": guild_id,
        "guild_locale": guild.locale,
        "guild": {"id": guild_id, "locale": guild.locale, "features": []},
        "member": member_json(guild.members[interaction.user]) | {"permissions": permissions},
    }


def resolved(world: World, channel_id: str, ids: Iterable[str], messages: Iterable[Message] = ()) -> Json:
    """Return what Discord sends along for each id that was chosen: users with their members, roles, channels."""
    shaped: Json = {}
    for each in ids:
        _resolve(world, world.channels[channel_id], each, shaped)
    for message in messages:
        shaped.setdefault("messages", {})[message.id] = message_json(world, message)
    return shaped


def _resolve(world: World, channel: Channel, each: str, shaped: Json) -> None:
    guild = world.guilds.get(channel.guild or "")
    if each in world.users:
        shaped.setdefault("users", {})[each] = user_json(world.users[each])
        if guild is not None and each in guild.members:
            member = member_json(guild.members[each]) | {"permissions": str(int(world.may(each, channel)))}
            kept = {key: value for key, value in member.items() if key not in ("user", "deaf", "mute")}
            shaped.setdefault("members", {})[each] = kept
    elif guild is not None and each in guild.roles:
        shaped.setdefault("roles", {})[each] = role_json(guild.roles[each])
    elif each in world.channels:
        place = world.channels[each]
        shaped.setdefault("channels", {})[each] = channel_json(world, place) | {"permissions": "0"}

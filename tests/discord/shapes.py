"""The JSON of what there is, in the shapes Discord documents."""

from datetime import datetime

from tests.discord import permissions
from tests.discord.attachments import attachment_json, components_json, embeds_json
from tests.discord.state import Channel, Guild, Json, Member, Message, Overwrite, Role, User
from tests.discord.world import World


def stamp(at: datetime) -> str:
    """Return a moment as Discord writes it."""
    return at.isoformat(timespec="microseconds")


def user_json(user: User) -> Json:
    return {
        "id": user.id,
        "username": user.username,
        "discriminator": "0001" if user.bot else "0",
        "global_name": None if user.bot else user.name,
        "avatar": None,
        "bot": user.bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }


def member_json(member: Member) -> Json:
    return {
        "user": user_json(member.user),
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "roles": list(member.roles),
        "joined_at": stamp(member.joined_at),
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def role_json(role: Role) -> Json:
    return {
        "id": role.id,
        "name": role.name,
        "description": None,
        "permissions": str(int(role.permissions)),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.managed,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def overwrite_json(overwrite: Overwrite) -> Json:
    return {
        "id": overwrite.target,
        "type": int(overwrite.is_member),
        "allow": str(int(overwrite.allow)),
        "deny": str(int(overwrite.deny)),
    }


def channel_json(world: World, channel: Channel) -> Json:
    """Return a channel, DM or thread as the bot gets it."""
    if channel.is_thread:
        return _thread_json(world, channel)
    if channel.guild is None:
        recipients = [user_json(world.users[channel.recipient])] if channel.recipient else []
        return {"id": channel.id, "type": int(channel.kind), "flags": 0, "last_message_id": None} | {
            "recipients": recipients
        }
    return {
        "id": channel.id,
        "type": int(channel.kind),
        "guild_id": channel.guild,
        "name": channel.name,
        "position": 0,
        "flags": 0,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "permission_overwrites": [overwrite_json(each) for each in channel.overwrites.values()],
    }


def _thread_json(world: World, channel: Channel) -> Json:
    count = sum(message.channel == channel.id for message in world.messages.values())
    shaped: Json = {
        "id": channel.id,
        "type": int(channel.kind),
        "guild_id": channel.guild,
        "parent_id": channel.parent,
        "owner_id": channel.owner,
        "name": channel.name,
        "flags": 0,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": count,
        "member_count": len(channel.members),
        "total_message_sent": count,
        "thread_metadata": {
            "archived": channel.archived,
            "archive_timestamp": stamp(channel.archived_at or channel.created_at or world.clock.now()),
            "auto_archive_duration": channel.auto_archive,
            "locked": channel.locked,
            "create_timestamp": stamp(channel.created_at or world.clock.now()),
            "invitable": channel.invitable,
        },
    }
    if world.bot in channel.members:
        shaped["member"] = thread_member_json(channel, world.bot)
    return shaped


def thread_member_json(channel: Channel, user: str) -> Json:
    return {"id": channel.id, "user_id": user, "join_timestamp": stamp(channel.members[user]), "flags": 0}


def guild_json(guild: Guild) -> Json:
    """Return a guild as GET /guilds/{guild_id} gives it."""
    nothing = ("icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id")
    unset = ("afk_channel_id", "widget_channel_id", "max_presences", "vanity_url_code")
    more = ("rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data")
    return dict.fromkeys((*nothing, *unset, *more)) | {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner,
        "preferred_locale": guild.locale,
        "system_channel_id": guild.system_channel,
        "roles": [role_json(role) for role in guild.roles.values()],
        "features": [],
        "emojis": [],
        "stickers": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
    }


def guild_create_json(world: World, guild: Guild) -> Json:
    """Return a guild as GUILD_CREATE gives it: with its channels, and of its members only the bot."""
    channels = [each for each in world.channels.values() if each.guild == guild.id]
    threads = [each for each in channels if each.is_thread and not each.archived and world.sees(world.bot, each)]
    bot = guild.members[world.bot]
    empty = ("presences", "voice_states", "stage_instances", "guild_scheduled_events", "soundboard_sounds")
    return guild_json(guild) | {
        "joined_at": stamp(bot.joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [member_json(bot)],
        "channels": [channel_json(world, each) for each in channels if not each.is_thread],
        "threads": [channel_json(world, each) for each in threads],
        **{name: [] for name in empty},
    }


def my_guild_json(world: World, guild: Guild) -> Json:
    return {
        "id": guild.id,
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": guild.owner == world.bot,
        "permissions": str(int(permissions.in_guild(guild, world.bot))),
        "features": [],
    }


def message_json(world: World, message: Message) -> Json:
    """Return a message as whoever may read all of it gets it."""
    mentioned = [world.users[each] for each in sorted(message.pings) if each in world.users]
    shaped: Json = {
        "id": message.id,
        "type": message.kind,
        "channel_id": message.channel,
        "author": user_json(world.users[message.author]),
        "content": message.content,
        "timestamp": stamp(message.created_at),
        "edited_timestamp": stamp(message.edited_at) if message.edited_at else None,
        "flags": message.flags,
        "components": components_json(world, message),
        "embeds": embeds_json(world, message),
        "attachments": [attachment_json(world, each) for each in message.attachments],
        "mentions": [user_json(each) for each in mentioned],
        "mention_roles": [each[1:] for each in sorted(message.pings) if each.startswith("&")],
        "mention_everyone": bool(message.pings & {"everyone", "here"}),
        "pinned": False,
        "tts": False,
    }
    if message.nonce is not None:
        shaped["nonce"] = message.nonce
    if message.by_interaction is not None:
        shaped |= {"webhook_id": world.application.id, "application_id": world.application.id}
    return shaped

"""Threads: made, filled with people, archived, found again; refused where Discord refuses."""

from datetime import datetime, timedelta

from tests.discord.shapes import channel_json, thread_member_json
from tests.discord.state import Channel, ChannelKind, Guild, Json, Permission, ProblemError
from tests.discord.world import World

MOST_MEMBERS = 1000
NEEDED = {
    ChannelKind.PUBLIC_THREAD: Permission.CREATE_PUBLIC_THREADS,
    ChannelKind.PRIVATE_THREAD: Permission.CREATE_PRIVATE_THREADS,
}


def start(world: World, parent_id: str, body: Json) -> Channel:
    """Do what Start Thread without Message does, as the bot."""
    parent = world.channel(parent_id)
    kind = ChannelKind(body.get("type", ChannelKind.PRIVATE_THREAD))
    if parent.kind is not ChannelKind.TEXT or kind not in NEEDED or parent.guild is None:
        raise ProblemError(50024)
    world.require(parent, NEEDED[kind])
    guild = world.guilds[parent.guild]
    if len(active(world, guild)) >= guild.most_active_threads:
        raise ProblemError(160006)
    thread = _make(world, parent, kind, body)
    world.channels[thread.id] = thread
    world.emit("THREAD_CREATE", guild.id, channel_json(world, thread) | {"newly_created": True})
    return thread


def _make(world: World, parent: Channel, kind: ChannelKind, body: Json) -> Channel:
    now = world.clock.now()
    return Channel(
        world.snowflake(),
        kind,
        body["name"],
        parent.guild,
        parent=parent.id,
        owner=world.bot,
        invitable=body.get("invitable", True),
        auto_archive=body.get("auto_archive_duration") or 4320,
        created_at=now,
        members={world.bot: now},
    )


def active(world: World, guild: Guild) -> list[Channel]:
    """Return a guild's threads that are not archived."""
    return [each for each in world.channels.values() if each.is_thread and each.guild == guild.id and not each.archived]


def archive_the_idle(world: World) -> None:
    """Archive threads in which nothing was said for as long as they were made to wait."""
    for thread in world.channels.values():
        if thread.is_thread and not thread.archived:
            until = _last_heard(world, thread) + timedelta(minutes=thread.auto_archive)
            if until <= world.clock.now():
                thread.archived, thread.archived_at = True, until
                world.emit("THREAD_UPDATE", thread.guild, channel_json(world, thread))


def _last_heard(world: World, thread: Channel) -> datetime:
    said = [each.created_at for each in world.messages.values() if each.channel == thread.id]
    return max([*said, thread.woken_at or thread.created_at or world.clock.now()])


def add(world: World, thread: Channel, user: str) -> None:
    """Do what Add Thread Member does, as the bot.

    Discord takes somebody who cannot see the parent, and shows them nothing; to do so is written down as a violation.
    """
    _require_thread(thread)
    world.member(thread.guild or "", user)
    _require_may_add(world, thread)
    if user not in thread.members and len(thread.members) >= MOST_MEMBERS:
        raise ProblemError(30033)
    if not world.may(user, thread) & Permission.VIEW_CHANNEL:
        world.violations.append(f"thread: {user} is added, and cannot see the channel it belongs to")
    thread.members.setdefault(user, world.clock.now())
    world.pulse.beat()  # without the intent for members a bot hears of its own coming and going only


def _require_may_add(world: World, thread: Channel) -> None:
    if thread.archived:
        raise ProblemError(50083)
    world.require(thread, Permission.SEND_MESSAGES_IN_THREADS)
    is_moderator = world.may(world.bot, thread) & Permission.MANAGE_THREADS
    if thread.is_private_thread and not thread.invitable and thread.owner != world.bot and not is_moderator:
        raise ProblemError(50013)


def remove(world: World, thread: Channel, user: str) -> None:
    """Do what Remove Thread Member does, as the bot."""
    _require_thread(thread)
    if thread.archived:
        raise ProblemError(50083)
    is_creator = thread.is_private_thread and thread.owner == world.bot
    if user != world.bot and not is_creator:
        world.require(thread, Permission.MANAGE_THREADS)
    if user not in thread.members:
        raise ProblemError(10007)
    del thread.members[user]
    world.pulse.beat()  # without the intent for members a bot hears of its own coming and going only


def change(world: World, thread: Channel, body: Json) -> Channel:
    """Do what Modify Channel does to a thread, as the bot."""
    _require_thread(thread)
    _require_may_change(world, thread, body)
    now = world.clock.now()
    if body.get("archived") and not thread.archived:
        thread.archived_at = now
    if body.get("archived") is False:
        thread.woken_at = now
    for key, attribute in (
        ("name", "name"),
        ("archived", "archived"),
        ("locked", "locked"),
        ("invitable", "invitable"),
    ):
        if key in body:
            setattr(thread, attribute, body[key])
    thread.auto_archive = body.get("auto_archive_duration") or thread.auto_archive
    world.emit("THREAD_UPDATE", thread.guild, channel_json(world, thread))
    return thread


def _require_may_change(world: World, thread: Channel, body: Json) -> None:
    if thread.archived and body.get("archived") is not False:
        raise ProblemError(50083)
    only_archives = set(body) <= {"archived"}
    is_own = thread.owner == world.bot and "locked" not in body
    if only_archives and body.get("archived") is False and not thread.locked:
        world.require(thread, Permission.SEND_MESSAGES_IN_THREADS)
    elif not is_own:
        world.require(thread, Permission.MANAGE_THREADS)


def delete(world: World, thread: Channel) -> None:
    """Do what Delete Channel does to a thread, as the bot."""
    world.require(thread, Permission.MANAGE_THREADS)
    del world.channels[thread.id]
    payload = {"id": thread.id, "guild_id": thread.guild, "parent_id": thread.parent, "type": int(thread.kind)}
    world.emit("THREAD_DELETE", thread.guild, payload)


def list_active(world: World, guild: Guild) -> Json:
    """Return what List Active Guild Threads does: those the bot can see, newest first."""
    seen = [each for each in active(world, guild) if world.sees(world.bot, each)]
    return _listed(world, sorted(seen, key=lambda each: int(each.id), reverse=True))


def list_archived(world: World, parent: Channel, *, only_joined: bool) -> Json:
    """Return a channel's archived private threads, all of them or those the bot is in."""
    wanted = Permission.READ_MESSAGE_HISTORY | (Permission(0) if only_joined else Permission.MANAGE_THREADS)
    world.require(parent, wanted)
    found = [each for each in world.channels.values() if each.parent == parent.id and each.archived]
    joined = [each for each in found if each.is_private_thread and (world.bot in each.members or not only_joined)]
    return _listed(world, sorted(joined, key=_archived_at, reverse=True))


def _archived_at(thread: Channel) -> tuple[datetime | None, int]:
    return thread.archived_at, int(thread.id)


def _listed(world: World, threads: list[Channel]) -> Json:
    own = [thread_member_json(each, world.bot) for each in threads if world.bot in each.members]
    return {"threads": [channel_json(world, each) for each in threads], "members": own, "has_more": False}


def _require_thread(thread: Channel) -> None:
    if not thread.is_thread:
        raise ProblemError(50024)

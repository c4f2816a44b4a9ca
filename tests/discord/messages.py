"""Posting, editing and deleting messages, with everything Discord checks before it does."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from tests.discord import mentions
from tests.discord.attachments import walk
from tests.discord.limits import message_faults
from tests.discord.shapes import message_json
from tests.discord.state import COMPONENTS_V2, LOADING, Attachment, Channel, Json, Message, Permission, ProblemError
from tests.discord.world import World

A_FEW_MINUTES = timedelta(minutes=3)
"""How long a nonce is remembered here; Discord says "the past few minutes"."""

GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
Files = Mapping[str, bytes]
"""What was uploaded: the number in `files[n]`, and the content."""


def refuse(world: World, where: str, faults: Iterable[str], code: int = 50035) -> None:
    """Write down what a request does wrong and refuse it, if it does anything wrong."""
    listed = list(faults)
    if listed:
        world.violations.extend(f"{where}: {fault}" for fault in listed)
        raise ProblemError(code, errors=listed)


def post(world: World, channel_id: str, body: Json, files: Files) -> Message:
    """Do what Create Message does, as the bot."""
    channel = world.channel(channel_id)
    require_may_post(world, channel, body, files)
    refuse(world, "message", message_faults(body, files))
    refuse(world, "message", empty_faults(body, files), 50006)
    if (earlier := _same_nonce(world, channel, body)) is not None:
        return earlier
    wake(world, channel)
    allowed = mentions.allowed_by(body, mentions.BY_MESSAGE)
    message = compose(world, channel, world.bot, body, files, allowed)
    message.nonce = body.get("nonce") and str(body["nonce"])
    _add_the_pinged(world, channel, message)
    return publish(world, message)


def compose(
    world: World, channel: Channel, author: str, body: Json, files: Files, allowed: mentions.Allowed
) -> Message:
    """Return a message that is in no channel yet."""
    message = Message(world.snowflake(), channel.id, author, "", world.clock.now(), flags=body.get("flags") or 0)
    fill(world, message, body, files)
    if not mentions.is_silent(message.flags):
        message.pings = mentions.notified(world, channel, author, texts_of(message), allowed)
    return message


def fill(world: World, message: Message, body: Json, files: Files) -> None:
    """Put what a body names into a message; what it does not name stays."""
    if "content" in body:
        message.content = body["content"] or ""
    if "components" in body:
        message.components = body["components"] or []
    if "embeds" in body:
        message.embeds = body["embeds"] or []
    if body.get("attachments") is not None or files:
        message.attachments = _attachments(world, message, body.get("attachments") or [], files)
    message.flags |= (body.get("flags") or 0) & COMPONENTS_V2


def publish(world: World, message: Message) -> Message:
    """Let a message stand, and tell it over the gateway."""
    world.messages[message.id] = message
    _tell(world, "MESSAGE_CREATE", message)
    return message


def edit(
    world: World, message: Message, body: Json, files: Files, default: Iterable[str] = mentions.BY_MESSAGE
) -> Message:
    """Put what a body names in the place of what stands. Only what was "thinking" until now notifies anybody."""
    refuse(world, "edit", message_faults(body, files, was_v2=message.is_v2, edits=True))
    refuse(world, "edit", _upgrade_faults(message, body))
    was_loading, tried = message.is_loading, replace(message)
    fill(world, tried, body, files)
    refuse(world, "edit", [] if has_something(tried) else ["nothing would be left"], 50006)
    fill(world, message, body, files)
    message.flags &= ~LOADING
    if was_loading:
        allowed = mentions.allowed_by(body, default)
        channel = world.channels[message.channel]
        message.pings = mentions.notified(world, channel, message.author, texts_of(message), allowed)
    else:
        message.edited_at = world.clock.now()
    _tell(world, "MESSAGE_UPDATE", message)
    return message


def delete(world: World, message: Message) -> None:
    """Take a message away."""
    del world.messages[message.id]
    channel = world.channels[message.channel]
    payload = {"id": message.id, "channel_id": channel.id} | ({"guild_id": channel.guild} if channel.guild else {})
    world.emit("MESSAGE_DELETE", channel.guild, payload, intent=_intent(channel))


def require_may_post(world: World, channel: Channel, body: Json, files: Files) -> None:
    """Raise what Discord answers when the bot may not post here."""
    if channel.guild is None:
        _require_open_dm(world, channel)
        return
    wanted = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    if body.get("embeds"):
        wanted |= Permission.EMBED_LINKS
    if files:
        wanted |= Permission.ATTACH_FILES
    world.require(channel, wanted)
    if channel.archived and channel.locked and not world.may(world.bot, channel) & Permission.MANAGE_THREADS:
        raise ProblemError(50083)


def texts_of(message: Message) -> list[str]:
    """Return the texts in which mentions count: content and text displays; never embeds."""
    displays = [each["content"] for each in walk(message.components) if each["type"] == 10]
    return [message.content, *displays]


def empty_faults(body: Json, files: Files) -> list[str]:
    """Return a fault for a message with nothing in it."""
    something = any(body.get(key) for key in ("content", "embeds", "components", "sticker_ids", "poll"))
    return [] if something or files else ["nothing in it"]


def has_something(message: Message) -> bool:
    """Say whether there is anything left to see of a message."""
    return bool(message.content or message.embeds or message.components or message.attachments)


def wake(world: World, channel: Channel) -> None:
    """Un-archive a thread, as a message in it does."""
    if channel.archived:
        channel.archived = False


def _require_open_dm(world: World, channel: Channel) -> None:
    recipient = world.users[channel.recipient or ""]
    if recipient.bot or recipient.dms != "open":
        raise ProblemError(50007)
    if not world.share_a_guild(recipient.id):
        raise ProblemError(50278)


def _same_nonce(world: World, channel: Channel, body: Json) -> Message | None:
    if not body.get("enforce_nonce") or body.get("nonce") is None:
        return None
    since = world.clock.now() - A_FEW_MINUTES
    for message in reversed(world.messages.values()):
        same = message.nonce == str(body["nonce"]) and message.author == world.bot
        if same and message.channel == channel.id and message.created_at >= since:
            return message
    return None


def _attachments(world: World, message: Message, listed: list[Json], files: Files) -> list[Attachment]:
    standing = {each.id: each for each in message.attachments}
    kept = [standing[str(each["id"])] for each in listed if str(each["id"]) in standing]
    fresh = [each for each in listed if str(each["id"]) in files]
    return kept + [
        Attachment(world.snowflake(), each["filename"], files[str(each["id"])], each.get("description"))
        for each in fresh
    ]


def _add_the_pinged(world: World, channel: Channel, message: Message) -> None:
    """Add those who are mentioned in a private thread to it, as Discord does."""
    if channel.is_private_thread and (channel.invitable or channel.owner == message.author):
        for user in message.pings & set(world.users):
            channel.members.setdefault(user, world.clock.now())


def _upgrade_faults(message: Message, body: Json) -> list[str]:
    """Return what has to be emptied before a message can become one of components."""
    if message.is_v2 or not (body.get("flags") or 0) & COMPONENTS_V2:
        return []
    stays = [key for key in ("content", "embeds") if getattr(message, key) and key not in body]
    return [f"{key}: to be emptied for components V2" for key in stays]


def _tell(world: World, event: str, message: Message) -> None:
    channel = world.channels[message.channel]
    if message.only_for is not None:
        world.pulse.beat()
        return
    payload = message_json(world, message) | ({"guild_id": channel.guild} if channel.guild else {})
    world.emit(event, channel.guild, payload, intent=_intent(channel))


def _intent(channel: Channel) -> int:
    return GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES

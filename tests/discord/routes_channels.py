"""The routes of channels: messages and threads."""

from tests.discord import messages, threads
from tests.discord.rest import Answer, Asked, Routes
from tests.discord.shapes import channel_json, message_json, thread_member_json
from tests.discord.state import Channel, Message, Permission, ProblemError

NOT_SHOWN = Answer(200, [])


def get_channel(asked: Asked) -> Answer:
    return Answer(200, channel_json(asked.world, _channel(asked)))


def change_channel(asked: Asked) -> Answer:
    return Answer(200, channel_json(asked.world, threads.change(asked.world, _channel(asked), asked.json)))


def delete_channel(asked: Asked) -> Answer:
    channel = _channel(asked)
    shaped = channel_json(asked.world, channel)
    if channel.is_thread:
        threads.delete(asked.world, channel)
    elif channel.guild is not None:
        raise ProblemError(50013)
    return Answer(200, shaped)


def create_message(asked: Asked) -> Answer:
    return _shaped(asked, messages.post(asked.world, asked.params["channel_id"], asked.json, asked.files))


def list_messages(asked: Asked) -> Answer:
    """Return those of a channel, newest first, between `after` and `before`."""
    channel = _channel(asked)
    if channel.guild is not None and not asked.world.may(asked.world.bot, channel) & Permission.READ_MESSAGE_HISTORY:
        return NOT_SHOWN
    after, before = int(asked.query.get("after", 0)), int(asked.query.get("before", 1 << 64))
    standing = [each for each in asked.world.messages.values() if each.channel == channel.id and not each.only_for]
    found = [each for each in standing if after < int(each.id) < before]
    newest = sorted(found, key=lambda each: int(each.id), reverse=True)[: int(asked.query.get("limit", 50))]
    return Answer(200, [message_json(asked.world, each) for each in newest])


def get_message(asked: Asked) -> Answer:
    found = _message(asked)
    channel = asked.world.channels[found.channel]
    if channel.guild is not None:
        asked.world.require(channel, Permission.READ_MESSAGE_HISTORY)
    return _shaped(asked, found)


def edit_message(asked: Asked) -> Answer:
    found = _message(asked)
    if found.author != asked.world.bot:
        raise ProblemError(50005)
    if asked.world.channels[found.channel].archived:
        raise ProblemError(50083)
    return _shaped(asked, messages.edit(asked.world, found, asked.json, asked.files))


def delete_message(asked: Asked) -> Answer:
    found = _message(asked)
    channel = asked.world.channels[found.channel]
    if channel.archived:
        raise ProblemError(50083)
    if found.author != asked.world.bot:
        asked.world.require(channel, Permission.MANAGE_MESSAGES)
    messages.delete(asked.world, found)
    return Answer(204)


def type_in(asked: Asked) -> Answer:
    _channel(asked)
    return Answer(204)


def start_thread(asked: Asked) -> Answer:
    thread = threads.start(asked.world, asked.params["channel_id"], asked.json)
    return Answer(201, channel_json(asked.world, thread))


def add_thread_member(asked: Asked) -> Answer:
    threads.add(asked.world, _channel(asked), _user(asked))
    return Answer(204)


def remove_thread_member(asked: Asked) -> Answer:
    threads.remove(asked.world, _channel(asked), _user(asked))
    return Answer(204)


def get_thread_member(asked: Asked) -> Answer:
    thread = _channel(asked)
    if _user(asked) not in thread.members:
        raise ProblemError(10007)
    return Answer(200, thread_member_json(thread, _user(asked)))


def list_thread_members(asked: Asked) -> Answer:
    """Return nothing: it takes the privileged intent for members."""
    raise ProblemError(50001)


def list_archived(asked: Asked) -> Answer:
    return Answer(200, threads.list_archived(asked.world, _channel(asked), only_joined=False))


def list_own_archived(asked: Asked) -> Answer:
    return Answer(200, threads.list_archived(asked.world, _channel(asked), only_joined=True))


def _channel(asked: Asked) -> Channel:
    return asked.world.channel(asked.params["channel_id"])


def _message(asked: Asked) -> Message:
    return asked.world.message(asked.params["channel_id"], asked.params["message_id"])


def _user(asked: Asked) -> str:
    named = asked.params.get("user_id", "@me")
    return asked.world.bot if named == "@me" else asked.world.user(named).id


def _shaped(asked: Asked, message: Message) -> Answer:
    return Answer(200, message_json(asked.world, message))


ROUTES: Routes = {
    "GET /channels/{channel_id}": get_channel,
    "PATCH /channels/{channel_id}": change_channel,
    "DELETE /channels/{channel_id}": delete_channel,
    "GET /channels/{channel_id}/messages": list_messages,
    "POST /channels/{channel_id}/messages": create_message,
    "GET /channels/{channel_id}/messages/{message_id}": get_message,
    "PATCH /channels/{channel_id}/messages/{message_id}": edit_message,
    "DELETE /channels/{channel_id}/messages/{message_id}": delete_message,
    "POST /channels/{channel_id}/typing": type_in,
    "POST /channels/{channel_id}/threads": start_thread,
    "GET /channels/{channel_id}/thread-members": list_thread_members,
    "GET /channels/{channel_id}/thread-members/{user_id}": get_thread_member,
    "PUT /channels/{channel_id}/thread-members/@me": add_thread_member,
    "DELETE /channels/{channel_id}/thread-members/@me": remove_thread_member,
    "PUT /channels/{channel_id}/thread-members/{user_id}": add_thread_member,
    "DELETE /channels/{channel_id}/thread-members/{user_id}": remove_thread_member,
    "GET /channels/{channel_id}/threads/archived/private": list_archived,
    "GET /channels/{channel_id}/users/@me/threads/archived/private": list_own_archived,
}

"""chat.* and conversations.*: where the bot may write, and to whom."""

from tests.slack.calling import ApiError, Caller, Method
from tests.slack.checks import MOST_UPDATED_TEXT, message_faults
from tests.slack.state import JSON, Channel, Post, User

MOST_IN_GROUP = 8
MOST_TEXT = 40_000


def _post_message(caller: Caller, args: JSON) -> JSON:
    channel = _place(caller, str(args["channel"]))
    _check(caller, "chat.postMessage", args)
    post = caller.world.post(channel.id, caller.team.bot_user, args, bot_id=caller.team.bot_id)
    return {"channel": channel.id, "ts": post.ts, "message": message_json(caller.world.app.id, channel.team, post)}


def _post_ephemeral(caller: Caller, args: JSON) -> JSON:
    channel = _place(caller, str(args["channel"]))
    if args["user"] not in channel.members:
        raise ApiError("user_not_in_channel")
    _check(caller, "chat.postEphemeral", args)
    facts = {"bot_id": caller.team.bot_id, "only_for": str(args["user"])}
    return {"message_ts": caller.world.post(channel.id, caller.team.bot_user, args, **facts).ts}


def _update(caller: Caller, args: JSON) -> JSON:
    channel = caller.channel(str(args["channel"]))
    post = _own(caller, channel, str(args["ts"]))
    if len(str(args.get("text") or "")) > MOST_UPDATED_TEXT:
        caller.refuse("chat.update", "msg_too_long", [f"text > {MOST_UPDATED_TEXT}"])
    _check(caller, "chat.update", args)
    caller.world.change(post, args)
    message = message_json(caller.world.app.id, channel.team, post)
    return {"channel": channel.id, "ts": post.ts, "text": post.text, "message": message}


def _delete(caller: Caller, args: JSON) -> JSON:
    channel = caller.channel(str(args["channel"]))
    post = _own(caller, channel, str(args["ts"]), "cant_delete_message")
    del channel.posts[post.ts]
    return {"channel": channel.id, "ts": post.ts}


def _own(caller: Caller, channel: Channel, ts: str, not_ours: str = "cant_update_message") -> Post:
    post = channel.posts.get(ts)
    if post is None or post.only_for:
        raise ApiError("message_not_found")
    if post.author != caller.team.bot_user:
        raise ApiError(not_ours)
    return post


def _check(caller: Caller, method: str, args: JSON) -> None:
    if not any(args.get(name) for name in ("text", "blocks", "attachments", "markdown_text")):
        caller.refuse(method, "no_text", ["nothing to show"])
    if len(str(args.get("text") or "")) > MOST_TEXT:
        caller.refuse(method, "msg_too_long", [f"text > {MOST_TEXT}"])
    caller.refuse(method, "invalid_blocks", [*message_faults(args), *_file_faults(caller, args)])


def _file_faults(caller: Caller, args: JSON) -> list[str]:
    shown = [block.get("slack_file", {}) for block in args.get("blocks") or [] if block.get("type") == "image"]
    ids = [one["id"] for one in shown if "id" in one]
    files = caller.world.files
    return [f"slack_file {one} is not there" for one in ids if one not in files or not files[one].complete]


def _place(caller: Caller, target: str) -> Channel:
    """Return where a message may be put, or raise what Slack answers."""
    if target[:1] in ("U", "W"):
        return _direct(caller, target)
    channel = caller.channel(target)
    if channel.archived:
        raise ApiError("is_archived")
    if caller.team.bot_user not in channel.members:
        raise ApiError("not_in_channel")
    if channel.kind == "im":
        (other,) = channel.members - {caller.team.bot_user}
        _require_open(caller, caller.world.users[other])
    return channel


def _direct(caller: Caller, target: str) -> Channel:
    user = _reachable(caller, target)
    _require_open(caller, user)
    return caller.world.direct(user.id, caller.team.id)


def _require_open(caller: Caller, user: User) -> None:
    if not caller.world.app.messages_tab:
        raise ApiError("messages_tab_disabled")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.dm_closed:
        raise ApiError(user.dm_closed)


def _reachable(caller: Caller, target: str) -> User:
    user = caller.world.users.get(target)
    if user is None or (user.team != caller.team.id and not user.stranger):
        raise ApiError("user_not_found")
    if user.bot or user.id == "USLACKBOT":
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.team != caller.team.id and not _meets(caller, user.id):
        raise ApiError("user_not_visible")
    return user


def _meets(caller: Caller, user: str) -> bool:
    both = {user, caller.team.bot_user}
    return any(both <= channel.members for channel in caller.world.channels.values() if channel.kind != "im")


def _open(caller: Caller, args: JSON) -> JSON:
    if args.get("channel"):
        caller.require("im:write", "mpim:write")
        return {"channel": {"id": caller.channel(str(args["channel"])).id}, "no_op": True, "already_open": True}
    users = [user for user in dict.fromkeys(str(args.get("users") or "").split(",")) if user]
    if not users:
        raise ApiError("users_list_not_supplied")
    caller.require("im:write" if len(users) == 1 else "mpim:write")
    channel = _opened(caller, users)
    if str(args.get("return_im", "")).lower() in ("true", "1"):
        return {"channel": channel_json(channel)}
    return {"channel": {"id": channel.id}}


def _opened(caller: Caller, users: list[str]) -> Channel:
    others = [user for user in users if user != caller.team.bot_user]
    if not others:
        raise ApiError("not_enough_users")
    if len(others) > MOST_IN_GROUP:
        raise ApiError("too_many_users")
    found = [_reachable(caller, user) for user in others]
    for user in found:
        _require_openable(user, alone=len(found) == 1)
    if len(found) == 1:
        return caller.world.direct(found[0].id, caller.team.id)
    return caller.world.group([user.id for user in found], caller.team.id)


def _require_openable(user: User, *, alone: bool) -> None:
    if user.opens_with:
        raise ApiError(user.opens_with)
    if user.ultra_restricted and not alone:
        raise ApiError("restricted_action")


def _info(caller: Caller, args: JSON) -> JSON:
    return {"channel": channel_json(caller.channel(str(args["channel"])))}


def channel_json(channel: Channel) -> JSON:
    """Return a conversation object."""
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "context_team_id": channel.team,
    }


def message_json(app: str, team: str, post: Post) -> JSON:
    """Return a message object, as in an answer or in a payload."""
    message: JSON = {"type": "message", "user": post.author, "text": post.text, "ts": post.ts, "team": team}
    if post.bot_id:
        message |= {"bot_id": post.bot_id, "app_id": app}
    if post.blocks:
        message["blocks"] = post.blocks
    if post.edited:
        message["edited"] = {"user": post.author, "ts": post.edited}
    return message


_READS_CHANNELS = ("channels:read", "groups:read", "im:read", "mpim:read")
_WRITES = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(_post_message, _WRITES),
    "chat.postEphemeral": Method(_post_ephemeral, _WRITES),
    "chat.update": Method(_update, _WRITES),
    "chat.delete": Method(_delete, _WRITES),
    "conversations.open": Method(_open),
    "conversations.info": Method(_info, _READS_CHANNELS, takes_json=False),
}

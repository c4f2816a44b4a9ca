"""The envelope of an interaction: who, where, about which server, and what it takes to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from adapters.discord.ids import Travelled, WhichServerError, event_of, snowflake, travelled, workspace_of
from adapters.reading import Body, NotUnderstoodError
from bot.domain.ids import ChannelId, EventId, UserId, WorkspaceId
from bot.ports.edges import Person
from bot.ports.inbound import Origin

Arrived: TypeAlias = Mapping[str, object]

_DIRECT: Final = (1, 3)
_OPEN_THREADS: Final = (10, 11)
_PRIVATE_THREAD: Final = 12
_ADMINISTRATOR, _MANAGE_SERVER = 1 << 3, 1 << 5
_EPHEMERAL, _COMPONENTS_V2 = 1 << 6, 1 << 15
_MOST_DIGITS: Final = 40
_NOTHING: Final = Travelled("", "")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What it takes to answer an interaction, beside the core's value for it.

    `guild` is the server it is about, also in a direct message; `channel` is where it happened, whatever that is;
    `message` is the one whose button was pressed, or under which a form was opened; `bot_may` is what the bot may do
    there, in Discord's bits.
    """

    event: EventId
    workspace: WorkspaceId
    user: UserId
    interaction: str
    token: str
    application: str
    guild: str
    channel: str
    is_direct: bool = False
    is_private_thread: bool = False
    message: str = ""
    is_ephemeral: bool = False
    is_of_components: bool = False
    locale: str = ""
    bot_may: int = 0


def envelope(arrived: Arrived, *, home: WorkspaceId | None = None) -> Envelope:
    """Return the envelope of an interaction. Raises NotUnderstoodError, as everything here does.

    A direct message is about the server that its button or form names, else about `home`. Raises WhichServerError where
    nobody said it.
    """
    body = Body(arrived)
    workspace = _workspace(body, home)
    kind = body.number("channel", "type")
    flags = body.number("message", "flags")
    return Envelope(
        event=event_of(body.text("id")),
        workspace=workspace,
        user=_user(body),
        interaction=body.text("id"),
        token=body.text("token"),
        application=snowflake(body.text("application_id")),
        guild=workspace.partition(":")[2],
        channel=_channel(body),
        is_direct=_is_direct(body),
        is_private_thread=kind == _PRIVATE_THREAD,
        message=body.maybe("message", "id"),
        is_ephemeral=bool(flags & _EPHEMERAL),
        is_of_components=bool(flags & _COMPONENTS_V2),
        locale=body.maybe("locale"),
        bot_may=_rights(body, "app_permissions"),
    )


def origin_of(arrived: Arrived, home: WorkspaceId | None) -> Origin:
    """Return the core's envelope. Discord has a private place for the answer to everything."""
    body = Body(arrived)
    event, workspace = event_of(body.text("id")), _workspace(body, home)
    return Origin(event, workspace, _user(body), _group_channel(body), is_admin=_is_admin(body))


def require_server(arrived: Arrived) -> None:
    """Raise WhichServerError for what does not say which server it is about."""
    _workspace(Body(arrived), None)


def _workspace(body: Body, home: WorkspaceId | None) -> WorkspaceId:
    """Return the server it happened in; of a direct message, the one it is about."""
    if guild := body.maybe("guild_id"):
        return workspace_of(guild)
    if named := _back(body).guild:
        return workspace_of(named)
    if home is None:
        raise WhichServerError("guild_id")
    return home


def _back(body: Body) -> Travelled:
    custom = body.maybe("data", "custom_id")
    return travelled(custom) if custom else _NOTHING


def _user(body: Body) -> UserId:
    """Return who acted: a member of the server, or in a direct message a user."""
    who = body.text("member", "user", "id") if body.has("member") else body.text("user", "id")
    return UserId(snowflake(who))


def _channel(body: Body) -> str:
    return snowflake(body.maybe("channel", "id") or body.text("channel_id"))


def _is_direct(body: Body) -> bool:
    return not body.maybe("guild_id") or body.number("channel", "type") in _DIRECT


def _group_channel(body: Body) -> ChannelId | None:
    """Return the channel, of an open thread the one it is in. A private thread is a room of people introduced."""
    kind = body.number("channel", "type")
    if _is_direct(body) or kind == _PRIVATE_THREAD:
        return None
    if kind in _OPEN_THREADS and (parent := body.maybe("channel", "parent_id")):
        return ChannelId(snowflake(parent))
    return ChannelId(_channel(body))


def _is_admin(body: Body) -> bool:
    """Say whether this member may manage the server, by what Discord says with every interaction in it."""
    return bool(_rights(body, "member", "permissions") & (_ADMINISTRATOR | _MANAGE_SERVER))


def _rights(body: Body, *path: str) -> int:
    """Return a set of permissions, which comes as the decimal number of its bits; nothing where it is missing."""
    held = body.maybe(*path)
    if not held:
        return 0
    if not (held.isascii() and held.isdecimal()) or len(held) > _MOST_DIGITS:
        raise NotUnderstoodError(".".join(path))
    return int(held)


def people(arrived: Arrived) -> dict[UserId, Person]:
    """Return what an interaction tells about those who act or are named in it, so that nobody has to ask for it.

    Only of who acts the language is known; the others are taken to speak the server's.
    """
    body = Body(arrived)
    actor = body.within("member", "user") if body.has("member") else body.within("user")
    known = {UserId(snowflake(actor.text("id"))): _person(actor, body.maybe("member", "nick"), body.maybe("locale"))}
    members, there = body.entries("data", "resolved", "members"), body.maybe("guild_locale")
    for user, found in body.entries("data", "resolved", "users").items():
        nick = members[user].maybe("nick") if user in members else ""
        known.setdefault(UserId(snowflake(user)), _person(found, nick, there))
    return known


def _person(user: Body, nick: str, locale: str) -> Person:
    name = nick or name_of(user)
    return Person(UserId(user.text("id")), name, is_bot=user.flag("bot"), locale=locale or None, time_zone=None)


def name_of(user: Body) -> str:
    """Return what somebody calls themselves."""
    return user.maybe("global_name") or user.maybe("username")

"""What Slack sends, as the core's own values. Who acted is always read from the envelope."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from adapters.reading import Body, NotUnderstoodError
from adapters.slack.ids import (
    NOWHERE,
    SHORTCUTS,
    Opened,
    OrgWideInstallError,
    event_of,
    identity,
    opened_from,
    verb_and_ref,
    workspace_of,
)
from adapters.slack.text import readable
from bot.domain.ids import ChannelId, EventId, UserId, WorkspaceId
from bot.ports.inbound import Origin, PickMessage, Press, Slash, Submit

Arrived: TypeAlias = Mapping[str, object]

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_BLANKS = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What it takes to answer a command or an interaction, beside the core's value for it.

    `channel` is the conversation it happened in, also a direct one, which `is_direct` says; `ts` is the message that
    was clicked or picked. `opened` tells where a form was opened, or would be opened now. `shows_errors` says that
    the form that was sent has sentences above its fields, from when it was sent before.
    """

    workspace: WorkspaceId
    user: UserId
    event: EventId
    trigger_id: str
    response_url: str = ""
    channel: str = ""
    ts: str = ""
    is_direct: bool = False
    is_ephemeral: bool = False
    on_view: bool = False
    shows_errors: bool = False
    view_id: str = ""
    view_hash: str = ""
    opened: Opened = NOWHERE


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody opened the app's Home (`tab` is `home`) or its messages."""

    origin: Origin
    tab: str
    view_hash: str = ""


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The app was removed from a workspace."""

    event: EventId
    workspace: WorkspaceId


@dataclass(frozen=True, slots=True)
class TokensRevoked:
    """Tokens stopped working; with a bot's among them, nothing works in that workspace any more."""

    event: EventId
    workspace: WorkspaceId
    bots: tuple[UserId, ...]
    users: tuple[UserId, ...]


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """Somebody's account changed; what is known of them is stale."""

    event: EventId
    workspace: WorkspaceId
    user: UserId
    is_deactivated: bool


Event: TypeAlias = HomeOpened | Uninstalled | TokensRevoked | PersonChanged


def envelope(arrived: Arrived) -> Envelope:
    """Return the envelope of a command or an interaction. Raises NotUnderstoodError, as everything here does."""
    body = Body(arrived)
    channel = _conversation(body)
    trigger = body.text("trigger_id")
    return Envelope(
        workspace=_workspace(body),
        user=_user(body),
        event=event_of(trigger),
        trigger_id=trigger,
        response_url=body.maybe("response_url"),
        channel=channel,
        ts=body.maybe("container", "message_ts") or body.maybe("message", "ts"),
        is_direct=_is_direct(channel, _channel_name(body)),
        is_ephemeral=body.flag("container", "is_ephemeral"),
        on_view=_is_on_view(body),
        shows_errors=_shows_errors(body),
        view_id=body.maybe("view", "id"),
        view_hash=body.maybe("view", "hash"),
        opened=_opened(body, channel),
    )


def command(arrived: Arrived, *, names: Mapping[str, str], is_admin: bool = False) -> Slash:
    """Return a slash command. `names` leads from Slack's command (`/refer`) to ours (`refer`)."""
    body = Body(arrived)
    name = names.get(body.text("command"))
    if name is None:
        raise NotUnderstoodError("command")
    typed = body.maybe("text")
    people = tuple(UserId(found[1]) for found in _MENTION.finditer(typed))
    text = _BLANKS.sub(" ", readable(_MENTION.sub(" ", typed))).strip()
    return Slash(_origin(envelope(arrived), is_admin=is_admin), name, text, people)


def press(arrived: Arrived, *, is_admin: bool = False) -> Press:
    """Return the button that was pressed. Raises NotUnderstoodError for anything else that can be touched."""
    actions = Body(arrived).listed("actions")
    if len(actions) != 1 or actions[0].text("type") != "button":
        raise NotUnderstoodError("actions")
    verb, ref = verb_and_ref(actions[0].text("action_id"))
    return Press(_origin(envelope(arrived), is_admin=is_admin), verb, ref)


def submission(arrived: Arrived, *, is_admin: bool = False) -> Submit:
    """Return the form that was sent. A field left empty holds the empty string, or no choices."""
    body = Body(arrived)
    verb, ref = verb_and_ref(body.text("view", "callback_id"))
    fields = {key: _typed(field) for key, field in body.entries("view", "state", "values").items()}
    return Submit(_origin(envelope(arrived), is_admin=is_admin), verb, ref, fields)


def picked_message(arrived: Arrived, *, is_admin: bool = False) -> PickMessage:
    """Return the message that was picked. One that an app wrote may have no author, whose id is then empty."""
    body = Body(arrived)
    body.text("message", "ts")
    written_by = body.maybe("message", "user")
    author = UserId(identity(written_by) if written_by else "")
    return PickMessage(_origin(envelope(arrived), is_admin=is_admin), author, readable(body.maybe("message", "text")))


def shortcut(arrived: Arrived, *, is_admin: bool = False) -> Slash:
    """Return the command that a global shortcut stands for."""
    name = SHORTCUTS.get(Body(arrived).text("callback_id"))
    if name is None:
        raise NotUnderstoodError("callback_id")
    return Slash(_origin(envelope(arrived), is_admin=is_admin), name)


def event(arrived: Arrived, *, is_admin: bool = False) -> Event:
    """Return an event of the Events API. Raises NotUnderstoodError for one nobody asked for."""
    body = Body(arrived)
    named, workspace = event_of(body.text("event_id")), _workspace(body)
    match body.text("event", "type"):
        case "app_home_opened":
            return _home_opened(body, Origin(named, workspace, _user(body), None, is_admin=is_admin, by_message=True))
        case "app_uninstalled":
            return Uninstalled(named, workspace)
        case "tokens_revoked":
            return TokensRevoked(named, workspace, _users(body, "bot"), _users(body, "oauth"))
        case "user_change":
            user = UserId(identity(body.text("event", "user", "id")))
            return PersonChanged(named, workspace, user, body.flag("event", "user", "deleted"))
        case _:
            raise NotUnderstoodError("event.type")


def _home_opened(body: Body, origin: Origin) -> HomeOpened:
    return HomeOpened(origin, body.maybe("event", "tab") or "home", body.maybe("event", "view", "hash"))


def _users(body: Body, kind: str) -> tuple[UserId, ...]:
    return tuple(UserId(identity(user)) for user in body.texts("event", "tokens", kind))


def _origin(at: Envelope, *, is_admin: bool) -> Origin:
    """Return the core's envelope. Where there is no conversation to answer in, the answer is a message of its own."""
    return Origin(
        at.event, at.workspace, at.user, at.opened.channel, is_admin=is_admin, by_message=at.on_view or not at.channel
    )


def _workspace(body: Body) -> WorkspaceId:
    """Return the workspace the app was installed in: what it is authorised for, else where it happened."""
    authorised = next(iter(body.listed("authorizations")), Body({}))
    if body.flag("is_enterprise_install") or authorised.flag("is_enterprise_install"):
        raise OrgWideInstallError("is_enterprise_install")
    at = (
        body.maybe("view", "app_installed_team_id")
        or authorised.maybe("team_id")
        or body.maybe("team", "id")
        or body.maybe("team_id")
    )
    if not at and (body.maybe("enterprise_id") or body.maybe("enterprise", "id")):
        raise OrgWideInstallError("team_id")
    if not at:
        raise NotUnderstoodError("team")
    return workspace_of(at)


def _user(body: Body) -> UserId:
    """Return who acted: a command names them at the top, an interaction in an object, an event within itself."""
    if "event" in body.content:
        return UserId(identity(body.text("event", "user")))
    if "user_id" in body.content:
        return UserId(identity(body.text("user_id")))
    return UserId(identity(body.text("user", "id")))


def _conversation(body: Body) -> str:
    at = body.maybe("channel_id") or body.maybe("channel", "id") or body.maybe("container", "channel_id")
    return identity(at) if at else ""


def _channel_name(body: Body) -> str:
    return body.maybe("channel_name") or body.maybe("channel", "name")


def _is_direct(channel: str, name: str) -> bool:
    """Say whether a conversation is one with the bot, or of a few people with it, and so no group's channel."""
    return channel.startswith("D") or name == "directmessage" or name.startswith("mpdm-")


def _is_on_view(body: Body) -> bool:
    return body.content.get("view") is not None


def _shows_errors(body: Body) -> bool:
    """Say whether something else than fields stands in the form that was sent: forms have nothing else of their own."""
    is_sent = body.maybe("type") == "view_submission"
    return is_sent and any(block.maybe("type") != "input" for block in body.listed("view", "blocks"))


def _opened(body: Body, channel: str) -> Opened:
    """Return where a form was opened, as it says itself, or where one would be opened now.

    A private reply in a channel cannot be changed later, so it is not remembered.
    """
    if _is_on_view(body):
        return opened_from(body.maybe("view", "private_metadata"))
    ts = "" if body.flag("container", "is_ephemeral") else body.maybe("container", "message_ts")
    is_group = bool(channel) and not _is_direct(channel, _channel_name(body))
    return Opened(ChannelId(channel) if is_group else None, channel if ts else "", ts)


def _typed(block: Body) -> str | tuple[str, ...]:
    inputs = list(block.entries().values())
    if len(inputs) != 1:
        raise NotUnderstoodError("view.state.values")
    field = inputs[0]
    match field.text("type"):
        case "plain_text_input":
            return field.maybe("value")
        case "users_select":
            return field.maybe("selected_user")
        case "static_select" | "radio_buttons":
            return field.maybe("selected_option", "value")
        case "checkboxes" | "multi_static_select":
            return tuple(option.text("value") for option in field.listed("selected_options"))
        case _:
            raise NotUnderstoodError("view.state.values.type")

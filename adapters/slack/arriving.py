"""Tells the kinds of payloads apart, and lets nothing through whose shape Bolt would stumble over."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from adapters.reading import NotUnderstoodError

Payload = dict[str, Any]


class Kind(StrEnum):
    """What arrived; each has one listener."""

    COMMAND = "command"
    ACTION = "block_actions"
    SUBMISSION = "view_submission"
    CLOSED = "view_closed"
    GLOBAL_SHORTCUT = "shortcut"
    MESSAGE_SHORTCUT = "message_action"
    EVENT = "event_callback"


_KINDS: Final = frozenset(map(str, Kind))
_NAMED: Final = ("id", "team_id", "enterprise_id", "app_installed_team_id")
_PLACES: Final = ("team", "enterprise", "user", "channel", "view", "message", "event")
_TEXTS: Final = ("team_id", "user_id", "channel_id", "enterprise_id", "trigger_id", "response_url", "event_id", "text")
_NOT_OURS: Final = (
    "function_data",
    "assistant_thread",
    "response_urls",
    "previous_message",
    "item",
    "bot_access_token",
)
"""What Bolt looks into and this bot never asked for; it is taken away."""


def kind_of(payload: Payload) -> Kind | None:
    """Return the kind, or None for one that this bot never asked for. Raises NotUnderstoodError for what is broken."""
    if "command" in payload:
        _text(payload, "command")
        return Kind.COMMAND
    kind = payload.get("type")
    if not isinstance(kind, str):
        raise NotUnderstoodError("type")
    if kind not in _KINDS:
        return None
    _required(Kind(kind), payload)
    return Kind(kind)


def shaped(payload: Payload) -> Payload:
    """Return the payload without what is not for us. Raises NotUnderstoodError where a value is of another kind."""
    payload = {key: value for key, value in payload.items() if key not in _NOT_OURS}
    _require_shape(payload)
    event = payload.get("event")
    if event is not None:
        _dict(payload, "event")
        payload["event"] = {key: value for key, value in event.items() if key not in _NOT_OURS}
        _require_shape(payload["event"])
    return payload


def _require_shape(found: Mapping[str, Any]) -> None:
    for key in _PLACES:
        _place(found, key)
    for key in _TEXTS:
        if found.get(key) is not None:
            _text(found, key)
    authorizations = found.get("authorizations")
    if authorizations is not None and not (isinstance(authorizations, list) and all(map(_is_named, authorizations))):
        raise NotUnderstoodError("authorizations")


def _place(found: Mapping[str, Any], key: str) -> None:
    value = found.get(key)
    if not (value is None or isinstance(value, str) or _is_named(value)):
        raise NotUnderstoodError(key)


def _is_named(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(key), str | None) for key in _NAMED)


def _required(kind: Kind, payload: Payload) -> None:
    """Require what Bolt's own matchers read without asking."""
    match kind:
        case Kind.EVENT:
            _text(_dict(payload, "event"), "type")
        case Kind.ACTION:
            actions = payload.get("actions")
            if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
                raise NotUnderstoodError("actions")
            _text(actions[0], "action_id")
        case Kind.SUBMISSION | Kind.CLOSED:
            view = _dict(payload, "view")
            _text(view, "callback_id")
            _text(view, "type")
        case Kind.GLOBAL_SHORTCUT | Kind.MESSAGE_SHORTCUT:
            _text(payload, "callback_id")
        case Kind.COMMAND:
            raise NotUnderstoodError("type")  # a command has no type


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    if not isinstance(value, str):
        raise NotUnderstoodError(key)
    return value


def _dict(found: Mapping[str, Any], key: str) -> Payload:
    value = found.get(key)
    if not isinstance(value, dict):
        raise NotUnderstoodError(key)
    return value

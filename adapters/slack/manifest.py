"""The app as Slack has to know it: what `twoyes manifest slack` prints, to be pasted where an app is created."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.slack.app import EVENTS
from adapters.slack.ids import REFER_FROM_MESSAGE
from adapters.slack.installing import REDIRECT, SCOPES
from adapters.slack.wiring import ADDRESS

_ABOUT: Final = (
    "Two yeses, one introduction. Members say who should meet whom; each side is asked first, in private, and only "
    "when both agree are they introduced, in a group message. Nobody is told of a no. Who has not joined is asked "
    "nothing. It reads no messages in channels. Everyone can see, export and erase what is stored about them from the "
    "Home tab, and a workspace that removes the app has its data deleted."
)
_COMMANDS: Final = {
    "refer": ("Suggest an introduction between two people", "[@who needs help] [@who can help]"),
    "ask": ("Say what you are looking for", "[what you are looking for]"),
    "intros": ("Join, your card, what waits for you, pause, privacy", "[join | card | mine | tally | pause | help]"),
}
_SHORTCUTS: Final = (
    {
        "name": "I can refer someone",
        "type": "message",
        "callback_id": REFER_FROM_MESSAGE,
        "description": "Suggest somebody to whoever wrote this",
    },
    {
        "name": "Ask for an introduction",
        "type": "global",
        "callback_id": "ask_new",
        "description": "Say what you are looking for",
    },
    {
        "name": "Refer two people",
        "type": "global",
        "callback_id": "refer_new",
        "description": "Suggest an introduction between two people",
    },
)
_MOST_OPERATOR: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What differs from one operator to the next. Without a URL the app uses Socket Mode."""

    commands: Mapping[str, str]
    operator: str = ""
    url: str = ""


def manifest(wanted: Wanted) -> dict[str, Any]:
    """Return the manifest; docs.slack.dev/reference/app-manifest says what each field means."""
    events = f"{wanted.url}{ADDRESS}" if wanted.url else ""
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": "twoyes",
            "description": "Introductions among members, made only when both sides have said yes.",
            "background_color": "#1f3a5f",
            "long_description": _long(wanted.operator),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,  # without it the bot may write to nobody
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "twoyes", "always_online": True},
            "shortcuts": [dict(shortcut) for shortcut in _SHORTCUTS],
            "slash_commands": [_command(ours, slack, events) for ours, slack in wanted.commands.items()],
        },
        "oauth_config": {
            **({"redirect_urls": [f"{wanted.url}{REDIRECT}"]} if wanted.url else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**({"request_url": events} if events else {}), "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **({"request_url": events} if events else {})},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not wanted.url,
            "token_rotation_enabled": False,
        },
    }


def _command(ours: str, slack: str, events: str) -> dict[str, Any]:
    description, hint = _COMMANDS[ours]
    command = {"command": slack, "description": description, "usage_hint": hint, "should_escape": True}
    return {**command, "url": events} if events else command


def _long(operator: str) -> str:
    """Return the text of the About tab, which names whoever runs the bot here."""
    named = " ".join(operator.split())[:_MOST_OPERATOR]
    return f"{_ABOUT} Run by {named}." if named else _ABOUT

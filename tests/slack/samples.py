"""What the tests of the Slack for tests send: messages, buttons and forms; and how they read a refusal."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.cast import ANA, TEAM
from tests.slack.server import SlackServer
from tests.slack.state import JSON

Ack = Callable[..., Awaitable[Any]]
"""Bolt's `ack`, as a listener gets it."""

KITCHEN = "A kitchen"
BASES = {"I worked with them": "direct", "Others told me": "indirect"}


async def refusal(call: Awaitable[object]) -> str:
    """Return the error that a call of the client's is answered with."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def button(label: str, action: str, value: str = "") -> JSON:
    more = {"value": value} if value else {}
    return {"type": "button", "text": plain(label), "action_id": action, **more}


def a_message(text: str, *buttons: JSON) -> JSON:
    section = {"type": "section", "text": plain(text)}
    return {"text": text, "blocks": [section, {"type": "actions", "block_id": "row", "elements": list(buttons)}]}


def an_input(key: str, label: str, element: JSON, **more: Any) -> JSON:  # noqa: ANN401 -- a block's own keys
    return {"type": "input", "block_id": key, "label": plain(label), "element": {"action_id": key, **element}, **more}


def options(*labels: str) -> list[JSON]:
    return [{"text": plain(label), "value": BASES[label]} for label in labels]


def a_modal(*blocks: JSON, **more: Any) -> JSON:  # noqa: ANN401 -- a view's own keys
    short = {"type": "plain_text_input", "max_length": 20}
    need = an_input("need", "What do they need?", short, hint=plain("In short"))
    shown = list(blocks) or [need]
    return {
        "type": "modal",
        "callback_id": "refer:r-1",
        "title": plain("Refer two people"),
        "submit": plain("Next"),
        "blocks": shown,
        **more,
    }


REFER = a_modal(
    an_input("who", "Who can help?", {"type": "users_select"}),
    an_input("need", "What do they need?", {"type": "plain_text_input", "initial_value": KITCHEN, "max_length": 20}),
    an_input("basis", "Basis", {"type": "static_select", "options": options(*BASES)}),
    an_input("also", "Also", {"type": "checkboxes", "options": options(*BASES)}, optional=True),
    private_metadata="kept",
)


async def opened(slack: SlackServer, client: AsyncWebClient, view: JSON) -> JSON:
    """Let Ana open a modal through the Web API; return the view as Slack answers it."""
    answered = await client.views_open(trigger_id=slack.world.grant_trigger(ANA, TEAM), view=view)
    found: JSON = answered["view"]
    return found

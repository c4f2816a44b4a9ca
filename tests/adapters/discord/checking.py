"""What Discord would find wrong with a request, by its published shapes and by the limits those lack."""

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.discord.layouts import Upload
from adapters.discord.messages import Outgoing
from tests.discord.checking import Checking
from tests.discord.limits import message_faults
from tests.discord.limits_forms import command_faults, modal_faults
from tests.oracles import oracle

CHANNEL_MESSAGES = "/channels/300000000000000001/messages"
CALLBACK = "/interactions/900000000000000001/token/callback"
FOLLOW_UPS = "/webhooks/100000000000000001/token"
ORIGINAL = f"{FOLLOW_UPS}/messages/@original"
COMMANDS = "/applications/100000000000000001/commands"
MESSAGE, UPDATE, MODAL = 4, 7, 9


def request_faults(method: str, path: str, body: object) -> list[str]:
    """Return what the published shapes say."""
    return Checking(oracle("discord_check")).request(method, path, body, {})


def posted_faults(sent: Sequence[Outgoing]) -> list[str]:
    """Return what is wrong with messages that are created."""
    return [fault for one in sent for fault in _faults("POST", CHANNEL_MESSAGES, one)]


def edited_faults(sent: Sequence[Outgoing]) -> list[str]:
    """Return what is wrong with one message put in the place of another, and further ones."""
    first, *more = sent
    return [*_faults("PATCH", f"{CHANNEL_MESSAGES}/1", first, edits=True), *posted_faults(more)]


def replied_faults(sent: Sequence[Outgoing], kind: int = MESSAGE) -> list[str]:
    """Return what is wrong with an answer to an interaction, and its follow-ups."""
    first, *more = sent
    own = message_faults(first.payload, files_of(first.files), edits=kind == UPDATE)
    published = request_faults("POST", CALLBACK, {"type": kind, "data": first.payload})
    return [*own, *published, *(fault for one in more for fault in _faults("POST", FOLLOW_UPS, one))]


def modal_and_published_faults(modal: dict[str, Any]) -> list[str]:
    """Return what is wrong with a modal."""
    return [*modal_faults(modal), *request_faults("POST", CALLBACK, {"type": MODAL, "data": modal})]


def commands_faults(commands: list[dict[str, Any]]) -> list[str]:
    """Return what is wrong with all commands together."""
    return [*command_faults(commands), *request_faults("PUT", COMMANDS, commands)]


def _faults(method: str, path: str, one: Outgoing, *, edits: bool = False) -> list[str]:
    own = message_faults(one.payload, files_of(one.files), edits=edits)
    return [*own, *request_faults(method, path, one.payload)]


def files_of(uploads: Sequence[Upload]) -> dict[str, bytes]:
    """Return files by the ids they have in a multipart body."""
    return {str(number): upload.content for number, upload in enumerate(uploads)}


def texts_of(one: Outgoing) -> Iterator[str]:
    """Yield the texts in which Discord looks for markdown."""
    yield one.payload.get("content") or ""
    for component in one.payload.get("components") or []:
        if component["type"] == 10:
            yield component["content"]


def buttons_of(one: Outgoing) -> list[tuple[str, str]]:
    """Return labels and ids of the buttons."""
    rows = [component for component in one.payload.get("components") or [] if component["type"] == 1]
    return [(button["label"], button["custom_id"]) for row in rows for button in row["components"]]

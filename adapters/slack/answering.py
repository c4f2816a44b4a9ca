"""The core's replies in Slack's ways: in the answer's body, as a form, in place of what was clicked, beside it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.slack.blocks import TooMuchToShowError, content, edit_payload, fallback
from adapters.slack.clients import Calls, Clients
from adapters.slack.errors import FAILURES, TOKEN_IS_DEAD, name_of
from adapters.slack.gateway import SlackGateway
from adapters.slack.inbound import Envelope
from adapters.slack.views import View, form_view, instead, refusal
from adapters.waiting import retried
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Directory
from bot.ports.gateway import (
    DeliveryError,
    DeliveryKey,
    DeliveryRefusedError,
    Direct,
    Receipt,
)
from bot.ports.inbound import Submit
from bot.ports.messages import File, Image, Message, Reply
from bot.ports.telemetry import Telemetry

Sentence = Callable[[str], Message]
"""A fixed text, in somebody's language."""

Body = str | dict[str, Any]

_TOO_LATE: Final = frozenset({"expired_trigger_id", "trigger_expired", "invalid_trigger_id", "invalid_trigger"})
_USED: Final = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
"""The form is open: this is the same press once more, or its first answer was lost."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the adapter itself has to say, in the core's words."""

    press_again: Sentence
    try_again: Sentence
    not_added: Sentence


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes into the answer's body, and what is shown after it."""

    body: Body = ""
    after: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class _Unkept:
    """The progress of a delivery that is tried here and now, and not after a crash."""

    done: dict[str, str] = field(default_factory=dict)

    async def record(self, step: str, result: str) -> None:
        self.done[step] = result


class Answering:
    """Shows people what the bot replied to them."""

    def __init__(
        self,
        *,
        calls: Calls,
        clients: Clients,
        gateway: SlackGateway,
        directory: Directory,
        sentences: Sentences,
        telemetry: Telemetry,
    ) -> None:
        """Deliver what is a message of its own through the gateway, and the rest by `calls`."""
        self._calls = calls
        self._clients = clients
        self._gateway = gateway
        self._directory = directory
        self._sentences = sentences
        self._telemetry = telemetry

    async def to_command(self, reply: Reply, at: Envelope, by: float) -> Answer:
        """Answer in the body, which only the one who typed sees, and which works where the bot is no member."""
        message = await self._opened(reply, at, by) or reply.message
        if message is None:
            return Answer()
        if _has_files(message):
            return Answer(after=lambda: self._directly(message, at))
        return Answer(_privately(message))

    async def to_press(self, reply: Reply, at: Envelope, by: float) -> Answer:
        """Answer a button: in place of its message if that stood in front of this person alone."""
        failed = await self._opened(reply, at, by)
        message = failed or reply.message
        if message is None:
            return Answer()
        replaces = reply.replaces and failed is None
        return Answer(after=lambda: self._show(message, at, replaces=replaces))

    async def to_pick(self, reply: Reply, at: Envelope, by: float) -> Answer:
        """Answer a shortcut: to this person alone where it was chosen, for which the bot need not be a member there."""
        message = await self._opened(reply, at, by) or reply.message
        if message is None:
            return Answer()
        if at.response_url and not _has_files(message):
            return Answer(after=lambda: self._by_response_url(message, at, replaces=False))
        return Answer(after=lambda: self._directly(message, at))

    async def to_submission(self, reply: Reply, sent: Submit, at: Envelope) -> Answer:
        """Answer a form with its errors, with the next form, or by closing it."""
        message = reply.message
        shown = None if message is None else (lambda: self._show_after_form(message, at, replaces=reply.replaces))
        if reply.errors:
            anew = reply.form is not None and at.shows_errors
            return Answer(refusal(reply.errors, reply.form, sent, opened=at.opened, anew=anew))
        if reply.form is not None:
            return Answer(instead(form_view(reply.form, opened=at.opened)), shown)
        return Answer(after=shown)

    def not_added(self) -> Body:
        """Return what is said where the bot was removed, and where it can ask for nobody's language."""
        return _privately(self._sentences.not_added("en"))

    async def _opened(self, reply: Reply, at: Envelope, by: float) -> Message | None:
        """Open the reply's form, if it has one, `by` an instant of the loop's; return what to say if that failed."""
        if reply.form is None:
            return None
        failed = await self._open(form_view(reply.form, opened=at.opened), at, by)
        if failed is None or failed in _USED:
            return None
        self._telemetry.event("slack.form_not_opened", error=failed)
        sentence = self._sentences.press_again if failed in _TOO_LATE else self._sentences.try_again
        return sentence(await self._language(at.workspace, at.user))

    async def _open(self, view: View, at: Envelope, by: float) -> str | None:
        """Open a form, and return None, or the name of what went wrong, within the time of a trigger."""
        try:
            async with asyncio.timeout_at(by):
                client = await self._clients.client_of(at.workspace)
                await client.views_open(trigger_id=at.trigger_id, view=view)
        except FAILURES as failed:
            name = name_of(failed)
            if name in TOKEN_IS_DEAD:
                self._clients.tokens.drop(at.workspace)
            return name
        except DeliveryError:
            return "not_added"
        return None

    async def _language(self, workspace: WorkspaceId, user: UserId) -> str:
        found = await self._directory.look_up(workspace, (user,))
        return (found[user].locale if user in found else None) or "en"

    async def _show(self, message: Message, at: Envelope, *, replaces: bool) -> None:
        if _is_dm(at.channel):
            self._gateway.met(at.workspace, at.user, at.channel)
        if _has_files(message):
            await self._directly(message, at)
        elif at.is_ephemeral and at.response_url:
            await self._by_response_url(message, at, replaces=replaces)
        elif _is_dm(at.channel) and replaces and at.ts:
            await self._edited(message, at, at.channel, at.ts)
        elif not at.channel or _is_dm(at.channel):
            await self._directly(message, at)
        else:
            await self._beside(message, at)

    async def _show_after_form(self, message: Message, at: Envelope, *, replaces: bool) -> None:
        clicked = at.opened
        if replaces and clicked.ts and _is_dm(clicked.conversation):
            await self._edited(message, at, clicked.conversation, clicked.ts)
        else:
            await self._directly(message, at)

    async def _directly(self, message: Message, at: Envelope) -> None:
        to, key, progress = Direct(at.workspace, at.user), DeliveryKey(at.event), _Unkept()
        await retried(lambda: self._gateway.deliver(to, message, key=key, progress=progress))

    async def _edited(self, message: Message, at: Envelope, channel: str, ts: str) -> None:
        """Show it in the place of an earlier message; below, if that one is gone."""
        receipt = Receipt(at.workspace, channel, ts)
        try:
            await retried(lambda: self._gateway.edit(receipt, message, key=DeliveryKey(at.event)))
        except DeliveryRefusedError:
            await self._directly(message, at)

    async def _beside(self, message: Message, at: Envelope) -> None:
        """Show it in the channel to this person alone; where that cannot be, in their direct messages."""
        shown = {"channel": at.channel, "user": at.user, **_content(message, edit_payload)}
        try:
            await self._calls.make(at.workspace, "chat.postEphemeral", lambda slack: slack.chat_postEphemeral(**shown))
        except DeliveryRefusedError:
            await self._directly(message, at)

    async def _by_response_url(self, message: Message, at: Envelope, *, replaces: bool) -> None:
        """Answer where only a response URL reaches: what one person sees, maybe where the bot is no member."""
        body = {**_privately(message), "replace_original": replaces}
        async with self._clients.line.session().post(at.response_url, json=body) as answered:
            gone = answered.status != 200  # noqa: PLR2004 -- HTTP's OK
        if gone:
            await self._directly(message, at)


def _is_dm(channel: str) -> bool:
    """Say whether a conversation is with the bot alone. A group's direct message is read by others too."""
    return channel.startswith("D")


def _has_files(message: Message) -> bool:
    return any(isinstance(part, File | Image) for part in message.parts)


def _privately(message: Message) -> dict[str, Any]:
    return {"response_type": "ephemeral", **_content(message, content)}


def _content(message: Message, shown: Callable[[Message], dict[str, Any]]) -> dict[str, Any]:
    try:
        return shown(message)
    except TooMuchToShowError:
        return {"text": fallback(message)}

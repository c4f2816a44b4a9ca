"""Puts the bot's messages in front of people on Slack: one call each, and nothing sent twice by itself."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.fitting import require_fit
from adapters.keeping import Lately
from adapters.slack.blocks import NO_FILES, Arguments, TooMuchToShowError, edit_payload, message_payload
from adapters.slack.clients import Calls, text_at
from adapters.slack.errors import NotTakenError
from adapters.slack.rates import rates_to
from adapters.slack.uploads import Uploads
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.gateway import (
    DeliveryDelayedError,
    DeliveryKey,
    DeliveryRefusedError,
    Direct,
    InChannel,
    Progress,
    Rate,
    Receipt,
    Recipient,
    Refusal,
    Room,
)
from bot.ports.messages import File, Message

ROOM: Final = "room"
"""The step at which a group's direct message was opened."""
POSTED: Final = "posted"
"""The step at which a message stood whose files were still to come."""
PICTURE_WAITS: Final = "picture_waits"
MOST_PICTURE_WAITS: Final = 5
"""So often a post waits for its pictures to be ready; then it goes without them."""

PREPARED_WITHIN: Final = 4.0
"""Seconds for everything before the post: opening a conversation, and uploading pictures."""

MOST_KEYS: Final = 10_000
MOST_DIRECTS: Final = 10_000

Limits = Callable[[Recipient], Sequence[Rate]]
Worded = Callable[[Message], Message]
"""Puts the last touch to our words before they are shown."""

OnPrivate = Callable[[WorkspaceId, UserId], object]
"""Hears that something changed in front of one person. It only notes it: it neither waits nor raises."""


@dataclass(frozen=True, slots=True)
class _Unkept:
    """The progress of an edit, of which no step is worth keeping."""

    done: dict[str, str] = field(default_factory=dict)

    async def record(self, step: str, result: str) -> None:
        self.done[step] = result


class SlackGateway:
    """Passes tests/contract/test_chat_gateway.py. Keys are known as long as this runs: Slack takes none with a post."""

    def __init__(
        self,
        calls: Calls,
        *,
        on_private: OnPrivate | None = None,
        limits: Limits = rates_to,
        worded: Worded = lambda message: message,
    ) -> None:
        """Deliver through `calls`, and tell `on_private` after what reached one person alone."""
        self._worded = worded
        self._calls = calls
        self._limits = limits
        self._uploads = Uploads(calls)
        self._on_private = on_private
        self._receipts: Lately[DeliveryKey, Receipt] = Lately(MOST_KEYS)
        self._directs: Lately[tuple[WorkspaceId, UserId], str] = Lately(MOST_DIRECTS)
        self._readers: Lately[tuple[WorkspaceId, str], UserId] = Lately(MOST_DIRECTS)

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        """Show the message, opening the room first where there is none."""
        if (earlier := self._receipts.get(key)) is not None:
            return earlier
        message = self._worded(message)
        require_fit(message, key)
        channel, files = await self._prepared(to, message, progress)
        receipt = await self._posted(to, channel, message, files, progress)
        if isinstance(to, Direct):
            self.met(to.workspace, to.user, receipt.channel)
        if _has_files(message):
            await self._uploads.share(to.workspace, receipt.channel, message, progress)
        return self._done(key, receipt)

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        """Put the message in the place of an earlier one; nothing is edited twice under one key."""
        if (earlier := self._receipts.get(key)) is not None:
            return earlier
        message = self._worded(message)
        require_fit(message, key)
        files = await self._uploads.pictures(receipt.workspace, message, _Unkept())
        shown = _shown(message, edit_payload, files)
        try:
            await self._calls.make(
                receipt.workspace,
                "chat.update",
                lambda client: client.chat_update(channel=receipt.channel, ts=receipt.message, **shown),
            )
        except NotTakenError as refused:
            if files and refused.misses_file:
                raise DeliveryDelayedError from refused
            raise
        return self._done(key, receipt)

    def rates(self, to: Recipient) -> Sequence[Rate]:
        """Return the limits this delivery counts against; those of other methods are kept by Calls."""
        return self._limits(to)

    def met(self, workspace: WorkspaceId, user: UserId, channel: str) -> None:
        """Note which conversation is the one with this person, as an interaction in it tells."""
        self._directs.keep((workspace, user), channel)
        self._readers.keep((workspace, channel), user)

    async def _prepared(self, to: Recipient, message: Message, progress: Progress) -> tuple[str, Mapping[int, str]]:
        """Return where the message goes and its pictures, soon enough for the courier to be waiting for the post alone.

        When it stops waiting, it takes the message for sent.
        """
        try:
            async with asyncio.timeout(PREPARED_WITHIN):
                channel = await self._channel(to, progress)
                if POSTED in progress.done:
                    return channel, NO_FILES
                return channel, await self._uploads.pictures(to.workspace, message, progress)
        except TimeoutError:
            raise DeliveryDelayedError from None

    async def _channel(self, to: Recipient, progress: Progress) -> str:
        match to:
            case InChannel(channel=channel):
                return channel
            case Direct():
                return await self._direct(to)
            case Room():
                return await self._room(to, progress)

    async def _direct(self, to: Direct) -> str:
        """Open the conversation rather than post to a person: that call says why somebody cannot be reached."""
        known = self._directs.get((to.workspace, to.user))
        return known or await self._opened(to.workspace, to.user)

    async def _room(self, to: Room, progress: Progress) -> str:
        """Open the group's direct message. The same people get the same one; the introduction names its referral."""
        if ROOM in progress.done:
            return progress.done[ROOM]
        channel = await self._opened(to.workspace, *to.users)
        await progress.record(ROOM, channel)
        return channel

    async def _opened(self, workspace: WorkspaceId, *users: UserId) -> str:
        answer = await self._calls.make(
            workspace, "conversations.open", lambda client: client.conversations_open(users=list(users))
        )
        return text_at(answer, "channel", "id")

    async def _posted(
        self, to: Recipient, channel: str, message: Message, files: Mapping[int, str], progress: Progress
    ) -> Receipt:
        if POSTED in progress.done:
            return Receipt(to.workspace, channel, progress.done[POSTED])
        try:
            receipt = await self._post(to.workspace, channel, message, files)
        except NotTakenError as refused:
            if not (files and refused.misses_file):
                self._require_met(to, refused)
                raise
            await _wait_for_pictures(progress, refused)
            receipt = await self._post(to.workspace, channel, message, NO_FILES)
        if _has_files(message):
            await progress.record(POSTED, receipt.message)
        return receipt

    async def _post(self, workspace: WorkspaceId, channel: str, message: Message, files: Mapping[int, str]) -> Receipt:
        shown = _shown(message, message_payload, files)
        answer = await self._calls.make(
            workspace, "chat.postMessage", lambda client: client.chat_postMessage(channel=channel, **shown)
        )
        ts = text_at(answer, "ts", lost_answer=True)
        return Receipt(workspace, str(answer.get("channel") or channel), ts)

    def _require_met(self, to: Recipient, refused: NotTakenError) -> None:
        """Raise what it means that a person's own conversation is not there, or archived: they cannot be reached.

        One that was remembered may be another by now: it is opened again first.
        """
        if not isinstance(to, Direct) or refused.name not in ("channel_not_found", "is_archived"):
            return
        if self._directs.drop((to.workspace, to.user)) is not None:
            raise DeliveryDelayedError from refused
        raise NotTakenError(Refusal.UNREACHABLE, refused.name) from refused

    def _done(self, key: DeliveryKey, receipt: Receipt) -> Receipt:
        self._receipts.keep(key, receipt)
        reader = self._readers.get((receipt.workspace, receipt.channel))
        if reader is not None and self._on_private is not None:
            asyncio.get_running_loop().call_soon(self._on_private, receipt.workspace, reader)
        return receipt


def _has_files(message: Message) -> bool:
    return any(isinstance(part, File) for part in message.parts)


async def _wait_for_pictures(progress: Progress, refused: NotTakenError) -> None:
    """Raise DeliveryDelayedError while it is worth waiting: Slack works on an upload after it is complete."""
    waits = int(progress.done.get(PICTURE_WAITS, "0"))
    if waits < MOST_PICTURE_WAITS:
        await progress.record(PICTURE_WAITS, str(waits + 1))
        raise DeliveryDelayedError from refused


def _shown(message: Message, payload: Callable[..., Arguments], files: Mapping[int, str]) -> dict[str, Any]:
    try:
        return payload(message, files=files)
    except TooMuchToShowError as broken:
        raise DeliveryRefusedError(Refusal.INVALID) from broken

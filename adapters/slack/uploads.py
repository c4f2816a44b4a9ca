"""Pictures and files: asked for, sent and completed in three calls, of which a crash repeats as few as possible."""

from collections.abc import Mapping
from typing import Final

from adapters.slack.clients import Calls, text_at
from adapters.slack.errors import FAILURES, NotTakenError, name_of
from adapters.slack.text import cut
from bot.domain.ids import WorkspaceId
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Progress, Refusal
from bot.ports.messages import File, Image, Message

MOST_ALT: Final = 1000
PICTURE: Final = "picture.png"
_OK: Final = 200


class Uploads:
    """Uploads what a message carries, before its post (pictures) or after it (files)."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def pictures(self, workspace: WorkspaceId, message: Message, progress: Progress) -> Mapping[int, str]:
        """Return the file ids of a message's pictures, by the index of their part.

        They are uploaded without a channel, and the post refers to them (slack.md, section 2, "Weekly image"). One that
        Slack refuses is left out: its alternative text says the same.
        """
        found = {}
        for index, part in enumerate(message.parts):
            if isinstance(part, Image):
                try:
                    found[index] = await self._upload(workspace, f"picture.{index}", part, progress, "")
                except DeliveryRefusedError:
                    continue
        return found

    async def share(self, workspace: WorkspaceId, channel: str, message: Message, progress: Progress) -> None:
        """Put a message's files into a conversation, each once."""
        for index, part in enumerate(message.parts):
            if isinstance(part, File):
                await self._upload(workspace, f"file.{index}", part, progress, channel)

    async def _upload(
        self, workspace: WorkspaceId, step: str, part: Image | File, progress: Progress, channel: str
    ) -> str:
        """Return the id of a completed upload. Bytes that were sent before a crash are completed, not sent again."""
        completed, sent = f"{step}.completed", progress.done.get(step)
        if completed in progress.done:
            return progress.done[completed]
        if sent is not None and await self._completed_late(workspace, sent, channel):
            file = sent
        else:
            file = await self._sent(workspace, part)
            await progress.record(step, file)
            await self._complete(workspace, file, channel)
        await progress.record(completed, file)
        return file

    async def _completed_late(self, workspace: WorkspaceId, file: str, channel: str) -> bool:
        """Complete what was sent at an earlier try, which Slack may have forgotten by now."""
        try:
            await self._complete(workspace, file, channel)
        except NotTakenError as refused:
            if refused.misses_file:
                return False
            raise
        return True

    async def _sent(self, workspace: WorkspaceId, part: Image | File) -> str:
        name, content, alt = _content(part)
        if not content:
            raise DeliveryRefusedError(Refusal.INVALID)
        place = await self._calls.make(
            workspace,
            "files.getUploadURLExternal",
            lambda client: client.files_getUploadURLExternal(filename=name, length=len(content), alt_txt=alt),
        )
        await self._post(workspace, text_at(place, "upload_url"), content)
        return text_at(place, "file_id")

    async def _post(self, workspace: WorkspaceId, url: str, content: bytes) -> None:
        """Send the bytes. The address is the permission: it takes no token, and nothing is shown before completion."""
        line = self._calls.line
        try:
            async with line.session().post(url, data=content, proxy=line.client().proxy) as answered:
                taken = answered.status == _OK
        except FAILURES as failed:
            self._calls.note(workspace, "upload", name_of(failed))
            raise DeliveryDelayedError from failed
        if not taken:
            self._calls.note(workspace, "upload", f"status_{answered.status}")
            raise DeliveryDelayedError

    async def _complete(self, workspace: WorkspaceId, file: str, channel: str) -> None:
        await self._calls.make(
            workspace,
            "files.completeUploadExternal",
            lambda client: client.files_completeUploadExternal(files=[{"id": file}], channel_id=channel or None),
        )


def _content(part: Image | File) -> tuple[str, bytes, str | None]:
    """Return name, bytes and alternative text."""
    match part:
        case Image(content, alt):
            return PICTURE, content, cut(alt, MOST_ALT)
        case File(name, text):
            return name, text.encode(errors="replace"), None

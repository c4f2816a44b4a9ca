"""Messages by REST: posted once for a nonce, edited in place, in several where one cannot hold what there is to say."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final

from discord.http import Route

from adapters.discord.errors import NotTakenError
from adapters.discord.ids import guild_of, is_snowflake
from adapters.discord.layouts import Showing
from adapters.discord.line import Line, listed, text_at
from adapters.discord.messages import Outgoing, edited
from bot.domain.ids import WorkspaceId
from bot.ports.gateway import DeliveryKey, DeliveryRefusedError, Progress, Receipt, Refusal
from bot.ports.messages import Message

MOST_NONCE: Final = 25
BETWEEN: Final = "+"
"""Stands between the ids of one delivery's messages."""
ENOUGH: Final = "50"
_SAID: Final = 0
"""The type of a message somebody wrote; those that tell who was added have others."""


def nonce_of(key: DeliveryKey, page: int = 0) -> str:
    """Return what Discord knows a repeat by, for a few minutes: the same for the same delivery, in every process."""
    return sha256(f"{key}/{page}".encode()).hexdigest()[:MOST_NONCE]


class Posts:
    """Sends what is rendered."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def send(
        self,
        workspace: WorkspaceId,
        channel: str,
        pages: Sequence[Outgoing],
        *,
        key: DeliveryKey,
        progress: Progress | None = None,
    ) -> Receipt:
        """Post a message, page by page; of several, those that stand already are not posted again."""
        sent = []
        for number, page in enumerate(pages):
            step = f"page.{channel}.{number}"
            posted = progress.done.get(step) if progress else None
            if posted is None:
                posted = await self._post(workspace, channel, page, nonce_of(key, number))
                if progress and len(pages) > 1:
                    await progress.record(step, posted)
            sent.append(posted)
        return Receipt(workspace, channel, BETWEEN.join(sent))

    async def standing(self, workspace: WorkspaceId, channel: str, pages: int) -> Receipt | None:
        """Return what the bot said in a room that nothing else is said in, if it is all there."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        me = await self._line.me(workspace)
        answer = await self._line.call(workspace, route, query={"limit": ENOUGH})
        own = sorted((text_at(each, "id") for each in listed(answer) if _is_by(each, me)), key=int)
        return Receipt(workspace, channel, BETWEEN.join(own[:pages])) if len(own) >= pages else None

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        """Put a message in the place of an earlier one.

        It takes the first place, and those that the earlier one had beside it go. Raises DeliveryRefusedError (GONE).
        """
        first, *others = receipt.message.split(BETWEEN)
        if not all(map(is_snowflake, (receipt.channel, first, *others))):
            raise DeliveryRefusedError(Refusal.GONE)
        page, *more = edited(message, Showing(guild=guild_of(receipt.workspace)))
        await self._line.call(
            receipt.workspace, _message("PATCH", receipt.channel, first), page.payload, files=page.files
        )
        for other in others:
            with suppress(NotTakenError):
                await self._line.call(receipt.workspace, _message("DELETE", receipt.channel, other))
        if not more:
            return Receipt(receipt.workspace, receipt.channel, first)
        added = await self.send(receipt.workspace, receipt.channel, more, key=key)
        return Receipt(receipt.workspace, receipt.channel, f"{first}{BETWEEN}{added.message}")

    async def _post(self, workspace: WorkspaceId, channel: str, page: Outgoing, nonce: str) -> str:
        body = {**page.payload, "nonce": nonce, "enforce_nonce": True}
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        answer = await self._line.call(workspace, route, body, files=page.files)
        return text_at(answer, "id", lost_answer=True)


def _is_by(message: Mapping[str, Any], user: str) -> bool:
    author = message.get("author")
    return isinstance(author, Mapping) and author.get("id") == user and message.get("type") == _SAID


def _message(method: str, channel: str, message: str) -> Route:
    path = "/channels/{channel_id}/messages/{message_id}"
    return Route(method, path, channel_id=channel, message_id=message)

"""Puts the bot's messages in front of people on Discord: by direct message, in a channel, in a private thread."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from adapters.discord.directs import Addresses, Directs, NoAddresses
from adapters.discord.errors import UNKNOWN_CHANNEL, NotTakenError
from adapters.discord.ids import guild_of, is_snowflake
from adapters.discord.layouts import Showing
from adapters.discord.line import Line
from adapters.discord.messages import in_words, mentioned, posted
from adapters.discord.posting import Posts, nonce_of
from adapters.discord.rates import Openings, rates_to
from adapters.discord.rights import Rights
from adapters.discord.rooms import APART, Rooms
from adapters.discord.text import Names
from adapters.fitting import require_fit
from adapters.keeping import Lately
from bot.domain.ids import UserId
from bot.ports.edges import Directory
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
from bot.ports.messages import Message
from bot.ports.telemetry import Telemetry

POSTING: Final = "posting"
"""The step before an introduction is posted: from here on it may stand in its room."""
TOLD: Final = "told"
"""The step at which one of those who cannot meet in a room was written to."""

PREPARED_WITHIN: Final = 5.0
"""Seconds for everything before the post: opening a conversation, or a room with its people."""
MOST_KEYS: Final = 10_000

_ROOM_IS_GONE: Final = (Refusal.NO_CHANNEL, Refusal.FORBIDDEN)
_MAY_BE_ITS_PICTURE: Final = (Refusal.FORBIDDEN, Refusal.INVALID)
"""As where the bot may not attach files, or the picture is too large for the server."""
Limits = Callable[[Recipient], Sequence[Rate]]


class DiscordGateway:
    """Passes tests/contract/test_chat_gateway.py.

    Discord knows a key by its nonce for a few minutes, and this gateway as long as it runs.
    """

    def __init__(
        self,
        line: Line,
        *,
        rights: Rights,
        directory: Directory,
        openings: Openings,
        telemetry: Telemetry,
        limits: Limits = rates_to,
        addresses: Addresses | None = None,
    ) -> None:
        """Deliver through `line`, to new people at the pace of `openings`; who is not new is among the `addresses`.

        `directory` names those who are spoken of in a room and are not to come in.
        """
        self._rights = rights
        self._directs = Directs(line, openings, addresses or NoAddresses())
        self._rooms = Rooms(line, rights)
        self._posts = Posts(line)
        self._directory = directory
        self._telemetry = telemetry
        self._limits = limits
        self._receipts: Lately[DeliveryKey, Receipt] = Lately(MOST_KEYS)

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        """Show the message, opening the room first where there is none."""
        if (earlier := self._receipts.get(key)) is not None:
            return earlier
        require_fit(message, key)
        receipt = await self._delivered(to, message, key, progress)
        self._receipts.keep(key, receipt)
        return receipt

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        """Put the message in the place of an earlier one; nothing is edited twice under one key."""
        if (earlier := self._receipts.get(key)) is not None:
            return earlier
        require_fit(message, key)
        done = await self._posts.edit(receipt, message, key=key)
        self._receipts.keep(key, done)
        return done

    async def put_away(self, to: Room, *, opened_by: DeliveryKey) -> None:
        """Put the thread away that was opened for this delivery, if it is open: a server has room for so many."""
        async with _in_time():
            await self._rooms.put_away(to, opened_by)

    def rates(self, to: Recipient) -> Sequence[Rate]:
        """Return the limits this delivery counts against; what Discord says of its own beside them, Line keeps to."""
        return self._limits(to)

    def met(self, user: UserId, channel: str) -> None:
        """Note which conversation is the one with this person, as an interaction in it tells."""
        self._directs.met(user, channel)

    async def _delivered(self, to: Recipient, message: Message, key: DeliveryKey, progress: Progress) -> Receipt:
        match to:
            case InChannel():
                return await self._into_channel(to, message, key, progress)
            case Direct():
                return await self._to_person(to, message, key, progress)
            case Room():
                return await self._to_pair(to, message, key, progress)

    async def _into_channel(self, to: InChannel, message: Message, key: DeliveryKey, progress: Progress) -> Receipt:
        """Post in a group's channel. A picture that Discord does not take there is told in words."""
        if not is_snowflake(to.channel):
            raise DeliveryRefusedError(Refusal.NO_CHANNEL)
        pages, worded = posted(message), in_words(message)
        try:
            return await self._posts.send(to.workspace, to.channel, pages, key=key, progress=progress)
        except NotTakenError as refused:
            if worded == message or len(pages) > 1 or refused.reason not in _MAY_BE_ITS_PICTURE:
                raise
        return await self._posts.send(to.workspace, to.channel, posted(worded), key=key, progress=progress)

    async def _to_person(self, to: Direct, message: Message, key: DeliveryKey, progress: Progress) -> Receipt:
        """Write to one person, if they are in the server.

        Those mentioned may be notified: only the reader is there, and their client learns who it is about.
        """
        async with _in_time():
            await self._rights.require_member(to.workspace, to.user)
            channel = await self._directs.channel(to)
        showing = Showing(guild=guild_of(to.workspace), notify=tuple(mentioned(message)))
        try:
            return await self._posts.send(to.workspace, channel, posted(message, showing), key=key, progress=progress)
        except NotTakenError as refused:
            if refused.code == UNKNOWN_CHANNEL and await self._directs.forget(to.user):
                raise DeliveryDelayedError from refused
            raise

    async def _to_pair(self, to: Room, message: Message, key: DeliveryKey, progress: Progress) -> Receipt:
        async with _in_time():
            channel = await self._rooms.channel(to, key, progress)
            named = await self._outsiders(to, message)
        apart = to.apart or message
        if channel is None:
            return await self._apart(to, apart, key, progress)
        try:
            return await self._into_room(to, channel, message, key=key, progress=progress, named=named)
        except NotTakenError as refused:
            if refused.reason not in _ROOM_IS_GONE:
                raise
            await progress.record(APART, "1")
        return await self._apart(to, apart, key, progress)

    async def _outsiders(self, to: Room, message: Message) -> Names:
        """Return the names of those who are mentioned and not in the room: a mention would let them in."""
        others = mentioned(message) - set(to.users)
        people = await self._directory.look_up(to.workspace, others) if others else {}
        return {user: people[user].name if user in people else "" for user in others}

    async def _into_room(
        self, to: Room, channel: str, message: Message, *, key: DeliveryKey, progress: Progress, named: Names
    ) -> Receipt:
        """Post in a room, unless an earlier try did.

        Its nonce may be forgotten by now, and an introduction comes once.
        """
        pages = posted(message, Showing(notify=to.users, named=named))
        if progress.done.get(POSTING) == nonce_of(key):
            with suppress(NotTakenError):
                if there := await self._posts.standing(to.workspace, channel, len(pages)):
                    return there
        else:
            await progress.record(POSTING, nonce_of(key))
        return await self._posts.send(to.workspace, channel, pages, key=key, progress=progress)

    async def _apart(self, to: Room, message: Message, key: DeliveryKey, progress: Progress) -> Receipt:
        """Write to each by direct message, for where they cannot meet in a room.

        If the first cannot be reached, nobody hears of it. Once somebody has it, it is made: both agreed to just this,
        and who has it can write to the other. The receipt is that of the first.
        """
        first: Receipt | None = None
        for user in to.users:
            try:
                receipt = await self._to_one_of(to, user, message, key=key, progress=progress)
            except DeliveryRefusedError as refused:
                if first is None:
                    raise
                self._telemetry.event("discord.introduced_in_part", key=key, reason=refused.reason)
                continue
            first = first or receipt
        if first is None:
            raise DeliveryRefusedError(Refusal.INVALID)
        return first

    async def _to_one_of(
        self, to: Room, user: UserId, message: Message, *, key: DeliveryKey, progress: Progress
    ) -> Receipt:
        step = f"{TOLD}.{user}"
        if told := progress.done.get(step):
            channel, _, standing = told.partition("/")
            return Receipt(to.workspace, channel, standing)
        theirs = DeliveryKey(f"{key}/{user}")
        receipt = await self._to_person(Direct(to.workspace, user), message, theirs, progress)
        await progress.record(step, f"{receipt.channel}/{receipt.message}")
        return receipt


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    """Be ready soon enough for the courier to be waiting for the post alone.

    What it stops waiting for, it takes for sent.
    """
    try:
        async with asyncio.timeout(PREPARED_WITHIN):
            yield
    except TimeoutError:
        raise DeliveryDelayedError from None

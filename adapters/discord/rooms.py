"""Private threads for those who are introduced: made once, with all of them in it, or not at all."""

from base64 import b32encode
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final

from discord.http import Route

from adapters.discord.errors import (
    NO_ACCESS,
    NO_PERMISSION,
    TOO_MANY_THREADS,
    UNKNOWN_CHANNEL,
    WRONG_CHANNEL_TYPE,
    NotTakenError,
)
from adapters.discord.ids import guild_of, is_snowflake
from adapters.discord.line import Line, listed, text_at
from adapters.discord.rights import Rights
from adapters.discord.text import cut, one_line
from bot.domain.ids import WorkspaceId
from bot.ports.gateway import DeliveryError, DeliveryKey, DeliveryRefusedError, Progress, Refusal, Room

PRIVATE_THREAD: Final = 12
MOST_NAME: Final = 100
A_WEEK: Final = 10_080
"""Minutes without a word after which Discord puts the thread away, so that a server's thousand active ones suffice."""

ASKED: Final = "room_asked"
"""The step before a thread is made: from here on there may be one."""
ROOM: Final = "room"
"""The step at which everybody was in the thread."""
APART: Final = "apart"
"""The step at which it stood that there can be no thread for these people."""

_NO_ROOM: Final = frozenset({NO_ACCESS, NO_PERMISSION, TOO_MANY_THREADS, UNKNOWN_CHANNEL, WRONG_CHANNEL_TYPE})


def code_of(key: DeliveryKey) -> str:
    """Return the short code by which a thread is found again: the same for the same delivery, in every process."""
    return b32encode(sha256(key.encode()).digest()[:5]).decode().lower()


class Rooms:
    """Opens the room of an introduction."""

    def __init__(self, line: Line, rights: Rights) -> None:
        self._line = line
        self._rights = rights

    async def channel(self, to: Room, key: DeliveryKey, progress: Progress) -> str | None:
        """Return the thread with everybody in it, or None if these people cannot meet in one.

        Raises DeliveryRefusedError (UNREACHABLE) where somebody is not in the server any more: nobody hears of it.
        """
        if APART in progress.done:
            return None
        if ROOM in progress.done:
            return progress.done[ROOM]
        thread = await self._made(to, key, progress)
        if thread is None:
            await progress.record(APART, "1")
            return None
        await self._add_all(to, thread)
        await progress.record(ROOM, thread)
        return thread

    async def put_away(self, to: Room, key: DeliveryKey) -> None:
        """Archive the thread of this delivery, which anybody in it can still read, and wakes up by writing in it."""
        try:
            for thread in await self._standing(to, key):
                await self._put_away(to.workspace, thread)
        except NotTakenError:
            return  # it is gone, or not the bot's to put away any more: nobody misses anything

    async def _made(self, to: Room, key: DeliveryKey, progress: Progress) -> str | None:
        try:
            standing = await self._rights.in_channel(to.workspace, to.channel, to.users)
            return await self._thread(to, key, progress) if standing.takes_rooms else None
        except NotTakenError as refused:
            if refused.code in _NO_ROOM:
                return None
            raise

    async def _thread(self, to: Room, key: DeliveryKey, progress: Progress) -> str:
        """Return the thread of this delivery; where an earlier try may have made one, that is looked for first."""
        if ASKED in progress.done:
            found = await self._standing(to, key)
            if found:
                return found[0]
        else:
            await progress.record(ASKED, code_of(key))
        made = await self._line.call(
            to.workspace,
            Route("POST", "/channels/{channel_id}/threads", channel_id=to.channel),
            {
                "name": _name(to, key),
                "type": PRIVATE_THREAD,
                "invitable": False,
                "auto_archive_duration": A_WEEK,
            },
        )
        return await self._first(to, key, text_at(made, "id"))

    async def _first(self, to: Room, key: DeliveryKey, made: str) -> str:
        """Return the oldest thread of this delivery: another process may be at it too, and both have to meet in one.

        Nobody is in the other yet.
        """
        found = await self._standing(to, key)
        if not found or found[0] == made:
            return made
        await self._put_away(to.workspace, made)
        return found[0]

    async def _standing(self, to: Room, key: DeliveryKey) -> list[str]:
        """Return the active threads that carry our code, the oldest first."""
        answer = await self._line.call(
            to.workspace, Route("GET", "/guilds/{guild_id}/threads/active", guild_id=guild_of(to.workspace))
        )
        me = await self._line.me(to.workspace)
        threads = listed(answer.get("threads") if isinstance(answer, Mapping) else None)
        found = [str(each.get("id")) for each in threads if _is_ours(each, to, key, me)]
        return sorted(filter(is_snowflake, found), key=int)

    async def _add_all(self, to: Room, thread: str) -> None:
        """Put everybody in. Who is in already stays; who left the server meanwhile leaves the others alone again."""
        try:
            for user in to.users:
                await self._line.call(to.workspace, _member(thread, user, "PUT"))
        except NotTakenError as refused:
            if refused.reason is Refusal.UNREACHABLE:
                await self._undo(to, thread)
            raise

    async def _undo(self, to: Room, thread: str) -> None:
        """Take out who was put in, and put the thread away: nothing was said in it."""
        for user in to.users:
            with suppress(DeliveryError):
                await self._line.call(to.workspace, _member(thread, user, "DELETE"))
        with suppress(DeliveryError):
            await self._put_away(to.workspace, thread)

    async def _put_away(self, workspace: WorkspaceId, thread: str) -> None:
        route = Route("PATCH", "/channels/{channel_id}", channel_id=thread)
        await self._line.call(workspace, route, {"archived": True})


def _is_ours(thread: Mapping[str, Any], to: Room, key: DeliveryKey, me: str) -> bool:
    """Say whether the bot made this thread for this delivery. A person's thread may be called whatever they like."""
    return (
        thread.get("parent_id") == to.channel
        and thread.get("owner_id") == me
        and thread.get("type") == PRIVATE_THREAD
        and str(thread.get("name", "")).endswith(_ending(key))
    )


def _name(to: Room, key: DeliveryKey) -> str:
    ending = _ending(key)
    return f"{cut(one_line(to.name), MOST_NAME - len(ending))}{ending}".strip()


def _ending(key: DeliveryKey) -> str:
    return f" · {code_of(key)}"


def _member(thread: str, user: str, method: str) -> Route:
    if not is_snowflake(user):
        raise DeliveryRefusedError(Refusal.UNREACHABLE)
    return Route(method, "/channels/{channel_id}/thread-members/{user_id}", channel_id=thread, user_id=user)

"""What the bot lacks in a channel, by the names that Discord's settings have for it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from adapters.discord.errors import NotTakenError
from adapters.discord.permissions import NAMES, WANTED, Right
from adapters.discord.rights import TEXT_CHANNEL, Rights, Standing
from bot.domain.ids import ChannelId, WorkspaceId
from bot.ports.edges import Hindered, Lack
from bot.ports.gateway import DeliveryError

WITHIN: Final = 0.9
"""Seconds for all that is asked: a command has three, of which looking people up may take half."""

_HINDERED: Final[Mapping[Right, Hindered]] = {
    Right.SEND_MESSAGES: Hindered.POSTS,
    Right.ATTACH_FILES: Hindered.PICTURES,
    Right.READ_MESSAGE_HISTORY: Hindered.LOOKING_BACK,
    Right.CREATE_PRIVATE_THREADS: Hindered.ROOMS,
    Right.SEND_MESSAGES_IN_THREADS: Hindered.ROOMS,
}
_SIGHT: Final = Lack(Hindered.SIGHT, NAMES[Right.VIEW_CHANNEL])


class DiscordExaminer:
    """An Examiner: Discord is asked each time, for what an administrator changed a moment ago counts."""

    def __init__(self, rights: Rights, *, within: float = WITHIN) -> None:
        """Ask through `rights`, and wait no longer than this."""
        self._rights = rights
        self._within = within

    async def missing(self, workspace: WorkspaceId, channel: ChannelId) -> Sequence[Lack] | None:
        """Return what the bot lacks for a group in this channel, or None if that cannot be found out in time."""
        try:
            async with asyncio.timeout(self._within):
                return tuple(lacks(await self._rights.in_channel(workspace, channel)))
        except NotTakenError:
            return (_SIGHT,)
        except (DeliveryError, TimeoutError):
            return None


def lacks(standing: Standing) -> Iterator[Lack]:
    """Yield what is missing. Who does not see a channel can do nothing in it, whatever else they were given."""
    if not standing.bot & Right.VIEW_CHANNEL:
        yield _SIGHT
        return
    yield from (Lack(_HINDERED[right], NAMES[right]) for right in Right if right & WANTED & ~standing.bot)
    if standing.kind != TEXT_CHANNEL:
        yield Lack(Hindered.ROOMS_OF_THIS_KIND)

"""The house the room is in: what was there before a restart, the first evening, and starting all over."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import timedelta

from adapters.local.clock import RoomClock
from adapters.local.journal import FileJournal
from adapters.local.people import ADMINS, BY_USER, DAVID, EVERYBODY, SEATS
from adapters.local.playing import Playable
from adapters.local.room import LocalRoom
from adapters.local.scenes import Scenes
from adapters.local.table import NotOfferedError, Table
from bot.domain.ids import UserId
from bot.ports.edges import Clock, Ids
from bot.ports.messages import Reply

MOST_STANDING = 1_000
"""How many messages, and entries of the transcript, a room that is served holds; older ones are gone."""
PATIENCE = 5
MORNING, AWAKE = 9, (8, 16)
"""Hours in UTC that are no quiet hours for any of the sample people."""
TOKEN = "token"  # noqa: S105 -- the name of what is kept, as with the others
CLOCK, STORY, BEGUN, READY, FRESH = "clock", "story", "begun", "ready", "fresh"


class House:
    """The room with its clock and its journal; `open` joins them with a bot."""

    def __init__(self, real: Clock, ids: Ids, journal: FileJournal | None) -> None:
        """Bring back what was there. Raises OSError when the journal cannot be written."""
        self.clock = RoomClock(real)
        self.ids = ids
        self._journal = journal
        self.room = LocalRoom(EVERYBODY, self.clock, admins=ADMINS, journal=journal, most=MOST_STANDING)
        if journal is not None:
            self.room.replay(journal.read())
            journal.begin(self.room.history())
        self.clock.restore(self.room.remembered(CLOCK))
        if not self.room.remembered(TOKEN):
            self.room.remember(TOKEN, secrets.token_urlsafe(24))
        self.stage = asyncio.Lock()
        """Held by whoever moves the time, tells the story or makes the room anew."""

    @property
    def token(self) -> str:
        """Return what every form of ours carries; it outlives a restart."""
        return self.room.remembered(TOKEN)

    @property
    def is_settled(self) -> bool:
        """Say whether the sample group has met here."""
        return bool(self.room.remembered(READY))

    @property
    def is_half_settled(self) -> bool:
        """Say whether it began to meet here, and never ended."""
        return bool(self.room.remembered(BEGUN)) and not self.is_settled

    @property
    def is_fresh(self) -> bool:
        """Say whether nobody has done anything since the group met."""
        return bool(self.room.remembered(FRESH))

    def table(self, bot: Playable) -> Table:
        """Return seats for everybody, with this bot."""
        return Table(self.room, bot, self.clock, self.ids)

    async def settle_in(self, bot: Playable) -> None:
        """Let the sample group meet: the administrator starts it, everybody joins and writes their card."""
        scenes = Patient(self.table(bot))
        if not AWAKE[0] <= self.clock.now().hour < AWAKE[1]:
            self.to_morning()
        self.room.remember(BEGUN, "1")
        await self.room.kept()
        await scenes.table.types(DAVID, "/intros settings")
        for user in SEATS:
            await scenes.press(user, "join")
            await scenes.write_card(BY_USER[user])
        self.room.remember(READY, "1")
        self.room.remember(FRESH, "1")
        await self.room.kept()

    async def begin_again(self, bot: Playable, times: int | None = None) -> None:
        """Make the room anew, with the machine's time, and let the sample group meet in it."""
        self.room.clear(times or self.room.times + 1)
        for name in (READY, FRESH, STORY):
            self.room.remember(name, "")
        self.clock.restore("")
        self.keep_clock()
        await self.settle_in(bot)

    def to_morning(self) -> None:
        """Go on to the next nine o'clock: at night the bot is quiet, and nothing would come."""
        now = self.clock.now()
        today = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        self.clock.move_to(today if now < today else today + timedelta(days=1))
        self.keep_clock()

    def keep_clock(self) -> None:
        """Write down where the clock is."""
        self.room.remember(CLOCK, self.clock.state())

    def touched(self) -> None:
        """Remember that somebody has done something."""
        if self.is_fresh:
            self.room.remember(FRESH, "")

    async def kept(self) -> None:
        """Wait until the journal has all of it; write that anew when it got long. Raises OSError."""
        await self.room.kept()
        if self._journal is not None and self._journal.is_long:
            self._journal.begin(self.room.history())

    def close(self) -> None:
        """Let go of the journal."""
        if self._journal is not None:
            self._journal.close()


class Patient(Scenes):
    """Scenes in a room where the courier works by itself: what somebody presses may be a moment away."""

    async def press(self, user: UserId, *verbs: str) -> Reply:
        """Press one button after another, each as soon as it is there. Raises NotOfferedError after a while."""
        reply = Reply()
        for verb in verbs:
            await until(self.table.room, lambda verb=verb: _is_offered(self.table, user, verb))  # type: ignore[misc]
            reply = await super().press(user, verb)
        return reply


def _is_offered(table: Table, user: UserId, verb: str) -> bool:
    try:
        table.offer(user, verb)
    except NotOfferedError:
        return False
    return True


async def until(room: LocalRoom, holds: Callable[[], bool]) -> None:
    """Wait until something holds in the room, or for a while; whoever needs it finds out."""
    changed = asyncio.Event()
    ending = room.watch(lambda _: changed.set())
    try:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                changed.clear()
                await changed.wait()
    except TimeoutError:
        return
    finally:
        ending()

"""Tells the guided story one step at a time, and the time; both move the clock of the whole bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from adapters.local.happening import Delivered, Happening
from adapters.local.playing import Playable
from adapters.local.room import LocalRoom
from adapters.local.scenes import StoryError
from adapters.local.story import Ending
from adapters.local.table import NotOfferedError
from adapters.local.web.guide import NAMES, PARTIES, STORIES, offer_after
from adapters.local.web.house import STORY, House, Patient
from adapters.local.web.learned import Line, lines_for, packed, unpacked
from adapters.local.web.posting import RefusedError
from adapters.local.web.step import Step
from bot.domain.ids import UserId

PLAYED = "played/"
LONGEST = timedelta(days=15)
SPANS: Mapping[str, timedelta] = {
    "30s": timedelta(seconds=30),
    "12h": timedelta(hours=12),
    "1w": timedelta(weeks=1),
}
POST, TALLY = "post", "tally/"
STARTS: Mapping[str, str] = {"reminder": "reminder/", "deadline": "edit/"}
"""The first segment of the key of what is looked for; anything else looks for whatever comes next."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far the story is."""

    ending: Ending
    step: int
    began: datetime
    stuck: bool = False

    @property
    def shown(self) -> Step:
        """Return the step that was done last."""
        return STORIES[self.ending][self.step]

    @property
    def steps(self) -> int:
        """Return how many there are."""
        return len(STORIES[self.ending])

    @property
    def is_over(self) -> bool:
        """Say whether nothing more comes."""
        return self.step + 1 == self.steps

    @property
    def offer(self) -> str:
        """Return what comes next, as the words on a button."""
        return offer_after(self.ending, self.step)

    def packed(self) -> str:
        """Return it as text to keep."""
        return orjson.dumps([self.ending, self.step, self.began, self.stuck]).decode()


def told_so_far(room: LocalRoom) -> Told | None:
    """Return how far the story is, or None if none is told."""
    if not (text := room.remembered(STORY)):
        return None
    ending, step, began, stuck = orjson.loads(text)
    return Told(Ending(ending), step, datetime.fromisoformat(began), stuck)


class Teller:
    """Plays the story's people, through the same ports as everybody."""

    def __init__(self, house: House, bot: Playable) -> None:
        """Take the room as it is: a story may be half told."""
        self._house = house
        self._bot = bot

    async def start(self, ending: Ending) -> None:
        """Begin, in a room in which nothing has happened yet."""
        house = self._house
        self.keep_played()
        if not house.is_fresh:
            await house.begin_again(self._bot)
        house.touched()
        house.clock.stop()  # first, so that every story starts on the stroke of the hour
        house.to_morning()
        await self._act(Told(ending, 0, house.clock.now()))

    async def go_on(self) -> None:
        """Do the next step."""
        told = told_so_far(self._house.room)
        if told is None or told.is_over or told.stuck:
            raise RefusedError("No story is being told that could go on. Start it.")
        await self._act(Told(told.ending, told.step + 1, told.began))

    def leave(self) -> None:
        """Stop telling; what has happened stays, and time goes on."""
        self.keep_played()
        self._house.room.remember(STORY, "")
        self._house.clock.go_on()
        self._house.keep_clock()

    async def _act(self, told: Told) -> None:
        scenes = Patient(self._house.table(self._bot))
        try:
            await told.shown.act(scenes)
        except (StoryError, NotOfferedError):
            told = Told(told.ending, told.step, told.began, stuck=True)
        self._house.keep_clock()
        self._house.room.remember(STORY, told.packed())

    def keep_played(self) -> None:
        """Keep what each party learned of a story that was told to its end, to compare it with another."""
        room = self._house.room
        told = told_so_far(room)
        if told is None or not told.is_over or told.stuck:
            return
        for user in PARTIES:
            room.remember(played(told.ending, user), packed(lines_for(user, room, told.began)))

    def of_ending(self, ending: Ending, user: UserId) -> tuple[Line, ...]:
        """Return what a party learned when the story ended like this, now or the last time; nothing if it never did."""
        told = told_so_far(self._house.room)
        if told and told.ending is ending and told.is_over:
            return lines_for(user, self._house.room, told.began)
        return unpacked(self._house.room.remembered(played(ending, user)))

    def endings_told(self) -> tuple[Ending, ...]:
        """Return the endings that were told so far."""
        return tuple(ending for ending in NAMES if self.of_ending(ending, PARTIES[0]))


def played(ending: Ending, user: UserId) -> str:
    """Return the name under which a told story is kept."""
    return f"{PLAYED}{ending}/{user}"


class Timekeeper:
    """Moves the room's time, and lets the bot do what has become due on the way."""

    def __init__(self, house: House, bot: Playable) -> None:
        """Move this room's clock."""
        self._house = house
        self._table = house.table(bot)

    async def move(self, to: str) -> str:
        """Let time pass; return a sentence on what it came to."""
        came: list[str] = []
        ending = self._house.room.watch(lambda happening: came.extend(_key(happening)))
        try:
            if to in SPANS:
                await self._table.wait(SPANS[to])
            elif to == POST:
                await self._to_post()
            else:
                await self._to_next(STARTS.get(to, ""), came)
        finally:
            ending()
            self._house.keep_clock()
        return _what_was_posted(came) if to == POST else _what_came(came)

    async def _to_post(self) -> None:
        if not await self._table.wait_for_post():
            raise RefusedError("This group has no weekly post. David can turn it on: /intros settings.")

    async def _to_next(self, start: str, came: list[str]) -> None:
        """Go from one due instant to the next, until a delivery has come whose key starts like this."""
        until = self._house.clock.now() + LONGEST
        due = await self._table.next_due()
        if due is None or due > until:
            raise RefusedError("Nothing is due in the next two weeks: nobody is being asked anything.")
        while due is not None and due <= until:
            await self._table.wait_until(max(due, self._house.clock.now()))
            if any(key.startswith(start) for key in came):
                return
            due = await self._table.next_due()


def _key(happening: Happening) -> tuple[str, ...]:
    return (happening.key,) if isinstance(happening, Delivered) else ()


def _what_was_posted(came: Sequence[str]) -> str:
    if any(key.startswith(TALLY) for key in came):
        return "Time has passed. The week is posted in the channel."
    return "Time has passed. The week had nothing to tell, so nothing is posted."


def _what_came(came: Sequence[str]) -> str:
    if not came:
        return "Time has passed. Nothing came of it."
    return "Time has passed. One message came." if len(came) == 1 else f"Time has passed. {len(came)} messages came."

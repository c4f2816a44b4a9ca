"""The sample workspace with the whole bot in it, and its people's hands: what they type, press and fill in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.local.clock import StoryClock
from adapters.slack.rates import Buckets
from adapters.slack.socket_mode import Pace
from bot.domain.events import Event
from tests.e2e.slack.diary import Diary
from tests.slack.adapting import seconds_of
from tests.slack.cast import INTRODUCTIONS
from tests.slack.club import Club, open_club
from tests.slack.forms import Values
from tests.slack.people import Answered, People
from tests.slack.seen import Modal, Pressable, Seen
from tests.slack.server import SlackServer
from tests.slack.state import CannotError
from tests.slack.world import World

MOST_STEPS = 10_000
CALM = Pace(look=0.05)
"""The wire is looked after as it is in earnest, so that a busy machine cuts none."""


@dataclass(frozen=True)
class Town:
    """Everybody in the workspace. What is pressed is found by its verb or by what stands on it, newest first."""

    club: Club
    diary: Diary
    answers: list[Answered] = field(default_factory=list)

    @property
    def people(self) -> People:
        return self.club.server.people

    @property
    def world(self) -> World:
        return self.club.server.world

    # what people do

    async def types(self, user: str, command: str, text: str = "", *, at: str | None = INTRODUCTIONS) -> Answered:
        """Type a command in a channel, or with None in the conversation with the bot."""
        return await self.after(await self.people.slash(user, at, command, text))

    async def press(self, user: str, *wanted: str, on: Seen | None = None) -> Answered:
        """Press one button after another."""
        for one in wanted:
            seen, button = (on, pressable(on, one)) if on else self.offer(user, one)
            await self.after(await self.people.press(user, seen, button.action_id))
        return self.answers[-1]

    async def forges(self, user: str, seen: Seen, wanted: str) -> Answered:
        """Press another person's button, as no client lets one: the message is theirs, the envelope says who it was."""
        button, own = pressable(seen, wanted), self.world.direct(user)
        payload = self.people.payloads.press(user, seen, button)
        payload["channel"] = {"id": own.id, "name": own.payload_name}
        payload["container"] = {**payload["container"], "channel_id": own.id}
        return await self.after(await self.people._interact(user, button.action_id, payload, lambda _: ""))

    async def steals(self, user: str, owner: str) -> Answered:
        """Send the form in front of somebody else, as no client lets one."""
        view = self.world.views.stack(owner)[-1]
        payload = self.people.payloads.submission(user, view)
        return await self.after(await self.people._interact(user, view.body["callback_id"], payload, lambda _: ""))

    async def press_home(self, user: str, wanted: str) -> Answered:
        """Press a button of the Home tab."""
        return await self.after(await self.people.press_home(user, pressable(self.home(user), wanted).action_id))

    async def sends(self, user: str, values: Values | None = None) -> Answered:
        """Fill in the form in front and send it."""
        return await self.after(await self.people.submit(user, values))

    async def after(self, answered: Answered) -> Answered:
        """Let what somebody did come to its end, and look who sees something new."""
        self.answers.append(answered)
        self.diary.did(answered.user, answered.about)
        await self.settled()
        return answered

    async def settled(self) -> None:
        """Let everything that is under way or due come to its end."""
        await self.club.settled()
        self.diary.look()

    async def wait(self, span: timedelta) -> None:
        """Let time pass, and do what falls due on the way, at its time."""
        until = self.club.clock.now() + span
        for _ in range(MOST_STEPS):
            due = await self.club.bot.next_due()
            if due is None or due > until:
                break
            await self._be_at(max(due, self.club.clock.now()))
        await self._be_at(until)

    async def _be_at(self, instant: datetime) -> None:
        self.club.clock.move_to(instant)
        await self.club.bot.sweep()
        await self.settled()

    # what people have in front of them

    def offer(self, user: str, wanted: str) -> tuple[Seen, Pressable]:
        """Return the newest button with this verb or label in somebody's view. Raises CannotError."""
        in_view = self.world.in_view(user)
        for seen in reversed(in_view):
            if found := _found(seen, wanted):
                return seen, found
        offered = sorted({label for seen in in_view for label in seen.labels})
        raise CannotError(f"{user} is not offered {wanted!r}, but {offered}")

    def is_offered(self, user: str, wanted: str) -> bool:
        """Say whether somebody has such a button in view."""
        return any(_found(seen, wanted) for seen in self.world.in_view(user))

    def shown(self, user: str) -> str:
        """Return all that somebody can read at this moment, oldest first."""
        return "\n".join(seen.shown for seen in self.world.in_view(user))

    def last(self, user: str) -> Seen:
        """Return the newest message somebody sees."""
        return self.world.in_view(user)[-1]

    def home(self, user: str) -> Seen:
        """Return somebody's Home tab."""
        home = self.world.home_of(user)
        assert home is not None, f"{user} has no Home tab"
        return home

    def form(self, user: str) -> Modal:
        """Return the form in front of somebody."""
        return self.world.modal_of(user)

    async def events(self) -> tuple[Event, ...]:
        """Return the log."""
        return tuple(await self.club.store.run(lambda tx: tx.records.events()))


@asynccontextmanager
async def open_town(
    server: SlackServer, clock: StoryClock, database_url: str, transport: str = "http", *, upgraded: bool = True
) -> AsyncIterator[Town]:
    """Open the bot in the sample workspace. Its rates are counted by the story's clock, since nobody waits here."""
    async with open_club(server, clock, database_url, transport, upgraded=upgraded, pace=CALM) as club:
        club.slack.gateway._limits = lambda _: ()
        club.slack.calls._buckets = Buckets(seconds_of(clock))
        yield Town(club, Diary(server.world))


def pressable(seen: Seen, wanted: str) -> Pressable:
    """Return a message's button by its verb or label. Raises CannotError."""
    found = _found(seen, wanted)
    if found is None:
        raise CannotError(f"no button {wanted!r}, but {seen.labels}")
    return found


def verb_of(button: Pressable) -> str:
    """Return what a button does, by its name in the core."""
    return button.action_id.partition(":")[0]


def _found(seen: Seen, wanted: str) -> Pressable | None:
    return next((button for button in seen.buttons if wanted in (button.label, verb_of(button))), None)

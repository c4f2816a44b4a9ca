"""The sample server with the whole bot in it, and its people's hands: what they type, press and fill in."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.local.clock import StoryClock
from bot.domain.events import Event, EventKind
from tests.discord.cast import INTRODUCTIONS
from tests.discord.club import Club, open_club
from tests.discord.interactions import COMPONENT, SUBMIT
from tests.discord.modals import Modal
from tests.discord.people import Answered, People
from tests.discord.seen import Pressable, Seen, View
from tests.discord.server import DiscordServer
from tests.discord.typing_in import Filled, Typed, filled
from tests.discord.world import World

MENU = "I can refer someone"


@dataclass(frozen=True)
class Hall:
    """Everybody in the server. What is pressed is found by its verb or by what stands on it, newest first."""

    club: Club
    answers: list[Answered] = field(default_factory=list)

    @property
    def server(self) -> DiscordServer:
        return self.club.server

    @property
    def people(self) -> People:
        return self.club.server.people

    @property
    def view(self) -> View:
        return self.club.server.view

    @property
    def world(self) -> World:
        return self.club.server.world

    # what people do

    async def types(self, user: str, command: str, *, at: str | None = INTRODUCTIONS, **options: Typed) -> Answered:
        """Type a command in a channel, or with None in the conversation with the bot."""
        return await self.after(await self.people.slash(user, at, command, **options))

    async def press(self, user: str, *wanted: str, on: Seen | None = None) -> Answered:
        """Press one button after another."""
        for one in wanted:
            seen, button = (on, pressable(on, one)) if on else self.offer(user, one)
            await self.after(await self.people.press(user, seen, button.custom_id))
        return self.answers[-1]

    async def sends(self, user: str, values: Mapping[str, Filled] | None = None) -> Answered:
        """Fill in the form in front and send it. A field goes by the core's name for it."""
        named = {one.custom_id.removesuffix("[]"): one.custom_id for one in self.form(user).fields}
        typed = {named.get(key, key): value for key, value in (values or {}).items()}
        return await self.after(await self.people.submit(user, typed))

    async def sends_again(self, user: str, values: Mapping[str, Filled]) -> Answered:
        """Open the form that was refused once more, and send it."""
        await self.press(user, "Edit")
        return await self.sends(user, values)

    async def forges(self, user: str, seen: Seen, wanted: str) -> Answered:
        """Press another person's button, as no client lets one: the message is theirs, the envelope says who it was."""
        own, data = self.world.direct(user).id, {"custom_id": pressable(seen, wanted).custom_id, "component_type": 2}
        return await self.after(await self.people._do(COMPONENT, user, own, data, self.world.messages[seen.id]))

    async def steals(self, user: str, owner: str) -> Answered:
        """Send the form in front of somebody else, as no client lets one."""
        modal, own = self.form(owner), self.world.direct(user).id
        data = {"custom_id": modal.custom_id, "components": filled(modal, {})}
        return await self.after(await self.people._do(SUBMIT, user, own, data))

    async def after(self, answered: Answered) -> Answered:
        """Let what somebody did come to its end. Nobody may have been left without an answer."""
        assert answered.error is None, f"{answered.interaction.payload['data']}: {answered.error}"
        self.answers.append(answered)
        await self.club.settled()
        return answered

    async def wait(self, span: timedelta) -> None:
        """Let time pass, and do what falls due on the way, at its time."""
        await self.club.wait(span)

    # what people have in front of them

    def offer(self, user: str, wanted: str) -> tuple[Seen, Pressable]:
        """Return the newest button with this verb or label in somebody's view."""
        in_view = self.view.in_view(user)
        for seen in reversed(in_view):
            if found := _found(seen, wanted):
                return seen, found
        offered = sorted({label for seen in in_view for label in seen.labels})
        raise AssertionError(f"{user} is not offered {wanted!r}, but {offered}")

    def is_offered(self, user: str, wanted: str) -> bool:
        """Say whether somebody has such a button in view."""
        return any(_found(seen, wanted) for seen in self.view.in_view(user))

    def shown(self, user: str) -> str:
        """Return all that somebody can read at this moment, oldest first."""
        return "\n".join(seen.shown for seen in self.view.in_view(user))

    def last(self, user: str) -> Seen:
        """Return the newest message somebody sees."""
        return self.view.in_view(user)[-1]

    def told(self) -> str:
        """Return what the last answer shows."""
        answered = self.answers[-1].message
        assert answered is not None, f"nothing is shown: {self.answers[-1].kind}"
        return answered.shown

    def form(self, user: str) -> Modal:
        """Return the form in front of somebody."""
        modal = self.view.modal_of(user)
        assert modal is not None, f"{user} has no form in front of them"
        return modal

    def typed(self, user: str) -> dict[str, object]:
        """Return what stands in the fields of the form in front of somebody."""
        return {one.custom_id.removesuffix("[]"): _plain(one.value) for one in self.form(user).fields}

    async def events(self) -> tuple[Event, ...]:
        """Return the log."""
        return tuple(await self.club.store.run(lambda tx: tx.records.events()))

    async def kinds(self) -> list[EventKind]:
        """Return what happened, in order."""
        return [event.kind for event in await self.events()]

    def died(self) -> list[str]:
        """Return what was given up."""
        return [what for what in self.club.noted.counted if what.startswith("died")]


@asynccontextmanager
async def open_hall(
    server: DiscordServer, clock: StoryClock, database_url: str, transport: str = "gateway", *, key: str = ""
) -> AsyncIterator[Hall]:
    """Open the bot in the sample server; with a `key` it is the same bot once more, on its database."""
    async with open_club(server, clock, database_url, transport, upgraded=True, key=key) as club:
        club.discord.gateway._limits = lambda _: ()  # nobody waits here; its own tests hold the rates
        yield Hall(club)


def pressable(seen: Seen, wanted: str) -> Pressable:
    """Return a message's button by its verb or label."""
    found = _found(seen, wanted)
    assert found is not None, f"no button {wanted!r}, but {seen.labels}"
    return found


def verb_of(button: Pressable) -> str:
    """Return what a button does, by its name in the core."""
    return button.custom_id.partition(":")[0]


def _found(seen: Seen, wanted: str) -> Pressable | None:
    return next((button for button in seen.buttons if wanted in (button.label, verb_of(button))), None)


def _plain(value: object) -> object:
    """Return a single choice as what was chosen."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value or ""

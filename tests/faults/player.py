"""Plays a story against a bot: what people press is what the world shows them, and a restart repeats every step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.local.room import INTRODUCTIONS, WORKSPACE
from bot.bootstrap import Bot
from bot.domain.ids import EventId, UserId
from bot.ports.edges import Clock
from bot.ports.inbound import Inbound, Origin, Press, Slash, Submit
from bot.ports.messages import Reply
from tests.faults.points import Points
from tests.faults.stories import Does, Fills, Presses, Step, Story, Types
from tests.faults.world import CHANNEL, Entry, World, buttons_of, form_facts

MOST_TICKS = 500


class StoryError(Exception):
    """The bot does not play along."""


class MovableClock(Clock, Protocol):
    """A clock that somebody moves."""

    def move_to(self, instant: datetime) -> None:
        """Go on to an instant."""


@dataclass(slots=True)
class Player:
    """Everybody in the story, and the time."""

    bot: Bot
    world: World
    clock: MovableClock
    story: Story
    start: datetime
    points: Points
    when_acknowledged: Callable[[int], None] = lambda _: None

    async def play(self) -> None:
        """Play what was not begun yet, to the end."""
        for number in range(len(self.world.noted("tried")), len(self.story.steps)):
            self.points.enter(number)
            step = self.story.steps[number]
            await self.wait_until(self.start + step.at)
            await self.act(number, self._resolved(number, step))
            await self.bot.deliver()
        self.points.enter(len(self.story.steps))
        await self.wait_until(self.start + self.story.ends)
        self.points.enter(len(self.story.steps) + 1)

    async def repeat(self) -> None:
        """Do everything again that was tried before, each with its event's own id."""
        for tried in self.world.noted("tried"):
            number = tried["step"]
            await self.act(number, inbound_of(self.story, number, tried))

    async def act(self, number: int, inbound: Inbound) -> None:
        """Let the bot handle one thing; only its answer makes it done."""
        reply = await self.bot.handle(inbound)
        self.points.hit("before the acknowledgement")
        if number not in self.acknowledged():
            self._show(number, inbound.origin.user, reply)
            self.when_acknowledged(number)
        self.points.hit("after the acknowledgement")

    def acknowledged(self) -> frozenset[int]:
        """Return the steps whose answer was seen."""
        return frozenset(entry["step"] for entry in self.world.noted("replied"))

    async def wait_until(self, instant: datetime) -> None:
        """Let time pass, stopping wherever something is due."""
        for _ in range(MOST_TICKS):
            due = await self.bot.next_due()
            if due is None or due > instant:
                await self.tick(instant)
                return
            await self.tick(due)
        raise StoryError(f"something stays due at {self.clock.now()}")

    async def tick(self, instant: datetime) -> None:
        """Do what is due at an instant."""
        self.clock.move_to(max(instant, self.clock.now()))
        await self.bot.sweep()
        await self.bot.deliver()

    def _resolved(self, number: int, step: Step) -> Inbound:
        facts = self._facts(step.does)
        self.world.note("tried", step=number, **facts)
        return inbound_of(self.story, number, facts)

    def _facts(self, does: Does) -> Entry:
        match does:
            case Types():
                return {}
            case Presses(who=who, verb=verb):
                return {"ref": self._button(who, verb)}
            case Fills(who=who, typed=typed):
                form = self._form(who)
                filled = {key: typed.get(key, value) for key, value in form["fields"].items()}
                return {"verb": form["verb"], "ref": form["ref"], "fields": filled}

    def _button(self, who: UserId, verb: str) -> str:
        standing = {entry["message"]: entry for entry in self._in_view(who)}
        newest = sorted(standing.values(), key=self.world.noted("shown", "replied").index, reverse=True)
        for entry in newest:
            for offered, ref in entry["buttons"]:
                if offered == verb:
                    return str(ref)
        raise StoryError(f"{who} is not offered {verb}")

    def _form(self, who: UserId) -> Entry:
        forms = [entry["form"] for entry in self.world.noted("replied") if who in entry["people"] and entry["form"]]
        if not forms:
            raise StoryError(f"{who} has no form")
        form: Entry = forms[-1]
        return form

    def _in_view(self, who: UserId) -> list[Entry]:
        return [e for e in self.world.noted("shown", "replied") if {who, CHANNEL} & set(e["people"])]

    def _show(self, number: int, who: UserId, reply: Reply) -> None:
        message = reply.message
        self.world.note(
            "replied",
            step=number,
            people=[who],
            message=f"reply-{number}",
            text=repr(reply),
            buttons=[(button.verb, button.ref) for button in buttons_of(message)] if message else [],
            form=form_facts(reply.form) if reply.form else None,
            errors=dict(reply.errors),
        )


def inbound_of(story: Story, number: int, facts: Entry) -> Inbound:
    """Return what arrives for a step: the same every time."""
    does = story.steps[number].does
    channel = INTRODUCTIONS if isinstance(does, Types) else None
    origin = Origin(event_of(story, number), WORKSPACE, does.who, channel)
    match does:
        case Types(name=name, text=text, people=people):
            return Slash(origin, name, text, people)
        case Presses(verb=verb):
            return Press(origin, verb, facts["ref"])
        case Fills():
            return Submit(origin, facts["verb"], facts["ref"], _fields(facts["fields"]))


def _fields(fields: Entry) -> dict[str, str | tuple[str, ...]]:
    return {key: tuple(value) if isinstance(value, list) else str(value) for key, value in fields.items()}


def event_of(story: Story, number: int) -> EventId:
    """Return the platform's id for a step."""
    return EventId(f"{story.name}:{number}")

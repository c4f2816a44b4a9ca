"""The stories that are killed at every step: who does what, and when, counted from the start of the story."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.local.people import ANA, BEN, CARLA
from adapters.local.scenes import BETTER, DRAFT
from bot.domain.ids import UserId

HELP = {
    "why": "I keep the books of nine workshops and would like a tenth.",
    "result": "Four of them found their cheapest job this year, and dropped it.",
}
"""What the helper types, field by field; what is not listed goes as the form has it."""


@dataclass(frozen=True, slots=True)
class Types:
    """A slash command in the channel."""

    who: UserId
    name: str
    text: str = ""
    people: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True)
class Presses:
    """A button: the newest one in front of that person that carries this verb."""

    who: UserId
    verb: str


@dataclass(frozen=True, slots=True)
class Fills:
    """The form that opened last for that person."""

    who: UserId
    typed: Mapping[str, str] = field(default_factory=dict)


Does = Types | Presses | Fills


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does, at its instant."""

    at: timedelta
    does: Does


@dataclass(frozen=True, slots=True)
class Story:
    """Steps, and until when it is watched afterwards."""

    name: str
    steps: tuple[Step, ...]
    ends: timedelta
    introductions: int


def minutes(number: float) -> timedelta:
    """Return that many minutes."""
    return timedelta(minutes=number)


def _drafted() -> tuple[Step, ...]:
    return (
        Step(minutes(0), Types(ANA, "refer", people=(BEN, CARLA))),
        Step(minutes(6), Fills(ANA, DRAFT)),
        Step(minutes(7), Presses(ANA, "need_yes")),
        Step(minutes(8), Presses(ANA, "fit_yes")),
        Step(minutes(9), Presses(ANA, "better")),
        Step(minutes(14), Fills(ANA, BETTER)),
        Step(minutes(15), Presses(ANA, "ask_them")),
        Step(minutes(105), Presses(BEN, "yes")),
    )


def _got_it() -> tuple[Step, ...]:
    return (Step(minutes(270), Presses(BEN, "got_it")), Step(minutes(275), Presses(CARLA, "got_it")))


AGREED = Story(
    "agreed",
    (*_drafted(), Step(minutes(255), Presses(CARLA, "yes")), *_got_it()),
    ends=minutes(280),
    introductions=1,
)
UNDONE = Story(
    "undone",
    (
        *_drafted(),
        Step(minutes(255), Presses(CARLA, "yes")),
        Step(minutes(255) + timedelta(seconds=22), Presses(CARLA, "undo")),
        Step(minutes(260), Presses(CARLA, "yes")),
        *_got_it(),
    ),
    ends=minutes(280),
    introductions=1,
)
DECLINED = Story(
    "declined",
    (*_drafted(), Step(minutes(255), Presses(CARLA, "no"))),
    ends=timedelta(days=8),
    introductions=0,
)
SILENT = Story("silent", _drafted(), ends=timedelta(days=8), introductions=0)
WITHDRAWN = Story(
    "withdrawn",
    (
        *_drafted(),
        Step(minutes(255), Types(ANA, "intros", text="mine")),
        Step(minutes(256), Presses(ANA, "withdraw")),
    ),
    ends=minutes(260),
    introductions=0,
)
HELPED = Story(
    "helped",
    (
        Step(minutes(0), Types(BEN, "ask", text="Somebody who can tell me what a kitchen costs me.")),
        Step(minutes(2), Presses(BEN, "post_ask")),
        Step(minutes(30), Presses(CARLA, "help_with_ask")),
        Step(minutes(40), Fills(CARLA, HELP)),
        Step(minutes(100), Presses(BEN, "yes")),
        *_got_it(),
    ),
    ends=minutes(280),
    introductions=1,
)
STORIES = {story.name: story for story in (AGREED, UNDONE, DECLINED, SILENT, WITHDRAWN, HELPED)}

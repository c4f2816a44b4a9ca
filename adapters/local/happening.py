"""What can happen to the local room, each as a value: a room is what has happened to it, its journal a list of that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adapters.local.transcript import CHANNEL, Audience, Entry, Kind
from bot.domain.ids import ChannelId, UserId
from bot.ports.edges import Person
from bot.ports.messages import Button, Buttons, Form, Message


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as it stands now, put there `at`, in its so-manieth `version`.

    `place` is the channel, a person's direct messages or replies, or a group's room.
    """

    id: str
    place: str
    to: Audience
    kind: Kind
    message: Message
    at: datetime
    author: UserId | None = None
    version: int = 1

    @property
    def is_private(self) -> bool:
        """Say whether exactly one person sees it."""
        return isinstance(self.to, str) and self.to != CHANNEL

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return its buttons, from the top."""
        return tuple(b for part in self.message.parts if isinstance(part, Buttons) for b in part.buttons)


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form in front of somebody, with an error for each field that could not stand, and what opened it where."""

    form: Form
    errors: Mapping[str, str] = field(default_factory=dict)
    channel: ChannelId | None = None
    clicked: Standing | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Stood:
    """A message was put somewhere, or in the place of the one with its id."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry was added to the transcript."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery was made, and is where it is."""

    key: str
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """A room was made for these people under this name."""

    place: str
    users: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A form opened in front of somebody."""

    user: UserId
    form: OpenForm


@dataclass(frozen=True, slots=True)
class PutAway:
    """The form in front of somebody went."""

    user: UserId


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody came in."""

    person: Person


@dataclass(frozen=True, slots=True)
class Acted:
    """Something a browser sent was carried out: the same again changes nothing."""

    event: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """Something the room keeps for whoever plays in it; empty forgets it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """The room was made anew, for the so-manieth time: nothing is in it but its first people."""

    times: int


Happening = Stood | Noted | Delivered | Gathered | Opened | PutAway | Arrived | Acted | Remembered | Cleared

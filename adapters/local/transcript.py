"""What everybody received and did in the local room, in the order in which it happened."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import UserId
from bot.ports.gateway import DeliveryKey
from bot.ports.messages import Form, Message


class Kind(StrEnum):
    """What something is to those who receive it."""

    REPLY = "reply"
    PROMPT = "prompt"
    NOTICE = "notice"
    HEADS_UP = "heads_up"
    INTRODUCTION = "introduction"
    POST = "post"


_OTHERS = {"reminder": Kind.PROMPT, "edit": Kind.PROMPT, "tally": Kind.POST}
_BY_SEGMENT = {**{kind.value: kind for kind in Kind}, **_OTHERS}


def kind_of(key: DeliveryKey) -> Kind:
    """Return what a delivery is, from the first segment of its key; what is not listed is a notice."""
    return _BY_SEGMENT.get(key.partition("/")[0], Kind.NOTICE)


CHANNEL = "channel"
Audience = str | tuple[str, ...]
"""Who receives something: one person's id, `channel`, or everyone in a room."""


def reaches(to: Audience, user: UserId) -> bool:
    """Say whether this person is among those who receive it."""
    return to in (CHANNEL, user) if isinstance(to, str) else user in to


@dataclass(frozen=True, slots=True)
class Received:
    """Something that was put in front of people. `changes` says that it took the place of an earlier one.

    `message` is the id of what stands there now, empty for a form.
    """

    at: datetime
    to: Audience
    kind: Kind
    shown: Message | Form
    errors: Mapping[str, str] = field(default_factory=dict)
    changes: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Did:
    """Something a person did, in words; `typed` is what they filled a form with, a line for each field."""

    at: datetime
    by: UserId
    does: str
    typed: tuple[str, ...] = ()


Entry = Received | Did
Observer = Callable[[Entry], None]


class Transcript:
    """Grows and never changes. Observers hear of each entry as it is added. With `most`, the oldest entries go."""

    def __init__(self, most: int | None = None) -> None:
        self._entries: deque[Entry] = deque(maxlen=most)
        self._observers: list[Observer] = []

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return everything so far."""
        return tuple(self._entries)

    def add(self, entry: Entry) -> None:
        """Write an entry down and tell the observers."""
        self._entries.append(entry)
        for observer in tuple(self._observers):
            observer(entry)

    def clear(self) -> None:
        """Begin anew, for the same observers."""
        self._entries.clear()

    def watch(self, observer: Observer) -> Callable[[], None]:
        """Tell this observer of every later entry; return what ends it."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

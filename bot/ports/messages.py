"""What people are shown: messages, forms and replies, in parts every platform can render."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ChannelId, UserId


@dataclass(frozen=True, slots=True)
class Plain:
    """Text as it stands. What a person typed is always one of these, so that an adapter can make it inert."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Our own words with weight."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, shown as their platform shows people."""

    user: UserId


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, shown as its platform shows channels: by a name the bot need not know."""

    id: ChannelId


@dataclass(frozen=True, slots=True)
class Link:
    """A link of our own."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, shown in its reader's time zone."""

    at: datetime


Span = Plain | Bold | Mention | Channel | Link | Moment
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A verb and an opaque id. Who pressed it comes from the platform's envelope, never from here."""

    label: str
    verb: str
    ref: str

    @property
    def id(self) -> str:
        """Return what travels with the button: at most 100 characters."""
        return f"{self.verb}:{self.ref}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A short line above the rest."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled lines."""

    rows: tuple[tuple[str, Spans], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, or a text that will be shown to somebody, set apart."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Image:
    """A picture with a text that says the same."""

    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to keep, for what is longer than a message may be."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons of equal weight, in one row."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line across."""


Part = Heading | Text | Fields | Quote | Note | Image | File | Buttons | Divider


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown: a plain summary that stands for the whole (screen readers, notifications), and its parts."""

    summary: str
    parts: tuple[Part, ...]


class FieldKind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    MEMBER = "member"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `options` are (value, label); `value` is what it is filled with when it opens."""

    key: str
    label: str
    kind: FieldKind
    hint: str = ""
    value: str | tuple[str, ...] = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = True
    max_length: int = 600


@dataclass(frozen=True, slots=True)
class Form:
    """A form of at most five fields. `verb` and `ref` come back with what was typed."""

    title: str
    verb: str
    ref: str
    fields: tuple[Field, ...]
    submit: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person who acted sees at once and alone.

    A message (in place of what was clicked if `replaces`), a form to open, or an error for each field of the form that
    was sent; with errors, `form` is that form filled as it was typed, for platforms that must offer it again.
    """

    message: Message | None = None
    replaces: bool = False
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

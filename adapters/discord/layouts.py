"""Messages as what Discord shows: texts in its markdown, rows of buttons, pictures, files; on pages if it is long."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

from adapters.cutting import ELLIPSIS
from adapters.discord.ids import custom_id
from adapters.discord.text import Names, cut, markdown, one_line, runs
from bot.domain.ids import UserId
from bot.ports.messages import (
    Bold,
    Button,
    Buttons,
    Divider,
    Fields,
    File,
    Heading,
    Image,
    Message,
    Note,
    Part,
    Plain,
    Quote,
    Spans,
    Text,
)

Component: TypeAlias = dict[str, Any]

ROW, BUTTON, TEXT, GALLERY, FILE, SEPARATOR = 1, 2, 10, 12, 13, 14
SECONDARY = 2
"""All buttons weigh the same."""

MOST_IN_ROW = 5
MOST_LABEL = 80
MOST_COMPONENTS = 40
MOST_TEXT = 4000
MOST_BYTES = 10_000
"""Discord answers more than 10,170 bytes, where each text counts 12 more, with an error 500 (discord-api-docs#8554)."""

MOST_RUN = 1900
"""Characters of one paragraph's markdown: it fits into a page whatever it is written in."""

BYTES_OF_DISPLAY = 12


@dataclass(frozen=True, slots=True)
class Showing:
    """Where and to whom something is shown.

    `guild` is the server that a direct message is about. Only those in `notify` are notified if they are mentioned, as
    far as they can read it; Discord sends the names of those along, for clients that do not know them. Those in `named`
    are shown by these names: in a private thread, Discord adds to it whoever is mentioned, if only by an edit.
    """

    guild: str = ""
    notify: tuple[UserId, ...] = ()
    named: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes along: `description` is what those hear who do not see it."""

    name: str
    content: bytes
    description: str = ""

    @property
    def url(self) -> str:
        """Return how components refer to it."""
        return f"attachment://{self.name}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part in Discord's terms: markdown, or a component, maybe with a file."""

    text: str = ""
    component: Component = field(default_factory=dict)
    upload: Upload | None = None


def pieces(message: Message, showing: Showing) -> list[Piece]:
    """Return a message part by part, at least one of which says something."""
    seen: set[str] = set()
    shown = [one for number, part in enumerate(message.parts) for one in _pieces(part, number, showing, seen)]
    if not any(one.text for one in shown):
        shown[:0] = [Piece(text) for text in _texts((Plain(message.summary),), showing)]
    return shown


def _pieces(part: Part, number: int, showing: Showing, seen: set[str]) -> Iterator[Piece]:
    match part:
        case Buttons(buttons):
            yield from (Piece(component=row) for row in _rows(buttons, showing, seen))
        case Image(content, alt):
            upload = Upload(f"image-{number}.png", content, cut(alt, 1024))
            item = {"media": {"url": upload.url}, "description": upload.description}
            yield Piece(component={"type": GALLERY, "items": [item]}, upload=upload)
        case File(name, text):
            upload = Upload(_file_name(name), text.encode("utf-8", "replace"))
            yield Piece(component={"type": FILE, "file": {"url": upload.url}}, upload=upload)
        case Divider():
            yield Piece(component={"type": SEPARATOR, "divider": True})
        case _:
            yield from (Piece(text) for text in _worded(part, showing))


def _worded(part: Heading | Text | Fields | Quote | Note, showing: Showing) -> Iterator[str]:
    match part:
        case Heading(text):
            yield from _texts((Plain(one_line(text)),), showing, "### ")
        case Text(spans):
            yield from _texts(spans, showing)
        case Quote(spans):
            yield from _texts(spans, showing, "> ")
        case Note(spans):
            yield from _texts(spans, showing, "-# ")
        case Fields(rows):
            yield from _texts(_labelled(rows), showing)
        case _:
            assert_never(part)


def _labelled(rows: Iterable[tuple[str, Spans]]) -> Spans:
    joined = [span for label, spans in rows for span in (Plain("\n"), Bold(f"{label}:"), Plain(" "), *spans)]
    return tuple(joined[1:])


def _texts(spans: Spans, showing: Showing, prefix: str = "") -> Iterator[str]:
    """Yield spans as markdown with something before each line, in one text where it is short enough."""
    whole = markdown(spans, showing.named)
    if not whole.strip():
        return
    if len(prefixed(whole, prefix)) <= MOST_RUN:
        yield prefixed(whole, prefix)
        return
    for run in runs(spans, MOST_RUN - len(prefix), showing.named):
        yield prefixed(markdown(run, showing.named), prefix)


def prefixed(text: str, prefix: str) -> str:
    """Return text with something before each of its lines: small print is none without words."""
    if not prefix:
        return text
    keeps_empty = prefix == "> "
    return "\n".join(f"{prefix}{line}" if line.strip() or keeps_empty else line for line in text.split("\n"))


def _file_name(name: str) -> str:
    """Return a name that can be referred to."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "-" for sign in name) or "file"


def _rows(buttons: Iterable[Button], showing: Showing, seen: set[str]) -> Iterator[Component]:
    """Yield rows of buttons. Two that do the same cannot stand in one message: the first does."""
    shown = []
    for button in buttons:
        travels = custom_id(button.verb, button.ref, guild=showing.guild)
        if travels not in seen:
            seen.add(travels)
            shown.append(button_of(button.label, travels))
    for start in range(0, len(shown), MOST_IN_ROW):
        yield {"type": ROW, "components": shown[start : start + MOST_IN_ROW]}


def button_of(label: str, travels: str) -> Component:
    """Return a button."""
    return {"type": BUTTON, "style": SECONDARY, "label": cut(label, MOST_LABEL) or ELLIPSIS, "custom_id": travels}


@dataclass(slots=True)
class Page:
    """What one message holds."""

    components: list[Component] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)

    def takes(self, more: Sequence[Piece]) -> bool:
        """Say whether there is room for more."""
        return not self.components or _fits([*self.components, *_components(more)])

    def put(self, more: Sequence[Piece]) -> None:
        """Add more."""
        self.components += _components(more)
        self.uploads += [one.upload for one in more if one.upload]


def _components(shown: Sequence[Piece]) -> list[Component]:
    return [one.component or {"type": TEXT, "content": one.text} for one in shown]


def _fits(components: Iterable[Component]) -> bool:
    listed = [inner for one in components for inner in (one, *one.get("components", ()))]
    texts = [one["content"] for one in listed if one["type"] == TEXT]
    return (
        len(listed) <= MOST_COMPONENTS
        and sum(map(len, texts)) <= MOST_TEXT
        and sum(len(text.encode()) + BYTES_OF_DISPLAY for text in texts) <= MOST_BYTES
    )


def pages(shown: Sequence[Piece]) -> list[Page]:
    """Return pieces on as few pages as they fit on, what belongs together on one page if it can be."""
    filled = _filled(_set(shown, "\n\n"))
    return filled if len(filled) == 1 else _filled(_set(shown, "\n"))


def _filled(groups: Iterable[Sequence[Piece]]) -> list[Page]:
    filled = [Page()]
    for group in groups:
        parts = (group,) if _fits(_components(group)) else [(one,) for one in group]
        for part in parts:
            if not filled[-1].takes(part):
                filled.append(Page())
            filled[-1].put(part)
    return filled


def _set(shown: Sequence[Piece], joint: str) -> Iterator[list[Piece]]:
    """Yield what belongs together: texts, joined, with what stands right below them."""
    group: list[Piece] = []
    for one in shown:
        if one.text and group and group[-1].component:
            yield group
            group = []
        joined = f"{group[-1].text}{joint}{one.text}" if one.text and group else ""
        if joined and len(joined) <= MOST_TEXT and len(joined.encode()) + BYTES_OF_DISPLAY <= MOST_BYTES:
            group[-1] = Piece(joined)
        else:
            group.append(one)
    if group:
        yield group

"""The exact text that was shown, as one string: what a receipt's hash stands for, and what lengths are counted on."""

from collections.abc import Iterator
from typing import assert_never

from bot.ports.messages import (
    Bold,
    Buttons,
    Channel,
    Divider,
    Fields,
    File,
    Heading,
    Image,
    Link,
    Mention,
    Message,
    Moment,
    Note,
    Part,
    Plain,
    Quote,
    Span,
    Spans,
    Text,
)

VERSION = 1
"""Counts the wordings: it goes up whenever a text that somebody consents to changes."""


def canonical_text(message: Message) -> str:
    """Return what a message shows, part by part: people as `@{user}`, instants in UTC, buttons in brackets."""
    return "\n".join(shown for part in message.parts for shown in _lines(part))


def length(message: Message) -> int:
    """Return how many characters of text it shows, buttons aside."""
    words = tuple(part for part in message.parts if not isinstance(part, Buttons))
    return len(canonical_text(Message("", words)))


def text_of(content: Spans) -> str:
    """Return spans as the plain text they show."""
    return "".join([span.text if type(span) is Plain else _shown(span) for span in content])


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Heading(text) | Image(_, text):
            yield text
        case Text(content) | Quote(content) | Note(content):
            yield text_of(content)
        case Fields(rows):
            yield from (f"{label}: {text_of(content)}" for label, content in rows)
        case Buttons(buttons):
            yield " ".join(f"[{button.label}]" for button in buttons)
        case File(name, text):
            yield f"{name}:\n{text}"
        case Divider():
            yield "---"
        case _:
            assert_never(part)


def _shown(span: Span) -> str:
    match span:
        case Plain(text) | Bold(text):
            return text
        case Mention(user):
            return f"@{user}"
        case Channel(channel):
            return f"#{channel}"
        case Link(url, label):
            return f"{label} ({url})"
        case Moment(at):
            return f"{at:%Y-%m-%d %H:%M} UTC"
        case _:
            assert_never(span)

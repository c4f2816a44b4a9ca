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

VERSION = 2
"""Counts the wordings: it goes up whenever a text that somebody consents to changes."""


MENTION = 12
"""What a mention counts for where room is shared out: a name, whatever a platform's id for it looks like.

So a text is as long on all of them. Discord writes 22 characters for it and takes 4,000 in a message, Slack about 14
and takes 3,000 in a paragraph: what is counted as 2,000 fits both, with thirty mentions.
"""


def canonical_text(message: Message) -> str:
    """Return what a message shows, part by part: people as `@{user}`, instants in UTC, buttons in brackets."""
    return "\n".join(shown for part in message.parts for shown in _lines(part))


def length(message: Message) -> int:
    """Return how many characters of text it shows, buttons aside; a mention counts as one name."""
    words = tuple(part for part in message.parts if not isinstance(part, Buttons))
    named = [span for part in words for span in _spans(part) if isinstance(span, Mention)]
    return len(canonical_text(Message("", words))) + sum(MENTION - len(_shown(span)) for span in named)


def room_of(content: Spans) -> int:
    """Return how many characters some spans count for; a mention is one name."""
    return sum(MENTION if isinstance(span, Mention) else len(text_of((span,))) for span in content)


def text_of(content: Spans) -> str:
    """Return spans as the plain text they show."""
    return "".join([span.text if type(span) is Plain else _shown(span) for span in content])


def _spans(part: Part) -> Spans:
    match part:
        case Text(content) | Quote(content) | Note(content):
            return content
        case Fields(rows):
            return tuple(span for _, content in rows for span in content)
        case _:
            return ()


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

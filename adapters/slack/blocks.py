"""Messages as Slack shows them: blocks, and a text for notifications and for those who have them read aloud."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, assert_never

from adapters.slack.text import (
    Element,
    chunks,
    cut,
    elements,
    fitted,
    is_free_of_markup,
    mrkdwn,
    safe,
    words_alone,
)
from bot.ports.messages import (
    Bold,
    Button,
    Buttons,
    Divider,
    Fields,
    File,
    Heading,
    Image,
    Link,
    Message,
    Note,
    Part,
    Plain,
    Quote,
    Spans,
    Text,
)

Block: TypeAlias = dict[str, Any]
Arguments: TypeAlias = dict[str, Any]

MOST_BLOCKS = 50
MOST_HOME_BLOCKS = 100
MOST_TEXT = 3000
MOST_HEADER = 150
MOST_ALT = 2000
MOST_BUTTONS = 25
MOST_LABEL = 75
MOST_FALLBACK = 4000
"""What `chat.update` takes as text."""

NO_FILES: Mapping[int, str] = MappingProxyType({})
_WITHOUT_WORDS = ("actions", "divider")


class TooMuchToShowError(Exception):
    """A message has more blocks than Slack takes, even with its paragraphs set close."""

    def __init__(self, blocks: int) -> None:
        super().__init__(f"{blocks} blocks")
        self.blocks = blocks


def message_payload(message: Message, *, files: Mapping[int, str] = NO_FILES) -> Arguments:
    """Return a message as the arguments of `chat.postMessage` that say what it shows.

    `files` holds the ids of the images that were uploaded, by the index of their part; an image without one is told in
    its own words. A File shows nothing: it is uploaded. Raises TooMuchToShowError.
    """
    return {**edit_payload(message, files=files), "unfurl_links": False, "unfurl_media": False}


def edit_payload(message: Message, *, files: Mapping[int, str] = NO_FILES) -> Arguments:
    """Return the same for `chat.update` and `chat.postEphemeral`, which unfurl nothing and refuse to be told so."""
    return {**content(message, files=files), "parse": "none"}


def content(message: Message, *, files: Mapping[int, str] = NO_FILES) -> Arguments:
    """Return text and blocks alone: the body of an answer to a command."""
    return {"text": fallback(message), "blocks": blocks_of(message, files=files)}


def fallback(message: Message) -> str:
    """Return the text that stands for the blocks where they are not seen: the summary, then all that can be read."""
    lines = [spans for part in message.parts if (spans := _read(part))]
    summary = (Plain(message.summary),)
    if not lines or mrkdwn(lines[0]) != mrkdwn(summary):
        lines.insert(0, summary)
    return fitted(_in_lines(lines), MOST_FALLBACK)


def _read(part: Part) -> Spans:
    match part:
        case Text(spans) | Quote(spans) | Note(spans):
            return spans
        case Heading(text) | Image(_, text) | File(text, _):
            return (Plain(text),)
        case Fields(rows):
            return _in_lines((Plain(f"{label}: "), *spans) for label, spans in rows)
        case Buttons() | Divider():
            return ()
        case _:
            assert_never(part)


def _in_lines(lines: Iterable[Spans]) -> Spans:
    joined = [span for line in lines for span in (Plain("\n"), *line)]
    return tuple(joined[1:])


def blocks_of(message: Message, *, most: int = MOST_BLOCKS, files: Mapping[int, str] = NO_FILES) -> list[Block]:
    """Return a message's blocks, at least one of which says something. Raises TooMuchToShowError above `most`."""
    parts = enumerate(message.parts)
    shown = [block for index, part in parts for block in _blocks(part, files.get(index, ""))]
    if all(block["type"] in _WITHOUT_WORDS for block in shown):
        shown[:0] = _rich(elements((Plain(message.summary),)))
    if len(shown) > most:
        shown = _set_close(shown)
    if len(shown) > most:
        raise TooMuchToShowError(len(shown))
    return shown


def _set_close(shown: Iterable[Block]) -> list[Block]:
    """Put neighbouring texts into one block: the same words with less space between."""
    close: list[Block] = []
    for block in shown:
        if close and close[-1]["type"] == block["type"] == "rich_text":
            close[-1] = {"type": "rich_text", "elements": [*close[-1]["elements"], *block["elements"]]}
        else:
            close.append(block)
    return close


def _blocks(part: Part, file: str) -> Iterator[Block]:
    match part:
        case Text(spans):
            yield from _rich(elements(spans))
        case Quote(spans):
            yield from _rich(elements(spans), "rich_text_quote")
        case Fields(rows):
            yield from _rich(_labelled(rows))
        case Note(spans):
            yield from _small(spans)
        case Buttons(buttons):
            yield from _actions(buttons)
        case _:
            yield from _fixed(part, file)


def _fixed(part: Heading | Image | File | Divider, file: str) -> Iterator[Block]:
    match part:
        case Heading(text):
            yield from _header(text)
        case Image(_, alt):
            yield from _image(alt, file)
        case Divider():
            yield {"type": "divider"}
        case File():
            return
        case _:
            assert_never(part)


def _rich(shown: Iterable[Element], kind: str = "rich_text_section") -> Iterator[Block]:
    for run in chunks(shown, MOST_TEXT):
        yield {"type": "rich_text", "elements": [{"type": kind, "elements": run}]}


def _labelled(rows: Iterable[tuple[str, Spans]]) -> list[Element]:
    return elements(_in_lines((Bold(f"{label}:"), Plain(" "), *spans) for label, spans in rows))


def _header(text: str) -> Iterator[Block]:
    if 0 < len(safe(text)) <= MOST_HEADER:
        yield {"type": "header", "text": plain_text(text)}
    else:
        yield from _rich(elements((Plain(text),), bold=True))


def _small(spans: Spans) -> Iterator[Block]:
    """Yield small print. What mrkdwn would change or a context does not hold is written large instead."""
    plain = words_alone(spans)
    marked = mrkdwn(spans)
    if plain is not None and 0 < len(plain) <= MOST_TEXT:
        yield {"type": "context", "elements": [plain_text(plain)]}
    elif plain is None and len(marked) <= MOST_TEXT and is_free_of_markup(spans) and not _has_weight(spans):
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": marked, "verbatim": True}]}
    else:
        yield from _rich(elements(spans))


def _has_weight(spans: Spans) -> bool:
    return any(isinstance(span, Bold | Link) for span in spans)


def _image(alt: str, file: str) -> Iterator[Block]:
    if file:
        yield {"type": "image", "slack_file": {"id": file}, "alt_text": cut(alt, MOST_ALT)}
    else:
        yield from _rich(elements((Plain(alt),)))


def _actions(buttons: Iterable[Button]) -> Iterator[Block]:
    """Yield rows of buttons. No two in a row may share an id."""
    row: dict[str, Block] = {}
    for button in buttons:
        if button.id in row or len(row) == MOST_BUTTONS:
            yield {"type": "actions", "elements": list(row.values())}
            row = {}
        row[button.id] = {"type": "button", "text": plain_text(cut(button.label, MOST_LABEL)), "action_id": button.id}
    if row:
        yield {"type": "actions", "elements": list(row.values())}


def plain_text(text: str) -> Block:
    """Return text in which Slack looks for nothing."""
    return {"type": "plain_text", "text": safe(text)}

"""Messages as requests to Discord.

What is sent unasked is plain content with buttons below it, because a notification shows nothing of a message made of
components (discord-api-docs#7854). A message that is longer, or has buttons between its texts, is made of components.
So is everything that takes the place of another message: what is plain may become components, and never the other way.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from adapters.discord.ids import is_snowflake
from adapters.discord.layouts import ROW, SEPARATOR, Page, Piece, Showing, Upload, pages, pieces
from bot.domain.ids import UserId
from bot.ports.messages import Fields, Image, Mention, Message, Note, Part, Plain, Quote, Spans, Text

Payload: TypeAlias = dict[str, Any]

SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15

MOST_CONTENT = 2000
MOST_ROWS = 5
ANYWHERE = Showing()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request's JSON, and the files that go along: file n of the multipart body is attachment n."""

    payload: Payload
    files: tuple[Upload, ...] = ()


def posted(message: Message, showing: Showing = ANYWHERE) -> tuple[Outgoing, ...]:
    """Return the bodies of Create Message: one, and more only for what no single message holds."""
    shown = pieces(message, showing)
    mentions = _allowed(message, showing)
    plain = _plain(shown)
    if plain is not None:
        return (_with(plain, mentions),)
    return tuple(_with(_of_components(page), mentions) for page in pages(shown))


def edited(message: Message, showing: Showing = ANYWHERE) -> tuple[Outgoing, ...]:
    """Return the body of Edit Message; whatever one message does not hold are bodies of Create Message."""
    first, *more = pages(pieces(message, showing))
    mentions = _allowed(message, showing)
    return (_with(_instead(first), mentions), *(_with(_of_components(page), mentions) for page in more))


def replied(message: Message, showing: Showing = ANYWHERE, *, ephemeral: bool = True) -> tuple[Outgoing, ...]:
    """Return the `data` of an interaction's answer (type 4), then the bodies of follow-ups."""
    flag = EPHEMERAL if ephemeral else 0
    return tuple(_flagged(one, flag) for one in posted(message, showing))


def updated(message: Message, showing: Showing = ANYWHERE, *, ephemeral: bool = True) -> tuple[Outgoing, ...]:
    """Return the `data` of an answer in place of what was clicked (type 7), then the bodies of follow-ups."""
    first, *more = edited(message, showing)
    return (first, *(_flagged(one, EPHEMERAL if ephemeral else 0) for one in more))


def _flagged(one: Outgoing, flag: int) -> Outgoing:
    return replace(one, payload={**one.payload, "flags": one.payload["flags"] | flag})


def _with(one: Outgoing, mentions: Payload) -> Outgoing:
    return replace(one, payload={**one.payload, "allowed_mentions": mentions})


def _plain(shown: list[Piece]) -> Outgoing | None:
    """Return the message as content with buttons below it, if that can hold it and keeps its order."""
    rows = [one.component for one in shown if one.component.get("type") == ROW]
    below = [one for one in shown[len(shown) - len(rows) :] if one.component.get("type") == ROW]
    divided = any(one.component.get("type") == SEPARATOR for one in shown)
    content = _content([one.text for one in shown if one.text])
    if content is None or divided or len(rows) > MOST_ROWS or len(below) < len(rows):
        return None
    uploads = tuple(one.upload for one in shown if one.upload)
    payload: Payload = {"content": content, "flags": SUPPRESS_EMBEDS, **_attached(uploads)}
    return Outgoing(payload | ({"components": rows} if rows else {}), uploads)


def _content(texts: list[str]) -> str | None:
    """Return paragraphs with a line between them, or set close if there is no room for that."""
    return next((whole for joint in ("\n\n", "\n") if len(whole := joint.join(texts)) <= MOST_CONTENT), None)


def _of_components(page: Page) -> Outgoing:
    uploads = tuple(page.uploads)
    return Outgoing({"components": page.components, "flags": COMPONENTS_V2, **_attached(uploads)}, uploads)


def _instead(page: Page) -> Outgoing:
    """Return a page for the place of another message: its text, its previews and its files go."""
    one = _of_components(page)
    return replace(one, payload={"content": None, "embeds": None, "attachments": [], **one.payload})


def _attached(uploads: tuple[Upload, ...]) -> Payload:
    listed = [_attachment(number, upload) for number, upload in enumerate(uploads)]
    return {"attachments": listed} if listed else {}


def _attachment(number: int, upload: Upload) -> Payload:
    shown: Payload = {"id": str(number), "filename": upload.name}
    return shown | {"description": upload.description} if upload.description else shown


def _allowed(message: Message, showing: Showing) -> Payload:
    """Return whom a message may notify: nobody but those it mentions and was told to."""
    meant = mentioned(message) & set(showing.notify)
    users = sorted(user for user in meant if is_snowflake(user) and user not in showing.named)
    return {"parse": [], "users": users} if users else {"parse": []}


def in_words(message: Message) -> Message:
    """Return a message with what its pictures show in words."""
    parts = (Note((Plain(part.alt),)) if isinstance(part, Image) else part for part in message.parts)
    return replace(message, parts=tuple(parts))


def mentioned(message: Message) -> frozenset[UserId]:
    """Return whom a message mentions."""
    return frozenset(user for part in message.parts for user in _mentioned(part))


def _mentioned(part: Part) -> tuple[UserId, ...]:
    match part:
        case Text(spans) | Quote(spans) | Note(spans):
            return _in_spans(spans)
        case Fields(rows):
            return tuple(user for _, spans in rows for user in _in_spans(spans))
        case _:
            return ()


def _in_spans(spans: Spans) -> tuple[UserId, ...]:
    return tuple(span.user for span in spans if isinstance(span, Mention))

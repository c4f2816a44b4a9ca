"""The wording's sample people with ids as Discord has them."""

from dataclasses import replace
from zlib import crc32

from bot.domain.ids import UserId
from bot.ports.messages import Field, FieldKind, Fields, Form, Mention, Message, Note, Part, Quote, Span, Spans, Text


def snowflake_of(user: UserId) -> UserId:
    """Return an id of Discord's for a person of the samples; those that are as long stay so."""
    return UserId(f"4{user[1:]}") if user.isdecimal() else UserId(f"4{crc32(user.encode()):017}")


def on_discord(message: Message) -> Message:
    """Return a message whose people are on Discord."""
    return replace(message, parts=tuple(_part(part) for part in message.parts))


def form_on_discord(form: Form) -> Form:
    """Return a form whose people are on Discord."""
    return replace(form, fields=tuple(_field(field) for field in form.fields))


def _field(field: Field) -> Field:
    if field.kind is FieldKind.MEMBER and isinstance(field.value, str) and field.value:
        return replace(field, value=snowflake_of(UserId(field.value)))
    return field


def _part(part: Part) -> Part:
    match part:
        case Text(spans):
            return Text(_spans(spans))
        case Quote(spans):
            return Quote(_spans(spans))
        case Note(spans):
            return Note(_spans(spans))
        case Fields(rows):
            return Fields(tuple((label, _spans(spans)) for label, spans in rows))
        case _:
            return part


def _spans(spans: Spans) -> Spans:
    return tuple(_span(span) for span in spans)


def _span(span: Span) -> Span:
    return Mention(snowflake_of(span.user)) if isinstance(span, Mention) else span

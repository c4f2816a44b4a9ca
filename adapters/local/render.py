"""Messages and forms as lines for a terminal, and as the plain text and buttons of a transcript."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from babel.core import Locale
from babel.dates import format_datetime, get_timezone
from rich.text import Text as Line

from adapters.local.inert import inert, one_line
from bot.domain.ids import UserId
from bot.ports.edges import Person
from bot.ports.messages import (
    Bold,
    Buttons,
    Channel,
    Divider,
    Field,
    FieldKind,
    Fields,
    File,
    Form,
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

BAR = "│ "
RULE = "─" * 8


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is rendered: names for mentions, and where and in which language instants are told."""

    people: Mapping[UserId, Person] = field(default_factory=dict)
    time_zone: str = "UTC"
    locale: str = "en"

    def name(self, user: UserId) -> str:
        """Return how a person is shown."""
        person = self.people.get(user)
        return f"@{one_line(person.name if person else user)}"

    def time(self, moment: Moment) -> str:
        """Return an instant as this reader's clock and calendar have it; UTC is said, one's own zone is not."""
        zone = get_timezone(self.time_zone)
        local = format_datetime(moment.at, "EEE d MMM y, HH:mm", zone, Locale.parse(self.locale, sep="-"))
        return f"{local} UTC" if self.time_zone == "UTC" else local


def reader_for(user: str, people: Mapping[UserId, Person]) -> Reader:
    """Return how somebody reads; a channel or a room reads in UTC and English."""
    person = people.get(UserId(user))
    return Reader(people, person.time_zone or "UTC", person.locale or "en") if person else Reader(people)


def text_of(shown: Message | Form, reader: Reader, errors: Mapping[str, str] | None = None) -> str:
    """Return everything that can be read, buttons apart, as plain lines."""
    return "\n".join(line.plain.rstrip() for line in lines_of(shown, reader, errors))


def rows_of(shown: Message | Form) -> list[list[str]]:
    """Return the labels of what can be pressed, row by row."""
    if isinstance(shown, Form):
        return [[one_line(shown.submit)]]
    rows = (part.buttons for part in shown.parts if isinstance(part, Buttons))
    return [[one_line(button.label) for button in row] for row in rows]


def buttons_of(shown: Message | Form) -> list[str]:
    """Return the labels of what can be pressed, from the top."""
    return [label for row in rows_of(shown) for label in row]


def lines_of(shown: Message | Form, reader: Reader, errors: Mapping[str, str] | None = None) -> list[Line]:
    """Return the lines for a terminal, buttons apart. A message of nothing but buttons shows its summary."""
    if isinstance(shown, Form):
        return list(_form_lines(shown, reader, errors or {}))
    lines = [line for part in shown.parts for line in _part_lines(part, reader)]
    return lines or _split(Line(inert(shown.summary)))


def _part_lines(part: Part, reader: Reader) -> Iterator[Line]:
    match part:
        case Text() | Note():
            yield from _split(_spans(part.spans, reader, "dim" if isinstance(part, Note) else ""))
        case Quote():
            yield from _barred(_spans(part.spans, reader))
        case Fields():
            for label, spans in part.rows:
                yield from _split(Line.assemble((f"{one_line(label)}: ", "dim"), _spans(spans, reader)))
        case _:
            yield from _fixed_lines(part)


def _fixed_lines(part: Heading | Image | File | Divider | Buttons) -> Iterator[Line]:
    match part:
        case Heading():
            yield Line(one_line(part.text), "bold")
        case Image():
            yield Line(f"[{one_line(part.alt)}]", "dim")
        case File():
            yield Line(one_line(part.name), "dim")
            yield from _split(Line(inert(part.text)))
        case Divider():
            yield Line(RULE, "dim")
        case Buttons():
            return
        case _:
            assert_never(part)


def _spans(spans: Spans, reader: Reader, style: str = "") -> Line:
    line = Line(style=style)
    for span in spans:
        line.append_text(_span(span, reader))
    return line


def _span(span: Span, reader: Reader) -> Line:
    match span:
        case Plain():
            return Line(inert(span.text))
        case Bold():
            return Line(inert(span.text), "bold")
        case Mention():
            return Line(reader.name(span.user), "cyan")
        case Channel():
            return Line(f"#{span.id}", "cyan")
        case Link():
            return Line(f"{one_line(span.label)} <{one_line(span.url)}>", "underline")
        case Moment():
            return Line(reader.time(span), "yellow")
        case _:
            assert_never(span)


def _split(line: Line) -> list[Line]:
    return list(line.split("\n", allow_blank=True)) or [line]


def _barred(quoted: Line) -> Iterator[Line]:
    for line in _split(quoted):
        yield Line.assemble((BAR, "dim"), line)


def _form_lines(form: Form, reader: Reader, errors: Mapping[str, str]) -> Iterator[Line]:
    yield Line(one_line(form.title), "bold")
    for each in form.fields:
        yield from _split(_field_line(each, reader))
        if each.key in errors:
            yield Line(f"! {one_line(errors[each.key])}", "red")
    for error in (text for key, text in errors.items() if key not in {each.key for each in form.fields}):
        yield Line(f"! {one_line(error)}", "red")


def _field_line(each: Field, reader: Reader) -> Line:
    line = Line.assemble((one_line(each.label), "" if each.required else "dim"))
    if each.options:
        line.append(f" ({' · '.join(one_line(label) for _, label in each.options)})", "dim")
    if each.hint:
        line.append(f" – {one_line(each.hint)}", "dim")
    if each.value:
        line.append(f": {value_of(each, each.value, reader)}")
    return line


def value_of(each: Field, value: str | tuple[str, ...], reader: Reader) -> str:
    """Return what a field holds, as people read it: names and labels instead of ids."""
    labels = dict(each.options)
    values = (value,) if isinstance(value, str) else value
    if each.kind is FieldKind.MEMBER:
        return ", ".join(reader.name(UserId(one)) for one in values if one)
    return ", ".join(inert(labels.get(one, one)) for one in values)

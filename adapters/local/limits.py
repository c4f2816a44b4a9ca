"""What the local room takes, as strict as the platforms are, so that a text too long for them is found here first."""

from collections.abc import Iterator

from bot.ports.messages import (
    Bold,
    Button,
    Buttons,
    Channel,
    Fields,
    Form,
    Heading,
    Image,
    Link,
    Mention,
    Message,
    Moment,
    Part,
    Plain,
    Spans,
)

MOST_SUMMARY = 3000
MOST_PARAGRAPH = 3000
MOST_HEADING = 150
MOST_PARTS = 50
MOST_BUTTONS = 5
MOST_LABEL = 80
MOST_ID = 100
MOST_FIELDS = 5
MOST_OPTIONS = 100


class ShownTooMuchError(Exception):
    """Something breaks the room's limits; `faults` says what."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def require_fit(shown: Message | Form) -> None:
    """Raise ShownTooMuchError unless a message or a form keeps to every limit."""
    faults = tuple(_form_faults(shown) if isinstance(shown, Form) else _message_faults(shown))
    if faults:
        raise ShownTooMuchError(faults)


def _message_faults(message: Message) -> Iterator[str]:
    if not message.summary.strip():
        yield "a message needs a summary"
    if len(message.summary) > MOST_SUMMARY:
        yield f"a summary of {len(message.summary)} characters"
    if len(message.parts) > MOST_PARTS:
        yield f"{len(message.parts)} parts"
    for part in message.parts:
        yield from _part_faults(part)


def _part_faults(part: Part) -> Iterator[str]:
    if isinstance(part, Buttons):
        yield from _row_faults(part)
    elif length(part) > (MOST_HEADING if isinstance(part, Heading) else MOST_PARAGRAPH):
        yield f"a {type(part).__name__.lower()} of {length(part)} characters"


def _row_faults(row: Buttons) -> Iterator[str]:
    if not 0 < len(row.buttons) <= MOST_BUTTONS:
        yield f"{len(row.buttons)} buttons in a row"
    for button in row.buttons:
        yield from _button_faults(button)


def _button_faults(button: Button) -> Iterator[str]:
    if not 0 < len(button.label.strip()) <= MOST_LABEL:
        yield f"a button's label of {len(button.label)} characters: {button.verb}"
    if len(button.id) > MOST_ID:
        yield f"a button's id of {len(button.id)} characters: {button.verb}"


def _form_faults(form: Form) -> Iterator[str]:
    if not 0 < len(form.fields) <= MOST_FIELDS:
        yield f"{len(form.fields)} fields in a form"
    if len(f"{form.verb}:{form.ref}") > MOST_ID:
        yield f"a form's id is too long: {form.verb}"
    if len({field.key for field in form.fields}) < len(form.fields):
        yield f"two fields of one name in a form: {form.verb}"
    for field in form.fields:
        if len(field.options) > MOST_OPTIONS:
            yield f"{len(field.options)} options for {field.key}"


def length(part: Part) -> int:
    """Return how many characters of text a part has, with its labels."""
    match part:
        case Heading():
            return len(part.text)
        case Fields():
            return max((len(label) + _spans_length(spans) for label, spans in part.rows), default=0)
        case Image():
            return len(part.alt)
        case Buttons():
            return sum(len(button.label) for button in part.buttons)
        case _:
            return _spans_length(getattr(part, "spans", ()))


def _spans_length(spans: Spans) -> int:
    total = 0
    for span in spans:
        match span:
            case Plain() | Bold():
                total += len(span.text)
            case Link():
                total += len(span.label) + len(span.url)
            case Mention() | Channel() | Moment():
                total += 30
    return total

"""Forms as modals, and a member's own page as the Home tab."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, assert_never

from adapters.slack.blocks import MOST_HOME_BLOCKS, Block, blocks_of, plain_text
from adapters.slack.ids import NOWHERE, Opened
from adapters.slack.text import cut, elements, one_line, safe
from bot.ports.inbound import Submit
from bot.ports.messages import Bold, Field, FieldKind, Form, Message

View: TypeAlias = dict[str, Any]

HOME = "home"
MOST_TITLE = 24
MOST_LABEL = 2000
MOST_TYPED = 3000
MOST_OPTION = 75
MOST_OPTIONS = 100
MOST_RADIO_BUTTONS = 4
MOST_CHECKBOXES = 10

NO_ERRORS: Mapping[str, str] = MappingProxyType({})


def form_view(form: Form, *, opened: Opened = NOWHERE, errors: Mapping[str, str] = NO_ERRORS) -> View:
    """Return a form as a modal, filled as it says. Errors stand above their fields, those of no field on top."""
    keys = {field.key for field in form.fields}
    stray = [text for key, text in errors.items() if key not in keys]
    fields = (block for field in form.fields for block in _with_error(field, errors.get(field.key, "")))
    return {
        "type": "modal",
        "callback_id": form_id(form),
        "private_metadata": opened.written(),
        "title": plain_text(cut(form.title, MOST_TITLE)),
        "submit": plain_text(cut(form.submit, MOST_TITLE)),
        "blocks": [*_told(stray), *fields],
    }


def form_id(form: Form) -> str:
    """Return what travels with a form: its verb and an opaque reference."""
    return f"{form.verb}:{form.ref}"


def home_view(page: Message) -> View:
    """Return a page as the Home tab. Raises TooMuchToShowError above its 100 blocks."""
    return {"type": "home", "callback_id": HOME, "blocks": blocks_of(page, most=MOST_HOME_BLOCKS)}


def refusal(
    errors: Mapping[str, str], form: Form | None, sent: Submit, *, opened: Opened = NOWHERE, anew: bool = False
) -> dict[str, Any]:
    """Return the body that answers a submission with errors.

    They are shown at the fields of the form that is open, which keeps what was typed. If the form goes by another id
    now, because what was typed has been stored, it takes the place of the open one: sent again, it would be stored
    a second time. So it does `anew` where earlier errors stand above the fields, which may be right by now.
    """
    if form is None or (form_id(form) == f"{sent.verb}:{sent.ref}" and not anew):
        return {"response_action": "errors", "errors": _at_fields(errors, sent.fields.keys())}
    return instead(form_view(form, opened=opened, errors=errors))


def instead(view: View) -> dict[str, Any]:
    """Return the body that answers a submission with another form in its place."""
    return {"response_action": "update", "view": view}


def _at_fields(errors: Mapping[str, str], keys: Collection[str]) -> dict[str, str]:
    """Return the errors at fields that were sent, as Slack takes no others: what belongs to none goes to the last."""
    last = list(keys)[-1] if keys else ""
    placed: dict[str, str] = {}
    for key, text in errors.items():
        place = key if key in keys else last
        placed[place] = f"{placed[place]} {safe(text)}" if place in placed else safe(text)
    return placed


def _with_error(field: Field, error: str) -> Iterator[Block]:
    yield from _told([error] if error else [])
    yield _input(field)


def _told(errors: Iterable[str]) -> Iterator[Block]:
    for error in errors:
        section = {"type": "rich_text_section", "elements": elements((Bold(error),))}
        yield {"type": "rich_text", "elements": [section]}


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.key,
        "label": plain_text(cut(field.label, MOST_LABEL)),
        "optional": not field.required,
        "element": {**_element(field), "action_id": field.key},
    }
    return block | {"hint": plain_text(cut(field.hint, MOST_LABEL))} if field.hint else block


def _element(field: Field) -> Block:
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return _text_input(field)
        case FieldKind.MEMBER:
            chosen = {"initial_user": field.value} if field.value else {}
            return {"type": "users_select", **chosen}
        case FieldKind.CHOICE:
            return _choice(field)
        case FieldKind.CHOICES:
            return _choices(field)
        case _:
            assert_never(field.kind)


def _text_input(field: Field) -> Block:
    """Return an input for as much as the form takes, and for what it is filled with, which Slack checks."""
    is_long = field.kind is FieldKind.LONG_TEXT
    typed = field.value if isinstance(field.value, str) else " ".join(field.value)
    typed = cut(typed if is_long else one_line(typed), MOST_TYPED)
    most = min(max(field.max_length, len(typed)), MOST_TYPED)
    element: Block = {"type": "plain_text_input", "multiline": is_long, "max_length": most}
    return element | {"initial_value": typed} if typed else element


def _choice(field: Field) -> Block:
    options = [_option(value, label) for value, label in field.options[:MOST_OPTIONS]]
    chosen = [option for option in options if option["value"] == field.value]
    kind = "radio_buttons" if field.required and len(options) <= MOST_RADIO_BUTTONS else "static_select"
    element: Block = {"type": kind, "options": options}
    return element | {"initial_option": chosen[0]} if chosen else element


def _choices(field: Field) -> Block:
    options = [_option(value, label) for value, label in field.options[:MOST_OPTIONS]]
    values = (field.value,) if isinstance(field.value, str) else field.value
    chosen = [option for option in options if option["value"] in values]
    kind = "checkboxes" if len(options) <= MOST_CHECKBOXES else "multi_static_select"
    element: Block = {"type": kind, "options": options}
    return element | {"initial_options": chosen} if chosen else element


def _option(value: str, label: str) -> Block:
    """Return an option; of a label that is too long for its line, the rest stands below it."""
    line = cut(label, MOST_OPTION)
    option: Block = {"text": plain_text(line), "value": value}
    if line == safe(label):
        return option
    rest = safe(label)[len(line) - 1 :].strip()
    return option | {"description": plain_text(cut(rest, MOST_OPTION))}

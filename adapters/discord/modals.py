"""Forms as modals. What comes back with one is its custom id, so that it needs nobody to remember it."""

from typing import Any, TypeAlias, assert_never

from adapters.discord.ids import custom_id, is_snowflake
from adapters.discord.text import cut, one_line, safe
from bot.ports.messages import Field, FieldKind, Form

Modal: TypeAlias = dict[str, Any]

LABEL = 18
STRING_SELECT, TEXT_INPUT, USER_SELECT, RADIO_GROUP, CHECKBOX_GROUP = 3, 4, 5, 21, 22
SHORT, PARAGRAPH = 1, 2

MOST_TITLE = 45
MOST_LABEL = 45
MOST_HINT = 100
MOST_TYPED = 4000
MOST_OPTION = 100
MOST_AT_ONCE = 10
MOST_OPTIONS = 25
SEVERAL = "[]"
"""Ends the id of a field that takes several choices: a select sends one in the same way as many."""


def form_modal(form: Form, *, guild: str = "") -> Modal:
    """Return a form as the `data` of an answer of type 9, which has to be the first answer.

    Discord words the button that sends it. `guild` is the server it is about, if it opens in a direct message.
    """
    return {
        "custom_id": custom_id(form.verb, form.ref, guild=guild),
        "title": cut(one_line(form.title), MOST_TITLE),
        "components": [_labelled(field) for field in form.fields],
    }


def _labelled(field: Field) -> Modal:
    """Return a field under its label; what its hint says stands between the two."""
    label: Modal = {
        "type": LABEL,
        "label": cut(one_line(field.label), MOST_LABEL),
        "component": {**_component(field), "custom_id": field.key},
    }
    if field.kind is FieldKind.CHOICES:
        label["component"]["custom_id"] = f"{field.key}{SEVERAL}"
    hint = cut(one_line(field.hint), MOST_HINT)
    return label | {"description": hint} if hint else label


def _component(field: Field) -> Modal:
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return _text_input(field)
        case FieldKind.MEMBER:
            return _member(field)
        case FieldKind.CHOICE:
            return _choice(field)
        case FieldKind.CHOICES:
            return _choices(field)
        case _:
            assert_never(field.kind)


def _text_input(field: Field) -> Modal:
    """Return an input for as much as the form takes, and for what it is filled with, which Discord checks."""
    is_long = field.kind is FieldKind.LONG_TEXT
    typed = field.value if isinstance(field.value, str) else " ".join(field.value)
    typed = cut(safe(typed) if is_long else one_line(typed), MOST_TYPED)
    component: Modal = {
        "type": TEXT_INPUT,
        "style": PARAGRAPH if is_long else SHORT,
        "required": field.required,
        "max_length": min(max(field.max_length, len(typed)), MOST_TYPED),
    }
    return component | {"value": typed} if typed else component


def _member(field: Field) -> Modal:
    """Return a choice of the server's people. It is said to be required or not: libraries' defaults differ."""
    select: Modal = {
        "type": USER_SELECT,
        "required": field.required,
        "min_values": int(field.required),
        "max_values": 1,
    }
    chosen = field.value if isinstance(field.value, str) else ""
    return select | {"default_values": [{"id": chosen, "type": "user"}]} if is_snowflake(chosen) else select


def _choice(field: Field) -> Modal:
    """Return buttons to choose one of, or a menu where there is only one or there are many."""
    options = [_option(value, label, chosen=value == field.value) for value, label in field.options[:MOST_OPTIONS]]
    if 1 < len(options) <= MOST_AT_ONCE:
        return {"type": RADIO_GROUP, "required": field.required, "options": options}
    return _menu(field, options, most=1)


def _choices(field: Field) -> Modal:
    values = (field.value,) if isinstance(field.value, str) else field.value
    options = [_option(value, label, chosen=value in values) for value, label in field.options[:MOST_OPTIONS]]
    if len(options) > MOST_AT_ONCE:
        return _menu(field, options, most=len(options))
    least = int(field.required)
    bounds = {"min_values": least, "max_values": len(options)}
    return {"type": CHECKBOX_GROUP, "required": field.required, **bounds, "options": options}


def _menu(field: Field, options: list[Modal], *, most: int) -> Modal:
    bounds = {"min_values": int(field.required), "max_values": most}
    return {"type": STRING_SELECT, "required": field.required, **bounds, "options": options}


def _option(value: str, label: str, *, chosen: bool) -> Modal:
    """Return an option; of a label that is too long for its line, the rest stands below it."""
    whole = one_line(label)
    line = cut(whole, MOST_OPTION)
    option: Modal = {"value": value, "label": line}
    if line != whole:
        option["description"] = cut(whole[len(line) - 1 :].strip(), MOST_OPTION)
    return option | {"default": True} if chosen else option

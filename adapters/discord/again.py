"""What was typed, shown again with what is wrong with it: a modal cannot answer a modal, so a button opens it filled.

Nothing is remembered for it. What was typed stands in the message itself, which comes back with the press.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.discord.ids import custom_id
from adapters.discord.layouts import ROW, TEXT, Component, Page, Piece, Showing, Upload, button_of, prefixed
from adapters.discord.messages import COMPONENTS_V2, EPHEMERAL, Outgoing, Payload
from adapters.discord.text import NOBODY, markdown, one_line, safe, unescaped
from adapters.reading import Body
from bot.domain.ids import UserId
from bot.ports.messages import Bold, Field, FieldKind, Form, Mention, Plain

FIRST_TYPED: Final = 1000
"""The id of the component in which the first field's content stands; the next field's is the next."""

TYPED_FILE: Final = "what-you-typed.txt"
NO_MENTIONS: Final[Payload] = {"parse": []}


def refused(errors: Mapping[str, str], form: Form, *, edit: str, showing: Showing, ephemeral: bool = True) -> Outgoing:
    """Return the `data` of an answer of type 4: what is wrong, what was typed, and a button to open the form again.

    `form` is filled with what was typed, and `edit` is what the button says. What is too long to be shown is a file.
    Where only one person is, it need not be `ephemeral`: what is does not stay.
    """
    labels = {field.key: field.label for field in form.fields}
    wrong = [_wrong(labels.get(key, ""), text) for key, text in errors.items()]
    button = _opening(form, edit, showing)
    whole = Page()
    whole.put([Piece(text) for text in wrong])
    shown = [Piece(component=one) for one in _typed(form)]
    if whole.takes([*shown, Piece(component=button)]):
        whole.put([*shown, Piece(component=button)])
        return _shown_alone(whole.components, ephemeral=ephemeral)
    file = Upload(TYPED_FILE, _as_text(form).encode())
    return _shown_alone([*whole.components, *_as_file(button)], file, ephemeral=ephemeral)


def offered(form: Form, *, showing: Showing, ephemeral: bool = True) -> Outgoing:
    """Return the `data` of an answer of type 4 that offers another form after one that was sent."""
    title = {"type": TEXT, "content": markdown((Plain(one_line(form.title)),))}
    return _shown_alone([title, _opening(form, form.title, showing)], ephemeral=ephemeral)


def refilled(form: Form, message: Mapping[str, object]) -> Form:
    """Return a form filled with what was typed before, if the message whose button opens it shows that.

    `message` is the one that came with the press. Raises NotUnderstoodError for one that Discord did not send.
    """
    shown = {one.number("id"): one.maybe("content") for one in Body(message).listed("components")}
    if not any(number >= FIRST_TYPED for number in shown):
        return form
    fields = enumerate(form.fields, FIRST_TYPED)
    return replace(form, fields=tuple(_refilled(field, shown.get(number, "")) for number, field in fields))


def _wrong(label: str, text: str) -> str:
    said = (Bold(f"{one_line(label)}:"), Plain(f" {text}")) if label else (Plain(text),)
    return markdown(said)


def _opening(form: Form, label: str, showing: Showing) -> Component:
    button = button_of(one_line(label), custom_id(form.verb, form.ref, guild=showing.guild))
    return {"type": ROW, "components": [button]}


def _shown_alone(components: list[Component], *files: Upload, ephemeral: bool) -> Outgoing:
    flags = COMPONENTS_V2 | EPHEMERAL if ephemeral else COMPONENTS_V2
    payload: Payload = {"components": components, "flags": flags, "allowed_mentions": NO_MENTIONS}
    if files:
        payload["attachments"] = [{"id": str(number), "filename": one.name} for number, one in enumerate(files)]
    return Outgoing(payload, files)


def _typed(form: Form) -> list[Component]:
    """Return what each field holds. The id says which field it is."""
    components: list[Component] = []
    for number, field in enumerate(form.fields, FIRST_TYPED):
        if content := _shown(field):
            label = f"-# {markdown((Plain(one_line(field.label)),))}"
            components += [
                {"type": TEXT, "content": label},
                {"type": TEXT, "id": number, "content": content},
            ]
    return components


def _shown(field: Field) -> str:
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            typed = safe(_text(field)).strip()
            return prefixed(markdown((Plain(typed),)), "> ") if typed else ""
        case FieldKind.MEMBER:
            return f"> {markdown((Mention(UserId(_text(field))),), NOBODY)}" if field.value else ""
        case _:
            return "\n".join(f"> {markdown((Plain(one_line(label)),))}" for label in _labels(field))


def _text(field: Field) -> str:
    return field.value if isinstance(field.value, str) else " ".join(field.value)


def _labels(field: Field) -> list[str]:
    values = (field.value,) if isinstance(field.value, str) else field.value
    return [label for value, label in field.options if value in values]


def _refilled(field: Field, content: str) -> Field:
    lines = [unescaped(line.removeprefix(">").removeprefix(" ")) for line in content.split("\n")] if content else []
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return replace(field, value="\n".join(lines))
        case FieldKind.MEMBER:
            return replace(field, value="".join(lines).removeprefix("<@").removesuffix(">"))
        case FieldKind.CHOICE:
            chosen = [value for value, label in field.options if one_line(label) in lines]
            return replace(field, value=chosen[0] if chosen else field.value)
        case FieldKind.CHOICES:
            return replace(field, value=tuple(value for value, label in field.options if one_line(label) in lines))


def _as_text(form: Form) -> str:
    texts = ((field.label, _text(field) if not field.options else ", ".join(_labels(field))) for field in form.fields)
    return "\n\n".join(f"{label}\n{text}" for label, text in texts)


def _as_file(button: Component) -> list[dict[str, Any]]:
    return [{"type": 13, "file": {"url": f"attachment://{TYPED_FILE}"}}, button]

"""A modal's fields as the Slack client treats them: what may stand in each, and what is sent of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.slack.seen import Input
from tests.slack.state import JSON, CannotError, View

Values = Mapping[str, str | Sequence[str]]

_TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_ONE_OPTION = ("static_select", "radio_buttons")
_MANY_OPTIONS = ("multi_static_select", "checkboxes")
_ONE_ID = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
}
_MANY_IDS = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
}


def input_blocks(view: View) -> list[JSON]:
    """Return the blocks people can fill in."""
    return [block for block in view.body["blocks"] if block["type"] == "input"]


def fields_of(view: View) -> tuple[Input, ...]:
    """Return a modal's fields, with what stands in them now."""
    state = state_of(view)
    return tuple(_field(block, state) for block in input_blocks(view))


def state_of(view: View) -> dict[str, dict[str, JSON]]:
    """Return what Slack sends as `state.values`: what was typed, else what the field was filled with."""
    state = {}
    for block in input_blocks(view):
        element = block["element"]
        entry = view.typed.get(block["block_id"], {}).get(element["action_id"])
        state[block["block_id"]] = {element["action_id"]: entry or _initial(element)}
    return state


def fill(view: View, fields: Sequence[Input], values: Values, people: Mapping[str, object]) -> None:
    """Type into a modal. Raises CannotError where the Slack client would not take it."""
    by_name = {name: field for field in fields for name in (field.label, field.block_id)}
    for name, value in values.items():
        if name not in by_name:
            raise CannotError(f"no field {name!r}, but {[field.label for field in fields]}")
        field = by_name[name]
        typed = _typed(field, value, _element(view, field), people)
        view.typed.setdefault(field.block_id, {})[field.action_id] = typed
    for field in fields_of(view):
        if field.required and not field.value:
            raise CannotError(f"{field.label!r} is required")


def _field(block: JSON, state: Mapping[str, Mapping[str, JSON]]) -> Input:
    element = block["element"]
    return Input(
        label=block["label"]["text"],
        hint=(block.get("hint") or {}).get("text", ""),
        block_id=block["block_id"],
        action_id=element["action_id"],
        kind=element["type"],
        value=_value(element["type"], state[block["block_id"]][element["action_id"]]),
        options={option["text"]["text"]: option["value"] for option in _options(element)},
        required=not block.get("optional", False),
        min_length=element.get("min_length", 0),
        max_length=element.get("max_length", 3000),
    )


def _options(element: JSON) -> list[JSON]:
    grouped = [option for group in element.get("option_groups") or () for option in group["options"]]
    return [*(element.get("options") or ()), *grouped]


def _value(kind: str, entry: JSON) -> str | tuple[str, ...]:
    if kind in _ONE_OPTION:
        return str((entry["selected_option"] or {}).get("value", ""))
    if kind in _MANY_OPTIONS:
        return tuple(option["value"] for option in entry["selected_options"])
    if kind in _MANY_IDS:
        return tuple(entry[_MANY_IDS[kind][0]])
    return str(entry.get(_ONE_ID[kind][0] if kind in _ONE_ID else "value") or "")


def _initial(element: JSON) -> JSON:
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _MANY_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    if kind in _MANY_IDS:
        selected, initial = _MANY_IDS[kind]
        return {"type": kind, selected: element.get(initial) or []}
    if kind in _ONE_ID:
        selected, initial = _ONE_ID[kind]
        return {"type": kind, selected: element.get(initial)}
    return {"type": kind, "value": element.get("initial_value") or None}


def _typed(field: Input, value: str | Sequence[str], element: JSON, people: Mapping[str, object]) -> JSON:
    if field.kind in _TEXTS:
        return {"type": field.kind, "value": _fitting(field, str(value))}
    many = (value,) if isinstance(value, str) else tuple(value)
    if field.kind in (*_ONE_OPTION, *_MANY_OPTIONS):
        return _CHOSEN[field.kind in _ONE_OPTION](field.kind, [_option(element, one) for one in many if one])
    if field.kind.endswith("users_select"):
        _require_known(many, people)
    if field.kind in _MANY_IDS:
        return {"type": field.kind, _MANY_IDS[field.kind][0]: list(many)}
    return {"type": field.kind, _ONE_ID[field.kind][0]: many[0] if many and many[0] else None}


def _chose_one(kind: str, options: list[JSON]) -> JSON:
    return {"type": kind, "selected_option": options[0] if options else None}


def _chose_many(kind: str, options: list[JSON]) -> JSON:
    return {"type": kind, "selected_options": options}


_CHOSEN: Mapping[bool, Callable[[str, list[JSON]], JSON]] = {True: _chose_one, False: _chose_many}


def _fitting(field: Input, text: str) -> str | None:
    if len(text) > field.max_length:
        raise CannotError(f"{field.label!r} takes {field.max_length} characters, not {len(text)}")
    if text and len(text) < field.min_length:
        raise CannotError(f"{field.label!r} needs {field.min_length} characters")
    return text or None


def _option(element: JSON, wanted: str) -> JSON:
    for option in _options(element):
        if wanted in (option["text"]["text"], option["value"]):
            return option
    raise CannotError(f"no option {wanted!r}, but {[option['text']['text'] for option in _options(element)]}")


def _require_known(users: Sequence[str], people: Mapping[str, object]) -> None:
    unknown = [user for user in users if user and user not in people]
    if unknown:
        raise CannotError(f"nobody to pick: {unknown}")


def _element(view: View, field: Input) -> dict[str, Any]:
    return next(block["element"] for block in input_blocks(view) if block["block_id"] == field.block_id)

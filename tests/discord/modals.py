"""A modal in front of somebody: its fields as they are read and filled."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.discord.state import Json

KINDS: Mapping[int, str] = {
    3: "string_select",
    4: "text",
    5: "user_select",
    6: "role_select",
    7: "mentionable_select",
    8: "channel_select",
    19: "file_upload",
    21: "radio_group",
    22: "checkbox_group",
    23: "checkbox",
}


@dataclass(frozen=True)
class Input:
    """One field. `value` is what it is filled with when it opens: a text, or the ids or values that are chosen."""

    label: str
    description: str
    custom_id: str
    kind: str
    value: str | tuple[str, ...] | bool
    options: Mapping[str, str]
    required: bool
    least: int
    most: int
    raw: Json = field(repr=False)


@dataclass(frozen=True)
class Modal:
    """What a person has open. `opened_by` is the interaction that opened it; `error` what Discord says under it."""

    title: str
    custom_id: str
    fields: tuple[Input, ...]
    texts: tuple[str, ...]
    raw: Json = field(repr=False)
    opened_by: str = ""
    error: str | None = None

    def field(self, name: str) -> Input:
        """Return a field by its label or custom id. Raises KeyError."""
        for each in self.fields:
            if name in (each.label, each.custom_id):
                return each
        raise KeyError(f"no field {name!r}; there are {[each.label for each in self.fields]}")


def read_modal(data: Json, opened_by: str) -> Modal:
    """Return a modal as a person sees it."""
    fields, texts = [], []
    for component in data.get("components", []):
        if component["type"] == 18:
            fields.append(_input(component["component"], component["label"], component.get("description") or ""))
        elif component["type"] == 1:
            fields.extend(_input(each, each.get("label") or "", "") for each in component["components"])
        elif component["type"] == 10:
            texts.append(component["content"])
    return Modal(data["title"], data["custom_id"], tuple(fields), tuple(texts), data, opened_by)


def _input(component: Json, label: str, description: str) -> Input:
    kind = KINDS[component["type"]]
    least, most = _bounds(component, kind)
    return Input(
        label,
        description,
        component["custom_id"],
        kind,
        _value(component, kind),
        {option["label"]: option["value"] for option in component.get("options", [])},
        required=_required(component, kind),
        least=least,
        most=most,
        raw=component,
    )


def _required(component: Json, kind: str) -> bool:
    return kind != "checkbox" and bool(component.get("required", True))


def _bounds(component: Json, kind: str) -> tuple[int, int]:
    """Return the least and most characters of a text, or choices of anything else."""
    if kind == "text":
        return component.get("min_length") or 0, component.get("max_length") or 4000
    if kind in ("radio_group", "checkbox"):
        return 0, 1
    everything = len(component.get("options", [])) if kind == "checkbox_group" else 1
    return component.get("min_values", 1), component.get("max_values", everything)


def _value(component: Json, kind: str) -> str | tuple[str, ...] | bool:
    if kind == "text":
        return str(component.get("value") or "")
    if kind == "checkbox":
        return bool(component.get("default"))
    chosen = [option["value"] for option in component.get("options", []) if option.get("default")]
    return tuple(chosen or (str(default["id"]) for default in component.get("default_values", [])))

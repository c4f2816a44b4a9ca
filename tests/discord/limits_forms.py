"""The limits of modals, commands and completions that Discord's published spec lacks or leaves loose."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tests.discord.limits import component_faults, option_faults
from tests.discord.state import Json

NAME = re.compile(r"^[-_'\w]{1,32}$")
MOST_OF_KIND: Mapping[int, int] = {1: 100, 2: 15, 3: 15}
MOST_IN_COMMAND = 8000
IN_LABEL = (3, 4, 5, 6, 7, 8, 19, 21, 22, 23)


def modal_faults(data: Json) -> list[str]:
    """Return what is wrong with a modal."""
    components = data.get("components") or []
    faults = [] if 1 <= len(data.get("title") or "") <= 45 else ["title: 1 to 45 characters"]
    if not 1 <= len(data.get("custom_id") or "") <= 100:
        faults.append("custom_id: 1 to 100 characters")
    if not 1 <= len(components) <= 5:
        faults.append(f"components: {len(components)}; 1 to 5")
    for component in components:
        faults += _top(component)
    return faults + component_faults(components)


def _top(component: Json) -> Iterator[str]:
    if component["type"] == 18:
        yield from _label(component)
    elif component["type"] == 1:
        inside = component.get("components") or []
        if any(each["type"] != 4 or not 1 <= len(each.get("label") or "") <= 45 for each in inside):
            yield "row: in a modal one labelled text input"
        for each in inside:
            yield from _text(each)
    elif component["type"] != 10:
        yield f"components: a modal takes no component of type {component['type']}"


def _label(label: Json) -> Iterator[str]:
    inside = label["component"]
    if not 1 <= len(label.get("label") or "") <= 45:
        yield "label: 1 to 45 characters"
    if len(label.get("description") or "") > 100:
        yield "label: description longer than 100"
    if inside["type"] not in IN_LABEL:
        yield f"label: takes no component of type {inside['type']}"
    if inside.get("disabled"):
        yield "disabled: not in a modal"
    if inside["type"] == 4:
        yield from _text(inside)
    if inside["type"] in (21, 22):
        yield from option_faults(inside.get("options") or [], 2 if inside["type"] == 21 else 1, 10)


def _text(text: Json) -> Iterator[str]:
    least, most = text.get("min_length") or 0, text.get("max_length") or 4000
    if not 0 <= least <= most <= 4000:
        yield "text input: 0 <= min_length <= max_length <= 4000"
    if len(text.get("value") or "") > most:
        yield "text input: what it is filled with is longer than max_length"
    if len(text.get("placeholder") or "") > 100:
        yield "text input: placeholder longer than 100"


def choice_faults(choices: Sequence[Json]) -> list[str]:
    """Return what is wrong with completions."""
    faults = [] if len(choices) <= 25 else [f"choices: {len(choices)} > 25"]
    if any(not 1 <= len(each["name"]) <= 100 or not 1 <= len(str(each["value"])) <= 100 for each in choices):
        faults.append("choices: name and value 1 to 100 characters")
    return faults


def command_faults(commands: Sequence[Json]) -> list[str]:
    """Return what is wrong with all commands of a scope together."""
    faults = [fault for command in commands for fault in _command(command)]
    for kind, most in MOST_OF_KIND.items():
        if sum(command.get("type", 1) == kind for command in commands) > most:
            faults.append(f"commands: more than {most} of type {kind}")
    names = [(command.get("type", 1), command["name"]) for command in commands]
    return faults + ([] if len(set(names)) == len(names) else ["commands: a name is there twice"])


def _command(command: Json) -> Iterator[str]:
    if command.get("type", 1) != 1:
        if not 1 <= len(command["name"]) <= 32 or command.get("description") or command.get("options"):
            yield f"{command['name']}: a menu has a name of 1 to 32 characters, no description, no options"
        return
    yield from _node(command, command["name"], depth=0)
    if _size(command) > MOST_IN_COMMAND:
        yield f"{command['name']}: more than {MOST_IN_COMMAND} characters altogether"


def _node(node: Json, path: str, depth: int) -> Iterator[str]:
    if not NAME.match(node["name"]) or node["name"] != node["name"].lower():
        yield f"{path}: no name for a command or option"
    if not 1 <= len(node.get("description") or "") <= 100:
        yield f"{path}: description 1 to 100 characters"
    options = node.get("options") or []
    yield from _options(node, options, path, depth)
    for option in options:
        yield from _node(option, f"{path} {option['name']}", depth + 1)


def _options(node: Json, options: Sequence[Json], path: str, depth: int) -> Iterator[str]:
    required = [bool(option.get("required")) for option in options]
    if len(options) > 25 or len(node.get("choices") or []) > 25:
        yield f"{path}: more than 25 options or choices"
    if required != sorted(required, reverse=True):
        yield f"{path}: a required option after an optional one"
    if any(option["type"] == 2 for option in options) and depth:
        yield f"{path}: a group within a group"
    if len({option["name"] for option in options}) != len(options):
        yield f"{path}: an option's name is there twice"
    if node.get("choices") and node.get("autocomplete"):
        yield f"{path}: choices and completion"


def _size(node: Json) -> int:
    choices = sum(len(str(choice["name"])) + len(str(choice["value"])) for choice in node.get("choices") or [])
    own = _longest(node, "name") + _longest(node, "description")
    return own + choices + sum(_size(option) for option in node.get("options") or [])


def _longest(node: Json, key: str) -> int:
    return max(len(text) for text in [node.get(key) or "", *(node.get(f"{key}_localizations") or {}).values()])

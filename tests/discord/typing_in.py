"""What Discord's own client lets people type: commands that are there for them, options and fields that fit."""

from collections.abc import Mapping, Sequence

from tests.discord import permissions
from tests.discord.modals import Input, Modal
from tests.discord.state import CannotError, Json, Permission
from tests.discord.world import World

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE = 1, 2, 3, 4, 5, 6, 7, 8
IDS = (USER, CHANNEL, ROLE)
TYPES: Mapping[int, type] = {STRING: str, INTEGER: int, BOOLEAN: bool} | dict.fromkeys(IDS, str)
IN_GUILD, IN_DM = 0, 1
Typed = str | int | bool
Filled = str | bool | Sequence[str]


def command_for(world: World, user: str, channel: str, kind: int, name: str) -> Json:
    """Return a command this person sees in this channel. Raises CannotError."""
    place = world.channels[channel]
    scopes = (None, place.guild) if place.guild else (None,)
    found = [each for scope in scopes for each in world.commands.get(scope, [])]
    command = next((each for each in found if (each["type"], each["name"]) == (kind, name)), None)
    if command is None:
        raise CannotError(f"there is no command {name!r} of type {kind} here")
    _require_context(command, IN_GUILD if place.guild else IN_DM)
    _require_rights(world, user, channel, command)
    return command


def _require_context(command: Json, context: int) -> None:
    contexts = command.get("contexts")
    if contexts is None and context == IN_DM and command.get("dm_permission") is False:
        contexts = [IN_GUILD]
    if contexts is not None and context not in contexts:
        raise CannotError(f"{command['name']!r} is not offered here")


def _require_rights(world: World, user: str, channel: str, command: Json) -> None:
    place = world.channels[channel]
    if place.guild is None:
        return
    guild = world.guilds[place.guild]
    if not world.may(user, place) & Permission.USE_APPLICATION_COMMANDS:
        raise CannotError(f"{user} may use no commands here")
    needed = int(command.get("default_member_permissions") or 0)
    allowed = guild.commands_allowed.get((command["name"], user))
    if allowed is None:
        allowed = int(permissions.in_guild(guild, user)) & needed == needed
    if not allowed:
        raise CannotError(f"{command['name']!r} is hidden from {user}")


def options_of(
    command: Json, path: Sequence[str], typed: Mapping[str, Typed], focused: str | None = None
) -> list[Json]:
    """Return the options as they are sent: under subcommands, with types, and what is required all there."""
    node, steps = command, list(path)
    if steps:
        node = next((each for each in command.get("options", []) if each["name"] == steps[0]), {})
        if node.get("type") not in (SUBCOMMAND, GROUP):
            raise CannotError(f"{command['name']!r} has no {steps[0]!r}")
        return [{"type": node["type"], "name": node["name"], "options": options_of(node, steps[1:], typed, focused)}]
    known = {each["name"]: each for each in node.get("options", [])}
    if any(each["type"] in (SUBCOMMAND, GROUP) for each in known.values()):
        raise CannotError(f"{command['name']!r} needs one of {sorted(known)}")
    _require_all(known, typed, focused)
    return [_option(known[name], value, is_focused=name == focused) for name, value in typed.items()]


def _require_all(known: Mapping[str, Json], typed: Mapping[str, Typed], focused: str | None) -> None:
    unknown = set(typed) - set(known)
    missing = {name for name, option in known.items() if option.get("required")} - set(typed)
    if unknown or (missing and focused is None):
        raise CannotError(f"no option {sorted(unknown)}, or not filled {sorted(missing)}")


def _option(option: Json, value: Typed, *, is_focused: bool) -> Json:
    sent: Json = {"name": option["name"], "type": option["type"], "value": value}
    if is_focused:
        return sent | {"focused": True}
    choices = {choice["name"]: choice["value"] for choice in option.get("choices") or []}
    if choices:
        if value not in choices and value not in choices.values():
            raise CannotError(f"{value!r} is not among {sorted(choices)}")
        sent["value"] = choices.get(str(value), value)
    if not isinstance(value, TYPES[option["type"]]) or (option["type"] in IDS and not str(value).isdigit()):
        raise CannotError(f"{option['name']}: {value!r} is nothing of type {option['type']}")
    if option["type"] == STRING:
        _require_length(option["name"], str(value), option.get("min_length") or 0, option.get("max_length") or 6000)
    return sent


def _require_length(name: str, text: str, least: int, most: int) -> None:
    if not least <= len(text) <= most:
        raise CannotError(f"{name}: {len(text)} characters; {least} to {most}")


def filled(modal: Modal, values: Mapping[str, Filled]) -> list[Json]:
    """Return a modal's components as they are sent; what is not named keeps what it was filled with."""
    try:
        named = {modal.field(name).custom_id: value for name, value in values.items()}
    except KeyError as missing:
        raise CannotError(str(missing)) from missing
    sent = {each.custom_id: _sent(each, named.get(each.custom_id, each.value)) for each in modal.fields}
    return [_wrapped(component, number, sent) for number, component in enumerate(modal.raw["components"], start=1)]


def _wrapped(component: Json, number: int, sent: Mapping[str, Json]) -> Json:
    shaped: Json = {"type": component["type"], "id": component.get("id") or number * 10}
    if component["type"] == 18:
        shaped["component"] = sent[component["component"]["custom_id"]]
    elif component["type"] == 1:
        shaped["components"] = [sent[each["custom_id"]] for each in component["components"]]
    return shaped


def _sent(field: Input, value: Filled) -> Json:
    shaped: Json = {"type": field.raw["type"], "id": field.raw.get("id") or 1, "custom_id": field.custom_id}
    if field.kind == "checkbox":
        return shaped | {"value": bool(value)}
    if field.kind == "text":
        text = str(value)
        if field.required and not text:
            raise CannotError(f"{field.label!r} has to be filled")
        if text:
            _require_length(field.label, text, field.least, field.most)
        return shaped | {"value": text}
    chosen = _chosen(field, (value,) if isinstance(value, str) and value else value)
    return shaped | ({"value": next(iter(chosen), None)} if field.kind == "radio_group" else {"values": chosen})


def _chosen(field: Input, value: Filled) -> list[str]:
    listed = [] if isinstance(value, (str, bool)) else [field.options.get(each, each) for each in value]
    if not listed and not field.required:
        return []
    if not max(field.least, int(field.required)) <= len(listed) <= field.most:
        raise CannotError(f"{field.label!r}: {len(listed)} chosen; {field.least} to {field.most}")
    if field.options and not set(listed) <= set(field.options.values()):
        raise CannotError(f"{field.label!r}: {listed} is not among {sorted(field.options)}")
    return listed

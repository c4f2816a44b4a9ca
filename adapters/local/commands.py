"""Reads what somebody types in the terminal, and says kindly what to type instead."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from bot.domain.ids import UserId
from bot.ports.edges import Person
from bot.ports.inbound import Origin, Slash
from bot.ports.messages import Button, Field, FieldKind

COMMANDS = ("refer", "ask", "intros")
_SPAN = re.compile(r"(\d{1,4})\s*(s|m|h|d|w|sec|min|second|minute|hour|day|week)s?", re.IGNORECASE)
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_MENTION = re.compile(r"(?<!\S)@([\w.-]+)")


class TypedWrongError(Exception):
    """What was typed means nothing here; the sentence says what would."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def slash(line: str, origin: Origin, people: Mapping[UserId, Person]) -> Slash:
    """Read a slash command with its mentions; what follows is the bot's to understand. Raises TypedWrongError."""
    name, _, rest = line.strip().removeprefix("/").partition(" ")
    _require_command(name.lower())
    mentioned = tuple(whom(handle, people) for handle in _MENTION.findall(rest))
    text = " ".join(_MENTION.sub(" ", rest).split())
    return Slash(origin, name.lower(), text, mentioned)


def _require_command(name: str) -> None:
    if name in COMMANDS:
        return
    close = get_close_matches(name, COMMANDS, n=1)
    known = ", ".join(f"/{one}" for one in COMMANDS)
    hint = f"Did you mean /{close[0]}?" if close else f"You can type {known}."
    raise TypedWrongError(f"There is no /{name}. {hint}")


def whom(typed: str, people: Mapping[UserId, Person]) -> UserId:
    """Find a person by handle, by full name or by the start of it. Raises TypedWrongError."""
    wanted = typed.strip().removeprefix("@").casefold()
    exact = [user for user, person in people.items() if wanted in (user.casefold(), person.name.casefold())]
    begun = [user for user, person in people.items() if wanted and person.name.casefold().startswith(wanted)]
    for found in (exact, begun):
        if len(found) == 1:
            return found[0]
    here = ", ".join(f"@{user}" for user in people)
    raise TypedWrongError(f"Nobody here is called {typed.strip() or '(nothing)'}. In this room: {here}.")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A button in view, with the number it goes by and the message it is on."""

    number: int
    message: str
    button: Button


def which(typed: str, buttons: Sequence[Numbered]) -> Numbered:
    """Find a button by its number, or the newest one by its label or the start of it. Raises TypedWrongError."""
    wanted = typed.strip().casefold()
    if not buttons:
        raise TypedWrongError("There is no button in view. Type look to see what is.")
    if wanted.isdecimal():
        by_number = [one for one in buttons if one.number == int(wanted)]
        return by_number[0] if by_number else _no_button(typed, buttons)
    newest = tuple(reversed(buttons))
    same = [one for one in newest if one.button.label.casefold() == wanted]
    begun = [one for one in newest if wanted and one.button.label.casefold().startswith(wanted)]
    return (same or begun)[0] if same or begun else _no_button(typed, buttons)


def _no_button(typed: str, buttons: Sequence[Numbered]) -> Numbered:
    offered = ", ".join(f"{one.number} {one.button.label}" for one in buttons[-8:])
    raise TypedWrongError(f"No button in view is called {typed.strip() or '(nothing)'}. In view: {offered}.")


def value_for(field: Field, typed: str, people: Mapping[UserId, Person]) -> str | tuple[str, ...]:
    """Read what was typed into a field of a form; an empty line keeps what is there. Raises TypedWrongError."""
    if not typed.strip():
        return field.value
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return "" if typed.strip() == "-" else typed
        case FieldKind.MEMBER:
            return "" if typed.strip() == "-" else whom(typed, people)
        case FieldKind.CHOICE:
            return _option(field, typed)
        case FieldKind.CHOICES:
            chosen = (one for one in typed.split(",") if one.strip() not in ("", "-"))
            return tuple(dict.fromkeys(_option(field, one) for one in chosen))


def _option(field: Field, typed: str) -> str:
    wanted = typed.strip().casefold()
    for number, (value, label) in enumerate(field.options, start=1):
        if wanted in (str(number), value.casefold(), label.casefold()):
            return value
    begun = [value for value, label in field.options if label.casefold().startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    offered = ", ".join(f"{number} {label}" for number, (_, label) in enumerate(field.options, start=1))
    raise TypedWrongError(f"{typed.strip()} is none of the choices: {offered}.")


def span_of(typed: str) -> timedelta:
    """Return a span such as `2 days`, `90 min` or `1w`. Raises TypedWrongError."""
    found = _SPAN.fullmatch(typed.strip())
    if found is None:
        raise TypedWrongError("Say how long: wait 30 seconds, wait 2 days; wait alone goes on to what comes next.")
    return int(found[1]) * _UNITS[found[2][0].lower()]

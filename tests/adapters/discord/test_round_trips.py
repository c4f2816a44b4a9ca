"""What Discord's own client makes of our commands and forms comes back as what was meant."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from adapters.discord import inbound
from adapters.discord.again import refilled, refused
from adapters.discord.commands import payload
from adapters.discord.layouts import Showing
from adapters.discord.messages import replied, updated
from adapters.discord.modals import form_modal
from adapters.local.clock import StoryClock
from bot.domain.ids import UserId
from bot.ports.inbound import Slash, Submit
from bot.ports.messages import Button, Buttons, Field, FieldKind, Form, Message, Plain, Text
from tests.adapters.discord.snowflakes import form_on_discord
from tests.app.wording.texts import every_text
from tests.discord.cast import ANA, BEN, CARLA, DAVID, INTRODUCTIONS, sample_world
from tests.discord.interactions import COMMAND, COMPONENT, SUBMIT, Interactions
from tests.discord.modals import read_modal
from tests.discord.payloads import payload_of, resolved
from tests.discord.people import SLASH
from tests.discord.seen import View
from tests.discord.state import Json
from tests.discord.typing_in import Filled, Typed, command_for, filled, options_of
from tests.discord.world import World


@pytest.fixture
def world() -> World:
    """The sample server, which knows our commands."""
    made = sample_world(StoryClock())
    made.commands[None] = [{"id": str(7 * 10**17 + number), **one} for number, one in enumerate(payload())]
    return made


def typed(world: World, user: str, command: str, **options: Typed) -> Slash:
    """Type a command as Discord's client lets people, and read what arrives."""
    name, *path = command.split()
    found = command_for(world, user, INTRODUCTIONS, SLASH, name)
    data: Json = {"id": found["id"], "name": name, "type": 1, "options": options_of(found, path, options)}
    started = Interactions(world).start(COMMAND, user, INTRODUCTIONS)
    people = [str(value) for value in options.values() if str(value) in world.users]
    arrived = payload_of(world, started, data | {"resolved": resolved(world, INTRODUCTIONS, people)})
    read = inbound.read(arrived)
    assert isinstance(read, Slash)
    return read


@pytest.mark.parametrize(
    ("command", "options", "text", "people"),
    [
        ("refer", {"seeker": BEN, "provider": CARLA}, "", (BEN, CARLA)),
        ("refer", {"provider": CARLA}, "", ("", CARLA)),
        ("refer", {"seeker": BEN}, "", (BEN,)),
        ("refer", {}, "", ()),
        ("ask", {"need": "x" * 600}, "x" * 600, ()),
        ("ask", {}, "", ()),
        ("intros find", {"words": "tax"}, "find tax", ()),
        ("intros report", {"person": BEN}, "report", (BEN,)),
        ("intros settings", {}, "settings", ()),
        ("intros mine", {}, "mine", ()),
    ],
)
def test_a_command_typed_in_discords_client_is_understood(
    world: World, command: str, options: Mapping[str, Typed], text: str, people: tuple[str, ...]
) -> None:
    slash = typed(world, ANA, command, **options)

    assert (slash.name, slash.text, slash.people) == (command.partition(" ")[0], text, people)
    assert (slash.origin.user, slash.origin.channel) == (ANA, INTRODUCTIONS)


def test_who_may_manage_the_server_is_an_administrator(world: World) -> None:
    assert typed(world, DAVID, "intros settings").origin.is_admin
    assert not typed(world, ANA, "intros settings").origin.is_admin


def all_forms() -> Iterator[tuple[str, Form]]:
    for name, maker in every_text().items():
        made = maker("de")
        if isinstance(made, Form):
            yield name, form_on_discord(made)


FORMS = dict(all_forms())


@pytest.mark.parametrize("name", FORMS)
def test_a_form_filled_in_discords_client_comes_back_as_it_was_filled(world: World, name: str) -> None:
    form = FORMS[name]
    modal = form_modal(form)
    values = {field.key: _meant(field) for field in form.fields}

    sent = filled(read_modal(modal, "1"), {_id(field): _filled(field, values[field.key]) for field in form.fields})
    started = Interactions(world).start(SUBMIT, ANA, INTRODUCTIONS)
    read = inbound.read(payload_of(world, started, {"custom_id": modal["custom_id"], "components": sent}))

    assert isinstance(read, Submit)
    assert (read.verb, read.ref, read.fields) == (form.verb, form.ref, values)


def _id(field: Field) -> str:
    return f"{field.key}[]" if field.kind is FieldKind.CHOICES else field.key


def _meant(field: Field) -> str | tuple[str, ...]:
    match field.kind:
        case FieldKind.MEMBER:
            return UserId(BEN) if field.required else ""
        case FieldKind.CHOICE:
            return field.options[-1][0]
        case FieldKind.CHOICES:
            return tuple(value for value, _ in field.options)
        case _:
            return "z" * min(field.max_length, 9) if field.required else ""


def _filled(field: Field, meant: str | tuple[str, ...]) -> Filled:
    if isinstance(meant, tuple) or field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        return meant
    return (meant,) if meant else ()


def test_what_was_typed_wrongly_opens_again_in_discords_client_as_it_was_typed(world: World) -> None:
    interactions, form = Interactions(world), FORMS["form_draft"]
    typed_in = replace(form, fields=tuple(replace(one, value=_meant(one)) for one in form.fields))
    shown = Showing()

    sent = interactions.start(SUBMIT, ANA, INTRODUCTIONS)
    body = {"type": 4, "data": refused({"need": "*Das* ist ein Link."}, typed_in, edit="Ändern", showing=shown).payload}
    interactions.respond(sent.id, sent.token, body, {})
    pressed = interactions.start(COMPONENT, ANA, INTRODUCTIONS, source=sent.original)
    arrived = payload_of(world, pressed, {"custom_id": f"{form.verb}:{form.ref}", "component_type": 2})
    again = refilled(form, arrived["message"])
    interactions.respond(pressed.id, pressed.token, {"type": 9, "data": form_modal(again)}, {})

    assert inbound.press(arrived).verb == form.verb
    assert again == typed_in
    assert world.modals[ANA].field("need").value == typed_in.fields[2].value
    assert world.violations == []


def test_an_answer_takes_the_place_of_what_was_clicked(world: World) -> None:
    interactions = Interactions(world)
    before = Message("Well?", (Text((Plain("Well?"),)), Buttons((Button("Yes", "yes", "r.0"),))))
    after = Message("Thank you.", (Text((Plain("Thank you."),)),))
    asked = interactions.start(COMMAND, ANA, INTRODUCTIONS)
    interactions.respond(asked.id, asked.token, {"type": 4, "data": replied(before)[0].payload}, {})

    pressed = interactions.start(COMPONENT, ANA, INTRODUCTIONS, source=asked.original)
    interactions.respond(pressed.id, pressed.token, {"type": 7, "data": updated(after)[0].payload}, {})

    assert asked.original is not None
    seen = View(world).seen(asked.original)
    assert (seen.content, seen.shown, seen.buttons, seen.ephemeral) == ("", "Thank you.", (), True)
    assert world.violations == []

"""The commands Discord is told of: valid, complete, and told again only when they change."""

import pytest

from adapters.discord.commands import hash_of, payload
from adapters.discord.text import one_line
from bot.app.organising import PARTS
from bot.app.routes import INTROS
from bot.app.wording.language import say
from tests.adapters.discord.checking import commands_faults


def test_all_commands_are_valid() -> None:
    assert commands_faults(payload()) == []


def test_every_word_that_intros_knows_is_a_subcommand() -> None:
    (intros,) = [command for command in payload() if command["name"] == "intros"]

    assert {option["name"] for option in intros["options"]} == set(INTROS)


def test_a_part_of_the_settings_can_be_chosen_wherever_the_core_knows_it_and_words_are_completed_in_one_option() -> (
    None
):
    (intros,) = [command for command in payload() if command["name"] == "intros"]
    options = {(sub["name"], one["name"]): one for sub in intros["options"] for one in sub["options"]}

    assert {choice["value"] for choice in options["settings", "part"]["choices"]} == set(PARTS)
    assert {names for names, one in options.items() if one.get("autocomplete")} == {("find", "words")}


def test_every_command_is_there_where_it_needs_no_channel_and_menus_in_servers() -> None:
    contexts = {(command["type"], command["name"]): command["contexts"] for command in payload()}

    assert contexts == {
        (1, "refer"): [0, 1],
        (1, "ask"): [0, 1],
        (1, "intros"): [0, 1],
        (2, "I can refer someone"): [0],
        (3, "I can refer someone"): [0],
    }
    assert all(command["integration_types"] == [0] for command in payload())


def test_menus_are_called_as_the_buttons_are() -> None:
    for command in payload():
        if command["type"] != 1:
            assert command["name_localizations"]["de"] == say("de").gettext(command["name"])


def test_every_description_is_there_in_german_too_and_fits() -> None:
    def nodes(command: dict[str, object]) -> list[dict[str, object]]:
        options = command.get("options", [])
        assert isinstance(options, list)
        return [command, *(node for option in options for node in nodes(option))]

    described = [node for command in payload() for node in nodes(command) if "description" in node]
    texts = [text for node in described for text in (node["description"], *node["description_localizations"].values())]  # type: ignore[attr-defined]

    assert len(texts) == 2 * len(described)
    assert all(text == one_line(text) and 0 < len(text) <= 100 for text in texts)


def test_the_hash_is_the_same_until_something_changes() -> None:
    commands = payload()

    assert hash_of(commands) == hash_of(payload()) == hash_of([dict(reversed(one.items())) for one in commands])
    for change in ({"description": "Something else"}, {"contexts": [0]}):
        assert hash_of([commands[0] | change, *commands[1:]]) != hash_of(commands)


@pytest.mark.parametrize("command", payload(), ids=lambda command: f"{command['type']}-{command['name']}")
def test_no_command_is_hidden_from_members(command: dict[str, object]) -> None:
    assert "default_member_permissions" not in command

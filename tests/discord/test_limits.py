"""Limits of commands, completions, components and permissions that the published spec lacks."""

import discord
import pytest
from aiohttp import ClientSession

from tests.discord.cast import APPLICATION, BOT, GUILD, INTRODUCTIONS, OTHER_GUILD, TOKEN
from tests.discord.limits import message_faults
from tests.discord.limits_forms import choice_faults, command_faults, modal_faults
from tests.discord.server import DiscordServer
from tests.discord.state import Json, Permission
from tests.discord.trial import rest_only


def a_command(name: str = "refer", **changes: object) -> Json:
    return {"name": name, "type": 1, "description": "Refer somebody"} | changes


def an_option(name: str = "who", **changes: object) -> Json:
    return {"name": name, "type": 3, "description": "Who"} | changes


def a_row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


def a_button(number: int = 0, **changes: object) -> Json:
    return {"type": 2, "style": 2, "label": "Yes", "custom_id": f"yes:{number}"} | changes


def a_display(text: str = "Hello") -> Json:
    return {"type": 10, "content": text}


WRONG_COMMANDS: dict[str, list[Json]] = {
    "a name in capitals": [a_command("Refer")],
    "a name of 33": [a_command("x" * 33)],
    "no description": [a_command(description="")],
    "a description of 101": [a_command(description="x" * 101)],
    "a name twice": [a_command(), a_command()],
    "101 commands": [a_command(f"c{n}") for n in range(101)],
    "16 menus": [{"name": f"Menu {n}", "type": 3} for n in range(16)],
    "a menu with a description": [{"name": "Menu", "type": 3, "description": "x"}],
    "26 options": [a_command(options=[an_option(f"o{n}") for n in range(26)])],
    "a required option last": [a_command(options=[an_option("a"), an_option("b", required=True)])],
    "an option twice": [a_command(options=[an_option(), an_option()])],
    "26 choices": [a_command(options=[an_option(choices=[{"name": f"{n}", "value": f"{n}"} for n in range(26)])])],
    "choices and completion": [
        a_command(options=[an_option(autocomplete=True, choices=[{"name": "a", "value": "a"}])])
    ],
    "groups in groups": [a_command(options=[an_option(type=2, options=[an_option(type=2)])])],
    "more than 8000 characters": [
        a_command(options=[an_option(f"o{n}", description="x" * 100, choices=_choices) for n in range(20)])
        for _choices in [[{"name": f"{n:0100}", "value": f"{n:0100}"} for n in range(5)]]
    ],
}


@pytest.mark.parametrize("commands", WRONG_COMMANDS.values(), ids=WRONG_COMMANDS.keys())
def test_commands_over_a_limit_are_found(commands: list[Json]) -> None:
    assert command_faults(commands)


def test_commands_at_the_limits_are_fine() -> None:
    chat = [a_command(f"c{n}", options=[an_option(required=True), an_option("more")]) for n in range(100)]
    menus = [{"name": f"Menu {n}", "type": kind} for n in range(15) for kind in (2, 3)]

    assert command_faults([*chat, *menus]) == []


WRONG_MESSAGES: dict[str, Json] = {
    "six rows": {"components": [a_row(a_button(n)) for n in range(6)]},
    "six buttons in a row": {"components": [a_row(*(a_button(n) for n in range(6)))]},
    "an empty row": {"components": [a_row()]},
    "a button outside a row": {"components": [a_button()]},
    "a text display without the flag": {"components": [a_display()]},
    "content beside components V2": {"flags": 1 << 15, "content": "x", "components": [a_display()]},
    "41 components": {"flags": 1 << 15, "components": [a_display() for _ in range(41)]},
    "text of 4001 in two": {"flags": 1 << 15, "components": [a_display("x" * 2000), a_display("x" * 2001)]},
    "text of 10,200 bytes": {"flags": 1 << 15, "components": [a_display("\u3042" * 3400)]},
    "a select beside a button": {
        "components": [a_row(a_button(), {"type": 5, "custom_id": "who"})],
    },
    "no options": {"components": [a_row({"type": 3, "custom_id": "how", "options": []})]},
    "26 options": {
        "components": [
            a_row(
                {
                    "type": 3,
                    "custom_id": "how",
                    "options": [{"label": f"{n}", "value": f"{n}"} for n in range(26)],
                }
            )
        ]
    },
    "more to choose than 25": {"components": [a_row({"type": 5, "custom_id": "who", "max_values": 26})]},
    "a link that is also a button": {"components": [a_row(a_button(style=5, url="https://example.org"))]},
    "an id twice": {"components": [a_row(a_button(0, id=7), a_button(1, id=7))]},
    "eleven embeds": {"embeds": [{"title": "x"}] * 11},
    "a footer of 2049": {"embeds": [{"footer": {"text": "x" * 2049}}]},
    "26 fields": {"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]},
    "NUL": {"content": "\x00"},
}


@pytest.mark.parametrize("body", WRONG_MESSAGES.values(), ids=WRONG_MESSAGES.keys())
def test_messages_over_a_limit_are_found(body: Json) -> None:
    assert message_faults({"content": ""} | body, {})


def test_a_file_that_is_not_listed_is_found() -> None:
    assert message_faults({"content": "x"}, {"0": b"x"})
    assert message_faults({"content": "x", "attachments": [{"id": 0, "filename": "a.txt"}]}, {"0": b"x"}) == []


def a_modal(*components: Json) -> Json:
    return {"title": "Refer", "custom_id": "refer:1", "components": list(components)}


WRONG_FORMS = {
    "six fields": a_modal(*(a_display() for _ in range(6))),
    "a button": a_modal(a_row(a_button())),
    "a button at the top": a_modal(a_button()),
    "a disabled field": a_modal(
        {"type": 18, "label": "Who", "component": {"type": 5, "custom_id": "who", "disabled": True}}
    ),
    "a button in a label": a_modal({"type": 18, "label": "Who", "component": a_button()}),
    "a radio group of one": a_modal(
        {
            "type": 18,
            "label": "How",
            "component": {"type": 21, "custom_id": "how", "options": [{"label": "a", "value": "a"}]},
        }
    ),
    "a least that is more than the most": a_modal(
        {
            "type": 18,
            "label": "Need",
            "component": {"type": 4, "custom_id": "n", "style": 1, "min_length": 5, "max_length": 4},
        }
    ),
}


@pytest.mark.parametrize("data", WRONG_FORMS.values(), ids=WRONG_FORMS.keys())
def test_forms_over_a_limit_are_found(data: Json) -> None:
    assert modal_faults(data)


def test_more_than_25_completions_or_an_empty_one_are_found() -> None:
    assert choice_faults([{"name": f"{n}", "value": f"{n}"} for n in range(26)])
    assert choice_faults([{"name": "", "value": "a"}])
    assert choice_faults([{"name": f"{n}", "value": f"{n}"} for n in range(25)]) == []


async def put_commands(server: DiscordServer, commands: list[Json]) -> tuple[int, Json]:
    url = f"{server.api_url}/applications/{APPLICATION}/commands"
    async with (
        ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
        session.put(url, json=commands) as response,
    ):
        return response.status, {"answer": await response.json()}


async def test_two_hundred_new_commands_a_day_and_no_more(discord_server: DiscordServer) -> None:
    statuses = [(await put_commands(discord_server, [a_command(f"c{n}-{m}") for m in range(100)]))[0] for n in range(2)]
    status, refused = await put_commands(discord_server, [a_command("one-more")])

    assert (statuses, status, refused["answer"]["code"]) == ([200, 200], 429, 30034)


async def test_wrong_commands_are_refused_and_written_down(discord_server: DiscordServer) -> None:
    status, _ = await put_commands(discord_server, [a_command("Refer")])

    assert status == 400
    assert discord_server.world.take_violations()


@pytest.mark.parametrize(
    ("denied", "body"),
    [
        (Permission.SEND_MESSAGES, {"content": "Hello"}),
        (Permission.EMBED_LINKS, {"embeds": [{"title": "Hello"}]}),
    ],
)
async def test_without_the_right_a_message_is_refused(
    discord_server: DiscordServer, denied: Permission, body: Json
) -> None:
    discord_server.world.overwrite(INTRODUCTIONS, BOT, deny=denied)
    url = f"{discord_server.api_url}/channels/{INTRODUCTIONS}/messages"
    async with (
        ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
        session.post(url, json=body) as response,
    ):
        refused = await response.json()

    assert (response.status, refused["code"]) == (403, 50013)


async def test_a_server_the_bot_is_not_in_is_unknown(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        with pytest.raises(discord.NotFound) as elsewhere:
            await client.fetch_guild(int(OTHER_GUILD))
        discord_server.servers.remove_bot(GUILD)
        with pytest.raises(discord.NotFound) as removed:
            await client.fetch_guild(int(GUILD))

    assert (elsewhere.value.code, removed.value.code) == (10004, 10004)


async def test_an_interaction_that_never_was_is_unknown(discord_server: DiscordServer) -> None:
    url = f"{discord_server.api_url}/interactions/1/token/callback"
    async with ClientSession() as session, session.post(url, json={"type": 6}) as response:
        refused = await response.json()

    assert (response.status, refused["code"]) == (404, 10062)

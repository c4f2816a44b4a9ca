"""Modals: opened, filled, sent, and left open when nobody answers."""

from collections.abc import AsyncIterator

import discord
import pytest
from discord import ui

from tests.discord.cast import ANA, BEN, CARLA, INTRODUCTIONS
from tests.discord.server import DiscordServer
from tests.discord.state import CannotError
from tests.discord.trial import Trial, connected


@pytest.fixture
async def client(discord_server: DiscordServer, discord_transport: str) -> AsyncIterator[Trial]:
    async with connected(discord_server, discord_transport) as client:
        yield client


async def test_a_modal_is_read_with_its_labels_texts_and_limits(discord_server: DiscordServer, client: Trial) -> None:
    answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "form")

    modal = discord_server.view.modal_of(ANA)
    assert answered.kind == "modal"
    assert modal is not None
    assert modal == answered.modal
    assert (modal.title, modal.custom_id, modal.texts) == ("Refer someone", "refer:draft-1", ("Who can help whom?",))
    assert [(each.label, each.kind, each.required) for each in modal.fields] == [
        ("Who", "user_select", True),
        ("Need", "text", True),
        ("Basis", "string_select", False),
        ("Tell me", "checkbox", False),
    ]
    assert (modal.field("Need").least, modal.field("need").most) == (3, 20)


async def test_a_filled_modal_reaches_the_bot_with_every_kind_of_field(
    discord_server: DiscordServer, client: Trial
) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "form")

    sent = await discord_server.people.submit(
        ANA, {"Who": BEN, "need": "A kitchen", "Basis": ["I worked with them"], "tell": True}
    )

    assert sent.message is not None
    assert sent.message.content == f"{ {'who': [BEN], 'need': 'A kitchen', 'basis': ['worked'], 'tell': True} }"
    assert sent.interaction.payload["data"]["resolved"]["members"].keys() == {BEN}
    assert discord_server.view.modal_of(ANA) is None


async def test_two_people_with_the_same_modal_both_reach_the_bot(discord_server: DiscordServer, client: Trial) -> None:
    for person in (ANA, CARLA):
        await discord_server.people.slash(person, INTRODUCTIONS, "form")

    answers = [await discord_server.people.submit(person, {"Who": BEN, "Need": "An oven"}) for person in (ANA, CARLA)]

    assert [each.error for each in answers] == [None, None]


async def test_a_modal_opened_before_a_restart_can_be_sent_after_it(
    discord_server: DiscordServer, discord_transport: str
) -> None:
    async with connected(discord_server, discord_transport):
        await discord_server.people.slash(ANA, INTRODUCTIONS, "form")

    async with connected(discord_server, discord_transport):
        sent = await discord_server.people.submit(ANA, {"Who": BEN, "Need": "An oven"})

    assert sent.error is None


async def test_a_modal_stays_open_when_nobody_answers_it(discord_server: DiscordServer) -> None:
    async with connected(discord_server):
        await discord_server.people.slash(ANA, INTRODUCTIONS, "form")
    discord_server.people.patience = 0.1

    sent = await discord_server.people.submit(ANA, {"Who": BEN, "Need": "An oven"})

    modal = discord_server.view.modal_of(ANA)
    assert sent.error == "The application did not respond"
    assert modal is not None
    assert modal.error == "Something went wrong. Try again."


async def test_what_does_not_fit_cannot_be_sent(discord_server: DiscordServer, client: Trial) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "form")

    for values, why in (
        ({"Need": "An oven"}, "'Who': 0 chosen"),
        ({"Who": BEN}, "'Need' has to be filled"),
        ({"Who": BEN, "Need": "x"}, "3 to 20"),
        ({"Who": BEN, "Need": "x" * 21}, "3 to 20"),
        ({"Who": [BEN, CARLA], "Need": "An oven"}, "2 chosen"),
        ({"Who": BEN, "Need": "An oven", "Basis": ["Dreamt"]}, "not among"),
        ({"Whom": BEN}, "no field"),
    ):
        with pytest.raises(CannotError, match=why):
            await discord_server.people.submit(ANA, values)


async def test_a_closed_modal_is_gone(discord_server: DiscordServer, client: Trial) -> None:
    await discord_server.people.slash(ANA, INTRODUCTIONS, "form")

    discord_server.people.close(ANA)

    assert discord_server.view.modal_of(ANA) is None


def a_text(**changes: object) -> ui.Label[ui.Modal]:
    return ui.Label(text="Need", component=ui.TextInput(**({"custom_id": "need"} | changes)))  # type: ignore[arg-type]


TOO_MUCH = {
    "a title over 45 characters": ("x" * 46, [a_text()]),
    "a label over 45 characters": ("Refer", [ui.Label(text="x" * 46, component=ui.TextInput())]),
    "a description over 100": ("Refer", [ui.Label(text="Need", description="x" * 101, component=ui.TextInput())]),
    "a custom id over 100": ("Refer", [a_text(custom_id="x" * 101)]),
    "a custom id twice": ("Refer", [a_text(), a_text()]),
    "a text longer than it may be": ("Refer", [a_text(default="x" * 11, max_length=10)]),
    "a placeholder over 100": ("Refer", [a_text(placeholder="x" * 101)]),
    "no field": ("Refer", []),
    "two options with one value": (
        "Refer",
        [
            ui.Label(
                text="How",
                component=ui.Select(options=[discord.SelectOption(label=each, value="same") for each in "ab"]),
            )
        ],
    ),
}


@pytest.mark.parametrize(("title", "items"), TOO_MUCH.values(), ids=TOO_MUCH.keys())
async def test_a_modal_over_a_limit_is_refused_and_written_down(
    discord_server: DiscordServer, title: str, items: list[ui.Item[ui.Modal]]
) -> None:
    async with connected(discord_server) as client:
        discord_server.people.patience = 0.2
        await discord_server.people.slash(ANA, INTRODUCTIONS, "late")
        modal = ui.Modal(title=title, timeout=60)
        for item in items:
            modal.add_item(item)
        assert client.last is not None

        with pytest.raises(discord.HTTPException) as refused:
            await client.last.response.send_modal(modal)

    assert refused.value.code == 50035
    assert discord_server.world.take_violations()
    assert discord_server.view.modal_of(ANA) is None


async def test_a_modal_cannot_answer_a_modal(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        await discord_server.people.slash(ANA, INTRODUCTIONS, "form")
        sent = await discord_server.people.submit(ANA, {"Who": BEN, "Need": "An oven"})
        sent.interaction.answered = None
        assert client.last is not None

        with pytest.raises(discord.HTTPException) as refused:
            await discord.InteractionResponse(client.last).send_modal(ui.Modal(title="Again").add_item(a_text()))

    assert refused.value.code == 50035
    assert discord_server.world.take_violations()

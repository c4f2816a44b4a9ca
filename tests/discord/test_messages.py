"""Messages: sent once, within the limits, seen by whom they are for."""

import io
from datetime import timedelta
from typing import Any

import discord
import pytest
from discord import ui

from adapters.local.clock import StoryClock
from tests.discord.cast import ANA, BEN, BOARD, ELSEWHERE, INTRODUCTIONS, OTHER_BOT, OWNER, SHY, STRANGER
from tests.discord.server import DiscordServer
from tests.discord.trial import connected, rest_only


async def test_a_message_in_a_channel_is_seen_by_those_who_see_the_channel(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        await client.get_partial_messageable(int(INTRODUCTIONS)).send("**Hello** everybody")

    (seen,) = discord_server.view.in_view(ANA)
    assert (seen.content, seen.shown, seen.place) == ("**Hello** everybody", "Hello everybody", "channel")
    assert discord_server.view.in_view(STRANGER) == ()


async def test_a_direct_message_is_seen_by_its_recipient_alone(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        first = await client.create_dm(discord.Object(int(ANA)))
        again = await client.http.start_private_message(int(ANA))
        await first.send("Psst")

    assert int(again["id"]) == first.id
    assert [each.shown for each in discord_server.view.dm_of(ANA)] == ["Psst"]
    assert discord_server.view.in_view(BEN) == ()


@pytest.mark.parametrize(
    ("recipient", "code", "status"),
    [(SHY, 50007, 403), (OTHER_BOT, 50007, 400), (STRANGER, 50278, 403), ("499999999999999999", 10013, 404)],
)
async def test_a_direct_message_that_cannot_be_is_refused(
    discord_server: DiscordServer, recipient: str, code: int, status: int
) -> None:
    async with rest_only(discord_server) as client:
        with pytest.raises(discord.HTTPException) as refused:
            await (await client.create_dm(discord.Object(int(recipient)))).send("Psst")

    assert (refused.value.code, refused.value.status) == (code, status)


async def test_direct_messages_can_be_closed_and_opened_again(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        direct = await client.create_dm(discord.Object(int(ANA)))
        discord_server.people.closes_dms(ANA, blocks=True)
        with pytest.raises(discord.Forbidden):
            await direct.send("Psst")
        discord_server.people.opens_dms(ANA)
        await direct.send("Psst")

    assert len(discord_server.view.dm_of(ANA)) == 1
    assert len(discord_server.world.invalid_requests) == 1


async def test_direct_messages_opened_too_fast_are_refused_until_later(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    discord_server.world.direct_limit.most = 1
    async with rest_only(discord_server) as client:
        await client.create_dm(discord.Object(int(ANA)))
        await client.http.start_private_message(int(ANA))
        with pytest.raises(discord.Forbidden) as refused:
            await client.create_dm(discord.Object(int(BEN)))
        discord_clock.move_to(discord_clock.now() + timedelta(minutes=11))
        await client.create_dm(discord.Object(int(BEN)))

    assert refused.value.code == 40003


@pytest.mark.parametrize(("channel", "code"), [(BOARD, 50001), (ELSEWHERE, 50001), ("399999999999999999", 10003)])
async def test_a_channel_the_bot_cannot_see_is_refused(discord_server: DiscordServer, channel: str, code: int) -> None:
    async with rest_only(discord_server) as client:
        with pytest.raises(discord.HTTPException) as refused:
            await client.get_partial_messageable(int(channel)).send("Hello")

    assert refused.value.code == code


async def test_the_same_nonce_gives_the_same_message_for_some_minutes(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    async with rest_only(discord_server) as client:
        channel = client.get_partial_messageable(int(INTRODUCTIONS))
        first = await channel.send("Once", nonce="intro-77-a")
        same = await channel.send("Once", nonce="intro-77-a")
        other = await channel.send("Twice", nonce="intro-77-b")
        discord_clock.move_to(discord_clock.now() + timedelta(minutes=4))
        later = await channel.send("Once", nonce="intro-77-a")

    assert (same.id, other.id == first.id, later.id == first.id) == (first.id, False, False)
    assert len(discord_server.view.messages(INTRODUCTIONS)) == 3


async def test_a_message_is_edited_in_its_place_and_deleted(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        message = await client.get_partial_messageable(int(INTRODUCTIONS)).send("Before")
        await message.edit(content="After")
        (edited,) = discord_server.view.messages(INTRODUCTIONS)
        await message.delete()
        with pytest.raises(discord.NotFound) as gone:
            await message.edit(content="Again")

    assert (edited.shown, edited.edited) == ("After", True)
    assert gone.value.code == 10008


async def test_what_somebody_else_wrote_is_not_to_be_edited(discord_server: DiscordServer) -> None:
    written = discord_server.people.write(ANA, INTRODUCTIONS, "Mine")
    async with rest_only(discord_server) as client:
        channel = client.get_partial_messageable(int(INTRODUCTIONS))
        with pytest.raises(discord.Forbidden) as refused:
            await channel.get_partial_message(int(written.id)).edit(content="Yours")
        read = await channel.fetch_message(int(written.id))
        history = [each.content async for each in channel.history(limit=5)]

    assert refused.value.code == 50005
    assert (read.content, history) == ("Mine", ["Mine"])


async def test_a_file_and_the_embed_that_shows_it_arrive(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        chart = discord.File(io.BytesIO(b"png"), filename="chart.png", description="A chart")
        embed = discord.Embed(title="This week", description="3 introductions").set_image(url="attachment://chart.png")
        sent = await client.get_partial_messageable(int(INTRODUCTIONS)).send(file=chart, embed=embed)
        read = await sent.attachments[0].read()

    (seen,) = discord_server.view.messages(INTRODUCTIONS)
    assert (seen.files, seen.shown, read) == (("chart.png",), "This week\n3 introductions", b"png")
    assert sent.embeds[0].image.url == sent.attachments[0].url


async def test_a_message_of_components_is_read_from_top_to_bottom(discord_server: DiscordServer) -> None:
    view = ui.LayoutView()
    inside: ui.Container[ui.LayoutView] = ui.Container(
        ui.TextDisplay(f"### Hello <@{ANA}>"), ui.Separator(), ui.TextDisplay("-# small")
    )
    view.add_item(inside.add_item(ui.ActionRow(ui.Button(label="Yes", custom_id="yes:1"))))
    async with rest_only(discord_server) as client:
        channel = client.get_partial_messageable(int(INTRODUCTIONS))
        await channel.send(view=view, allowed_mentions=discord.AllowedMentions(users=True))

    (seen,) = discord_server.view.messages(INTRODUCTIONS)
    assert (seen.shown, seen.labels, set(seen.pings)) == ("Hello @Ana Duarte\nsmall", ("Yes",), {ANA})


def a_view(*items: ui.Item[ui.View]) -> ui.View:
    view = ui.View()
    for item in items:
        view.add_item(item)
    return view


def a_select(**changes: object) -> ui.Select[ui.View]:
    options = [discord.SelectOption(label="Here")]
    return ui.Select(**({"custom_id": "how", "options": options} | changes))  # type: ignore[arg-type]


def of_text(length: int) -> ui.LayoutView:
    return ui.LayoutView().add_item(ui.TextDisplay("x" * length))


TOO_MUCH: dict[str, dict[str, Any]] = {
    "2001 characters": {"content": "x" * 2001},
    "a nonce of 26 characters": {"content": "x", "nonce": "n" * 26},
    "a label of 81 characters": {"content": "x", "view": lambda: a_view(ui.Button(label="x" * 81, custom_id="a"))},
    "a custom id of 101": {"content": "x", "view": lambda: a_view(ui.Button(label="Yes", custom_id="x" * 101))},
    "a custom id twice": {
        "content": "x",
        "view": lambda: a_view(*(ui.Button(label="Yes", custom_id="a") for _ in "ab")),
    },
    "a button without a label": {"content": "x", "view": lambda: a_view(ui.Button(custom_id="a"))},
    "a placeholder of 151": {"content": "x", "view": lambda: a_view(a_select(placeholder="x" * 151))},
    "an option of 101": {
        "content": "x",
        "view": lambda: a_view(a_select(options=[discord.SelectOption(label="x" * 101, value="a")])),
    },
    "a value twice": {
        "content": "x",
        "view": lambda: a_view(a_select(options=[discord.SelectOption(label=each, value="a") for each in "ab"])),
    },
    "embeds of 6001 together": {
        "embeds": [discord.Embed(description="x" * 4000), discord.Embed(description="x" * 2001)]
    },
    "an embed's title of 257": {"embed": discord.Embed(title="x" * 257)},
    "an embed's field without a value": {"embed": discord.Embed().add_field(name="a", value="")},
    "nothing": {},
    "a text display of 4001": {"view": lambda: of_text(4001)},
    "a file over 10 MiB": {"file": lambda: discord.File(io.BytesIO(bytes(10 * 1024 * 1024 + 1)), "big")},
}


@pytest.mark.parametrize("said", TOO_MUCH.values(), ids=TOO_MUCH.keys())
async def test_a_message_over_a_limit_is_refused_and_written_down(
    discord_server: DiscordServer, said: dict[str, Any]
) -> None:
    arguments = {key: value() if callable(value) else value for key, value in said.items()}
    async with rest_only(discord_server) as client:
        with pytest.raises(discord.HTTPException) as refused:
            await client.get_partial_messageable(int(INTRODUCTIONS)).send(**arguments)

    assert refused.value.code in (50035, 50006)
    assert discord_server.world.take_violations()
    assert discord_server.view.messages(INTRODUCTIONS) == ()


async def test_a_message_at_the_limits_is_taken(discord_server: DiscordServer) -> None:
    buttons = [ui.Button[ui.View](label="x" * 80, custom_id=f"{n}" + "x" * 99) for n in range(5)]
    async with rest_only(discord_server) as client:
        channel = client.get_partial_messageable(int(INTRODUCTIONS))
        await channel.send("x" * 2000, nonce="n" * 25, view=a_view(*buttons))
        await channel.send(view=of_text(4000))

    assert len(discord_server.view.messages(INTRODUCTIONS)) == 2


async def test_components_v2_cannot_be_taken_back(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        message = await client.get_partial_messageable(int(INTRODUCTIONS)).send(view=of_text(10))
        with pytest.raises(discord.HTTPException):
            await message.edit(content="Plain", view=None)

    assert discord_server.world.take_violations()


async def test_the_owner_sees_every_channel(discord_server: DiscordServer) -> None:
    discord_server.people.write(OWNER, BOARD, "Board only")

    assert len(discord_server.view.in_view(OWNER)) == 1
    assert discord_server.view.in_view(ANA) == ()


async def test_a_client_on_the_gateway_sends_just_the_same(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        channel = client.get_channel(int(INTRODUCTIONS))
        assert isinstance(channel, discord.TextChannel)
        await channel.send("Hello")

    assert [each.shown for each in discord_server.view.messages(INTRODUCTIONS)] == ["Hello"]


async def test_an_edit_that_would_leave_nothing_is_refused_and_changes_nothing(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        message = await client.get_partial_messageable(int(INTRODUCTIONS)).send("Before")
        with pytest.raises(discord.HTTPException) as refused:
            await message.edit(content=None)

    (seen,) = discord_server.view.messages(INTRODUCTIONS)
    assert (refused.value.code, seen.shown) == (50006, "Before")
    assert discord_server.world.take_violations()


async def test_a_message_becomes_one_of_components_only_when_it_is_emptied(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        message = await client.get_partial_messageable(int(INTRODUCTIONS)).send("Before")
        with pytest.raises(discord.HTTPException):
            await message.edit(view=of_text(5))
        await message.edit(content=None, view=of_text(5))

    assert [each.shown for each in discord_server.view.messages(INTRODUCTIONS)] == ["xxxxx"]
    assert discord_server.world.take_violations()

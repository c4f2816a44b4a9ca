"""Whom a message notifies, and what its text would turn into."""

import discord
import pytest
from aiohttp import ClientSession
from discord.utils import escape_markdown, escape_mentions

from tests.discord.cast import ANA, BEN, BOARD, BOT, GUILD, INTRODUCTIONS, STRANGER, TOKEN
from tests.discord.inert import Active, active, shown
from tests.discord.server import DiscordServer
from tests.discord.state import Json, Permission
from tests.discord.trial import rest_only

EVERY_KIND = f"<@{ANA}> <@!{BEN}> <@{STRANGER}> @everyone @here"


async def posted(server: DiscordServer, body: Json, channel: str = INTRODUCTIONS) -> int:
    """Post a body as it is, and return the status."""
    async with (
        ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
        session.post(f"{server.api_url}/channels/{channel}/messages", json=body) as response,
    ):
        return response.status


def pings(server: DiscordServer) -> set[str]:
    return set(server.view.messages(INTRODUCTIONS)[-1].pings)


async def test_without_a_word_about_mentions_everybody_who_is_there_is_notified(discord_server: DiscordServer) -> None:
    await posted(discord_server, {"content": EVERY_KIND})
    without_the_right = pings(discord_server)
    discord_server.world.overwrite(INTRODUCTIONS, BOT, allow=Permission.MENTION_EVERYONE)
    await posted(discord_server, {"content": EVERY_KIND})

    assert without_the_right == {ANA, BEN}
    assert pings(discord_server) == {ANA, BEN, "everyone", "here"}


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ({"parse": []}, set()),
        ({"parse": ["users"]}, {ANA, BEN}),
        ({"users": [ANA]}, {ANA}),
        ({"parse": [], "users": [STRANGER]}, set()),
    ],
)
async def test_only_what_is_allowed_is_notified(
    discord_server: DiscordServer, allowed: Json, expected: set[str]
) -> None:
    await posted(discord_server, {"content": EVERY_KIND, "allowed_mentions": allowed})

    assert pings(discord_server) == expected


async def test_a_kind_and_names_of_that_kind_together_are_refused(discord_server: DiscordServer) -> None:
    body = {"content": EVERY_KIND, "allowed_mentions": {"parse": ["users"], "users": [ANA]}}

    assert await posted(discord_server, body) == 400
    assert discord_server.world.take_violations()


async def test_a_role_is_notified_if_it_lets_itself_be_mentioned(discord_server: DiscordServer) -> None:
    shy = discord_server.world.add_role(GUILD, "Shy")
    open_ = discord_server.world.add_role(GUILD, "Open", mentionable=True)

    await posted(discord_server, {"content": f"<@&{shy.id}> <@&{open_.id}>"})

    assert pings(discord_server) == {f"&{open_.id}"}


async def test_who_cannot_see_the_channel_is_not_notified(discord_server: DiscordServer) -> None:
    discord_server.world.overwrite(BOARD, BOT, allow=Permission.VIEW_CHANNEL)

    await posted(discord_server, {"content": f"<@{ANA}>"}, BOARD)

    assert discord_server.view.messages(BOARD)[0].pings == frozenset()


async def test_an_edit_notifies_nobody(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        message = await client.get_partial_messageable(int(INTRODUCTIONS)).send("Hello")
        await message.edit(content=f"Hello <@{ANA}>", allowed_mentions=discord.AllowedMentions.all())

    assert pings(discord_server) == set()


async def test_a_silent_message_notifies_nobody(discord_server: DiscordServer) -> None:
    await posted(discord_server, {"content": f"<@{ANA}>", "flags": 1 << 12})

    assert pings(discord_server) == set()


ACTIVE = {
    "**bold**": "bold",
    "*leaning*": "italic",
    "_leaning_": "italic",
    "__under__": "underline",
    "~~struck~~": "strike",
    "||hidden||": "spoiler",
    "`code`": "code",
    "# big": "heading",
    "-# small": "subtext",
    "> said": "quote",
    "- one": "list",
    "1. one": "list",
    "<@400000000000000001>": "mention",
    "<@&1>": "role",
    "@everyone": "everyone",
    "<#1>": "channel",
    "</refer:1>": "command",
    "<t:1700000000:R>": "time",
    "<:ok:1>": "emoji",
    "<id:guide>": "navigation",
    "[here](https://example.org)": "masked link",
    "https://example.org": "link",
    "<a@example.org>": "address",
}


@pytest.mark.parametrize(("text", "kind"), ACTIVE.items(), ids=ACTIVE.keys())
def test_text_that_would_turn_into_something_is_active(text: str, kind: str) -> None:
    assert kind in {each.kind for each in active(f"words before\n{text}")} | {each.kind for each in active(text)}


@pytest.mark.parametrize(
    "text",
    [
        "A kitchen, please; 5 * 4 = 20, snake_case_name, #1 and 2 > 1.",
        r"\*\*not bold\*\* \<@400000000000000001> \# not big \|\|seen\|\|",
        "@\u200beveryone",
        "Ben Okafor & Daughters (Walthamstow)",
    ],
)
def test_text_that_stays_what_it_is_is_inert(text: str) -> None:
    assert active(text) == ()


def test_what_discord_py_escapes_is_inert_but_for_what_it_forgets() -> None:
    hostile = f"**b** @everyone <@{ANA}> <#1> <t:1:R> 1. one\n1. two https://example.org"

    escaped = escape_markdown(escape_mentions(hostile))

    assert {each.kind for each in active(escaped)} == {"channel", "time", "list", "link"}


def test_what_is_active_is_told_as_it_was_written() -> None:
    assert active("so **bold** it is") == (Active("bold", "**bold**"),)


def test_a_text_is_shown_as_it_is_read() -> None:
    said = rf"### Hello **<@{ANA}>**" + "\n" + r"-# 5 \* 4, \_so\_, [here](<https://example.org>), *x* __y__"

    assert shown(said, {ANA: "Ana"}) == "Hello @Ana\n5 * 4, _so_, here, x y"

"""Rights as Discord computes them, and the smaller refusals that hang on them."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import discord
import pytest
from aiohttp import ClientSession

from adapters.local.clock import StoryClock
from tests.discord.cast import ANA, BEN, BOARD, BOT, DAVID, GUILD, INTRODUCTIONS, OWNER, RANDOM, STRANGER, TOKEN
from tests.discord.interactions import COMMAND, Interaction
from tests.discord.permissions import in_guild
from tests.discord.server import DiscordServer
from tests.discord.state import EVERYTHING, NOTHING, CannotError, Json, Permission
from tests.discord.trial import connected, rest_only


@pytest.fixture
async def bare(discord_server: DiscordServer) -> AsyncIterator[ClientSession]:
    """A session without discord.py, with the bot's token."""
    async with ClientSession(discord_server.api_url + "/", headers={"Authorization": f"Bot {TOKEN}"}) as session:
        yield session


async def code_of(session: ClientSession, method: str, path: str, body: Json) -> int:
    """Return Discord's code for a request, 0 if it was carried out."""
    async with session.request(method, path, json=body) as response:
        return 0 if response.status < 300 else int((await response.json())["code"])


def test_the_owner_and_administrators_may_everything_and_strangers_nothing(discord_server: DiscordServer) -> None:
    world = discord_server.world
    world.add_member(GUILD, BEN, [world.add_role(GUILD, "Admins", Permission.ADMINISTRATOR).id])
    guild = world.guilds[GUILD]

    assert (in_guild(guild, OWNER), in_guild(guild, BEN), in_guild(guild, STRANGER)) == (
        EVERYTHING,
        EVERYTHING,
        NOTHING,
    )
    assert in_guild(guild, DAVID) == in_guild(guild, ANA) | Permission.MANAGE_GUILD
    assert world.may(BEN, world.channels[BOARD]) == EVERYTHING


def test_overwrites_count_from_everyone_over_roles_to_the_member(discord_server: DiscordServer) -> None:
    world = discord_server.world
    opens, shuts = world.add_role(GUILD, "Opens"), world.add_role(GUILD, "Shuts")
    world.add_member(GUILD, BEN, [opens.id, shuts.id])
    world.add_member(GUILD, ANA, [shuts.id])
    board, random = world.channels[BOARD], world.channels[RANDOM]
    world.overwrite(BOARD, opens.id, allow=Permission.VIEW_CHANNEL)
    world.overwrite(BOARD, shuts.id, deny=Permission.VIEW_CHANNEL)
    world.overwrite(RANDOM, shuts.id, deny=Permission.SEND_MESSAGES)

    assert (world.sees(BEN, board), world.sees(ANA, board)) == (True, False)
    assert not world.may(ANA, random) & Permission.SEND_MESSAGES
    world.overwrite(RANDOM, ANA, allow=Permission.SEND_MESSAGES)
    assert world.may(ANA, random) & Permission.SEND_MESSAGES


def test_without_sight_of_a_channel_nothing_else_is_left(discord_server: DiscordServer) -> None:
    world = discord_server.world

    assert world.may(ANA, world.channels[BOARD]) == NOTHING


async def test_without_the_right_no_file_is_taken(discord_server: DiscordServer) -> None:
    discord_server.world.overwrite(INTRODUCTIONS, BOT, deny=Permission.ATTACH_FILES)
    async with rest_only(discord_server) as client:
        with pytest.raises(discord.Forbidden) as refused:
            await client.get_partial_messageable(int(INTRODUCTIONS)).send(file=discord.File(io.BytesIO(b"x"), "x.txt"))

    assert refused.value.code == 50013


async def test_what_others_wrote_is_deleted_with_the_right_only(
    discord_server: DiscordServer, bare: ClientSession
) -> None:
    written = discord_server.people.write(ANA, INTRODUCTIONS, "Mine")
    path = f"channels/{INTRODUCTIONS}/messages/{written.id}"

    async with bare.delete(path) as refused:
        assert (await refused.json())["code"] == 50013
    discord_server.world.overwrite(INTRODUCTIONS, BOT, allow=Permission.MANAGE_MESSAGES)
    async with bare.delete(path) as done:
        assert done.status == 204


async def test_who_may_use_no_commands_is_offered_none(discord_server: DiscordServer) -> None:
    discord_server.world.overwrite(INTRODUCTIONS, ANA, deny=Permission.USE_APPLICATION_COMMANDS)
    async with connected(discord_server):
        with pytest.raises(CannotError, match="may use no commands"):
            await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")


async def test_a_thread_of_somebody_else_is_changed_by_moderators_only(
    discord_server: DiscordServer, bare: ClientSession
) -> None:
    async with rest_only(discord_server) as client:
        channel = await client.fetch_channel(int(INTRODUCTIONS))
        assert isinstance(channel, discord.TextChannel)
        thread = await channel.create_thread(name="room")
    discord_server.world.channels[str(thread.id)].owner = ANA

    refused = await code_of(bare, "PATCH", f"channels/{thread.id}", {"name": "ours"})
    discord_server.world.overwrite(INTRODUCTIONS, BOT, allow=Permission.MANAGE_THREADS)
    taken = await code_of(bare, "PATCH", f"channels/{thread.id}", {"name": "ours", "archived": True})
    asleep = await code_of(bare, "PATCH", f"channels/{thread.id}", {"name": "mine"})

    assert (refused, taken, asleep) == (50013, 0, 50083)
    assert discord_server.view.threads()[0].name == "ours"


async def test_a_full_thread_takes_nobody_more(discord_server: DiscordServer, bare: ClientSession) -> None:
    async with rest_only(discord_server) as client:
        channel = await client.fetch_channel(int(INTRODUCTIONS))
        assert isinstance(channel, discord.TextChannel)
        thread = await channel.create_thread(name="room")
    now = discord_server.world.clock.now()
    discord_server.world.channels[str(thread.id)].members.update({f"{n}": now for n in range(999)})

    async with bare.put(f"channels/{thread.id}/thread-members/{BEN}") as refused:
        assert (await refused.json())["code"] == 30033


async def test_a_nonce_without_enforcing_it_makes_two_messages_and_one_in_each_channel(
    discord_server: DiscordServer, bare: ClientSession
) -> None:
    enforced: Json = {"content": "Hello", "nonce": "same", "enforce_nonce": True}
    for channel in (INTRODUCTIONS, RANDOM):
        assert await code_of(bare, "POST", f"channels/{channel}/messages", enforced) == 0
    assert await code_of(bare, "POST", f"channels/{RANDOM}/messages", {"content": "Hello", "nonce": "same"}) == 0

    counts = [len(discord_server.view.messages(channel)) for channel in (INTRODUCTIONS, RANDOM)]
    assert counts == [1, 2]


def started(server: DiscordServer) -> Interaction:
    return server.interactions.start(COMMAND, ANA, INTRODUCTIONS)


async def test_a_token_opens_its_own_interaction_only(discord_server: DiscordServer, bare: ClientSession) -> None:
    mine, other = started(discord_server), started(discord_server)
    answer: Json = {"type": 4, "data": {"content": "Hello"}}

    assert await code_of(bare, "POST", f"interactions/{mine.id}/{other.token}/callback", answer) == 10062
    assert await code_of(bare, "POST", f"webhooks/{BOT}/{mine.token}", {"content": "Hello"}) == 10015
    assert await code_of(bare, "POST", f"interactions/{mine.id}/{mine.token}/callback", answer) == 0
    assert await code_of(bare, "POST", f"webhooks/{ANA}/{mine.token}", {"content": "Hello"}) == 10015


async def test_a_deferred_answer_says_nothing_but_whether_it_is_ephemeral(
    discord_server: DiscordServer, bare: ClientSession
) -> None:
    mine = started(discord_server)
    answer: Json = {"type": 5, "data": {"flags": 64 | 1 << 15}}

    assert await code_of(bare, "POST", f"interactions/{mine.id}/{mine.token}/callback", answer) == 50035
    assert discord_server.world.take_violations()


async def test_the_first_follow_up_fills_a_deferred_answer_and_stays_as_private_as_that(
    discord_server: DiscordServer, bare: ClientSession
) -> None:
    mine = started(discord_server)
    deferred: Json = {"type": 5, "data": {"flags": 64}}
    await code_of(bare, "POST", f"interactions/{mine.id}/{mine.token}/callback", deferred)
    (thinking,) = discord_server.view.in_view(ANA)

    await code_of(bare, "POST", f"webhooks/{BOT}/{mine.token}", {"content": f"Hello <@{BEN}>"})

    (filled,) = discord_server.view.in_view(ANA)
    assert (thinking.loading, filled.loading, filled.id, filled.ephemeral) == (True, False, thinking.id, True)


async def test_an_ephemeral_answer_notifies_nobody_else(discord_server: DiscordServer, bare: ClientSession) -> None:
    mine = started(discord_server)
    answer: Json = {"type": 4, "data": {"content": f"<@{ANA}> <@{BEN}> @everyone", "flags": 64}}
    await code_of(bare, "POST", f"interactions/{mine.id}/{mine.token}/callback", answer)

    (seen,) = discord_server.view.in_view(ANA)
    assert set(seen.pings) == {ANA}


async def test_an_update_needs_a_message_and_a_command_has_none(
    discord_server: DiscordServer, bare: ClientSession
) -> None:
    mine = started(discord_server)

    assert await code_of(bare, "POST", f"interactions/{mine.id}/{mine.token}/callback", {"type": 6}) == 50035
    assert discord_server.world.take_violations()


async def test_three_seconds_are_enough_and_more_is_not(
    discord_server: DiscordServer, bare: ClientSession, discord_clock: StoryClock
) -> None:
    in_time, late = started(discord_server), started(discord_server)
    answer: Json = {"type": 4, "data": {"content": "Hello"}}
    discord_clock.move_to(discord_clock.now() + timedelta(seconds=3))
    first = await code_of(bare, "POST", f"interactions/{in_time.id}/{in_time.token}/callback", answer)
    discord_clock.move_to(discord_clock.now() + timedelta(seconds=0.1))
    second = await code_of(bare, "POST", f"interactions/{late.id}/{late.token}/callback", answer)

    assert (first, second) == (0, 10062)

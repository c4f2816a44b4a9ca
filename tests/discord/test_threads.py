"""Private threads: who gets in, who sees what, and what Discord refuses."""

from datetime import timedelta

import discord
import pytest

from adapters.local.clock import StoryClock
from tests.discord.cast import ANA, BEN, BOT, CARLA, DAVID, GUILD, INTRODUCTIONS, OWNER, STRANGER
from tests.discord.server import DiscordServer
from tests.discord.state import Permission
from tests.discord.trial import rest_only


async def a_thread(client: discord.Client, *, invitable: bool = False) -> discord.Thread:
    channel = await client.fetch_channel(int(INTRODUCTIONS))
    assert isinstance(channel, discord.TextChannel)
    return await channel.create_thread(
        name="ben-and-carla", type=discord.ChannelType.private_thread, invitable=invitable, auto_archive_duration=10080
    )


async def an_introduction(client: discord.Client) -> discord.Thread:
    thread = await a_thread(client)
    for user in (BEN, CARLA):
        await thread.add_user(discord.Object(int(user)))
    return thread


async def test_a_private_thread_is_seen_by_those_in_it_and_by_nobody_else(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        thread = await an_introduction(client)
        await thread.send("Ben, meet Carla")

    (room,) = discord_server.view.threads(INTRODUCTIONS)
    assert (room.name, room.invitable, room.auto_archive, set(room.members)) == (
        "ben-and-carla",
        False,
        10080,
        {BOT, BEN, CARLA},
    )
    assert [each.place for each in discord_server.view.in_view(BEN)] == ["thread"]
    assert discord_server.view.in_view(ANA) == ()
    assert discord_server.view.threads_of(CARLA) == (room,)


async def test_who_may_manage_threads_can_read_a_private_one(discord_server: DiscordServer) -> None:
    moderators = discord_server.world.add_role(GUILD, "Moderators", Permission.MANAGE_THREADS)
    discord_server.world.add_member(GUILD, DAVID, [moderators.id])
    async with rest_only(discord_server) as client:
        await (await an_introduction(client)).send("Ben, meet Carla")

    assert [len(discord_server.view.in_view(user)) for user in (DAVID, OWNER, ANA)] == [1, 1, 0]


async def test_a_thread_that_was_made_is_found_among_the_active_ones(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        thread = await an_introduction(client)
        guild = await client.fetch_guild(int(GUILD))
        found = await guild.active_threads()
        fetched = await client.fetch_channel(thread.id)

    assert [(each.id, each.name, each.owner_id) for each in found] == [(thread.id, "ben-and-carla", int(BOT))]
    assert isinstance(fetched, discord.Thread)
    assert fetched.is_private()


async def test_an_archived_thread_takes_nobody_until_a_message_wakes_it(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        thread = await an_introduction(client)
        said = await thread.send("Ben, meet Carla")
        await thread.edit(archived=True)
        with pytest.raises(discord.HTTPException) as added:
            await thread.add_user(discord.Object(int(ANA)))
        with pytest.raises(discord.HTTPException) as edited:
            await said.edit(content="Again")
        parent = await client.fetch_channel(int(INTRODUCTIONS))
        assert isinstance(parent, discord.TextChannel)
        archived = [each.id async for each in parent.archived_threads(private=True, joined=True)]
        active = await (await client.fetch_guild(int(GUILD))).active_threads()
        await thread.send("Awake")

    assert (added.value.code, edited.value.code) == (50083, 50083)
    assert (archived, active) == ([thread.id], [])
    assert not discord_server.view.threads()[0].archived


async def test_a_thread_in_which_nothing_is_said_archives_itself(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    async with rest_only(discord_server) as client:
        thread = await an_introduction(client)
        said = await thread.send("Ben, meet Carla")
        discord_clock.move_to(discord_clock.now() + timedelta(days=6))
        await said.edit(content="Carla, meet Ben")
        discord_clock.move_to(discord_clock.now() + timedelta(days=2))
        with pytest.raises(discord.HTTPException) as refused:
            await said.edit(content="Ben, meet Carla")
        await thread.edit(archived=False)
        await said.edit(content="Ben, meet Carla")

    assert refused.value.code == 50083
    assert not discord_server.view.threads()[0].archived


async def test_a_locked_thread_stays_archived(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        thread = await an_introduction(client)
        room = discord_server.world.channels[str(thread.id)]
        room.archived = room.locked = True
        with pytest.raises(discord.HTTPException) as refused:
            await thread.send("Awake")

    assert refused.value.code == 50083


async def test_threads_are_limited_and_an_archived_one_makes_room(discord_server: DiscordServer) -> None:
    discord_server.world.guilds[GUILD].most_active_threads = 1
    async with rest_only(discord_server) as client:
        first = await a_thread(client)
        with pytest.raises(discord.HTTPException) as refused:
            await a_thread(client)
        await first.edit(archived=True)
        await a_thread(client)

    assert refused.value.code == 160006
    assert len(discord_server.view.threads()) == 2


@pytest.mark.parametrize(
    ("denied", "code"), [(Permission.CREATE_PRIVATE_THREADS, 50013), (Permission.VIEW_CHANNEL, 50001)]
)
async def test_without_the_right_no_thread_is_made(
    discord_server: DiscordServer, denied: Permission, code: int
) -> None:
    async with rest_only(discord_server) as client:
        channel = await client.fetch_channel(int(INTRODUCTIONS))
        assert isinstance(channel, discord.TextChannel)
        discord_server.servers.overwrite(INTRODUCTIONS, BOT, deny=denied)
        with pytest.raises(discord.Forbidden) as refused:
            await channel.create_thread(name="x")

    assert refused.value.code == code


async def test_without_the_right_to_write_in_threads_nobody_is_added_and_nothing_said(
    discord_server: DiscordServer,
) -> None:
    async with rest_only(discord_server) as client:
        thread = await a_thread(client)
        discord_server.servers.overwrite(INTRODUCTIONS, BOT, deny=Permission.SEND_MESSAGES_IN_THREADS)
        with pytest.raises(discord.Forbidden) as added:
            await thread.add_user(discord.Object(int(BEN)))
        with pytest.raises(discord.Forbidden) as said:
            await thread.send("Hello")

    assert (added.value.code, said.value.code) == (50013, 50013)


async def test_who_left_cannot_be_added(discord_server: DiscordServer) -> None:
    discord_server.servers.leaves(BEN, GUILD)
    async with rest_only(discord_server) as client:
        thread = await a_thread(client)
        with pytest.raises(discord.NotFound) as left:
            await thread.add_user(discord.Object(int(BEN)))
        with pytest.raises(discord.NotFound) as never:
            await (await client.fetch_guild(int(GUILD))).fetch_member(int(STRANGER))

    assert (left.value.code, never.value.code) == (10007, 10007)


async def test_who_cannot_see_the_parent_is_added_sees_nothing_and_it_is_written_down(
    discord_server: DiscordServer,
) -> None:
    discord_server.servers.overwrite(INTRODUCTIONS, BEN, deny=Permission.VIEW_CHANNEL)
    async with rest_only(discord_server) as client:
        await (await an_introduction(client)).send("Ben, meet Carla")

    assert [BEN in each for each in discord_server.world.take_violations()] == [True]
    assert (len(discord_server.view.in_view(BEN)), len(discord_server.view.in_view(CARLA))) == (0, 1)


async def test_who_leaves_the_server_is_out_of_its_threads(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        await (await an_introduction(client)).send("Ben, meet Carla")
    discord_server.servers.leaves(BEN, GUILD)

    assert discord_server.view.in_view(BEN) == ()
    assert BEN not in discord_server.view.threads()[0].members


async def test_in_a_thread_of_somebody_else_that_is_not_invitable_the_bot_adds_nobody(
    discord_server: DiscordServer,
) -> None:
    async with rest_only(discord_server) as client:
        thread = await a_thread(client)
        discord_server.world.channels[str(thread.id)].owner = ANA
        with pytest.raises(discord.Forbidden) as refused:
            await thread.add_user(discord.Object(int(BEN)))

    assert refused.value.code == 50013


async def test_a_mention_in_a_private_thread_brings_people_in(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        thread = await a_thread(client)
        await thread.send(
            f"<@{BEN}> <@{CARLA}>", allowed_mentions=discord.AllowedMentions(users=[discord.Object(int(BEN))])
        )

    assert set(discord_server.view.threads()[0].members) == {BOT, BEN}


async def test_the_bot_removes_people_from_its_own_private_thread(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        thread = await an_introduction(client)
        await thread.remove_user(discord.Object(int(BEN)))
        with pytest.raises(discord.NotFound):
            await thread.remove_user(discord.Object(int(BEN)))
        with pytest.raises(discord.Forbidden):
            await thread.delete()
        with pytest.raises(discord.Forbidden):
            await thread.fetch_members()

    assert set(discord_server.view.threads()[0].members) == {BOT, CARLA}

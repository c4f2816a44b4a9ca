"""What else a bot may ask, each answered in its documented shape."""

import discord
import pytest
from discord import app_commands

from adapters.local.people import EVERYBODY
from tests.discord.cast import ANA, APPLICATION, BEN, BOT, CARLA, GUILD, IDS, INTRODUCTIONS, OTHER_BOT, RANDOM, STRANGER
from tests.discord.server import DiscordServer
from tests.discord.state import CannotError, Permission
from tests.discord.trial import Trial, connected, rest_only


def test_the_people_are_those_of_the_local_room(discord_server: DiscordServer) -> None:
    there = {IDS[person.user]: (person.name, person.is_bot) for person in EVERYBODY}

    assert there == {id_: (discord_server.world.users[id_].name, discord_server.world.users[id_].bot) for id_ in there}


async def test_members_are_found_by_the_beginning_of_their_name(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        found = await client.http.request(
            discord.http.Route("GET", "/guilds/{guild_id}/members/search", guild_id=int(GUILD)),
            params={"query": "be", "limit": 5},
        )

    assert [each["user"]["username"] for each in found] == ["ben"]


async def test_a_bot_is_told_apart_and_who_left_is_still_a_user(discord_server: DiscordServer) -> None:
    discord_server.servers.leaves(BEN, GUILD)
    async with rest_only(discord_server) as client:
        guild = await client.fetch_guild(int(GUILD))
        other = await guild.fetch_member(int(OTHER_BOT))
        with pytest.raises(discord.NotFound):
            await guild.fetch_member(int(BEN))
        ben = await client.fetch_user(int(BEN))

    assert (other.bot, ben.bot, ben.display_name) == (True, False, "Ben Okafor")


async def test_who_comes_back_is_a_member_again(discord_server: DiscordServer) -> None:
    discord_server.servers.leaves(BEN, GUILD)
    discord_server.servers.joins(BEN, GUILD)
    async with rest_only(discord_server) as client:
        member = await (await client.fetch_guild(int(GUILD))).fetch_member(int(BEN))

    assert member.id == int(BEN)


async def test_a_bot_can_leave_a_server(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        await (await client.fetch_guild(int(GUILD))).leave()
        await client.hears("guild_remove")

    assert BOT not in discord_server.world.guilds[GUILD].members


async def test_what_the_bot_left_behind_answers_no_more(discord_server: DiscordServer) -> None:
    async with connected(discord_server):
        await discord_server.people.slash(ANA, INTRODUCTIONS, "offer")
        (ask,) = discord_server.view.messages(INTRODUCTIONS)
        discord_server.servers.remove_bot(GUILD)

        pressed = await discord_server.people.press(BEN, ask, "yes:r1")

    assert pressed.error == "The application did not respond"


async def test_a_dm_is_fetched_by_its_id_alone(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        opened = await client.create_dm(discord.Object(int(ANA)))
        fetched = await client.fetch_channel(opened.id)

    assert isinstance(fetched, discord.DMChannel)
    assert fetched.recipient is not None
    assert fetched.recipient.id == int(ANA)


async def test_typing_is_shown_nowhere_and_taken(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        await client.get_partial_messageable(int(INTRODUCTIONS)).typing()

    assert discord_server.world.called("POST /channels/{channel_id}/typing")[0].status == 204


async def test_membership_of_a_thread_can_be_asked_for_one_person(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        channel = await client.fetch_channel(int(INTRODUCTIONS))
        assert isinstance(channel, discord.TextChannel)
        thread = await channel.create_thread(name="room")
        await thread.add_user(discord.Object(int(BEN)))
        inside = await thread.fetch_member(int(BEN))
        with pytest.raises(discord.NotFound):
            await thread.fetch_member(int(CARLA))
        await thread.leave()
        with pytest.raises(discord.Forbidden) as unseen:
            await thread.send("Hello")

    assert (inside.id, unseen.value.code) == (int(BEN), 50001)


async def test_commands_of_one_server_are_offered_there_alone(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        here = discord.Object(int(GUILD))

        @client.tree.command(name="here", description="Only here", guild=here)
        async def only_here(interaction: discord.Interaction[Trial], how: app_commands.Range[int, 1, 5]) -> None:
            await interaction.response.send_message(f"{how}", ephemeral=True)

        await client.tree.sync(guild=here)
        fetched = [each.name for each in await client.tree.fetch_commands(guild=here)]
        answered = await discord_server.people.slash(ANA, RANDOM, "here", how=3)
        with pytest.raises(CannotError, match="nothing of type 4"):
            await discord_server.people.slash(ANA, RANDOM, "here", how="three")
        with pytest.raises(CannotError, match="there is no command"):
            await discord_server.people.slash(ANA, None, "here", how=3)

    assert (fetched, answered.message and answered.message.shown) == (["here"], "3")
    assert int(APPLICATION) == client.application_id


async def test_an_answer_can_be_read_edited_and_taken_back(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")
        assert client.last is not None
        client.last._original_response = None
        read = await client.last.original_response()
        await read.edit(content="stove")
        (edited,) = discord_server.view.ephemerals_of(ANA)
        extra = await client.last.followup.send("more", ephemeral=True, wait=True)
        await extra.edit(content="even more")
        await extra.delete()
        await read.delete()

    assert (read.content, edited.shown) == ("oven", "stove")
    assert discord_server.view.in_view(ANA) == ()


async def test_an_ephemeral_answer_is_not_to_be_reached_through_its_channel(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")
        assert answered.message is not None
        found = client.get_partial_messageable(int(INTRODUCTIONS)).get_partial_message(int(answered.message.id))
        with pytest.raises(discord.NotFound) as refused:
            await found.edit(content="stove")

    assert refused.value.code == 10008


async def test_a_channels_history_is_empty_without_the_right_to_read_it(discord_server: DiscordServer) -> None:
    discord_server.people.write(ANA, INTRODUCTIONS, "Good morning")
    discord_server.world.overwrite(INTRODUCTIONS, BOT, deny=Permission.READ_MESSAGE_HISTORY)
    async with rest_only(discord_server) as client:
        history = [each async for each in client.get_partial_messageable(int(INTRODUCTIONS)).history()]

    assert history == []


async def test_who_may_not_write_cannot(discord_server: DiscordServer) -> None:
    discord_server.world.overwrite(INTRODUCTIONS, ANA, deny=Permission.SEND_MESSAGES)

    with pytest.raises(CannotError):
        discord_server.people.write(ANA, INTRODUCTIONS, "Good morning")
    with pytest.raises(CannotError):
        discord_server.people.write(STRANGER, INTRODUCTIONS, "Good morning")


async def test_the_rest_of_what_is_served_has_its_shape_too(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        channel = await client.fetch_channel(int(INTRODUCTIONS))
        assert isinstance(channel, discord.TextChannel)
        thread = await channel.create_thread(name="room")
        await thread.leave()
        discord_server.world.overwrite(INTRODUCTIONS, BOT, allow=Permission.MANAGE_THREADS)
        await thread.join()
        await thread.edit(archived=True)
        archived = [each.id async for each in channel.archived_threads(private=True)]
        gateway = await client.http.request(discord.http.Route("GET", "/gateway"))
        own = await client.http.request(discord.http.Route("GET", "/applications/@me"))

    assert (archived, gateway["url"], own["id"]) == ([thread.id], discord_server.gateway_url, APPLICATION)


async def test_a_follow_up_can_be_fetched(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")
        assert client.last is not None
        sent = await client.last.followup.send("more", ephemeral=True, wait=True)
        read = await client.last.followup.fetch_message(sent.id)

    assert read.content == "more"


async def test_a_channel_of_a_server_is_not_the_bots_to_delete(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        channel = await client.fetch_channel(int(INTRODUCTIONS))
        assert isinstance(channel, discord.TextChannel)
        with pytest.raises(discord.Forbidden):
            await channel.delete()

    assert INTRODUCTIONS in discord_server.world.channels

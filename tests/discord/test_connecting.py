"""The real discord.py logs in, connects, and knows where it is."""

import discord
import pytest

from tests.discord.cast import ANA, BOT, GUILD, INTRODUCTIONS, OTHER_GUILD
from tests.discord.pointing import logged_in, running
from tests.discord.server import DiscordServer
from tests.discord.trial import OPTIONS, Trial, connected


class Sharded(discord.AutoShardedClient):
    """Without discord.py's five seconds between two shards."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        return


async def test_a_client_becomes_ready_and_sees_the_servers_it_is_in(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        assert client.user is not None
        assert str(client.user.id) == BOT
        assert [guild.id for guild in client.guilds] == [int(GUILD)]
        assert isinstance(client.get_channel(int(INTRODUCTIONS)), discord.TextChannel)


async def test_what_the_bot_identifies_with_is_kept(discord_server: DiscordServer) -> None:
    async with connected(discord_server):
        (identify,) = discord_server.gateway.identifies

    assert (identify.shard, identify.shards, identify.intents, identify.compressed) == (0, 1, 1, True)


async def test_a_wrong_token_is_refused_at_login(discord_server: DiscordServer) -> None:
    with pytest.raises(discord.LoginFailure):
        async with logged_in(Trial(), discord_server, token="wrong"):
            pass


async def test_a_privileged_intent_that_was_not_granted_closes_the_connection(discord_server: DiscordServer) -> None:
    asks_too_much = discord.Intents(guilds=True, members=True)

    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(Trial(intents=asks_too_much), discord_server):
            pass


async def test_commands_are_registered_once_and_keep_their_ids(discord_server: DiscordServer) -> None:
    async with logged_in(Trial(), discord_server):
        first = {each["name"]: each["id"] for each in discord_server.world.commands[None]}
    async with logged_in(Trial(), discord_server):
        second = {each["name"]: each["id"] for each in discord_server.world.commands[None]}

    assert first == second
    assert {"refer", "intros", "I can refer someone"} <= set(first)
    assert len(discord_server.world.command_creates) == len(first)


async def test_shards_share_the_servers_and_direct_messages_go_to_the_first(discord_server: DiscordServer) -> None:
    discord_server.world.add_member(OTHER_GUILD, BOT)
    discord_server.gateway.recommended_shards = 2
    shards = {int(guild): (int(guild) >> 22) % 2 for guild in (GUILD, OTHER_GUILD)}

    async with running(Sharded(**OPTIONS), discord_server) as client:
        await discord_server.gateway.connected(shards=2)

        assert {guild.id: guild.shard_id for guild in client.guilds} == shards
        assert [(each.shard, each.shards) for each in discord_server.gateway.identifies] == [(0, 2), (1, 2)]
        assert discord_server.world.called("GET /gateway/bot")


async def test_a_process_can_hold_some_of_the_shards_only(discord_server: DiscordServer) -> None:
    options = OPTIONS | {"shard_ids": [1], "shard_count": 4}

    async with running(Sharded(**options), discord_server):
        (identify,) = discord_server.gateway.identifies

        assert (identify.shard, identify.shards) == (1, 4)
        assert not discord_server.gateway.reaches(None)
        assert not discord_server.world.called("GET /gateway/bot")


async def test_without_shard_0_a_press_in_a_direct_message_fails(discord_server: DiscordServer) -> None:
    async with logged_in(Trial(), discord_server):
        answered = await discord_server.people.slash(ANA, None, "slow")

    assert answered.error == "The application did not respond"


async def test_a_server_can_be_fetched_with_its_channels_roles_and_members(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        guild = await client.fetch_guild(int(GUILD))
        member = await guild.fetch_member(int(ANA))

        assert (guild.name, member.display_name) == ("The Chapter", "Ana Duarte")
        assert {channel.name for channel in await guild.fetch_channels()} == {"introductions", "random", "board"}
        assert {role.name for role in await guild.fetch_roles()} == {"@everyone", "Managers", "twoyes"}
        assert [each.id async for each in client.fetch_guilds()] == [int(GUILD)]
        assert (await client.fetch_user(int(ANA))).name == "ana"

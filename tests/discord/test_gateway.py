"""Everything that can happen to a connection, and what a server in Discord tells the bot and what it does not."""

import discord

from tests.discord.cast import ANA, BEN, BOT, GUILD, INTRODUCTIONS, OTHER_GUILD
from tests.discord.pointing import logged_in, running
from tests.discord.server import SHUT, DiscordServer
from tests.discord.state import Permission
from tests.discord.trial import Trial, connected


async def test_a_dropped_connection_is_resumed_and_what_was_missed_is_heard(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.gateway.drop()
        await discord_server.gateway.gone()
        answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="an oven")

        assert answered.message is not None
        assert answered.message.shown == "an oven"
        assert (discord_server.gateway.resumes, len(discord_server.gateway.identifies)) == (1, 1)
        assert "resumed" in client.heard


async def test_a_request_to_reconnect_is_followed_by_a_resume(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.gateway.reconnect()
        await client.hears("resumed")

        assert (discord_server.gateway.resumes, len(discord_server.gateway.identifies)) == (1, 1)


async def test_an_invalid_session_is_begun_anew(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.gateway.invalidate()
        await client.hears("connect", 2)

        assert (discord_server.gateway.resumes, len(discord_server.gateway.identifies)) == (0, 2)


async def test_a_session_that_is_invalid_for_now_is_resumed(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.gateway.invalidate(resumable=True)
        await client.hears("resumed")

        assert len(discord_server.gateway.identifies) == 1


async def test_a_session_that_was_forgotten_meanwhile_is_begun_anew(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.gateway.drop(forget=True)
        await client.hears("connect", 2)

        assert len(discord_server.gateway.identifies) == 2


async def test_a_close_code_that_allows_it_is_followed_by_a_resume(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        await discord_server.gateway.close(4000)
        await client.hears("resumed")

        assert discord_server.gateway.connections == 1


async def test_a_dead_address_for_resumes_keeps_the_client_away_for_good(discord_server: DiscordServer) -> None:
    discord_server.gateway.resume_url = SHUT
    async with connected(discord_server) as client:
        discord_server.gateway.drop()
        await client.hears("disconnect", 2)

        assert discord_server.gateway.connections == 0
        assert not client.is_closed()
        assert len(discord_server.gateway.identifies) == 1


async def test_a_gateway_that_refuses_is_tried_again(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.gateway.refuse(1)
        discord_server.gateway.drop()
        await client.hears("resumed")

        assert discord_server.gateway.connections == 1


async def test_heartbeats_come_and_are_answered(discord_server: DiscordServer) -> None:
    discord_server.gateway.heartbeat_interval = 20

    async with connected(discord_server) as client:
        await discord_server.world.pulse.until(lambda: discord_server.gateway.heartbeats >= 4)

        assert client.latency < 10


async def test_a_client_whose_heartbeats_are_not_answered_comes_back(discord_server: DiscordServer) -> None:
    discord_server.gateway.heartbeat_interval = 20
    async with running(Trial(heartbeat_timeout=0.2), discord_server) as client:
        discord_server.gateway.mute = True
        await client.hears("disconnect")
        discord_server.gateway.mute = False
        await client.hears("resumed")

        assert discord_server.gateway.resumes >= 1


async def test_removal_of_the_bot_is_heard_while_it_is_online(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.servers.remove_bot(GUILD)
        await client.hears("guild_remove")

        assert list(client.guilds) == []


async def test_removal_of_the_bot_is_not_heard_of_afterwards(discord_server: DiscordServer) -> None:
    async with connected(discord_server):
        pass
    discord_server.servers.remove_bot(GUILD)

    async with connected(discord_server) as client:
        assert list(client.guilds) == []
        assert "guild_remove" not in client.heard


async def test_an_outage_is_not_a_removal(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.servers.outage(GUILD)
        await client.hears("guild_unavailable")
        discord_server.servers.recovers(GUILD)
        await client.hears("guild_available")

        assert "guild_remove" not in client.heard


async def test_being_added_to_a_server_is_heard(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.servers.add_bot(OTHER_GUILD)
        await client.hears("guild_join")

        assert {str(guild.id) for guild in client.guilds} == {GUILD, OTHER_GUILD}


async def test_who_leaves_is_not_told_without_the_intent_for_members(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        discord_server.servers.leaves(BEN, GUILD)
        await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="anything")

        assert not {"member_remove", "raw_member_remove"} & set(client.heard)


async def test_who_leaves_is_told_to_an_application_that_was_granted_the_intent(discord_server: DiscordServer) -> None:
    discord_server.world.application.privileged = discord.Intents(members=True).value
    granted = Trial(intents=discord.Intents(guilds=True, members=True))

    async with running(granted, discord_server) as client:
        discord_server.servers.leaves(BEN, GUILD)
        await client.hears("raw_member_remove")


async def test_messages_of_people_are_told_only_to_who_asked_for_them(discord_server: DiscordServer) -> None:
    wants = Trial(intents=discord.Intents(guilds=True, guild_messages=True))
    async with connected(discord_server) as client:
        discord_server.people.write(ANA, INTRODUCTIONS, "Good morning")
        await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="anything")
        assert "message" not in client.heard

    async with running(wants, discord_server) as client:
        discord_server.people.write(ANA, INTRODUCTIONS, "Good morning")
        await client.hears("message")


async def test_a_change_of_rights_reaches_the_clients_own_view(discord_server: DiscordServer) -> None:
    async with connected(discord_server) as client:
        channel = client.get_channel(int(INTRODUCTIONS))
        assert isinstance(channel, discord.TextChannel)
        assert channel.permissions_for(channel.guild.me).create_private_threads
        discord_server.servers.overwrite(INTRODUCTIONS, BOT, deny=Permission.CREATE_PRIVATE_THREADS)
        await client.hears("guild_channel_update")

        assert not channel.permissions_for(channel.guild.me).create_private_threads


async def test_a_channel_that_is_deleted_is_gone_with_what_stood_in_it(discord_server: DiscordServer) -> None:
    discord_server.people.write(ANA, INTRODUCTIONS, "Good morning")

    async with connected(discord_server) as client:
        discord_server.servers.delete_channel(INTRODUCTIONS)
        await client.hears("guild_channel_delete")

        assert client.get_channel(int(INTRODUCTIONS)) is None
        assert discord_server.view.in_view(ANA) == ()


async def test_a_client_that_only_logs_in_hears_nothing(discord_server: DiscordServer) -> None:
    async with logged_in(Trial(), discord_server):
        discord_server.servers.remove_bot(GUILD)

        assert discord_server.gateway.identifies == []

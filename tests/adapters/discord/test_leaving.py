"""Servers that add the bot and remove it: it notices at once, or as soon as it is back, and mistakes nothing for it."""

from datetime import datetime

import pytest

from adapters.discord.ids import workspace_of
from adapters.local.clock import StoryClock
from tests.adapters.discord.delivering import POST
from tests.adapters.discord.test_app import begin
from tests.discord.cast import ANA, BEN, GUILD, INTRODUCTIONS, OTHER_GUILD
from tests.discord.cast import ELSEWHERE as CHANNEL_ELSEWHERE
from tests.discord.club import WORKSPACE, Club, open_club
from tests.discord.faults import error, status
from tests.discord.server import DiscordServer
from tests.discord.state import Permission

ELSEWHERE = workspace_of(OTHER_GUILD)


async def departed_at(club: Club, workspace: str = WORKSPACE) -> datetime | None:
    """Return since when the bot has been gone from there, as the store knows it."""
    known = await club.store.run(lambda tx: tx.workspaces.get(workspace))  # type: ignore[arg-type]
    assert known is not None
    return known.departed_at


async def test_where_the_bot_is_when_it_starts_is_noted(club: Club) -> None:
    assert await departed_at(club) is None
    assert len(club.events("workspace.arrived")) == 1


async def test_a_server_that_adds_the_bot_while_it_is_connected_is_noted(gateway_club: Club) -> None:
    gateway_club.server.servers.add_bot(OTHER_GUILD)
    await gateway_club.heard("workspace.arrived", 2)

    assert await departed_at(gateway_club, ELSEWHERE) is None


async def test_a_server_that_adds_the_bot_reads_how_to_begin_in_the_channel_it_has_for_that(gateway_club: Club) -> None:
    world = gateway_club.server.world
    world.guilds[OTHER_GUILD].system_channel = CHANNEL_ELSEWHERE
    gateway_club.server.servers.add_bot(OTHER_GUILD)
    await gateway_club.heard("workspace.arrived", 2)
    await gateway_club.comings.arrived(OTHER_GUILD)
    await gateway_club.settled()

    (greeting,) = gateway_club.server.view.messages(CHANNEL_ELSEWHERE)

    assert "Three steps to begin" in greeting.shown
    assert gateway_club.server.view.messages(INTRODUCTIONS) == ()


async def test_where_the_bot_may_not_write_a_server_is_greeted_nowhere(gateway_club: Club) -> None:
    world = gateway_club.server.world
    world.guilds[OTHER_GUILD].system_channel = CHANNEL_ELSEWHERE
    world.overwrite(CHANNEL_ELSEWHERE, OTHER_GUILD, deny=Permission.SEND_MESSAGES)
    gateway_club.server.servers.add_bot(OTHER_GUILD)
    await gateway_club.heard("workspace.arrived", 2)
    gateway_club.server.servers.remove_bot(OTHER_GUILD)
    await gateway_club.heard("workspace.departed")
    world.overwrite(CHANNEL_ELSEWHERE, OTHER_GUILD, allow=Permission.SEND_MESSAGES)
    gateway_club.server.faults.next(POST, error(50013))
    gateway_club.server.servers.add_bot(OTHER_GUILD)
    await gateway_club.heard("workspace.arrived", 3)

    assert len(world.called(POST)) == 1
    assert gateway_club.server.view.messages(CHANNEL_ELSEWHERE) == ()
    assert (await gateway_club.store.run(lambda tx: tx.outbox.depth(gateway_club.clock.now()))).dead == 0


async def test_a_server_without_a_group_that_removed_the_bot_meanwhile_is_found_out_too(club: Club) -> None:
    await club.bot.arrived(ELSEWHERE, None)

    await club.comings.reconcile([GUILD], lambda _: True)

    assert await departed_at(club, ELSEWHERE) is not None


async def test_a_server_that_removes_the_bot_is_left_at_once(gateway_club: Club) -> None:
    await begin(gateway_club, ANA, BEN)

    gateway_club.server.servers.remove_bot(GUILD)
    await gateway_club.heard("workspace.departed")

    assert await departed_at(gateway_club) is not None


async def test_a_server_that_is_unavailable_has_removed_nobody(gateway_club: Club) -> None:
    await begin(gateway_club, ANA)

    gateway_club.server.servers.outage(GUILD)
    gateway_club.server.servers.recovers(GUILD)
    answered = await gateway_club.server.people.slash(ANA, INTRODUCTIONS, "intros mine")

    assert answered.error is None
    assert gateway_club.events("workspace.departed") == []


@pytest.mark.parametrize("unavailable", [False, True])
async def test_a_removal_while_the_bot_was_away_is_found_out_at_the_next_start(
    discord_server: DiscordServer, discord_clock: StoryClock, database_url: str, *, unavailable: bool
) -> None:
    async with open_club(discord_server, discord_clock, database_url, upgraded=True) as club:
        await begin(club, ANA, BEN)
        key = club.key
    if unavailable:
        discord_server.servers.outage(GUILD)
    else:
        discord_server.servers.remove_bot(GUILD)

    async with open_club(discord_server, discord_clock, database_url, upgraded=True, key=key) as club:
        gone = await departed_at(club)

    assert (gone is not None) is not unavailable


async def test_a_list_that_lacks_a_server_is_not_believed_before_discord_was_asked_again(club: Club) -> None:
    await begin(club, ANA)

    await club.comings.reconcile([OTHER_GUILD], lambda _: True)

    assert await departed_at(club) is None


async def test_while_discord_does_not_say_nothing_is_left(club: Club) -> None:
    await begin(club, ANA)
    club.server.world.guilds[GUILD].members.pop(club.server.world.bot)
    club.server.faults.next("GET /users/@me/guilds", status(503))

    club.hears.ready([OTHER_GUILD])
    await club.settled()

    assert await departed_at(club) is None
    assert club.events("background.left_undone") != []


async def test_another_processs_servers_are_not_looked_after(club: Club) -> None:
    await begin(club, ANA)
    club.server.world.guilds[GUILD].members.pop(club.server.world.bot)

    await club.comings.reconcile([], lambda _: False)

    assert await departed_at(club) is None


async def test_where_the_bot_comes_back_everything_is_as_it_was(gateway_club: Club) -> None:
    await begin(gateway_club, ANA)
    gateway_club.server.servers.remove_bot(GUILD)
    await gateway_club.heard("workspace.departed")

    gateway_club.server.servers.add_bot(GUILD)
    await gateway_club.heard("workspace.arrived", 2)
    answered = await gateway_club.server.people.slash(ANA, INTRODUCTIONS, "intros mine")

    assert answered.error is None
    assert await departed_at(gateway_club) is None

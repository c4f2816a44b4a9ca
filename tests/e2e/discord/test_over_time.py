"""An introduction on Discord: who else can read it, where there is no room for it, and the months after it."""

from datetime import timedelta
from typing import cast

from adapters.local.clock import StoryClock
from adapters.local.story import Ending, tell
from adapters.local.table import Table
from bot.domain.ids import UserId
from tests.discord.cast import BEN, BOT, CARLA, GUILD, INTRODUCTIONS
from tests.discord.club import WORKSPACE, open_club
from tests.discord.server import DiscordServer
from tests.discord.state import Permission
from tests.e2e.discord.seats import DiscordSeats


async def test_when_nothing_more_is_followed_up_the_room_is_archived(
    discord_server: DiscordServer, discord_clock: StoryClock, database: str
) -> None:
    async with open_club(discord_server, discord_clock, database, upgraded=True) as club:
        await tell(cast("Table", DiscordSeats(club)), Ending.AGREED)
        (room,) = discord_server.view.threads(INTRODUCTIONS)

        await club.wait(timedelta(days=89))
        before = room.archived
        await club.wait(timedelta(days=2))

        assert (before, room.archived, room.locked) == (False, True, False)
        assert [what for what in club.noted.counted if what.startswith("died")] == []


async def test_where_there_can_be_no_room_each_gets_it_alone_in_words_that_speak_of_none(
    discord_server: DiscordServer, discord_clock: StoryClock, database: str
) -> None:
    (role,) = discord_server.world.guilds[GUILD].members[BOT].roles
    discord_server.world.overwrite(INTRODUCTIONS, role, deny=Permission.CREATE_PRIVATE_THREADS)

    async with open_club(discord_server, discord_clock, database, upgraded=True) as club:
        await tell(cast("Table", DiscordSeats(club)), Ending.AGREED)

        assert discord_server.view.threads() == ()
        for user in (BEN, CARLA):
            member = await club.store.run(lambda tx, who=user: tx.members.by_user(WORKSPACE, UserId(who)))  # type: ignore[misc]
            assert member is not None
            (asked,) = await club.store.run(lambda tx, who=member.id: tx.records.shown_to(who))  # type: ignore[misc]
            (alone,) = [seen.shown for seen in discord_server.view.dm_of(user) if "you both said yes" in seen.shown]
            assert "Moderators can read that room, too." in asked.text
            assert "each of you gets this in private" in alone
            assert "makes the first move, by a direct message." in alone
            assert "this room" not in alone

"""Coming and going: the bot is removed while it is there and while it is not, and people leave or shut it out."""

from datetime import timedelta

from adapters.local.clock import StoryClock
from bot.domain.events import EventKind
from bot.domain.ids import UserId
from tests.discord.cast import ANA, BEN, CARLA, DAVID, ELIF, GUILD, INTRODUCTIONS
from tests.discord.club import WORKSPACE
from tests.discord.faults import error
from tests.discord.server import DiscordServer
from tests.e2e.discord.beginnings import NEED, ask_ben, ask_carla, begin, draft, meet
from tests.e2e.discord.hall import Hall, open_hall

GRACE = timedelta(days=30)
LONG_AFTER = timedelta(days=10)
OPENING = "POST /users/@me/channels"
POST = "POST /channels/{channel_id}/messages"


def posts(hall: Hall) -> int:
    return len(hall.world.called(POST))


async def stored(hall: Hall) -> tuple[int, int, bool]:
    """Return how many groups there are in the server, how many entries in the log, and whether Ana is known."""
    groups = await hall.club.store.run(lambda tx: tx.groups.of_workspace(WORKSPACE))
    ana = await hall.club.store.run(lambda tx: tx.members.by_user(WORKSPACE, UserId(ANA)))
    return len(groups), len(await hall.events()), ana is not None


async def test_once_the_bot_is_removed_nothing_is_sent_and_after_the_grace_period_everything_is_gone(
    hall: Hall,
) -> None:
    await ask_ben(hall)
    before = posts(hall)

    hall.server.servers.remove_bot(GUILD)
    await hall.club.heard("workspace.departed")
    await hall.wait(GRACE - timedelta(hours=1))
    await hall.club.bot.purge()
    assert (posts(hall), (await stored(hall))[0]) == (before, 1)
    await hall.wait(timedelta(hours=2))
    for _ in range(2):
        await hall.club.bot.purge()

        assert await stored(hall) == (0, 0, False)
    assert posts(hall) == before


async def test_removed_and_added_again_while_the_bot_was_away_it_goes_on_where_it_was(
    discord_server: DiscordServer, discord_clock: StoryClock, database: str
) -> None:
    async with open_hall(discord_server, discord_clock, database) as hall:
        await ask_ben(hall)
        key = hall.club.key
    discord_server.servers.remove_bot(GUILD)
    async with open_hall(discord_server, discord_clock, database, key=key) as hall:
        assert len(hall.club.events("workspace.departed")) == 1
        before = posts(hall)
        await hall.wait(timedelta(days=1))
        assert posts(hall) == before
    discord_server.servers.add_bot(GUILD, *_own_role(discord_server))

    async with open_hall(discord_server, discord_clock, database, key=key) as hall:
        await hall.press(BEN, "yes")

        assert NEED in hall.last(CARLA).shown


async def test_whoever_left_the_server_is_asked_nothing_and_the_others_hear_no_reason(hall: Hall) -> None:
    await meet(hall)
    await draft(hall)
    await hall.press(ANA, "need_yes", "fit_yes")
    before = len(hall.view.dm_of(BEN))

    hall.server.servers.leaves(BEN, GUILD)
    hall.club.discord.directory.forget(WORKSPACE)
    await hall.wait(timedelta(minutes=10))
    await hall.press(ANA, "ask_them")
    await hall.wait(LONG_AFTER)

    assert len([each for each in hall.world.messages.values() if each.channel == _direct(hall, BEN)]) == before
    assert NEED not in hall.shown(CARLA)
    assert hall.view.threads() == ()


async def test_somebody_who_leaves_while_they_are_asked_is_a_silence(hall: Hall) -> None:
    await ask_carla(hall)

    hall.server.servers.leaves(CARLA, GUILD)
    await hall.wait(LONG_AFTER)

    assert hall.view.threads() == ()
    assert "has closed without an introduction" in hall.last(ANA).shown
    assert "Carla" not in hall.last(ANA).shown + hall.last(BEN).shown
    assert EventKind.INTRODUCED not in await hall.kinds()


async def test_who_cannot_be_written_to_is_a_silence_that_nobody_else_can_tell(hall: Hall) -> None:
    for code in (50007, 50278):
        hall.server.faults.next(POST, error(code), times=2, channel_id=_direct(hall, BEN))
    await meet(hall)
    hall.server.faults.clear()
    await draft(hall)
    await hall.press(ANA, "need_yes", "fit_yes")
    channel = {user: hall.view.in_view(user) for user in (CARLA, DAVID, ELIF)}
    hall.server.faults.next(POST, error(50007), channel_id=_direct(hall, BEN))

    if hall.is_offered(ANA, "ask_them"):
        await hall.press(ANA, "ask_them")
    await hall.wait(LONG_AFTER)

    assert {user: hall.view.in_view(user) for user in channel} == channel
    assert "unreachable" not in hall.shown(ANA)
    assert "closed" not in "".join(seen.shown for seen in hall.view.messages(INTRODUCTIONS))


async def test_where_conversations_are_opened_too_fast_everybody_is_written_to_in_the_end(hall: Hall) -> None:
    hall.server.faults.next(OPENING, error(40003))
    await begin(hall, ANA, BEN, CARLA)
    assert len(hall.world.called(OPENING)) == 1

    await hall.wait(timedelta(hours=2))

    assert [len(hall.view.dm_of(user)) for user in (ANA, BEN, CARLA)] == [1, 1, 1]
    assert hall.died() == []
    assert len(hall.world.called(OPENING)) == 4


def _direct(hall: Hall, user: str) -> str:
    return hall.world.direct(user).id


def _own_role(server: DiscordServer) -> list[str]:
    return [role.id for role in server.world.guilds[GUILD].roles.values() if role.managed]

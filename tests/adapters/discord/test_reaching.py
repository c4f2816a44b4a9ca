"""Direct messages are scarce and may be closed: joining waits for a hello, and who is out of reach hears it alone."""

from datetime import timedelta

from adapters.local.clock import StoryClock
from bot.app import owed
from bot.domain.effects import Notice, Notify
from bot.domain.events import EventKind
from bot.domain.ids import UserId
from bot.domain.member import Member
from bot.ports.store import Transaction
from tests.adapters.discord.delivering import OPEN
from tests.adapters.discord.test_app import begin
from tests.discord.cast import (
    ANA,
    BEN,
    CARLA,
    DAVID,
    ELIF,
    ELSEWHERE,
    GUILD,
    INTRODUCTIONS,
    OTHER_GUILD,
    SHY,
    STRANGER,
)
from tests.discord.club import WORKSPACE, Club, open_club
from tests.discord.faults import error, status
from tests.discord.people import Answered
from tests.discord.seen import Seen
from tests.discord.server import DiscordServer

NOT_REACHED = "my hello did not reach you"
CLOSED = "My messages do not reach you"


async def member(club: Club, user: str) -> Member:
    """Return what is stored of somebody in the sample server."""
    found = await club.store.run(lambda tx: tx.members.by_user(WORKSPACE, UserId(user)))
    assert found is not None
    return found


async def happened(club: Club, user: str) -> list[EventKind]:
    """Return what the log says somebody did."""
    me = await member(club, user)
    events = await club.store.run(lambda tx: tx.records.events())
    return [event.kind for event in events if event.by == me.id]


async def said(club: Club, doing: Answered) -> Seen:
    """Return what somebody sees at once, with everything done that follows from it; a second is over then."""
    assert doing.error is None
    await club.settled()
    club.clock.move_to(club.clock.now() + timedelta(seconds=1))
    assert doing.message is not None
    return doing.message


async def typed(club: Club, user: str, command: str, channel: str | None = INTRODUCTIONS) -> Seen:
    return await said(club, await club.server.people.slash(user, channel, command))


async def pressed(club: Club, user: str, on: Seen, button: str) -> Seen:
    return await said(club, await club.server.people.press(user, on, button))


async def tipped(club: Club, user: str) -> None:
    """Let somebody be owed a word, and try to deliver it."""
    me = await member(club, user)
    notice = Notify(me.id, Notice.QUIETLY_PAUSED, group=next(iter(me.joined)), occasion="1")

    def owe(tx: Transaction) -> None:
        owed.queue(tx, [notice], tx.groups.get(next(iter(me.joined))), club.clock.now())

    await club.store.run(owe)
    await club.settled()


async def test_joining_is_done_when_the_hello_arrives_and_who_cannot_be_reached_is_told_alone(
    gateway_club: Club,
) -> None:
    club = gateway_club
    await begin(club, BEN)
    in_channel = len(club.server.view.messages(INTRODUCTIONS))

    asked = await typed(club, SHY, "intros join")
    waiting = await member(club, SHY)
    later = await typed(club, SHY, "intros help")
    direct = await typed(club, SHY, "intros mine", None)
    club.server.people.opens_dms(SHY)
    again = await pressed(club, SHY, later, "Try again")
    done = await typed(club, SHY, "intros card")

    assert "You are in as soon as my hello reaches you" in asked.shown
    assert (waiting.joined, len(waiting.pending), waiting.direct_messages_closed) == ({}, 1, True)
    assert later.shown.index(NOT_REACHED) < later.shown.index("Nobody is told of a no")
    assert NOT_REACHED in direct.shown
    assert "You are in as soon as my hello reaches you" in again.shown
    assert await happened(club, SHY) == await happened(club, BEN) == [EventKind.MEMBER_JOINED]
    assert NOT_REACHED not in done.shown
    assert ["You have joined" in seen.shown for seen in club.server.view.dm_of(SHY)].count(True) == 1
    assert len(club.server.view.messages(INTRODUCTIONS)) == in_channel
    for user in (ANA, BEN, DAVID):
        assert not [seen for seen in club.server.view.in_view(user) if NOT_REACHED in seen.shown]


async def test_a_hello_on_its_way_is_waited_for_and_who_waits_counts_as_not_joined(gateway_club: Club) -> None:
    club = gateway_club
    await begin(club, BEN)
    people = club.server.people

    await people.slash(CARLA, INTRODUCTIONS, "intros join")
    twice = await people.slash(CARLA, INTRODUCTIONS, "intros join")
    found = await people.slash(BEN, INTRODUCTIONS, "intros find", words="kitchens")
    unjoined = await happened(club, CARLA)
    await club.settled()

    assert twice.message is not None
    assert "still on its way" in twice.message.shown
    assert found.error is None
    assert (unjoined, await happened(club, CARLA)) == ([], [EventKind.MEMBER_JOINED])
    assert len(club.server.view.dm_of(CARLA)) == 1


async def test_messages_closed_later_are_mentioned_at_the_next_command_until_one_arrives(gateway_club: Club) -> None:
    club = gateway_club
    await begin(club, ANA, BEN)
    club.server.people.closes_dms(BEN)

    await typed(club, BEN, "intros leave")
    await typed(club, BEN, "intros join")
    told = await typed(club, BEN, "intros mine")

    assert NOT_REACHED in told.shown
    club.server.people.opens_dms(BEN)
    await pressed(club, BEN, told, "Try again")
    assert not (await member(club, BEN)).direct_messages_closed
    club.server.people.closes_dms(BEN)
    await tipped(club, BEN)
    closed = await typed(club, BEN, "intros mine")
    quiet = await typed(club, ANA, "intros mine")
    club.server.people.opens_dms(BEN)
    await pressed(club, BEN, closed, "Try again")
    after = await typed(club, BEN, "intros mine")

    assert (CLOSED in closed.shown, CLOSED in quiet.shown, CLOSED in after.shown) == (True, False, False)
    assert "Yours, and for you alone." in closed.shown


async def test_who_left_the_server_is_out_of_every_group_and_nobody_hears_of_it(gateway_club: Club) -> None:
    club = gateway_club
    await begin(club, ANA, BEN, CARLA)
    club.server.servers.leaves(CARLA, GUILD)
    club.clock.move_to(club.clock.now() + timedelta(minutes=10))
    before = len(club.server.view.in_view(BEN))

    await club.server.people.slash(ANA, INTRODUCTIONS, "refer", seeker=BEN, provider=CARLA)
    await club.settled()

    gone = await member(club, CARLA)
    assert (gone.joined, await happened(club, CARLA)) == ({}, [EventKind.MEMBER_JOINED, EventKind.MEMBER_LEFT])
    assert len(club.server.view.in_view(BEN)) == before
    club.server.servers.joins(CARLA, GUILD)
    await typed(club, CARLA, "intros join")
    assert (await member(club, CARLA)).joined


async def test_in_a_direct_message_somebody_of_two_servers_is_asked_which_and_it_goes_on(gateway_club: Club) -> None:
    club = gateway_club
    await begin(club, BEN)
    alone = await typed(club, BEN, "intros mine", None)
    club.server.servers.add_bot(OTHER_GUILD)
    club.server.servers.joins(BEN, OTHER_GUILD)
    await typed(club, BEN, "intros help", ELSEWHERE)
    await club.server.people.slash(STRANGER, ELSEWHERE, "intros settings")
    await typed(club, BEN, "intros join", ELSEWHERE)

    which = await typed(club, BEN, "intros mine", None)
    there = await pressed(club, BEN, which, "2")
    await club.server.people.press(BEN, which, "1")
    club.server.servers.remove_bot(OTHER_GUILD)
    await club.heard("workspace.departed")
    left = await typed(club, BEN, "intros mine", None)

    assert "Yours, and for you alone." in alone.shown
    assert which.labels == ("1", "2")
    assert "Which one do you mean?" in which.shown
    assert "Yours, and for you alone." in there.shown
    assert [seen.shown for seen in club.server.view.in_view(BEN)].count(there.shown) > 2
    assert left.shown == there.shown


async def test_conversations_that_stand_are_known_after_a_restart(
    discord_server: DiscordServer, discord_clock: StoryClock, database_url: str
) -> None:
    async with open_club(discord_server, discord_clock, database_url, upgraded=True) as club:
        await begin(club, BEN)
        key = club.key
    opened = len(discord_server.world.called(OPEN))

    async with open_club(discord_server, discord_clock, database_url, upgraded=True, key=key) as club:
        await typed(club, BEN, "intros leave")
        await typed(club, BEN, "intros join")

    assert (opened, len(discord_server.world.called(OPEN))) == (1, 1)
    assert len(discord_server.view.dm_of(BEN)) == 2


async def test_new_conversations_wait_after_the_first_objection_and_old_ones_go_on(gateway_club: Club) -> None:
    club = gateway_club
    await begin(club, BEN)
    club.server.faults.next(OPEN, error(40003))

    await typed(club, CARLA, "intros join")
    await typed(club, ELIF, "intros join")
    tried = len(club.server.world.called(OPEN))
    await typed(club, BEN, "intros leave")
    await typed(club, BEN, "intros join")
    meanwhile = [len(club.server.view.dm_of(user)) for user in (BEN, CARLA, ELIF)]
    await club.wait(timedelta(hours=1))

    assert (tried, meanwhile) == (2, [2, 0, 0])
    assert [len(club.server.view.dm_of(user)) for user in (BEN, CARLA, ELIF)] == [2, 1, 1]
    assert await happened(club, ELIF) == [EventKind.MEMBER_JOINED]


async def test_where_the_bot_is_is_looked_at_again_until_it_works(
    discord_server: DiscordServer, discord_clock: StoryClock, database_url: str
) -> None:
    async with open_club(discord_server, discord_clock, database_url, upgraded=True, look_again=0.01) as club:
        await begin(club, DAVID)
        club.server.world.guilds[GUILD].members.pop(club.server.world.bot)
        club.server.faults.next("GET /users/@me/guilds", status(503))

        club.hears.ready([OTHER_GUILD])
        await club.heard("workspace.departed")

        assert len(club.events("background.left_undone")) == 1

"""The introduction: a private thread of the two, made once; where there can be none, a message to each."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.events import EventKind
from tests.discord.cast import ANA, BEN, BOT, CARLA, DAVID, ELIF, GUILD, INTRODUCTIONS, OWNER
from tests.discord.faults import Fault, drop, error, limited, status
from tests.discord.seen import Seen
from tests.discord.state import Permission
from tests.e2e.discord.beginnings import WHY, ask_carla, draft, meet, question_of, write_card
from tests.e2e.discord.hall import Hall

UNDO = timedelta(seconds=30)
LATER = timedelta(minutes=20)
LONG_AFTER = timedelta(days=10)
THREADS = "POST /channels/{channel_id}/threads"
POST = "POST /channels/{channel_id}/messages"
HELLO = "this is an introduction"


async def introduce(hall: Hall) -> Seen:
    """Let both say yes; return the introduction."""
    await ask_carla(hall)
    await hall.press(CARLA, "yes")
    await hall.wait(UNDO)
    return in_rooms(hall)[0]


def in_rooms(hall: Hall) -> list[Seen]:
    return [seen for room in hall.view.threads() for seen in hall.view.messages(room.id)]


def told_of_it(hall: Hall, user: str) -> list[Seen]:
    return [seen for seen in hall.view.dm_of(user) if HELLO in seen.shown]


async def test_both_meet_in_a_private_thread_without_the_referrer_which_goes_away_when_nobody_writes(
    hall: Hall,
) -> None:
    introduction = await introduce(hall)

    (room,) = hall.view.threads(INTRODUCTIONS)
    assert set(room.members) == {BEN, CARLA, BOT}
    assert (room.invitable, room.auto_archive) == (False, 10_080)
    assert [name for name in ("Ben", "Carla", "Ana") if name in room.name] == []
    assert f"@Ben Okafor, hello @Carla Rossi: {HELLO}" in introduction.shown
    assert WHY in introduction.shown
    assert "Introduced by Ana Duarte, who is not in this room." in introduction.shown
    assert introduction.pings == {BEN, CARLA}
    assert "are introduced" in hall.last(ANA).shown
    assert [user for user in (ANA, DAVID, ELIF) if introduction in hall.view.in_view(user)] == []

    await hall.wait(timedelta(days=8))
    await hall.press(BEN, "Got it", on=introduction)
    assert "Good. Have a good conversation." in hall.told()
    assert "Good. Have a good conversation." not in hall.shown(CARLA)
    assert set(hall.view.threads(INTRODUCTIONS)[0].members) == {BEN, CARLA, BOT}


async def test_got_it_is_answered_to_the_one_who_pressed_it_and_to_nobody_who_only_looks_in(hall: Hall) -> None:
    introduction = await introduce(hall)
    log = await hall.events()

    await hall.press(OWNER, "Got it", on=introduction)  # a server's owner sees every thread
    assert "This is for somebody else" in hall.told()
    await hall.forges(ELIF, introduction, "got_it")
    assert await hall.events() == log
    for user in (BEN, CARLA, BEN):
        await hall.press(user, "Got it", on=introduction)
        assert hall.answers[-1].error is None

    assert (await hall.kinds())[len(log) :] == [EventKind.GOT_IT, EventKind.GOT_IT]


async def test_a_referrer_who_asked_to_be_looped_in_is_in_the_room_and_both_knew(hall: Hall) -> None:
    await meet(hall)
    await draft(hall)
    await hall.press(ANA, "need_yes", "fit_yes", "Loop me in", "ask_them")
    asked = question_of(hall, BEN)
    await hall.press(BEN, "yes")
    await hall.press(CARLA, "yes")
    await hall.wait(UNDO)

    (room,) = hall.view.threads()
    assert "asked to be in this room" in asked.shown
    assert set(room.members) == {ANA, BEN, CARLA, BOT}


async def test_the_same_people_meet_once_for_each_of_their_introductions(hall: Hall) -> None:
    await introduce(hall)
    await write_card(hall, BEN)

    await hall.wait(timedelta(days=4))
    await hall.types(ANA, "refer", seeker=CARLA, provider=BEN)
    await hall.sends(ANA, {"need": "She wants a table made for eight.", "why": "Ben made mine."})
    await hall.press(ANA, "need_yes", "fit_yes", "ask_them")
    await hall.press(CARLA, "yes")
    await hall.press(BEN, "yes")
    await hall.wait(UNDO)

    first, second = in_rooms(hall)
    assert "She wants a table made for eight." in second.shown
    assert "She wants a table made for eight." not in first.shown


def _hide_the_channel(hall: Hall) -> None:
    hall.server.servers.overwrite(INTRODUCTIONS, CARLA, deny=Permission.VIEW_CHANNEL)


def _deny_threads(hall: Hall) -> None:
    hall.server.servers.overwrite(INTRODUCTIONS, BOT, deny=Permission.CREATE_PRIVATE_THREADS)


def _fill_the_server(hall: Hall) -> None:
    hall.world.guilds[GUILD].most_active_threads = 0


def _refuse(code: int) -> Callable[[Hall], None]:
    return lambda hall: hall.server.faults.next(THREADS, error(code))


NO_ROOM = {
    "the channel is hidden from one of them": _hide_the_channel,
    "the bot may make no thread": _deny_threads,
    "there are too many threads (160006)": _fill_the_server,
    "no access (50001)": _refuse(50001),
    "no permission (50013)": _refuse(50013),
}
TWO_OF_THEM = list(NO_ROOM)[:2]


@pytest.mark.parametrize(
    "name", [one if one in TWO_OF_THEM else pytest.param(one, marks=pytest.mark.long) for one in NO_ROOM]
)
async def test_where_no_thread_is_possible_each_gets_what_was_agreed_in_a_message(hall: Hall, name: str) -> None:
    await ask_carla(hall)
    await hall.press(CARLA, "yes")
    NO_ROOM[name](hall)

    await hall.wait(LATER)

    assert in_rooms(hall) == []
    (to_ben,), (to_carla,) = told_of_it(hall, BEN), told_of_it(hall, CARLA)
    for seen in (to_ben, to_carla):
        assert WHY in seen.shown
        assert "@Carla Rossi" in seen.shown
        await hall.press(BEN if seen is to_ben else CARLA, "Got it", on=seen)
        assert hall.answers[-1].error is None
    assert hall.died() == []
    assert "are introduced" in hall.shown(ANA)
    assert [call.code for call in hall.world.calls if call.code == 50007] == []


async def test_whoever_left_the_server_before_is_not_introduced_and_the_other_hears_no_reason(hall: Hall) -> None:
    await ask_carla(hall)
    await hall.press(CARLA, "yes")

    hall.server.servers.leaves(CARLA, GUILD)
    await hall.wait(LONG_AFTER)

    assert hall.view.threads() == ()
    assert "did not come about" in hall.shown(BEN)
    assert "Carla" not in hall.view.dm_of(BEN)[-1].shown
    assert "has closed without an introduction" in hall.shown(ANA)
    assert EventKind.INTRODUCED not in await hall.kinds()


FAULTS: dict[str, tuple[str, Fault]] = {
    "429 of a thread": (THREADS, limited(20)),
    "a thread whose answer was lost": (THREADS, drop(after=True)),
    "500 of a thread": (THREADS, status(500)),
    "429 for all": (POST, limited(20, is_global=True)),
    "429 that others caused": (POST, limited(20, shared=True)),
    "429 of Cloudflare": (POST, limited(20, via=False)),
    "no connection": (POST, drop()),
    "a post whose answer was lost": (POST, drop(after=True)),
}
IN_SHORT = ("a thread whose answer was lost", "429 of Cloudflare", "a post whose answer was lost")


@pytest.mark.parametrize(
    "name", [one if one in IN_SHORT else pytest.param(one, marks=pytest.mark.long) for one in FAULTS]
)
async def test_whatever_goes_wrong_on_the_way_it_stands_once_a_little_later(hall: Hall, name: str) -> None:
    await ask_carla(hall)
    await hall.press(CARLA, "yes")
    await hall.wait(UNDO - timedelta(seconds=1))
    hall.server.faults.next(*FAULTS[name])

    await hall.wait(LATER)

    assert hall.server.faults.pending == 0
    assert len(hall.view.threads()) == 1
    assert [HELLO in seen.shown for seen in in_rooms(hall)] == [True]
    assert hall.died() == []
    assert (await hall.kinds()).count(EventKind.INTRODUCED) == 1

"""The introduction: a group message of the two, made once, and what its errors come to."""

from datetime import timedelta

import pytest

from bot.domain.events import EventKind
from tests.e2e.slack.beginnings import WHY, ask_carla, draft, meet, question_of, write_card
from tests.e2e.slack.town import Town
from tests.slack.cast import ANA, BEN, BOT_USER, CARLA, ELIF
from tests.slack.faults import drop, error, ratelimited, status
from tests.slack.seen import Seen

UNDO = timedelta(seconds=30)
LONG_AFTER = timedelta(days=10)


async def introduce(town: Town) -> Seen:
    """Let both say yes; return the introduction as Ben sees it."""
    await ask_carla(town)
    await town.press(CARLA, "yes")
    await town.wait(UNDO)
    return group_message(town, BEN)[-1]


def group_message(town: Town, user: str) -> tuple[Seen, ...]:
    return tuple(seen for seen in town.world.in_view(user) if seen.place == "group" and not seen.ephemeral)


async def test_both_meet_in_a_group_message_without_the_referrer(town: Town) -> None:
    introduction = await introduce(town)

    (room,) = town.world.group_dms
    assert room.members == {BEN, CARLA, BOT_USER}
    assert "@Ben Okafor, hello @Carla Rossi: this is an introduction" in introduction.shown
    assert WHY in introduction.shown
    assert "Introduced by @Ana Duarte, who is not in this room." in introduction.shown
    assert group_message(town, CARLA)[-1].shown == introduction.shown
    assert "are introduced" in town.last(ANA).shown


async def test_got_it_is_answered_to_the_one_who_pressed_it_and_is_in_the_log(town: Town) -> None:
    introduction = await introduce(town)

    await town.press(BEN, "Got it", on=introduction)

    assert "Good. Have a good conversation." in town.last(BEN).shown
    assert "Good. Have a good conversation." not in town.shown(CARLA)
    assert [event.kind for event in await town.events()][-1] == EventKind.GOT_IT


async def test_nobody_else_says_got_it(town: Town) -> None:
    introduction = await introduce(town)
    log = await town.events()

    await town.forges(ELIF, introduction, "got_it")

    assert "Das beantwortet jemand anderes." in town.last(ELIF).shown
    assert await town.events() == log


async def test_a_referrer_who_asked_to_be_looped_in_is_in_the_room_and_both_knew(town: Town) -> None:
    await meet(town)
    await draft(town)
    await town.press(ANA, "need_yes", "fit_yes", "Loop me in", "ask_them")
    asked = question_of(town, BEN)
    await town.press(BEN, "yes")
    await town.press(CARLA, "yes")
    await town.wait(UNDO)

    (room,) = town.world.group_dms
    assert "asked to be in this room" in asked.shown
    assert room.members == {ANA, BEN, CARLA, BOT_USER}


async def test_the_same_people_meet_in_the_same_room_and_each_introduction_names_its_referral(town: Town) -> None:
    first = await introduce(town)
    await write_card(town, BEN)

    await town.wait(timedelta(days=4))
    await town.types(ANA, "/refer", "@Carla Rossi @Ben Okafor")
    await town.sends(ANA, {"need": "She wants a table made for eight.", "why": "Ben made mine."})
    await town.press(ANA, "need_yes", "fit_yes", "ask_them")
    await town.press(CARLA, "yes")
    await town.press(BEN, "yes")
    await town.wait(UNDO)

    (_,) = town.world.group_dms
    both = group_message(town, BEN)
    assert [seen.channel for seen in both] == [first.channel, first.channel]
    assert "She wants a table made for eight." in both[1].shown
    assert "She wants a table made for eight." not in both[0].shown


@pytest.mark.parametrize("name", ["user_disabled", "user_not_found", "user_not_visible", "invalid_user_combination"])
async def test_two_who_cannot_be_brought_together_hear_what_they_would_after_a_silence(town: Town, name: str) -> None:
    await ask_carla(town)
    await town.press(CARLA, "yes")
    town.club.server.faults.next("conversations.open", error(name), times=5)

    await town.wait(LONG_AFTER)

    assert town.world.group_dms == ()
    assert "did not come about" in town.shown(BEN)
    assert "did not come about" in town.shown(CARLA)
    assert "has closed without an introduction" in town.shown(ANA)
    assert not any(word in town.shown(user) for user in (ANA, BEN, CARLA) for word in (name, "error"))
    assert EventKind.INTRODUCED not in [event.kind for event in await town.events()]


@pytest.mark.parametrize("fault", [ratelimited(20), status(500), drop()], ids=["429", "500", "no connection"])
@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_an_introduction_that_could_not_be_posted_stands_once_a_little_later(
    town: Town, method: str, fault: object
) -> None:
    await ask_carla(town)
    await town.press(CARLA, "yes")
    await town.wait(UNDO - timedelta(seconds=1))
    town.club.server.faults.next(method, fault)  # type: ignore[arg-type] # any Fault

    await town.wait(timedelta(minutes=10))

    assert town.club.server.faults.pending == []
    assert len(group_message(town, BEN)) == 1


async def test_an_introduction_whose_answer_was_lost_reads_as_one_when_it_is_repeated(town: Town) -> None:
    await ask_carla(town)
    await town.press(CARLA, "yes")
    await town.wait(UNDO - timedelta(seconds=1))
    town.club.server.faults.next("chat.postMessage", drop(after=True))

    await town.wait(timedelta(minutes=10))

    first, second = group_message(town, BEN)
    assert WHY in first.shown
    assert "If this is here twice: it is the same introduction" in second.shown


async def test_whoever_goes_before_they_are_introduced_is_not_and_the_other_hears_no_reason(town: Town) -> None:
    await ask_carla(town)
    await town.press(CARLA, "yes")

    await town.after(await town.people.user_changed(CARLA, deleted=True))
    await town.wait(LONG_AFTER)

    assert town.world.group_dms == ()
    assert "did not come about" in town.shown(BEN)
    assert "Carla" not in town.last(BEN).shown

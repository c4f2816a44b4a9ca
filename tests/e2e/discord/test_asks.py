"""Asks: a preview for their owner alone, a card in the channel with two buttons, and what becomes of it."""

from datetime import timedelta

from bot.domain.events import EventKind
from tests.discord.cast import ANA, BEN, CARLA, ELIF, GUILD, INTRODUCTIONS
from tests.discord.faults import error
from tests.discord.seen import Seen
from tests.e2e.discord.beginnings import begin, standing
from tests.e2e.discord.hall import Hall

LOOKING = "a tax adviser for non-profits"
POST = "POST /channels/{channel_id}/messages"


def card(hall: Hall) -> Seen:
    """Return the ask's card as it stands in the channel now."""
    return next(seen for seen in reversed(hall.view.messages(INTRODUCTIONS)) if "is looking for" in seen.shown)


async def posted(hall: Hall) -> Seen:
    """Let Ben post an ask; return its card."""
    await begin(hall, ANA, BEN, CARLA)
    await hall.types(BEN, "ask", need=LOOKING)
    await hall.press(BEN, "Post it in the channel")
    return card(hall)


async def test_an_ask_is_shown_to_its_owner_alone_and_then_stands_in_the_channel_with_its_two_buttons(
    hall: Hall,
) -> None:
    await begin(hall, ANA, BEN)
    before = hall.view.messages(INTRODUCTIONS)

    preview = await hall.types(BEN, "ask", need=LOOKING)
    assert preview.message is not None
    assert preview.message.ephemeral
    assert preview.message.labels == ("Post it in the channel", "Edit", "Discard")
    assert LOOKING in hall.told()
    assert hall.view.messages(INTRODUCTIONS) == before
    await hall.press(BEN, "post_ask")
    twice = await hall.press(BEN, "post_ask", on=preview.message) if preview.message.buttons else None

    found = card(hall)
    assert twice is None or twice.error is None
    assert "@Ben Okafor is looking for:" in found.shown
    assert LOOKING in found.shown
    assert found.labels == ("I can refer someone", "I can help")
    assert found.pings == frozenset()
    assert len([seen for seen in hall.view.messages(INTRODUCTIONS) if "looking for" in seen.shown]) == 1
    assert (await hall.kinds())[-1] == EventKind.ASK_POSTED


async def test_the_form_of_an_ask_says_what_is_wrong_with_its_last_day_and_it_closes_after_it(hall: Hall) -> None:
    await begin(hall, BEN)

    await hall.types(BEN, "ask", at=None)
    assert hall.form(BEN).title == "I am looking for…"
    await hall.sends(BEN, {"need": LOOKING, "category": "tax", "urgent": "yes", "ends_on": "tomorrow"})
    assert "Please write the day like 2030-01-31." in hall.told()
    await hall.sends_again(BEN, {"ends_on": "2026-11-01"})
    assert "is over already" in hall.told()
    assert LOOKING in hall.told()
    await hall.sends_again(BEN, {"ends_on": "2026-11-18"})
    assert ("tax" in hall.told(), LOOKING in hall.told()) == (True, True)
    assert hall.last(BEN).place == "dm"
    await hall.press(BEN, "post_ask")
    before = card(hall)
    await hall.wait(timedelta(days=4))

    assert (standing(hall, before).shown, standing(hall, before).labels) == ("This ask is closed.", ())


async def test_the_cards_two_buttons_open_forms_that_know_the_ask(hall: Hall) -> None:
    found = await posted(hall)

    await hall.press(ANA, "I can refer someone", on=found)
    assert (hall.typed(ANA)["seeker"], hall.typed(ANA)["need"]) == (BEN, LOOKING)
    await hall.press(BEN, "I can help", on=found)
    assert "This is your own ask." in hall.told()
    await hall.press(CARLA, "I can help", on=found)
    assert hall.form(CARLA).title == "I can help"
    await hall.sends(CARLA, {"why": "I do the books of four workshops."})
    await hall.press(BEN, "yes")
    await hall.wait(timedelta(seconds=30))

    (room,) = hall.view.threads_of(BEN)
    (introduction,) = hall.view.messages(room.id)
    assert {BEN, CARLA} <= set(room.members)
    assert ANA not in room.members
    assert "I do the books of four workshops." in introduction.shown
    assert "@Ana Duarte" not in introduction.shown


async def test_an_edited_ask_changes_in_its_place_and_a_closed_one_says_only_that(hall: Hall) -> None:
    before = await posted(hall)

    await hall.types(BEN, "intros mine")
    (mine, _) = hall.offer(BEN, "close_ask")
    await hall.forges(ANA, mine, "close_ask")
    assert "This is for somebody else" in hall.told()
    await hall.press(BEN, "edit_ask")
    await hall.sends(BEN, {"need": "a tax adviser for theatres"})
    assert (card(hall).id, card(hall).edited) == (before.id, True)
    assert "a tax adviser for theatres" in card(hall).shown
    await hall.types(BEN, "intros mine")
    await hall.press(BEN, "close_ask")

    closed = standing(hall, before)
    assert (closed.shown, closed.labels, closed.edited) == ("This ask is closed.", (), True)
    for button in ("I can help", "I can refer someone"):
        await hall.press(ANA, button, on=before)
        assert "This ask is closed" in hall.told()
    assert LOOKING not in hall.shown(ELIF)


async def test_a_card_that_a_moderator_deleted_is_edited_by_nobody_and_nobody_is_bothered(hall: Hall) -> None:
    before = await posted(hall)
    del hall.world.messages[before.id]

    await hall.types(BEN, "intros mine")
    await hall.press(BEN, "close_ask")
    await hall.wait(timedelta(days=1))

    assert {call.code for call in hall.world.calls if call.status == 404} == {10008}
    assert hall.died() == []
    assert GUILD in hall.world.guilds


async def test_where_the_bot_may_not_write_the_owner_hears_how_to_mend_it_and_tries_again(hall: Hall) -> None:
    await begin(hall, BEN)
    told = hall.last(BEN)
    for code in (50001, 50013):
        hall.server.faults.next(POST, error(code), channel_id=INTRODUCTIONS)
        await hall.types(BEN, "ask", need=LOOKING)
        await hall.press(BEN, "post_ask")

        told = hall.view.dm_of(BEN)[-1]
        assert "I could not post your ask" in told.shown
        assert str(code) not in told.shown
        assert "looking for" not in "".join(seen.shown for seen in hall.view.messages(INTRODUCTIONS))
    await hall.press(BEN, "Try again", on=told)

    assert LOOKING in card(hall).shown

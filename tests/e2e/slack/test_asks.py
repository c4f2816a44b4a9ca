"""Asks: a preview for their owner alone, a card in the channel with two buttons, and what becomes of it."""

from datetime import timedelta

from bot.domain.events import EventKind
from tests.e2e.slack.beginnings import begin
from tests.e2e.slack.town import Town
from tests.slack.cast import ANA, BEN, CARLA, ELIF, INTRODUCTIONS
from tests.slack.faults import error
from tests.slack.seen import Seen

LOOKING = "a tax adviser for non-profits"


def card(town: Town) -> Seen:
    """Return the ask's card as it stands in the channel now."""
    return next(seen for seen in reversed(town.world.messages(INTRODUCTIONS)) if "is looking for" in seen.shown)


async def posted(town: Town) -> Seen:
    """Let Ben post an ask; return its card."""
    await begin(town, ANA, BEN, CARLA)
    await town.types(BEN, "/ask", LOOKING)
    await town.press(BEN, "Post it in the channel")
    return card(town)


async def test_an_ask_is_shown_to_its_owner_alone_before_it_is_posted(town: Town) -> None:
    await begin(town, BEN)

    await town.types(BEN, "/ask", LOOKING)

    preview = town.last(BEN)
    assert LOOKING in preview.shown
    assert preview.labels == ("Post it in the channel", "Edit", "Discard")
    assert [seen for seen in town.world.messages(INTRODUCTIONS) if LOOKING in seen.shown] == []
    assert LOOKING not in town.shown(ANA)


async def test_the_card_stands_in_the_channel_with_its_two_buttons(town: Town) -> None:
    found = await posted(town)

    assert "@Ben Okafor is looking for:" in found.shown
    assert LOOKING in found.shown
    assert found.labels == ("I can refer someone", "I can help")
    assert found.pings <= {BEN}
    assert [event.kind for event in await town.events()][-1] == EventKind.ASK_POSTED


async def test_without_words_a_form_opens_and_its_preview_comes_as_a_direct_message(town: Town) -> None:
    await begin(town, BEN)

    await town.types(BEN, "/ask")
    await town.sends(BEN, {"need": LOOKING, "category": "tax", "urgent": "yes", "ends_on": "2026-11-30"})

    assert town.last(BEN).place == "dm"
    assert LOOKING in town.last(BEN).shown
    assert "tax" in town.last(BEN).shown


async def test_a_last_day_that_is_over_or_no_day_is_said_at_its_field(town: Town) -> None:
    await begin(town, BEN)
    await town.types(BEN, "/ask")

    await town.sends(BEN, {"need": LOOKING, "ends_on": "tomorrow"})
    assert town.form(BEN).errors == {"ends_on": "Please write the day like 2030-01-31."}
    await town.sends(BEN, {"ends_on": "2026-11-01"})

    shown = town.form(BEN).shown + str(town.form(BEN).errors)
    assert "is over already" in shown
    assert town.form(BEN).field("need").value == LOOKING


async def test_the_shortcut_opens_the_form_of_an_ask(town: Town) -> None:
    await begin(town, BEN)

    await town.after(await town.people.global_shortcut(BEN, "ask_new"))

    assert town.form(BEN).title == "I am looking for…"


async def test_who_can_refer_someone_finds_the_need_and_its_owner_in_the_form(town: Town) -> None:
    found = await posted(town)

    await town.press(ANA, "I can refer someone", on=found)

    form = town.form(ANA)
    assert (form.field("seeker").value, form.field("need").value) == (BEN, LOOKING)


async def test_who_can_help_says_yes_with_the_form_and_only_the_owner_is_asked(town: Town) -> None:
    found = await posted(town)

    await town.press(CARLA, "I can help", on=found)
    assert town.form(CARLA).title == "I can help"
    await town.sends(CARLA, {"why": "I do the books of four workshops."})
    await town.press(BEN, "yes")
    await town.wait(timedelta(seconds=30))

    (room,) = town.world.group_dms
    assert room.members >= {BEN, CARLA}
    assert "I do the books of four workshops." in town.world.messages(room.id)[0].shown
    assert "@Ana Duarte" not in town.world.messages(room.id)[0].shown


async def test_nobody_helps_or_refers_for_their_own_ask(town: Town) -> None:
    found = await posted(town)

    await town.press(BEN, "I can help", on=found)

    assert "This is your own ask." in town.last(BEN).shown
    assert town.world.modals_of(BEN) == ()


async def test_an_edited_ask_changes_its_card_in_its_place(town: Town) -> None:
    before = await posted(town)

    await town.types(BEN, "/intros", "mine")
    await town.press(BEN, "edit_ask")
    await town.sends(BEN, {"need": "a tax adviser for theatres"})

    after = card(town)
    assert (after.ts, after.edited) == (before.ts, True)
    assert "a tax adviser for theatres" in after.shown
    assert len([seen for seen in town.world.messages(INTRODUCTIONS) if "looking for" in seen.shown]) == 1


async def test_a_closed_ask_says_only_that_and_its_old_buttons_are_answered_kindly(town: Town) -> None:
    before = await posted(town)

    await town.types(BEN, "/intros", "mine")
    await town.press(BEN, "close_ask")

    closed = next(seen for seen in town.world.messages(INTRODUCTIONS) if seen.ts == before.ts)
    assert (closed.shown, closed.labels, closed.edited) == ("This ask is closed.", (), True)
    await town.press(ANA, "I can help", on=before)
    assert "This ask is closed" in town.last(ANA).shown
    assert LOOKING not in town.shown(ELIF)


async def test_an_ask_closes_by_itself_after_its_last_day(town: Town) -> None:
    await begin(town, BEN)
    await town.types(BEN, "/ask")
    await town.sends(BEN, {"need": LOOKING, "ends_on": "2026-11-18"})
    await town.press(BEN, "post_ask")
    before = card(town)

    await town.wait(timedelta(days=4))

    over = next(seen for seen in town.world.messages(INTRODUCTIONS) if seen.ts == before.ts)
    assert (over.shown, over.labels) == ("This ask is closed.", ())


async def test_somebody_elses_ask_is_not_changed(town: Town) -> None:
    await posted(town)
    await town.types(BEN, "/intros", "mine")
    (mine, _) = town.offer(BEN, "close_ask")

    await town.forges(ANA, mine, "close_ask")

    assert "This is for somebody else" in town.last(ANA).shown
    assert "I can help" in card(town).labels
    assert [event.kind for event in await town.events()][-1] == EventKind.ASK_POSTED


async def test_where_the_bot_is_not_in_the_channel_the_owner_hears_how_to_mend_it_and_tries_again(town: Town) -> None:
    await begin(town, BEN)
    town.club.server.faults.next("chat.postMessage", error("not_in_channel"), channel=INTRODUCTIONS)
    await town.types(BEN, "/ask", LOOKING)

    await town.press(BEN, "post_ask")
    told = town.last(BEN)
    await town.press(BEN, "Try again", on=told)

    assert "I could not post your ask" in told.shown
    assert "Add me to the channel" in told.shown
    assert told.place == "dm"
    assert LOOKING in card(town).shown

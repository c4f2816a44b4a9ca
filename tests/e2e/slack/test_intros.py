"""Everything behind /intros, answered to the one who typed it alone."""

import json
from datetime import timedelta

import pytest

from bot.domain.events import EventKind
from tests.e2e.slack.beginnings import DOES, NEED, ask_ben, begin, draft, meet
from tests.e2e.slack.town import Town
from tests.slack.cast import ANA, BEN, CARLA, DAVID, ELIF, GUEST, INTRODUCTIONS, VISITOR

SAID = {
    "help": "I introduce two members to each other",
    "": "I introduce two members to each other",
    "card": "Your card is empty.",
    "mine": "Yours, and for you alone.",
    "tally": "This week so far, for you alone.",
    "pause": "You can be asked.",
    "privacy": "What is stored about you",
    "report": "Every question of mine has a “Report” button.",
    "settings": "Only organisers of this group can do this.",
    "find": "Type /intros find and a word or two",
    "find bookkeeping": "No card mentions “bookkeeping”.",
    "join": "You are in already.",
    "leave": "You have left.",
    "dance": "I do not know “dance”, but this:",
}


@pytest.mark.parametrize("typed", list(SAID))
async def test_a_subcommand_is_answered_to_the_one_who_typed_it_alone(town: Town, typed: str) -> None:
    await begin(town, ANA)
    others = {user: town.world.in_view(user) for user in (BEN, CARLA, DAVID, ELIF)}

    await town.types(ANA, "/intros", typed)

    answer = next(seen for seen in reversed(town.world.in_view(ANA)) if seen.ephemeral)
    assert SAID[typed] in answer.shown
    assert {user: town.world.in_view(user) for user in others} == others


async def test_who_joins_gets_a_direct_message_that_says_what_it_means(town: Town) -> None:
    await begin(town)

    await town.press(ANA, "Join")

    (hello,) = town.world.dm_of(ANA)
    assert "You have joined the introductions of your group." in hello.shown
    assert "A no is private" in hello.shown


@pytest.mark.parametrize("guest", [GUEST, VISITOR])
async def test_a_guest_cannot_join_and_hears_why(town: Town, guest: str) -> None:
    await begin(town)

    await town.types(guest, "/intros", "join")

    assert "Guest accounts cannot be introduced here for now." in town.last(guest).shown
    assert EventKind.MEMBER_JOINED not in [event.kind for event in await town.events()]


async def test_both_halves_of_a_card_are_written_by_forms_and_found_by_its_words(town: Town) -> None:
    await begin(town, ANA, CARLA)

    await town.types(CARLA, "/intros", "card")
    await town.press(CARLA, "Write my card")
    await town.sends(CARLA, {"does": DOES, "ideal": "Makers"})
    await town.press(CARLA, "Add more")
    await town.sends(CARLA, {"place": "Bristol"})
    await town.types(ANA, "/intros", "find accountant")

    assert DOES in town.last(CARLA).shown
    assert "Bristol" in town.last(CARLA).shown
    assert "@Carla Rossi" in town.last(ANA).shown
    assert town.last(ANA).ephemeral


async def test_a_line_of_a_card_takes_no_more_than_it_says(town: Town) -> None:
    await begin(town, CARLA)
    await town.press(CARLA, "edit_card")

    assert {field.max_length for field in town.form(CARLA).fields} <= {120, 300}


async def test_mine_shows_what_waits_and_leads_to_it(town: Town) -> None:
    await ask_ben(town)

    await town.types(BEN, "/intros", "mine")
    await town.press(BEN, "Show me the question")

    assert town.is_offered(BEN, "yes")
    await town.types(ANA, "/intros", "mine")
    assert "being asked, until" in town.last(ANA).shown


async def test_an_open_break_is_said_to_a_referrer_and_ends_when_one_is_back(town: Town) -> None:
    await meet(town)
    await town.types(CARLA, "/intros", "pause")
    await town.press(CARLA, "Take a break…")
    await town.sends(CARLA, {"until": "2026-12-24", "quiet": "said"})
    await draft(town)

    await town.press(ANA, "need_yes", "fit_yes", "ask_them")
    assert "@Carla Rossi takes a break until 25 Dec 2026 00:00" in town.shown(ANA)
    await town.press(CARLA, "I am back")

    assert "Welcome back." in town.last(CARLA).shown
    await town.press(ANA, "ask_them")
    assert town.is_offered(BEN, "yes")


@pytest.mark.parametrize(("until", "error"), [("soon", "Please write the day"), ("2026-01-01", "over already")])
async def test_a_break_until_no_day_is_said_at_its_field(town: Town, until: str, error: str) -> None:
    await begin(town, ANA)
    await town.types(ANA, "/intros", "pause")
    await town.press(ANA, "pause")

    await town.sends(ANA, {"until": until})

    assert error in town.form(ANA).errors["until"]
    assert town.form(ANA).field("until").value == until


async def test_my_data_arrives_as_a_file_of_which_every_word_was_mine(town: Town) -> None:
    await meet(town)
    await draft(town)
    await town.types(ANA, "/intros", "privacy")

    await town.press(ANA, "Export my data")

    (exported,) = [seen for seen in town.world.dm_of(ANA) if seen.files]
    assert exported.files == ("twoyes-about-me.json",)
    (file,) = [file for file in town.world.files.values() if file.complete]
    assert file.content is not None
    assert NEED in json.dumps(json.loads(file.content))
    assert [user for user in (BEN, CARLA) for seen in town.world.in_view(user) if seen.files] == []


async def test_to_be_erased_is_asked_once_more_and_then_done(town: Town) -> None:
    await meet(town)
    await draft(town)
    await town.types(ANA, "/intros", "privacy")

    await town.press(ANA, "Erase me…")
    assert "This cannot be undone." in town.last(ANA).shown
    await town.press(ANA, "Yes, erase me")

    assert "Everything about you is erased" in town.last(ANA).shown
    await town.types(ANA, "/intros", "mine")
    assert NEED not in town.last(ANA).shown
    assert "Started by you" not in town.last(ANA).shown


async def test_who_leaves_is_asked_nothing_more_and_the_others_see_no_reason(town: Town) -> None:
    await ask_ben(town)

    await town.types(BEN, "/intros", "leave")
    await town.wait(timedelta(days=10))

    assert "You have left." in town.shown(BEN)
    assert "has closed without an introduction" in town.last(ANA).shown
    assert "Ben" not in town.last(ANA).shown


async def test_report_with_a_person_blocks_them_quietly(town: Town) -> None:
    await begin(town, ANA, BEN)
    before = town.world.in_view(ANA)

    await town.types(BEN, "/intros", "report @Ana Duarte")

    assert "@Ana Duarte is blocked. They are not told" in town.last(BEN).shown
    assert town.world.in_view(ANA) == before


async def test_a_tip_goes_to_somebody_whose_card_takes_them_and_to_nobody_else(town: Town) -> None:
    await meet(town)
    await town.types(ANA, "/intros", "lead")
    assert [field.block_id for field in town.form(ANA).fields] == ["provider", "need"]
    await town.sends(ANA, {"provider": CARLA, "need": NEED})
    assert "takes no tips at present" in town.shown(ANA)

    await town.press(CARLA, "edit_card_more")
    await town.sends(CARLA, {"accepts_leads": "yes"})
    await town.types(ANA, "/intros", "lead")
    await town.sends(ANA, {"provider": CARLA, "need": NEED})

    assert NEED in town.last(CARLA).shown
    assert NEED not in town.shown(BEN)


async def test_all_of_it_works_in_the_conversation_with_the_bot(town: Town) -> None:
    await begin(town, ANA)

    for typed in ("mine", "card", "privacy", "help"):
        await town.types(ANA, "/intros", typed, at=None)
        assert SAID[typed] in town.last(ANA).shown
        assert town.last(ANA).place == "dm"


async def test_nothing_typed_is_ever_in_the_channel(town: Town) -> None:
    await begin(town, ANA)
    before = town.world.messages(INTRODUCTIONS)

    for typed in SAID:
        await town.types(ANA, "/intros", typed)

    assert town.world.messages(INTRODUCTIONS) == before

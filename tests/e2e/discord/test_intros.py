"""Everything behind /intros, answered to the one who typed it alone, in the channel and in the conversation."""

import json
from datetime import timedelta

from bot.domain.events import EventKind
from tests.discord.cast import ANA, BEN, CARLA, DAVID, ELIF, INTRODUCTIONS, STRANGER
from tests.discord.state import CannotError
from tests.e2e.discord.beginnings import DOES, NEED, ask_ben, begin, draft, meet
from tests.e2e.discord.hall import Hall

SAID = {
    "help": "I introduce two members to each other",
    "card": "Your card is empty.",
    "mine": "Yours, and for you alone.",
    "tally": "This week so far, for you alone.",
    "pause": "You can be asked.",
    "privacy": "What is stored about you",
    "report": "Every question of mine has a “Report” button.",
    "settings": "Only organisers of this group can do this.",
    "find": "No card mentions “bookkeeping”.",
    "join": "You are in already.",
    "leave": "You have left.",
}


async def test_every_subcommand_is_answered_to_the_one_who_typed_it_alone(hall: Hall) -> None:
    await begin(hall, ANA)
    others = {user: hall.view.in_view(user) for user in (BEN, CARLA, DAVID, ELIF)}

    for typed, said in SAID.items():
        options = {"words": "bookkeeping"} if typed == "find" else {}
        answered = await hall.types(ANA, f"intros {typed}", **options)
        assert answered.message is not None
        assert answered.message.ephemeral
        assert said in hall.told(), typed
    assert {user: hall.view.in_view(user) for user in others} == others

    await hall.wait(timedelta(seconds=1))
    await hall.types(ANA, "intros join")
    for typed in ("mine", "card", "privacy", "help", "pause", "report"):
        answered = await hall.types(ANA, f"intros {typed}", at=None)
        assert answered.message is not None
        assert answered.message.place == "dm"
        assert SAID[typed] in hall.told(), typed


async def test_who_joins_gets_one_message_that_says_what_it_means(hall: Hall) -> None:
    await begin(hall)
    (hello,) = hall.view.messages(INTRODUCTIONS)

    await hall.press(ANA, "Join", on=hello)
    await hall.press(ANA, "Join", on=hello)

    assert "You are in already." in hall.told()
    (welcome,) = hall.view.dm_of(ANA)
    assert "You have joined the introductions of your group." in welcome.shown
    assert "A no is private" in welcome.shown
    assert (await hall.kinds()).count(EventKind.MEMBER_JOINED) == 1
    assert hall.view.messages(INTRODUCTIONS) == (hello,)


async def test_both_halves_of_a_card_are_written_by_forms_and_found_by_its_words(hall: Hall) -> None:
    await begin(hall, ANA, CARLA)

    await hall.types(CARLA, "intros card")
    await hall.press(CARLA, "Write my card")
    assert {one.most for one in hall.form(CARLA).fields} <= {120, 300}
    await hall.sends(CARLA, {"does": DOES, "ideal": "Makers"})
    await hall.press(CARLA, "Add more")
    await hall.sends(CARLA, {"place": "Bristol"})
    assert (DOES in hall.told(), "Bristol" in hall.told()) == (True, True)
    await hall.types(ANA, "intros find", words="accountant")

    assert "@Carla Rossi" in hall.told()
    assert hall.last(ANA).ephemeral


async def test_mine_shows_what_waits_and_leads_to_it(hall: Hall) -> None:
    await ask_ben(hall)

    await hall.types(BEN, "intros mine")
    await hall.press(BEN, "Show me the question")
    assert hall.is_offered(BEN, "yes")
    await hall.types(ANA, "intros mine", at=None)

    assert "being asked, until" in hall.told()
    assert "said" not in hall.told()


async def test_an_open_break_is_said_to_a_referrer_and_ends_when_one_is_back(hall: Hall) -> None:
    await meet(hall)
    await hall.types(CARLA, "intros pause")
    for wrong, said in (("soon", "Please write the day"), ("2026-01-01", "over already")):
        await (hall.press(CARLA, "Take a break…") if wrong == "soon" else hall.press(CARLA, "Edit"))
        await hall.sends(CARLA, {"until": wrong})
        assert said in hall.told()
        assert wrong in hall.told()
    await hall.sends_again(CARLA, {"until": "2026-12-24", "quiet": "said"})
    await draft(hall)

    await hall.press(ANA, "need_yes", "fit_yes", "ask_them")
    assert "@Carla Rossi takes a break until" in hall.shown(ANA)
    await hall.press(CARLA, "I am back")
    assert "Welcome back." in hall.told()
    await hall.press(ANA, "ask_them")

    assert hall.is_offered(BEN, "yes")


async def test_my_data_arrives_as_a_file_and_to_be_erased_is_asked_once_more_and_then_done(hall: Hall) -> None:
    await meet(hall)
    await draft(hall)
    await hall.types(ANA, "intros privacy")

    await hall.press(ANA, "Export my data")
    (exported,) = [seen for seen in hall.view.in_view(ANA) if seen.files]
    assert exported.files == ("twoyes-about-me.json",)
    (file,) = hall.world.messages[exported.id].attachments
    assert NEED in json.dumps(json.loads(file.content))
    assert [user for user in (BEN, CARLA) for seen in hall.view.in_view(user) if seen.files] == []
    await hall.types(ANA, "intros privacy")
    await hall.press(ANA, "Erase me…")
    assert "This cannot be undone." in hall.told()
    await hall.press(ANA, "Yes, erase me")
    assert "Everything about you is erased" in hall.told()

    await hall.types(ANA, "intros mine")
    assert NEED not in hall.told()
    assert "Started by you" not in hall.told()


async def test_who_leaves_is_asked_nothing_more_and_the_others_see_no_reason(hall: Hall) -> None:
    await ask_ben(hall)

    await hall.types(BEN, "intros leave")
    assert "You have left." in hall.told()
    await hall.wait(timedelta(days=10))

    assert "has closed without an introduction" in hall.last(ANA).shown
    assert "Ben" not in hall.last(ANA).shown


async def test_a_tip_goes_to_somebody_whose_card_takes_them_and_to_nobody_else(hall: Hall) -> None:
    await meet(hall)
    await hall.types(ANA, "intros lead")
    assert list(hall.typed(ANA)) == ["provider", "need"]
    await hall.sends(ANA, {"provider": CARLA, "need": NEED})
    assert "takes no tips at present" in hall.shown(ANA)

    await hall.press(CARLA, "edit_card_more")
    await hall.sends(CARLA, {"accepts_leads": "yes"})
    await hall.types(ANA, "intros lead")
    await hall.sends(ANA, {"provider": CARLA, "need": NEED})

    assert NEED in hall.last(CARLA).shown
    assert NEED not in hall.shown(BEN)


async def test_a_report_reaches_an_organiser_and_a_block_reaches_nobody(hall: Hall) -> None:
    question = await ask_ben(hall)
    before = hall.view.in_view(ANA)

    await hall.press(BEN, "Report", on=question)
    report = hall.view.dm_of(DAVID)[-1]
    assert "has reported a suggestion" in report.shown
    assert [name for name in ("Ben", "Carla", NEED) if name in report.shown] == []
    await hall.types(BEN, "intros report", person=CARLA)
    assert "@Carla Rossi is blocked. They are not told" in hall.told()
    await hall.types(BEN, "intros privacy")
    assert "@Carla Rossi is blocked." in hall.told()
    await hall.press(BEN, "Unblock no. 1")
    assert "is off your list" in hall.told()

    assert hall.view.in_view(ANA) == before
    assert [user for user in (CARLA, ELIF) if "reported" in hall.shown(user)] == []


async def test_a_block_of_either_of_them_is_a_no_and_they_are_not_told(hall: Hall) -> None:
    await ask_ben(hall)
    before = {user: hall.view.in_view(user) for user in (ANA, CARLA)}

    await hall.press(BEN, "Block…")
    await hall.press(BEN, "Block the referrer")
    await hall.wait(timedelta(days=1))

    assert {user: hall.view.in_view(user) for user in before} == before


async def test_a_stranger_types_nothing_here(hall: Hall) -> None:
    await begin(hall, ANA)

    for at in (INTRODUCTIONS, None):
        try:
            await hall.types(STRANGER, "intros help", at=at)
        except CannotError:
            continue
        raise AssertionError("somebody of another server was let in")

"""The Home tab: what is mine, with buttons that work, kept up to date when something of mine changes."""

from datetime import timedelta

from tests.e2e.slack.beginnings import ask_ben, begin, draft, meet
from tests.e2e.slack.town import Town
from tests.slack.cast import ANA, BEN, BOT_USER, CARLA, DAVID, ELIF, STRANGER

MAKERS = "C5"


async def opens(town: Town, user: str) -> None:
    await town.after(await town.people.open_home(user))


def published(town: Town, user: str) -> int:
    return len([call for call in town.world.called("views.publish") if call.args["user_id"] == user])


async def test_it_has_what_waits_for_me_what_i_started_and_buttons_for_the_rest(town: Town) -> None:
    await ask_ben(town)

    for user in (ANA, BEN):
        await opens(town, user)

    assert "Waiting for you:" in town.home(BEN).shown
    assert "A question about a suggestion of @Ana Duarte" in town.home(BEN).shown
    assert "Started by you:" in town.home(ANA).shown
    assert "being asked, until" in town.home(ANA).shown
    for label in ("Suggest two people", "Ask the group", "My card", "Break", "Privacy"):
        assert label in town.home(BEN).labels


async def test_a_question_is_answered_from_it_by_way_of_a_direct_message(town: Town) -> None:
    await ask_ben(town)
    await opens(town, BEN)

    await town.press_home(BEN, "Show me the question")
    await town.press(BEN, "yes")

    assert "Waiting for you:" not in town.home(BEN).shown
    assert "May I introduce you?" in town.shown(CARLA)


async def test_its_buttons_open_forms(town: Town) -> None:
    await begin(town, ANA)
    await opens(town, ANA)

    await town.press_home(ANA, "Suggest two people")
    assert town.form(ANA).title == "Refer someone"
    await town.people.close(ANA)
    await town.press_home(ANA, "Ask the group")
    assert town.form(ANA).title == "I am looking for…"


async def test_card_break_and_privacy_come_as_direct_messages(town: Town) -> None:
    await begin(town, ANA)
    await opens(town, ANA)
    pages = {"My card": "Your card is empty.", "Break": "You can be asked.", "Privacy": "What is stored about you"}

    for label, words in pages.items():
        await town.press_home(ANA, label)
        assert words in town.last(ANA).shown
        assert town.last(ANA).place == "dm"


async def test_what_is_sent_from_a_form_opened_on_it_is_previewed_in_a_direct_message(town: Town) -> None:
    await begin(town, ANA, BEN, CARLA)
    await opens(town, ANA)

    await town.press_home(ANA, "new_draft")
    await town.sends(ANA, {"seeker": BEN, "provider": CARLA, "need": "A bench.", "why": "He makes them."})

    assert (town.last(ANA).place, "A bench." in town.last(ANA).shown) == ("dm", True)
    assert "A draft for @Ben Okafor and @Carla Rossi." in town.home(ANA).shown


async def test_it_is_published_again_when_something_of_mine_changes_and_for_nobody_else(town: Town) -> None:
    await meet(town)
    for user in (ANA, BEN, CARLA, ELIF):
        await opens(town, user)
    before = {user: published(town, user) for user in (ANA, BEN, CARLA, ELIF)}

    await draft(town)
    await town.press(ANA, "need_yes", "fit_yes", "ask_them")

    assert "being asked" in town.home(ANA).shown
    assert "A question about a suggestion of @Ana Duarte" in town.home(BEN).shown
    assert published(town, BEN) == before[BEN] + 1
    assert (published(town, CARLA), published(town, ELIF)) == (before[CARLA], before[ELIF])


async def test_while_nothing_changes_it_is_published_once(town: Town) -> None:
    await begin(town, ANA)
    await opens(town, ANA)

    await town.wait(timedelta(hours=11))

    assert published(town, ANA) == 1


async def test_a_break_is_shown_on_it_until_one_is_back(town: Town) -> None:
    await begin(town, ANA)
    await opens(town, ANA)
    await town.press_home(ANA, "Break")
    await town.press(ANA, "Take a break…")
    await town.sends(ANA, {"until": "2026-12-24"})
    assert "You take a break until" in town.home(ANA).shown

    await town.press(ANA, "I am back")

    assert "You take a break" not in town.home(ANA).shown


async def test_in_several_groups_each_has_its_lines(town: Town) -> None:
    town.world.add_channel(MAKERS, "makers", {ANA, DAVID, BOT_USER})
    await begin(town, ANA)
    await begin(town, ANA, at=MAKERS)

    await opens(town, ANA)
    await town.press_home(ANA, "new_draft")

    for words in ("In #introductions:", "In #makers:"):
        assert words in town.home(ANA).shown
    assert town.home(ANA).labels.count("Suggest two people") == 2
    assert town.form(ANA).title == "Refer someone"


async def test_before_there_is_a_group_it_says_how_to_begin_to_those_who_can(town: Town) -> None:
    for user in (DAVID, ANA):
        await opens(town, user)

    assert "Type /intros settings there." in town.home(DAVID).shown
    assert "Ask an administrator" in town.home(ANA).shown


async def test_who_has_not_joined_learns_where_to_and_strangers_that_they_cannot(town: Town) -> None:
    await begin(town)

    for user in (ANA, STRANGER):
        await opens(town, user)

    assert "type /intros join there" in town.home(ANA).shown
    assert "from another workspace" in town.home(STRANGER).shown

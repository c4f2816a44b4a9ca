"""Setting a group up, by those who may, without more rights than the bot has, and what stands in its way."""

import pytest

from bot.domain.events import EventKind
from tests.e2e.slack.beginnings import begin
from tests.e2e.slack.town import Town
from tests.slack.cast import ANA, BEN, BOT_USER, DAVID, ELIF, INTRODUCTIONS, OWNER, RANDOM
from tests.slack.faults import error


@pytest.mark.parametrize("who", [DAVID, OWNER])
async def test_an_administrator_or_owner_starts_a_group_which_says_hello_in_its_channel(town: Town, who: str) -> None:
    await town.types(who, "/intros", "settings")

    (hello,) = town.world.messages(INTRODUCTIONS)
    assert "two yeses, one introduction" in hello.shown
    assert "I read no messages here" in hello.shown
    assert hello.labels == ("Join",)
    assert "The settings of this group." in next(s for s in town.world.in_view(who) if s.ephemeral).shown
    assert [event.kind for event in await town.events()] == [EventKind.GROUP_STARTED]


async def test_nobody_else_starts_one_and_hears_whom_to_ask(town: Town) -> None:
    await town.types(ANA, "/intros", "settings")

    assert "Only administrators start a group." in town.last(ANA).shown
    assert town.world.messages(INTRODUCTIONS) == ()
    assert await town.events() == ()


async def test_settings_are_for_organisers_and_those_they_name(town: Town) -> None:
    await begin(town)
    await town.types(ANA, "/intros", "settings")
    assert "Only organisers of this group can do this." in town.last(ANA).shown

    await town.press(DAVID, "The group…")
    await town.sends(DAVID, {"organiser": ANA})
    await town.types(ANA, "/intros", "settings")

    assert "The settings of this group." in town.last(ANA).shown
    assert "@Ana Duarte" in town.last(ANA).shown


async def test_an_organisers_form_is_not_taken_from_anybody_else(town: Town) -> None:
    await begin(town)
    (settings, _) = town.offer(DAVID, "The group…")

    await town.forges(ANA, settings, "The group…")

    assert "Only organisers of this group can do this." in town.last(ANA).shown
    assert town.world.modals_of(ANA) == ()


async def test_an_organisers_form_that_somebody_else_sends_changes_nothing(town: Town) -> None:
    await begin(town)
    await town.press(DAVID, "The group…")
    log = await town.events()

    await town.steals(ANA, DAVID)

    assert "Only organisers of this group can do this." in town.last(ANA).shown
    assert await town.events() == log


@pytest.mark.parametrize(
    ("button", "key", "typed", "shown"),
    [
        ("The group…", "time_zone", "Asia/Tokyo", "Asia/Tokyo"),
        ("Asking…", "window", "48", "Hours to answer: 48"),
        ("Limits…", "asks_per_week", "7", "questions per person and week 7"),
        ("Weekly tally…", "tally_weekday", "4", "Friday"),
        ("Keeping and quiet…", "keep_drafts", "12", "drafts 12"),
    ],
)
async def test_every_setting_has_its_form_and_holds(town: Town, button: str, key: str, typed: str, shown: str) -> None:
    await begin(town)

    await town.press(DAVID, button)
    await town.sends(DAVID, {key: typed})
    await town.types(DAVID, "/intros", "settings")

    assert shown in town.last(DAVID).shown


async def test_a_setting_that_cannot_be_is_said_at_its_field_with_all_that_was_typed(town: Town) -> None:
    await begin(town)
    await town.press(DAVID, "Asking…")

    await town.sends(DAVID, {"window": "many", "urgent_window": "999"})

    form = town.form(DAVID)
    assert "whole number" in form.errors["window"]
    assert "from 1 to 336" in form.errors["urgent_window"]
    assert (form.field("window").value, form.field("urgent_window").value) == ("many", "999")
    await town.sends(DAVID, {"window": "48", "urgent_window": "12"})
    assert town.world.modals_of(DAVID) == ()


async def test_a_group_starts_in_a_language_it_has_and_changes_it(town: Town) -> None:
    await town.after(await town.people.user_changed(ELIF, admin=True))
    await town.types(ELIF, "/intros", "settings")
    assert "Hallo." in town.world.messages(INTRODUCTIONS)[0].shown

    await town.press(ELIF, "settings_group")
    assert town.form(ELIF).field("language").value == "de"
    await town.sends(ELIF, {"language": "en"})
    await town.types(ELIF, "/intros", "settings")

    assert "The settings of this group." in town.last(ELIF).shown


async def test_where_the_bot_is_no_member_the_founder_hears_how_to_mend_it_and_tries_again(town: Town) -> None:
    await town.types(DAVID, "/intros", "settings", at=RANDOM)

    told = next(seen for seen in town.world.dm_of(DAVID) if seen.buttons)
    assert "I could not say hello: I may not write in its channel." in told.shown
    assert "Add me to the channel" in told.shown
    await town.press(DAVID, "Try again", on=told)
    assert len([seen for seen in town.world.dm_of(DAVID) if "could not say hello" in seen.shown]) == 2
    town.world.channel(RANDOM).members.add(BOT_USER)
    await town.press(DAVID, "Try again")

    assert town.world.messages(RANDOM)[0].labels == ("Join",)


@pytest.mark.parametrize("name", ["not_in_channel", "is_archived", "channel_not_found", "restricted_action"])
async def test_whatever_keeps_the_bot_out_of_the_channel_is_said_to_the_founder_alone(town: Town, name: str) -> None:
    town.club.server.faults.next("chat.postMessage", error(name), channel=INTRODUCTIONS)

    await town.types(DAVID, "/intros", "settings")

    assert "I could not say hello" in town.shown(DAVID)
    assert name not in town.shown(DAVID)
    assert town.world.in_view(BEN) == ()


async def test_the_bot_asks_slack_for_nothing_beyond_its_six_scopes(town: Town) -> None:
    await begin(town, ANA, BEN)

    assert "missing_scope" not in {call.error for call in town.world.calls}
    assert {call.method for call in town.world.calls} <= {
        "auth.test",
        "chat.postMessage",
        "conversations.open",
        "users.info",
    }

"""Setting a group up, by those who may, without more rights than the bot has, and what stands in its way."""

import pytest

from bot.domain.events import EventKind
from tests.discord.cast import ANA, BEN, BOARD, BOT, DAVID, ELIF, GUILD, INTRODUCTIONS, OWNER, RANDOM
from tests.discord.state import Permission
from tests.e2e.discord.beginnings import begin
from tests.e2e.discord.hall import Hall

SETTINGS = (
    ("The group…", {"time_zone": "Asia/Tokyo"}, "Asia/Tokyo"),
    ("Asking…", {"window": "48"}, "Hours to answer: 48"),
    ("Limits…", {"asks_per_week": "7"}, "questions per person and week 7"),
    ("Weekly tally…", {"tally_weekday": "4"}, "Friday"),
    ("Keeping and quiet…", {"keep_drafts": "12"}, "drafts 12"),
)
ONLY = "Only organisers of this group can do this."


@pytest.mark.parametrize("who", [DAVID, pytest.param(OWNER, marks=pytest.mark.long)])
async def test_who_manages_the_server_starts_a_group_which_says_hello_in_its_channel(hall: Hall, who: str) -> None:
    await hall.types(ANA, "intros settings")
    assert "Only administrators start a group." in hall.told()
    assert await hall.events() == ()

    answered = await hall.types(who, "intros settings")

    (hello,) = hall.view.messages(INTRODUCTIONS)
    assert "two yeses, one introduction" in hello.shown
    assert "I read no messages here" in hello.shown
    assert (hello.labels, hello.pings) == (("Join",), frozenset())
    assert answered.message is not None
    assert answered.message.ephemeral
    assert "The settings of this group." in hall.told()
    assert await hall.kinds() == [EventKind.GROUP_STARTED]


async def test_settings_are_for_organisers_whatever_discord_lets_others_type_or_press(hall: Hall) -> None:
    await begin(hall)
    hall.world.guilds[GUILD].commands_allowed["intros", ANA] = True  # an administrator may show it to anybody
    (settings, _) = hall.offer(DAVID, "The group…")
    log = await hall.events()

    await hall.types(ANA, "intros settings")
    assert ONLY in hall.told()
    for button, _, _ in SETTINGS:
        await hall.forges(ANA, settings, button)
        assert ONLY in hall.told()
    await hall.press(DAVID, "The group…")
    await hall.steals(ANA, DAVID)
    assert ONLY in hall.told()
    assert await hall.events() == log
    await hall.sends(DAVID, {"organiser": ANA})
    await hall.types(ANA, "intros settings")

    assert "The settings of this group." in hall.told()
    assert "@Ana Duarte" in hall.told()


async def test_every_setting_has_its_form_and_holds_and_what_cannot_be_is_said_with_all_that_was_typed(
    hall: Hall,
) -> None:
    await begin(hall)

    for button, typed, shown in SETTINGS:
        await hall.press(DAVID, button)
        assert len(hall.form(DAVID).fields) <= 5
        assert "amounts" not in hall.typed(DAVID)  # Discord's policy forbids them
        await hall.sends(DAVID, typed)
        assert "Saved." in hall.told()
        await hall.types(DAVID, "intros settings")
        assert shown in hall.told()
    await hall.press(DAVID, "Asking…")
    await hall.sends(DAVID, {"window": "many", "urgent_window": "999"})
    for words in ("whole number", "from 1 to 336", "many", "999"):
        assert words in hall.told()
    await hall.sends_again(DAVID, {"window": "24", "urgent_window": "12"})
    await hall.types(DAVID, "intros settings")

    assert "Hours to answer: 24" in hall.told()


async def test_a_group_speaks_the_language_of_who_starts_it_until_it_is_given_another(hall: Hall) -> None:
    hall.world.guilds[GUILD].members[ELIF].roles.extend(hall.world.guilds[GUILD].members[DAVID].roles)
    await hall.types(ELIF, "intros settings")
    assert "Hallo." in hall.view.messages(INTRODUCTIONS)[0].shown

    await hall.press(ELIF, "settings_group")
    assert hall.typed(ELIF)["language"] == "de"
    await hall.sends(ELIF, {"language": "en"})
    await hall.types(ELIF, "intros settings")

    assert "The settings of this group." in hall.told()


async def test_where_the_bot_may_not_write_the_founder_alone_hears_how_to_mend_it_and_tries_again(hall: Hall) -> None:
    hall.server.servers.overwrite(RANDOM, BOT, deny=Permission.SEND_MESSAGES)

    await hall.types(DAVID, "intros settings", at=RANDOM)
    await hall.types(OWNER, "intros settings", at=BOARD)
    told = next(seen for seen in hall.view.dm_of(DAVID) if "Try again" in seen.labels)
    assert "I could not say hello" in told.shown
    assert "I could not say hello" in hall.view.dm_of(OWNER)[-1].shown
    assert hall.view.in_view(BEN) == ()
    await hall.press(DAVID, "Try again", on=told)
    assert len([seen for seen in hall.view.dm_of(DAVID) if "could not say hello" in seen.shown]) == 2
    hall.server.servers.overwrite(RANDOM, BOT, allow=Permission.SEND_MESSAGES)
    await hall.press(DAVID, "Try again")

    assert hall.view.messages(RANDOM)[0].labels == ("Join",)

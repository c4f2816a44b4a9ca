"""Coming and going: the bot is added, removed and added again, and people's accounts are closed."""

from datetime import timedelta
from itertools import permutations

import pytest

from bot.domain.ids import UserId
from bot.ports.installs import Installation
from tests.e2e.slack.beginnings import NEED, ask_ben, ask_carla, begin
from tests.e2e.slack.town import Town
from tests.slack.cast import ANA, BEN, BOT_USER, CARLA, INTRODUCTIONS, OWNER
from tests.slack.club import WORKSPACE

ORDERS = list(permutations(("tokens_revoked", "app_uninstalled")))
GRACE = timedelta(days=30)
LONG_AFTER = timedelta(days=10)


async def removed(town: Town, order: tuple[str, ...] = ORDERS[0]) -> None:
    """Let the workspace remove the bot, and Slack say so once more."""
    for answered in await town.people.uninstall(order=order):
        await town.after(answered)
        await town.after(await town.people.again(answered))


async def added_again(town: Town) -> None:
    """Let the workspace add the bot again, as the end of OAuth does."""
    token = town.world.install()
    installed = Installation(WORKSPACE, token, UserId(BOT_USER), UserId(OWNER), town.club.clock.now())
    await town.club.store.run(lambda tx: tx.installations.save(installed))
    await town.club.bot.arrived(WORKSPACE, UserId(OWNER))
    town.club.slack.authorising.drop(WORKSPACE)
    await town.settled()


def posts(town: Town) -> int:
    return len([call for call in town.world.calls if call.method.startswith("chat.")])


async def stored(town: Town) -> tuple[int, int]:
    """Return how many groups there are in the workspace, and how many entries in the log."""
    groups = await town.club.store.run(lambda tx: tx.groups.of_workspace(WORKSPACE))
    return len(groups), len(await town.events())


async def test_who_added_the_bot_is_told_how_to_begin(town: Town) -> None:
    await town.club.bot.arrived(WORKSPACE, UserId(OWNER))
    await town.club.bot.arrived(WORKSPACE, UserId(OWNER))
    await town.settled()

    (told,) = town.world.dm_of(OWNER)
    assert "Three steps to begin" in told.shown
    assert "Type /intros settings there." in told.shown


@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
async def test_once_the_bot_is_removed_nothing_is_sent_there_any_more(town: Town, order: tuple[str, ...]) -> None:
    await ask_ben(town)
    before = posts(town)

    await removed(town, order)
    await town.wait(LONG_AFTER)

    assert posts(town) == before
    assert await town.club.store.run(lambda tx: tx.installations.get(WORKSPACE)) is None


@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
async def test_after_the_grace_period_everything_of_the_workspace_is_gone(town: Town, order: tuple[str, ...]) -> None:
    await ask_ben(town)
    await removed(town, order)

    await town.wait(GRACE - timedelta(hours=1))
    await town.club.bot.purge()
    assert (await stored(town))[0] == 1
    await town.wait(timedelta(hours=2))
    await town.club.bot.purge()
    await town.club.bot.purge()

    assert await stored(town) == (0, 0)
    assert await town.club.store.run(lambda tx: tx.members.by_user(WORKSPACE, UserId(ANA))) is None


async def test_added_again_within_the_grace_period_it_goes_on_where_it_was(town: Town) -> None:
    await ask_ben(town)
    await removed(town)
    await town.wait(timedelta(days=1))

    await added_again(town)
    await town.press(BEN, "yes")

    assert NEED in town.last(CARLA).shown
    assert "being asked" not in town.shown(CARLA)


async def test_a_removal_told_late_does_not_undo_the_new_installation(town: Town) -> None:
    await ask_ben(town)
    first, second = await town.people.uninstall(order=("app_uninstalled", "tokens_revoked"))
    await town.after(first)
    await town.wait(timedelta(minutes=5))
    await added_again(town)

    await town.after(await town.people.again(second))
    await town.after(await town.people.again(first))

    await town.press(BEN, "yes")
    assert NEED in town.last(CARLA).shown


async def test_a_command_after_the_removal_is_answered_with_a_sentence(town: Town) -> None:
    await begin(town, ANA)
    await removed(town)

    await town.types(ANA, "/intros", "mine")

    assert "not a part of this workspace" in town.last(ANA).shown


@pytest.mark.parametrize("who", [BEN, CARLA])
async def test_an_account_that_is_closed_ends_its_questions_without_a_word(town: Town, who: str) -> None:
    await ask_carla(town)

    await town.after(await town.people.user_changed(who, deleted=True))
    before = len([seen for seen in town.world.dm_of(who) if not seen.edited])
    await town.wait(LONG_AFTER)

    assert "has closed without an introduction" in town.last(ANA).shown
    assert town.world.user(who).name not in town.last(ANA).shown
    assert len([seen for seen in town.world.dm_of(who) if not seen.edited]) == before
    assert town.world.group_dms == ()


async def test_a_referrer_whose_account_is_closed_takes_what_was_open_with_them(town: Town) -> None:
    await ask_ben(town)

    await town.after(await town.people.user_changed(ANA, deleted=True))
    await town.wait(LONG_AFTER)

    assert town.world.group_dms == ()
    assert NEED not in town.shown(CARLA)


async def test_a_change_of_zone_is_read_in_the_next_message(town: Town) -> None:
    await begin(town, ANA)

    await town.after(await town.people.user_changed(ANA, tz="Asia/Tokyo"))
    await town.types(ANA, "/intros", "pause")
    await town.press(ANA, "pause")
    await town.sends(ANA, {"until": "2026-11-16"})  # still the sixteenth in Tokyo: it is six in the evening

    assert "You take a break." in town.last(ANA).shown
    assert town.world.messages(INTRODUCTIONS)

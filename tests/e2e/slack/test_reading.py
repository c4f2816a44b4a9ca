"""What every message has for those who read it: their own clock, words for a screen reader, no previews of links."""

from datetime import timedelta

import pytest

from adapters.local.clock import StoryClock
from adapters.slack import wiring
from bot.cli.slack_settings import commands
from bot.settings import Settings
from tests.e2e.slack.beginnings import ask_ben, question_of
from tests.e2e.slack.town import Town, open_town
from tests.slack.cast import ANA, BEN, CARLA, DAVID, INTRODUCTIONS
from tests.slack.server import SlackServer


async def test_an_instant_is_shown_by_each_readers_own_clock(town: Town) -> None:
    await town.people.user_changed(BEN, tz="Asia/Tokyo")

    question = await ask_ben(town)

    assert "until 19 Nov 2026 18:00" in question.shown
    assert "by 22 Nov 2026 09:00" in town.shown(ANA)


async def test_a_reader_who_travels_reads_the_same_message_by_the_new_clock(town: Town) -> None:
    question = await ask_ben(town)
    assert "until 19 Nov 2026 09:00" in question.shown

    await town.people.user_changed(BEN, tz="America/New_York")

    assert "until 19 Nov 2026 04:00" in question_of(town, BEN).shown


async def test_every_message_has_a_text_that_stands_for_the_whole(town: Town) -> None:
    await ask_ben(town)
    await town.press(BEN, "yes")
    await town.press(CARLA, "yes")
    await town.wait(timedelta(seconds=30))

    for sight in town.diary.sights:
        assert sight.place == "home" or _words(sight.shown) <= _words(sight.said)


async def test_nothing_that_is_posted_unfurls_its_links(town: Town) -> None:
    await ask_ben(town)

    posts = town.world.called("chat.postMessage")
    told = {str(call.args[name]).lower() for call in posts for name in ("unfurl_links", "unfurl_media")}
    assert told in ({"false"}, {"0"})


async def test_commands_go_by_the_names_that_the_settings_give_them(
    slack: SlackServer, slack_clock: StoryClock, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = commands(Settings(slack_command_refer="/connect", slack_command_intros="/who"))
    monkeypatch.setattr(wiring, "COMMANDS", named)
    async with open_town(slack, slack_clock, database) as town:
        await town.types(DAVID, "/who", "settings")
        await town.types(ANA, "/who", "join")

        await town.types(ANA, "/connect", "@Ben Okafor")

        assert town.form(ANA).field("seeker").value == BEN
        assert (await town.types(ANA, "/refer")).error == "dispatch_failed"


async def test_nobody_is_notified_by_an_edit_or_in_the_channel(town: Town) -> None:
    await ask_ben(town)
    await town.press(BEN, "no")

    assert [post.pings for post in town.world.messages(INTRODUCTIONS) if post.pings] == []


def _words(text: str) -> set[str]:
    return set(text.replace("•", " ").split())

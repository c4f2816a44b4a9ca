"""The whole story on Discord, every ending, with the real discord.py: held against the promises."""

import shutil
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from adapters.local.scenes import BETTER, DRAFT
from adapters.local.story import Ending
from tests.discord.cast import ANA, BEN, CARLA, DAVID, ELIF, INTRODUCTIONS
from tests.e2e.discord.playing import Played, on_discord
from tests.e2e.slack.playing import in_the_room, renamed

AGREE = (Ending.AGREED, Ending.ROLE_ONLY)
LONG = tuple(ending for ending in Ending if ending not in (Ending.AGREED, Ending.DECLINED))
PLAYED = [
    *((way, ending) for way in ("gateway", "http") for ending in (Ending.AGREED, Ending.DECLINED)),
    *(pytest.param(way, ending, marks=pytest.mark.long) for way in ("gateway", "http") for ending in LONG),
]
Tell = Callable[..., Played]


def rarely(endings: Iterable[Ending]) -> list[Any]:
    """Return the endings as parameters: all but two of them are for `make test-long`."""
    return [pytest.param(ending, marks=pytest.mark.long) if ending in LONG else ending for ending in endings]


@pytest.fixture(scope="module")
def tell(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Tell:
    """Play each story once over each transport, for all the tests here."""

    @cache
    def play(ending: Ending, transport: str = "gateway", weeks: int = 0) -> Played:
        file = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("story") / "twoyes.db")
        return on_discord(f"sqlite:///{file}", ending, transport, weeks=weeks)

    return play


@pytest.mark.parametrize(("transport", "ending"), PLAYED)
def test_the_same_story_gives_the_same_domain_events_as_in_the_local_room(
    tell: Tell, transport: str, ending: Ending, tmp_path: Path
) -> None:
    story = tell(ending, transport)

    assert renamed(story.events) == renamed(in_the_room(f"sqlite:///{tmp_path / 'local.db'}", ending))
    assert story.club.server.world.violations == []
    assert story.club.server.world.misshapen == []
    assert story.club.events("discord.failed") == []
    assert [what for what in story.club.noted.counted if what.startswith("died")] == []


@pytest.mark.long
def test_three_weeks_later_the_events_are_still_the_same_and_each_post_stands_in_the_channel(
    tell: Tell, sqlite_url: str
) -> None:
    story = tell(Ending.AGREED, "gateway", 3)

    assert renamed(story.events) == renamed(in_the_room(sqlite_url, Ending.AGREED, 3))
    server = story.club.server
    assert server.world.violations == []
    assert server.world.misshapen == []
    posts = [post for post in server.view.messages(INTRODUCTIONS) if "The week in introductions" in post.shown]
    assert [len(post.files) for post in posts] == [0, 1, 1]
    assert [post.pings for post in posts if post.pings] == []


@pytest.mark.parametrize("ending", rarely(AGREE))
def test_both_are_introduced_in_a_private_thread_that_nobody_else_is_in(tell: Tell, ending: Ending) -> None:
    view = tell(ending).club.server.view

    (room,) = view.threads(INTRODUCTIONS)
    (introduction,) = [seen for seen in view.in_view(CARLA) if seen.channel == room.id and not seen.ephemeral]
    assert view.threads_of(BEN) == view.threads_of(CARLA) == (room,)
    assert [view.threads_of(user) for user in (ANA, DAVID, ELIF)] == [(), (), ()]
    for key in ("in_common", "result", "how_long"):
        assert BETTER[key] in introduction.shown
    assert BETTER["heads_up"] not in introduction.shown


@pytest.mark.parametrize("ending", rarely(ending for ending in Ending if ending not in AGREE))
def test_without_two_yeses_nobody_is_introduced(tell: Tell, ending: Ending) -> None:
    assert tell(ending).club.server.view.threads() == ()


@pytest.mark.parametrize("ending", rarely(Ending))
def test_what_is_asked_and_answered_is_in_nobodys_view_but_theirs(tell: Tell, ending: Ending) -> None:
    view = tell(ending).club.server.view

    for user in (DAVID, ELIF):
        assert [seen for seen in view.in_view(user) if DRAFT["need"] in seen.shown] == []
    assert [post.pings for post in view.messages(INTRODUCTIONS) if post.pings] == []

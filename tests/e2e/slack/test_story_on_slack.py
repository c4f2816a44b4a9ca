"""The whole story on Slack, every ending, with the real Bolt and slack_sdk: held against the promises."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from adapters.local.people import BEN as LOCAL_BEN
from adapters.local.people import BY_USER
from adapters.local.scenes import BETTER, DRAFT, TIP
from adapters.local.story import ALIKE, Ending
from bot.domain.member import CardSlot
from tests.databases import PostgresForTests
from tests.e2e.slack.diary import Sight
from tests.e2e.slack.playing import Played, in_the_room, on_slack, renamed
from tests.slack.cast import ANA, BEN, BOT_USER, CARLA, DAVID, ELIF, INTRODUCTIONS

AGREE = (Ending.AGREED, Ending.ROLE_ONLY)

BENS_CARD = BY_USER[LOCAL_BEN].card
OF_HIS_CARD = (BENS_CARD[CardSlot.COMPANY], BENS_CARD[CardSlot.DOES])
IDENTIFYING_BEN = ("Ben", "Okafor", BEN, *OF_HIS_CARD, DRAFT["need"], "kitchen")
"""What would tell Carla who is meant: his names, his card, the referrer's words about him, and his id in Slack."""

Tell = Callable[[Ending], Played]


@pytest.fixture(scope="module")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Played]:
    """Play each story once over each transport, for all the tests here."""

    @cache
    def play(ending: Ending, transport: str, weeks: int = 0) -> Played:
        file = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("story") / "twoyes.db")
        return on_slack(f"sqlite:///{file}", ending, transport, weeks=weeks)

    return play


@pytest.fixture
def tell(played: Callable[[Ending, str], Played]) -> Tell:
    return lambda ending: played(ending, "http")


@pytest.mark.parametrize(
    ("transport", "ending"),
    [
        *(("http", ending) for ending in Ending),
        *(("socket", ending) for ending in AGREE),
        *(pytest.param("socket", ending, marks=pytest.mark.long) for ending in Ending if ending not in AGREE),
    ],
)
def test_the_same_story_gives_the_same_domain_events_as_in_the_local_room(
    played: Callable[[Ending, str], Played], ending: Ending, transport: str, sqlite_url: str
) -> None:
    story = played(ending, transport)

    assert renamed(story.events) == renamed(in_the_room(sqlite_url, ending))
    assert story.world.violations == []
    assert story.world.complaints == []
    assert [what for what in story.noted.counted if what.startswith(("retried", "died"))] == []


def test_three_weeks_later_the_events_are_still_the_same_and_each_post_stands_in_the_channel(
    played: Callable[..., Played], sqlite_url: str
) -> None:
    story = played(Ending.AGREED, "http", 3)

    assert renamed(story.events) == renamed(in_the_room(sqlite_url, Ending.AGREED, 3))
    assert story.world.violations == []
    assert story.world.complaints == []
    posts = [post for post in story.world.messages(INTRODUCTIONS) if "The week in introductions" in post.shown]
    assert ["1 in week 47, 2 in week 48" in post.shown for post in posts] == [False, True, True]
    assert [len(post.images) for post in posts] == [0, 1, 1]


def test_over_both_transports_everybody_sees_the_same(played: Callable[[Ending, str], Played]) -> None:
    over_http, over_a_socket = (played(Ending.AGREED, transport).diary.sights for transport in ("http", "socket"))

    assert [sight for sight in over_http if sight.place != "home"] == over_a_socket


@pytest.mark.postgres
def test_on_postgres_the_story_is_the_same_for_everybody(
    tell: Tell, postgres_server: PostgresForTests, postgres_template: str
) -> None:
    on_postgres = on_slack(postgres_server.create(postgres_template), Ending.AGREED)

    on_sqlite = tell(Ending.AGREED)
    assert renamed(on_postgres.events) == renamed(on_sqlite.events)
    assert on_postgres.diary.sights == on_sqlite.diary.sights


@pytest.mark.parametrize("onlooker", [BEN, ANA, DAVID, ELIF])
def test_nobody_but_the_provider_can_tell_how_their_question_ended_without_a_yes(tell: Tell, onlooker: str) -> None:
    first, *others = (tell(ending).diary.of(onlooker) for ending in ALIKE)

    assert {sight.place for sight in first} >= {"dm", "channel", "home"}
    assert all(other == first for other in others)


def test_the_provider_herself_sees_what_she_did(tell: Tell) -> None:
    first, *others = (tell(ending).diary.of(CARLA) for ending in ALIKE)

    assert all(other != first for other in others)


@pytest.mark.parametrize("ending", list(Ending))
def test_nothing_identifies_the_seeker_to_the_provider_before_his_yes_to_her_by_name(
    tell: Tell, ending: Ending
) -> None:
    before = [sight for sight in tell(ending).diary.until(BEN, "yes") if sight.by == CARLA]

    assert before != []
    told = "\n".join(text for sight in before for text in (sight.shown, sight.said, sight.raw))
    assert [word for word in IDENTIFYING_BEN if word in told] == []


@pytest.mark.parametrize("ending", AGREE)
def test_both_are_introduced_once_in_a_group_message_thirty_seconds_after_the_second_yes(
    tell: Tell, ending: Ending
) -> None:
    story = tell(ending)

    (room,) = story.world.group_dms
    (introduction,) = [sight for sight in story.diary.of(CARLA) if sight.place == "group" and not sight.ephemeral]
    last_yes = max(*story.diary.times(BEN, "yes"), *story.diary.times(CARLA, "yes"))
    assert room.members == {BEN, CARLA, BOT_USER}
    assert introduction.at - last_yes == timedelta(seconds=30)
    for key in ("in_common", "result", "how_long"):
        assert BETTER[key] in introduction.shown
    assert BETTER["heads_up"] not in introduction.shown


@pytest.mark.parametrize("ending", [ending for ending in Ending if ending not in AGREE])
def test_without_two_yeses_nobody_is_introduced(tell: Tell, ending: Ending) -> None:
    story = tell(ending)

    assert story.world.group_dms == ()
    assert [sight for sight in story.diary.sights if BETTER["heads_up"] in sight.shown and sight.by == CARLA] == []


def test_the_heads_up_is_for_the_provider_alone(tell: Tell) -> None:
    story = tell(Ending.AGREED)

    private = [s for s in story.diary.of(CARLA) if BETTER["heads_up"] in s.shown]
    assert {sight.place for sight in private} == {"dm"}


@pytest.mark.parametrize("ending", [Ending.AGREED, Ending.WITHDRAWN, *ALIKE])
def test_the_seeker_reads_before_his_yes_word_for_word_what_the_provider_will(tell: Tell, ending: Ending) -> None:
    prompt = _asking(tell(ending).diary.until(BEN, "yes"), BEN)[-1]

    for words in (DRAFT["need"], DRAFT["why"], *BETTER.values()):
        assert words in prompt.shown
        assert words in prompt.said


@pytest.mark.parametrize("ending", ALIKE)
def test_the_seekers_question_changes_by_his_own_yes_and_his_own_deadline_alone(tell: Tell, ending: Ending) -> None:
    story = tell(ending)
    (yes,) = story.diary.times(BEN, "yes")
    asked = _asking(story.diary.sights, BEN)[0].at

    changes = [s.at for s in story.diary.of(BEN) if s.edited and s.place == "dm" and s.at >= asked]

    assert changes == [yes, asked + timedelta(days=3)]


def test_after_a_withdrawal_the_seeker_hears_and_the_providers_question_closes(tell: Tell) -> None:
    story = tell(Ending.WITHDRAWN)
    (at,) = story.diary.times(ANA, "withdraw")

    to_ben = [s for s in story.diary.of(BEN) if s.at >= at and s.place == "dm" and not s.edited]
    to_carla = [s for s in story.diary.of(CARLA) if s.at >= at and s.place == "dm"]

    assert len(to_ben) == 1
    assert [(s.edited, s.labels) for s in to_carla] == [(True, ())]


def test_a_lead_asks_nobody_and_its_tip_names_nobody(tell: Tell) -> None:
    story = tell(Ending.LEAD)

    (tip,) = [s for s in story.diary.of(CARLA) if TIP in s.shown]
    assert not any(name in tip.shown for name in ("Ben", "Okafor", "Daughters"))
    assert _asking(story.diary.sights, BEN) == []


@pytest.mark.parametrize("ending", list(Ending))
def test_a_screen_reader_says_all_that_can_be_read(tell: Tell, ending: Ending) -> None:
    for sight in tell(ending).diary.sights:
        if sight.place != "home":
            assert sight.said.strip()
            assert [line for line in sight.shown.splitlines() if _plain(line) not in _plain(sight.said)] == []


@pytest.mark.parametrize("ending", list(Ending))
def test_nothing_in_the_channel_notifies_anybody(tell: Tell, ending: Ending) -> None:
    story = tell(ending)

    assert [post.pings for post in story.world.messages(INTRODUCTIONS) if post.pings] == []
    assert [s for s in story.diary.sights if s.pings & {"here", "channel", "everyone"}] == []


def _asking(sights: list[Sight], user: str) -> list[Sight]:
    return [s for s in sights if s.by == user and "Yes, introduce us" in s.labels]


def _plain(text: str) -> str:
    return " ".join(text.replace("•", " ").split())

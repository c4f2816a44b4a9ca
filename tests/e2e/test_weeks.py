"""The weeks after a story through the whole bot: what came of it, three weekly posts, and nothing about a no."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from adapters.local.people import ANA, BEN, CARLA, DAVID, ELIF
from adapters.local.story import ALIKE, Ending
from adapters.local.weeks import TESTIMONIAL, THANKS
from tests.databases import PostgresForTests
from tests.e2e.stories import LINE, Noted, lines_of, seen_by

EVERYBODY = (ANA, BEN, CARLA, DAVID, ELIF)
WEEKS = 3


def posts(lines: list[LINE]) -> list[LINE]:
    """Return the weekly posts in the channel."""
    return [line for line in lines if line.get("to") == "channel" and "The week in introductions" in line["text"]]


def test_three_weeks_after_an_introduction_are_posted_on_three_mondays_at_nine(sqlite_url: str) -> None:
    noted = Noted()
    lines = lines_of(sqlite_url, Ending.AGREED, noted, weeks=WEEKS)

    first, second, third = posts(lines)
    at = [datetime.fromisoformat(post["at"]) for post in (first, second, third)]
    assert [(one.isocalendar().week, one.isocalendar().weekday, one.hour, one.minute) for one in at] == [
        (week, 1, 8, 0) for week in (48, 49, 50)
    ], "nine in Stockholm"
    assert "1 introduction made" in first["text"]
    assert "people together: @Ana Duarte." in first["text"]
    assert "as a chart" not in first["text"]
    assert "people together: @Ben Okafor, and everybody not named here." in second["text"]
    assert THANKS in second["text"]
    assert "[Introductions week by week, as a chart: 1 in week 47, 2 in week 48.]" in second["text"]
    assert "What came of it: 2 in conversation · 1 won" in third["text"]
    assert "Corrections to earlier weeks: 1." in third["text"]
    assert "1 in week 47, 2 in week 48, 1 in week 49.]" in third["text"], "what was posted stays"
    assert not any("Carla" in post["text"] or "What came of it" in post["text"] for post in (first, second))
    everything = "\n".join(line["text"] for line in lines if "text" in line)
    assert everything.count("the first step is yours") == 1
    assert "was more of a lead, so it counts as one" in everything
    assert TESTIMONIAL in "\n".join(line["text"] for line in lines if line.get("to") == CARLA)
    logged = json.dumps(noted.events) + json.dumps(noted.counted)
    assert not any(words in logged for words in (THANKS, TESTIMONIAL, "retried", "died", "chart.failed"))


def test_over_three_weeks_nobody_but_the_provider_can_tell_how_it_ended_and_nothing_is_posted(tmp_path: Path) -> None:
    told = {end: lines_of(f"sqlite:///{tmp_path / end}.db", end, weeks=WEEKS) for end in ALIKE}

    for onlooker in (ANA, BEN, DAVID, ELIF):
        first, *others = (seen_by(onlooker, lines) for lines in told.values())
        assert all(other == first for other in others)
    assert [post for lines in told.values() for post in posts(lines)] == []


@pytest.mark.long
@pytest.mark.postgres
def test_on_both_databases_everybody_sees_the_same_three_weeks(
    sqlite_url: str, postgres_server: PostgresForTests
) -> None:
    on_sqlite = lines_of(sqlite_url, Ending.AGREED, weeks=WEEKS)
    on_postgres = lines_of(postgres_server.create(), Ending.AGREED, weeks=WEEKS)

    assert [seen_by(user, on_postgres) for user in EVERYBODY] == [seen_by(user, on_sqlite) for user in EVERYBODY]

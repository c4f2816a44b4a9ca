"""Report and block: who hears of it, and who does not."""

import pytest

from tests.e2e.slack.beginnings import NEED, WHY, ask_ben, meet, standing
from tests.e2e.slack.town import Town
from tests.slack.cast import ANA, BEN, CARLA, DAVID, ELIF, OWNER


async def test_a_report_reaches_an_organiser_and_names_neither_the_reporter_nor_the_other(town: Town) -> None:
    question = await ask_ben(town)

    await town.press(BEN, "Report")

    report = town.last(DAVID)
    assert (report.place, "has reported a suggestion" in report.shown) == ("dm", True)
    assert "@Ana Duarte" in report.shown
    for name in ("Ben", "Carla", NEED):
        assert name not in report.shown
    assert [user for user in (ANA, CARLA, ELIF, OWNER) if "reported" in town.shown(user)] == []
    assert "without your name" in town.shown(BEN) or "report" in standing(town, BEN, question).shown.lower()


async def test_a_report_does_not_reach_an_organiser_who_takes_part(town: Town) -> None:
    await meet(town)
    await town.press(DAVID, "The group…")
    await town.sends(DAVID, {"organiser": ELIF})
    await town.types(DAVID, "/intros", "join")
    await town.types(DAVID, "/refer", "@Ben Okafor @Carla Rossi")
    await town.sends(DAVID, {"need": NEED, "why": WHY})
    await town.press(DAVID, "need_yes", "fit_yes", "ask_them")

    await town.press(BEN, "report")

    assert "reported" in town.last(ELIF).shown
    assert "reported" not in town.shown(DAVID)


@pytest.mark.parametrize(("whom", "blocked"), [("Block the referrer", ANA), ("Block the person suggested", CARLA)])
async def test_to_block_somebody_is_a_no_and_they_are_not_told(town: Town, whom: str, blocked: str) -> None:
    await ask_ben(town)
    before = town.world.in_view(blocked)

    await town.press(BEN, "Block…")
    await town.press(BEN, whom)

    assert town.world.in_view(blocked) == before
    await town.types(BEN, "/intros", "privacy")
    assert f"@{town.world.user(blocked).name} is blocked." in town.last(BEN).shown
    await town.press(BEN, "Unblock no. 1")
    assert "is off your list" in town.last(BEN).shown

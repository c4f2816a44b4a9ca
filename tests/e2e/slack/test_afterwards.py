"""What came of an introduction, on Slack: asked, answered in place, thanked for, and found on the Home tab."""

from datetime import timedelta

from bot.domain.events import EventKind
from tests.e2e.slack.beginnings import ask_carla, standing
from tests.e2e.slack.town import Town
from tests.slack.cast import ANA, BEN, CARLA

WEEK = timedelta(days=7, hours=2)
LINE = "She paid for herself in the first month."


async def test_what_came_of_it_is_said_told_and_thanked_for(town: Town) -> None:
    await ask_carla(town)
    await town.press(CARLA, "yes")
    await town.wait(timedelta(days=1, hours=2))
    nudged = town.shown(CARLA)
    await town.wait(WEEK)
    asked, _ = town.offer(BEN, "We work together")

    await town.press(BEN, "We work together", "Tell the referrer what came of it", "Thank the referrer…")
    await town.sends(BEN, {"thanks": "see www.example.com", "may_show": "yes"})
    refused = dict(town.form(BEN).errors)
    await town.sends(BEN, {"thanks": LINE, "may_show": "yes"})
    answered = standing(town, BEN, asked)
    await town.press(ANA, "Show it in the weekly tally")
    await town.after(await town.people.open_home(BEN))
    await town.press_home(BEN, "What came of no. 1?")

    assert "the first step is yours" in nudged
    assert list(refused) == ["thanks"]
    assert LINE in answered.shown
    assert "What came of it?" not in answered.shown
    assert "would like you to know what came of your introduction" in town.shown(ANA)
    assert "The weekly tally may show it, as you both wanted." in town.shown(ANA)
    assert "@Carla Rossi, introduced on" in town.last(BEN).shown
    kinds = [event.kind for event in await town.events()]
    assert kinds[-3:] == [EventKind.OUTCOME_REPORTED, EventKind.THANKED, EventKind.THANKS_SHOWN]

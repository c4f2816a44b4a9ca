"""What came of an introduction, on Discord: asked, answered in place, thanked for in a form that comes back whole."""

from datetime import timedelta

from bot.domain.events import EventKind
from tests.discord.cast import ANA, BEN, CARLA
from tests.e2e.discord.beginnings import ask_carla
from tests.e2e.discord.hall import Hall

WEEK = timedelta(days=7, hours=2)
LINE = "She paid for herself in the first month."


async def test_what_came_of_it_is_said_told_and_thanked_for(hall: Hall) -> None:
    await ask_carla(hall)
    await hall.press(CARLA, "yes")
    await hall.wait(timedelta(days=1, hours=2))
    nudged = hall.shown(CARLA)
    await hall.wait(WEEK)
    asked, _ = hall.offer(BEN, "We work together")

    await hall.press(BEN, "We work together", "Tell the referrer what came of it")
    answered = next(seen for seen in hall.view.in_view(BEN) if seen.id == asked.id)
    await hall.press(BEN, "Thank the referrer…")
    await hall.sends(BEN, {"thanks": "see www.example.com", "may_show": "yes"})
    refused = hall.told()
    await hall.press(BEN, "Edit")
    typed = hall.typed(BEN)
    await hall.sends(BEN, {"thanks": LINE})
    await hall.press(ANA, "Show it in the weekly tally")

    assert "the first step is yours" in nudged
    assert "We work together" in answered.shown
    assert "What came of it?" not in answered.shown
    assert "Please leave out the link" in refused
    assert typed == {"thanks": "see www.example.com", "may_show": "yes"}
    assert LINE in hall.shown(ANA)
    assert "The weekly tally may show it, as you both wanted." in hall.shown(ANA)
    assert (await hall.kinds())[-3:] == [EventKind.OUTCOME_REPORTED, EventKind.THANKED, EventKind.THANKS_SHOWN]
    assert hall.died() == []

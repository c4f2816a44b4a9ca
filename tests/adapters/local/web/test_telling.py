"""The guided story to each of its ends, the clock, and what each side learned."""

import re

import pytest

from adapters.local.story import Ending
from adapters.local.web.guide import STORIES
from tests.adapters.local.web.visiting import Page, Visitor


async def tell(visitor: Visitor, ending: Ending) -> Page:
    await visitor.post("/story", do="start", ending=ending.value)
    for _ in STORIES[ending][1:]:
        told = await visitor.post("/story", do="next")
        assert told.status == 200, told.html
    return await visitor.look("ana", "ben", "carla")


@pytest.mark.parametrize("ending", list(STORIES))
async def test_the_story_is_told_to_its_end(visitor: Visitor, ending: Ending) -> None:
    page = await tell(visitor, ending)

    steps = len(STORIES[ending])
    assert f"Step {steps} of {steps}" in page.text
    assert "cannot go on" not in page.text
    introduced = ending in {Ending.AGREED, Ending.ROLE_ONLY}
    assert ("With Carla" in page.pane("ben")) is introduced
    assert any("this is an introduction" in text for _, text in page.messages("ben")) is introduced
    posts = [text for _, text in page.messages("carla") if "The week in introductions" in text]
    assert len(posts) == (2 if ending is Ending.AGREED else 0)
    assert (", 1 in week" in "".join(re.findall('alt="(Introductions week by week[^"]*)"', page.html))) is bool(posts)


async def test_each_step_says_who_can_see_what(visitor: Visitor) -> None:
    await visitor.post("/story", do="start", ending="agreed")
    for _ in range(3):
        await visitor.post("/story", do="next")

    page = await visitor.look()

    assert "Ben is asked first, in private" in page.text
    assert "Carla sees nothing, not even that there is a question" in page.text
    assert "May I introduce you?" in (await visitor.until("ben", lambda p: "/yes:" in p.pane("ben"))).pane("ben")
    assert "May I introduce you?" not in page.pane("carla")


async def test_a_no_and_silence_read_the_same_for_everybody_but_carla(visitor: Visitor) -> None:
    await tell(visitor, Ending.DECLINED)
    await tell(visitor, Ending.SILENT)

    page = await visitor.get("/learned?one=declined&other=silent")

    verdicts = re.findall(r'<p class="verdict (\w+)">', page.html)
    assert verdicts == ["same", "same", "differs"]
    assert "only here" in page.html.partition('id="learned-carla"')[2]
    assert "only here" not in page.html.partition('id="learned-carla"')[0]


async def test_what_each_side_learned_so_far_is_shown_of_an_untold_story_too(visitor: Visitor) -> None:
    await visitor.type("david", "/intros help")

    page = await visitor.get("/learned")

    assert "types /intros help" in page.text


async def test_a_story_that_somebody_disturbs_says_so_and_can_be_started_again(visitor: Visitor) -> None:
    await visitor.post("/story", do="start", ending="agreed")
    await visitor.post("/story", do="next")
    await visitor.press("ana", "discard")

    await visitor.post("/story", do="next")
    stuck = await visitor.look()
    refused = await visitor.post("/story", do="next")
    again = await tell(visitor, Ending.AGREED)

    assert "the story cannot go on from here" in stuck.text
    assert refused.status == 422
    assert "Step 12 of 12" in again.text


async def test_the_clock_stands_still_during_the_story_and_goes_on_after_it(visitor: Visitor) -> None:
    await visitor.post("/story", do="start", ending="agreed")
    during = await visitor.look()
    await visitor.post("/story", do="leave")
    after = await visitor.look()

    assert 'id="now"' in during.html
    assert "data-stopped" in during.html
    assert "data-stopped" not in after.html


async def ask_ben(visitor: Visitor) -> None:
    await visitor.type("ana", "/refer @ben @carla")
    await visitor.fill("ana", seeker="ben", provider="carla", need="Prices.", why="My books.", basis="direct")
    for verb in ("need_yes", "fit_yes", "ask_them"):
        await visitor.press("ana", verb)
    await visitor.until("ben", lambda page: "/yes:" in page.pane("ben"))


async def test_the_clock_goes_to_the_reminder_and_to_the_deadline(visitor: Visitor) -> None:
    await ask_ben(visitor)
    asked = len((await visitor.look("ben")).messages("ben"))

    await visitor.post("/time", to="reminder")
    reminded = await visitor.look("ben")
    await visitor.post("/time", to="deadline")
    closed = await visitor.look("ben")

    assert len(reminded.messages("ben")) == asked + 1
    assert "/yes:" in reminded.pane("ben")
    assert "/yes:" not in closed.pane("ben")


async def test_thirty_seconds_bring_the_introduction(visitor: Visitor) -> None:
    await ask_ben(visitor)
    await visitor.press("ben", "yes")
    await visitor.press("carla", "yes")

    await visitor.post("/time", to="30s")

    assert "With Ben" in (await visitor.until("carla", lambda page: "With Ben" in page.pane("carla"))).pane("carla")


async def test_the_clock_goes_to_the_weekly_post_which_is_silent_on_an_empty_week(visitor: Visitor) -> None:
    empty = await visitor.post("/time", to="post")
    await visitor.type("ana", "/intros lead")
    await visitor.fill("ana", provider="carla", need="A workshop has no idea which of its jobs earn money.")
    told = await visitor.post("/time", to="post")

    assert "nothing is posted" in empty.says
    assert "The week is posted in the channel" in told.says
    assert "lead passed on" in (await visitor.look("david")).pane("david")


async def test_time_in_which_nobody_is_written_to_is_told_in_a_sentence(visitor: Visitor) -> None:
    """Something is always due in a group: its week is counted, and an empty one is not posted."""
    passed = await visitor.post("/time", to="reminder")

    assert passed.status == 200
    assert "Nothing came of it" in passed.says

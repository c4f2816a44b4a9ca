"""What goes on after an answer: noted when it fails, waited for when the bot stops, and then given up."""

import asyncio

import pytest

from adapters import background as module
from adapters.background import Background
from tests.e2e.stories import Noted


async def test_what_was_begun_before_it_runs_is_done_when_it_does() -> None:
    background, stop, done = Background(Noted()), asyncio.Event(), asyncio.Event()

    background.start("early", _setting(done))
    stop.set()
    await background.run(stop)

    assert done.is_set()


async def test_what_fails_is_noted_without_its_words_and_disturbs_nothing() -> None:
    noted, stop, done = Noted(), asyncio.Event(), asyncio.Event()
    background = Background(noted)

    async def broken() -> None:
        raise ValueError("somebody's words")

    background.start("reply", broken)
    background.start("reply", _setting(done))
    stop.set()
    await background.run(stop)

    ((name, facts),) = noted.events
    assert done.is_set()
    assert (name, facts["what"]) == ("background.left_undone", "reply")
    assert "somebody's words" not in str(facts)


async def test_told_to_stop_it_finishes_what_is_in_hand_and_what_that_leads_to() -> None:
    background, stop, go_on, done = Background(Noted()), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def first() -> None:
        await go_on.wait()
        background.start("second", _setting(done))

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(background.run(stop))
        background.start("first", first)
        stop.set()
        await asyncio.sleep(0)
        assert not running.done()
        go_on.set()

    assert done.is_set()


async def test_what_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IN_HAND", 0.01)
    background, stop, left = Background(Noted()), asyncio.Event(), asyncio.Event()

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            left.set()

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(background.run(stop))
        background.start("never", never)
        stop.set()

    assert left.is_set()


def _setting(event: asyncio.Event) -> module.Work:
    async def work() -> None:
        event.set()

    return work

"""A slow delivery keeps nobody waiting but those behind it in its own lane, and stopping finishes what is in hand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.app.rounds import Pace, Rounds
from tests.e2e.stories import Noted

SOON = timedelta(milliseconds=1)
NEVER = timedelta(hours=1)


@dataclass
class Work:
    """Rows that a test puts there; what is slow waits until the test lets it go."""

    rows: list[str] = field(default_factory=list)
    looks: int = 0
    carried: list[str] = field(default_factory=list)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def claim(self) -> Sequence[str]:
        self.looks += 1
        claimed, self.rows = self.rows[:1], self.rows[1:]
        self.changed.set()
        return claimed

    async def carry(self, claimed: Sequence[str]) -> None:
        for row in claimed:
            if row.startswith("slow"):
                self.held[row] = asyncio.Event()
                self.changed.set()
                await self.held[row].wait()
            self.carried.append(row)
            self.changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                self.changed.clear()
                await self.changed.wait()


async def come_to_rest() -> None:
    """Let everything happen that waits for no time to pass."""
    for _ in range(50):
        await asyncio.sleep(0)


@asynccontextmanager
async def running(work: Work, *, poll: timedelta = NEVER, at_once: int = 4) -> AsyncIterator[Rounds[str]]:
    rounds, stop = Rounds(work.claim, work.carry, Pace(poll, timedelta(0), at_once), Noted()), asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        tasks.create_task(rounds.run(stop))
        yield rounds
        stop.set()
        rounds.wake()
        for gate in work.held.values():
            gate.set()


async def test_what_is_there_is_carried_round_by_round_and_then_it_rests() -> None:
    work = Work(["a", "b", "c"])

    async with running(work):
        await work.until(lambda: work.looks == 4)

    assert (work.carried, work.looks) == (["a", "b", "c"], 4)


async def test_a_nudge_makes_it_look_and_so_does_the_clock() -> None:
    nudged, polled = Work(), Work()

    async with running(nudged) as rounds:
        await nudged.until(lambda: nudged.looks == 1)
        rounds.wake()
        await nudged.until(lambda: nudged.looks == 2)
    async with running(polled, poll=SOON):
        await polled.until(lambda: polled.looks > 3)


async def test_while_a_round_is_slow_the_next_ones_go_on_and_when_it_is_over_it_looks_again() -> None:
    work = Work(["slow", "a"])

    async with running(work) as rounds:
        await work.until(lambda: work.carried == ["a"])
        work.rows.append("b")
        rounds.wake()
        await work.until(lambda: work.carried == ["a", "b"])
        await come_to_rest()
        work.rows.append("c")
        work.held["slow"].set()
        await work.until(lambda: "c" in work.carried)

    assert work.carried == ["a", "b", "slow", "c"]


async def test_no_more_rounds_than_allowed_are_under_way() -> None:
    work = Work(["slow 1", "slow 2", "slow 3", "a"])

    async with running(work, at_once=3) as rounds:
        await work.until(lambda: len(work.held) == 3)
        rounds.wake()
        await come_to_rest()
        blocked = list(work.rows)
        work.held["slow 2"].set()
        await work.until(lambda: "a" in work.carried)

    assert blocked == ["a"]
    assert work.carried[:2] == ["slow 2", "a"]


async def test_stopping_waits_for_what_is_in_hand_and_begins_nothing() -> None:
    work, stop = Work(["slow", "a"]), asyncio.Event()
    rounds = Rounds(work.claim, work.carry, Pace(NEVER, NEVER), Noted())
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        run = tasks.create_task(rounds.run(stop))
        await work.until(lambda: "slow" in work.held)
        stop.set()
        rounds.wake()
        done, _ = await asyncio.wait({run}, timeout=SOON.total_seconds())
        work.held["slow"].set()
        await run

    assert not done
    assert (work.carried, work.rows) == (["slow"], ["a"])


async def test_a_claim_that_fails_is_told_and_the_next_one_comes() -> None:
    heard, stop, work = Noted(), asyncio.Event(), Work()

    async def claim() -> Sequence[str]:
        if heard.events:
            stop.set()
            return ()
        raise OSError

    async with asyncio.timeout(10):
        await Rounds(claim, work.carry, Pace(SOON, SOON), heard).run(stop)

    assert heard.events == [("courier.round_failed", {"error": "OSError"})]

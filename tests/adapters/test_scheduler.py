"""The metronome wakes the code, on its loop, and catches up with one tick."""

import asyncio
from datetime import UTC, datetime, timedelta
from threading import get_ident

from adapters.scheduler import Ticker
from tests.adapters.clocks import StoppedClock

LONG_AGO = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def nothing() -> None:
    return None


def test_it_sweeps_as_often_as_told_and_purges_daily() -> None:
    ticker = Ticker(StoppedClock(LONG_AGO), sweep=nothing, every=timedelta(seconds=7), purge=nothing)

    now = LONG_AGO + timedelta(days=300)
    nexts = {job.id: job.trigger.get_next_fire_time(LONG_AGO, now) - now for job in ticker.jobs()}
    assert nexts == {"sweep": timedelta(seconds=7), "purge": timedelta(days=1)}


def test_missed_ticks_come_as_one_however_late() -> None:
    ticker = Ticker(StoppedClock(LONG_AGO), sweep=nothing, every=timedelta(seconds=7), purge=nothing)

    assert all(job.coalesce and job.misfire_grace_time is None for job in ticker.jobs())
    assert all(len(job._get_run_times(LONG_AGO + timedelta(days=20_000))) == 1 for job in ticker.jobs())


async def test_both_wake_the_code_at_the_start_on_the_loops_own_thread() -> None:
    woken: dict[str, int] = {}
    swept, purged = asyncio.Event(), asyncio.Event()

    def sweep() -> None:
        woken["sweep"] = get_ident()
        swept.set()

    def purge() -> None:
        woken["purge"] = get_ident()
        purged.set()

    with Ticker(StoppedClock(LONG_AGO), sweep=sweep, every=timedelta(hours=1), purge=purge):
        async with asyncio.timeout(5):
            await asyncio.gather(swept.wait(), purged.wait())

    assert woken == {"sweep": get_ident(), "purge": get_ident()}


async def test_it_goes_on_ticking() -> None:
    ticks = 0
    enough = asyncio.Event()

    def sweep() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 3:
            enough.set()

    with Ticker(StoppedClock(LONG_AGO), sweep=sweep, every=timedelta(milliseconds=1), purge=nothing):
        async with asyncio.timeout(5):
            await enough.wait()


async def test_nothing_is_left_when_it_has_stopped() -> None:
    with Ticker(StoppedClock(LONG_AGO), sweep=nothing, every=timedelta(hours=1), purge=nothing) as ticker:
        assert len(ticker.jobs()) == 2
    await asyncio.sleep(0)  # APScheduler stops one step of the loop later

    assert ticker.jobs() == []

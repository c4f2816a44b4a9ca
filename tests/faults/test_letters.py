"""T5 and T6, the ends of a delivery: refused, dead, replayed, taken over by another worker, poisoned, drained."""

from asyncio import Event
from contextlib import suppress

import pytest
from sqlalchemy import text

from bot.domain.question import Swallow
from bot.domain.referral import Status
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Refusal
from storage.errors import StorageError
from storage.runner import open_runner
from tests.faults.bench import (
    ANA,
    BEN,
    CARLA,
    DEAD,
    DELIVERED,
    INTRODUCTION,
    OBSOLETE,
    OPEN,
    PROMPT,
    TERMS,
    Bench,
    Call,
    FailsAfter,
    agreed,
    asked,
    hello,
)

PROMPT_KEY = "prompt/r-1/0"


async def refused(_: Call) -> None:
    raise DeliveryRefusedError(Refusal.UNREACHABLE)


async def delayed(_: Call) -> None:
    raise DeliveryDelayedError


async def fine(_: Call) -> None:
    pass


# dead letters


async def test_a_refusal_makes_a_dead_letter_that_can_be_read_and_replayed(bench: Bench) -> None:
    bench.platform.before = refused
    await bench.queue(hello("one"))
    courier = bench.courier()
    await courier.deliver_due()

    (letter,) = await bench.store.run(lambda tx: tx.outbox.dead_letters())
    bench.platform.before = fine
    replayed = await bench.store.run(lambda tx: tx.outbox.replay(letter.id, bench.clock.now()))
    again = await bench.store.run(lambda tx: tx.outbox.replay(letter.id, bench.clock.now()))
    await courier.deliver_due()

    assert (letter.key, letter.destination, letter.attempts) == ("notice/one", "m-ben", 1)
    assert (letter.reason, letter.died_at) == (Refusal.UNREACHABLE, bench.clock.now())
    assert (replayed, again, bench.statuses()) == (True, False, {"notice/one": DELIVERED})
    assert len(bench.received(BEN)) == 1


async def test_a_dropped_letter_is_gone_for_good(bench: Bench) -> None:
    bench.platform.before = refused
    await bench.queue(hello("one"))
    courier = bench.courier()
    await courier.deliver_due()
    (letter,) = await bench.store.run(lambda tx: tx.outbox.dead_letters())

    dropped = await bench.store.run(lambda tx: tx.outbox.drop(letter.id))
    replayed = await bench.store.run(lambda tx: tx.outbox.replay(letter.id, bench.clock.now()))
    await bench.queue(hello("one"))
    bench.platform.before = fine
    await courier.deliver_due()

    assert (dropped, replayed) == (True, False)
    assert await bench.store.run(lambda tx: tx.outbox.dead_letters()) == []
    assert (bench.statuses(), bench.received(BEN)) == ({"notice/one": OBSOLETE}, [])


async def test_a_dead_letter_blocks_nobody_behind_it(bench: Bench) -> None:
    bench.platform.before = refused
    await bench.queue(hello("one", lane="l"), hello("two", lane="l"))
    courier = bench.courier()
    await courier.deliver_due()

    bench.platform.before = fine
    await courier.deliver_due()

    assert bench.statuses() == {"notice/one": DEAD, "notice/two": DELIVERED}


async def test_a_replayed_introduction_is_recorded_like_any_other(bench: Bench) -> None:
    await bench.begin(agreed(), INTRODUCTION)
    bench.platform.before = delayed
    courier = bench.courier()
    for _ in range(TERMS.tries):
        bench.pass_time(30)
        await courier.deliver_due()
    (letter,) = await bench.store.run(lambda tx: tx.outbox.dead_letters())

    bench.platform.before = fine
    await bench.store.run(lambda tx: tx.outbox.replay(letter.id, bench.clock.now()))
    await courier.deliver_due()

    assert (await bench.referral()).status is Status.INTRODUCED
    assert bench.room.rooms == ((BEN, CARLA),)


async def test_a_prompt_that_cannot_be_delivered_ends_like_a_silence(bench: Bench) -> None:
    await bench.begin(asked(), PROMPT)
    bench.platform.before = refused

    told_at_once = await told_until_the_end(bench)

    ended = await bench.referral()
    assert (ended.questions[0].swallowed, ended.questions[0].answer) == (Swallow.UNREACHABLE, None)
    assert (told_at_once, ended.status, bench.received(BEN, CARLA)) == ([], Status.LAPSED, [])
    assert [line.partition(" notice ")[0] for line in bench.received(ANA)] == [str(ended.closes_at)]


async def test_an_introduction_that_can_never_be_made_ends_without_a_word_to_anybody_at_that_time(
    bench: Bench,
) -> None:
    await bench.begin(agreed(), INTRODUCTION)
    bench.platform.before = refused
    bench.pass_time(30)

    told_at_once = await told_until_the_end(bench)

    assert (told_at_once, (await bench.referral()).status) == ([], Status.LAPSED)
    assert bench.received((BEN, CARLA)) == []


async def told_until_the_end(bench: Bench) -> list[str]:
    """Deliver, mend the platform, let all time pass; return what people were told before the platform was mended."""
    bot = bench.bot()
    await bot.deliver()
    told_at_once = bench.received(ANA, BEN, CARLA)
    bench.platform.before = fine
    for _ in range(50):
        if due := await bot.next_due():
            bench.clock.move_to(due)
            await bot.sweep()
            await bot.deliver()
    return told_at_once


# poison

UNREMEMBERED = "UPDATE referral SET version = version + 1"
"""Else the words would come from the memory of the process, which read them while they could be opened."""

POISONS: dict[str, str] = {
    "an effect nobody can read": "UPDATE outbox SET effect = '{}' WHERE key = 'notice/poison'",
    "an effect of a newer version": ("UPDATE outbox SET effect = '{\"is\":\"sing\"}' WHERE key = 'notice/poison'"),
    "progress nobody can read": "UPDATE outbox SET progress = 'x' WHERE key = 'notice/poison'",
    "words nobody can open": "UPDATE text SET body = substr(body, 1, 20)",
}


@pytest.mark.parametrize("poison", POISONS)
async def test_a_poisoned_row_stops_no_other_however_often_it_is_tried(bench: Bench, poison: str) -> None:
    await bench.begin(asked(), PROMPT)
    await bench.queue(hello("poison"))
    runner = open_runner(bench.url)
    runner.run_now(lambda connection: connection.execute(text(POISONS[poison])))
    runner.run_now(lambda connection: connection.execute(text(UNREMEMBERED)))
    runner.close()
    courier = bench.courier()

    for number in range(8):
        await bench.queue(hello(f"good-{number}"))
        with suppress(StorageError, ValueError, KeyError):  # as Courier.run, which logs it and goes on
            await courier.deliver_due()
        bench.pass_time(120)

    good = [bench.statuses()[f"notice/good-{number}"] for number in range(8)]
    poisoned = PROMPT_KEY if poison == "words nobody can open" else "notice/poison"
    assert (good, bench.statuses()[poisoned] in (OPEN, DEAD)) == ([DELIVERED] * 8, True)


async def test_a_store_that_fails_one_row_interrupts_no_other_that_is_being_sent(bench: Bench) -> None:
    sending, failed = Event(), Event()
    still_to_fail: list[str] = []

    async def before(call: Call) -> None:
        if call.key == "notice/slow":
            sending.set()
            await failed.wait()
        else:
            await sending.wait()
            still_to_fail.extend(["the settling", "the delay"])

    def noticed() -> None:
        still_to_fail.pop()
        if not still_to_fail:
            failed.set()

    bench.platform.before = before
    await bench.queue(hello("slow"), hello("lost"))
    courier = bench.courier(store=FailsAfter(bench.store, lambda: bool(still_to_fail), noticed))

    assert await courier.deliver_due() == 2

    assert bench.statuses() == {"notice/slow": DELIVERED, "notice/lost": OPEN}
    assert ("delivery.left", {"key": "notice/lost", "error": "DatabaseUnavailableError"}) in bench.heard.events


# stopping


async def test_when_told_to_stop_the_bot_delivers_what_is_due_and_claims_nothing_more(bench: Bench) -> None:
    stop = Event()

    async def stopping(_: Call) -> None:
        stop.set()

    bench.platform.before = stopping
    await bench.queue(*(hello(f"n-{number}") for number in range(40)))

    await bench.bot().run(stop)

    assert set(bench.statuses().values()) == {DELIVERED}


async def test_what_is_left_is_drained_for_so_long_and_no_longer(bench: Bench) -> None:
    stop = Event()
    stop.set()

    async def hang(_: Call) -> None:
        await Event().wait()

    bench.platform.before = hang
    await bench.queue(hello("one"))

    await bench.bot(drain_seconds=0.05).run(stop)

    assert bench.statuses() == {"notice/one": OPEN}

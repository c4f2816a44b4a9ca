"""T6: answers that get lost, and workers that come too late."""

import asyncio
from asyncio import Event
from datetime import timedelta

import pytest

from adapters.local.gateway import LocalGateway, LoseAnswer
from adapters.local.room import WORKSPACE
from bot.app.courier import Terms
from bot.app.wording import introduction
from bot.domain.events import EventKind
from bot.domain.ids import EventId
from bot.domain.question import Answer
from bot.domain.referral import Status
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Receipt, Refusal
from bot.ports.inbound import Origin, Press
from bot.ports.messages import Message
from tests.faults.bench import (
    BEN,
    CARLA,
    DELIVERED,
    INTRODUCTION,
    PROMPT,
    REFERRAL,
    TERMS,
    Bench,
    Call,
    Flaky,
    agreed,
    asked,
    hello,
)

PROMPT_KEY = "prompt/r-1/0"
INTRODUCTION_KEY = "introduction/r-1/1"


async def fine(_: Call) -> None:
    pass


async def delayed(_: Call) -> None:
    raise DeliveryDelayedError


async def refused(_: Call) -> None:
    raise DeliveryRefusedError(Refusal.UNREACHABLE)


async def lost(_: Call) -> None:
    raise DeliveryDelayedError(lost_answer=True)


def introductions(bench: Bench) -> list[Message]:
    return [call.message for call in bench.platform.calls if call.key == INTRODUCTION_KEY]


# lost answers


async def test_an_introduction_whose_answer_was_lost_is_sent_again_in_words_that_survive_a_repeat(
    bench: Bench,
) -> None:
    await bench.begin(agreed(), INTRODUCTION)
    bench.platform.before = lost
    courier = bench.courier()
    bench.pass_time(30)

    await courier.deliver_due()
    bench.platform.before = fine
    bench.pass_time(2)
    await courier.deliver_due()

    first, second = introductions(bench)
    assert second == introduction.repeated(first, "en")
    assert (await bench.referral()).introduced_at == bench.clock.now()


async def test_a_platform_that_never_answers_costs_one_try_and_counts_as_a_lost_answer(bench: Bench) -> None:
    hangs_once = [True]

    async def hang(_: Call) -> None:
        if hangs_once.pop() if hangs_once else False:
            await Event().wait()

    await bench.begin(agreed(), INTRODUCTION)
    bench.platform.after = hang
    courier = bench.courier(terms=Terms(lease=TERMS.lease, send_within=timedelta(seconds=0.4)))
    bench.pass_time(30)

    await courier.deliver_due()
    bench.pass_time(2)
    await courier.deliver_due()

    first, second = introductions(bench)
    assert second == introduction.repeated(first, "en")
    assert bench.room.rooms == ((BEN, CARLA),)
    assert bench.statuses()[INTRODUCTION_KEY] == DELIVERED


async def test_the_local_room_shows_a_message_once_though_its_answer_was_lost(bench: Bench) -> None:
    gateway = LocalGateway(bench.room)
    gateway.fail_next(LoseAnswer())
    await bench.queue(hello("one"))
    courier = bench.courier(gateway=gateway)

    await courier.deliver_due()
    bench.pass_time(2)
    await courier.deliver_due()

    assert len(bench.received(BEN)) == 1
    assert bench.statuses() == {"notice/one": DELIVERED}


# leases

LATE = {"success": fine, "failure": delayed, "refusal": refused}


async def overtaken(bench: Bench, late: str) -> None:
    """Let a second worker deliver what the first one holds for longer than its lease; then let the first one end."""
    arrived, released = Event(), Event()

    async def slow(call: Call) -> None:
        arrived.set()
        await released.wait()
        await LATE[late](call)

    first = Flaky(bench.platform, bench.clock)
    first.after = slow
    async with asyncio.TaskGroup() as group:
        group.create_task(bench.courier(gateway=first).deliver_due())
        await arrived.wait()
        bench.pass_time(TERMS.lease.total_seconds() - 1)
        assert await bench.courier().deliver_due() == 0
        bench.pass_time(1)
        assert await bench.courier().deliver_due() == 1
        released.set()


@pytest.mark.parametrize("late", LATE)
async def test_a_worker_that_lost_its_lease_changes_nothing(bench: Bench, late: str) -> None:
    await bench.queue(hello("one"))

    await overtaken(bench, late)

    assert bench.statuses() == {"notice/one": DELIVERED}
    assert await bench.store.run(lambda tx: tx.outbox.dead_letters()) == []
    assert bench.heard.names().count("delivered") == 1


@pytest.mark.parametrize("late", ["success", "failure", "refusal"])
async def test_a_worker_that_lost_its_lease_does_not_speak_for_a_prompt(bench: Bench, late: str) -> None:
    await bench.begin(asked(), PROMPT)

    await overtaken(bench, late)

    question = (await bench.referral()).questions[0]
    assert (question.swallowed, bench.statuses()) == (None, {PROMPT_KEY: DELIVERED})


@pytest.mark.parametrize("late", LATE)
async def test_a_worker_that_lost_its_lease_does_not_post_an_introduction_again(bench: Bench, late: str) -> None:
    await bench.begin(agreed(), INTRODUCTION)
    bench.pass_time(30)

    await overtaken(bench, late)

    kinds = await bench.store.run(lambda tx: [event.kind for event in tx.records.events()])
    assert (await bench.referral()).status is Status.INTRODUCED
    assert (kinds.count(EventKind.INTRODUCED), len(bench.received((BEN, CARLA)))) == (1, 1)


async def test_an_undo_while_the_introduction_is_being_posted_comes_too_late(bench: Bench) -> None:
    bot = bench.bot()

    async def undone(_: Call) -> None:
        await bot.handle(Press(Origin(EventId("e"), WORKSPACE, CARLA, None), "undo", f"{REFERRAL}.1"))

    await bench.begin(agreed(), INTRODUCTION)
    bench.platform.before = undone
    bench.pass_time(30)

    await bench.courier().deliver_due()

    referral = await bench.referral()
    assert (referral.status, referral.questions[1].answer) == (Status.INTRODUCED, Answer.YES)
    assert bench.received((BEN, CARLA)) != []


async def test_steps_recorded_by_a_worker_that_lost_its_lease_are_not_kept(bench: Bench) -> None:
    await bench.queue(hello("one"))
    now = bench.clock.now()
    (old,) = await bench.store.run(lambda tx: tx.outbox.claim(now, now + TERMS.lease, "old", 9))
    later = now + TERMS.lease
    (new,) = await bench.store.run(lambda tx: tx.outbox.claim(later, later + TERMS.lease, "new", 9))

    await bench.store.run(lambda tx: tx.outbox.record(old, "room", "the old one's"))
    settled = await bench.store.run(lambda tx: tx.outbox.settle(old, Receipt(new.intent.workspace, "c", "m"), later))

    end = later + TERMS.lease
    (newest,) = await bench.store.run(lambda tx: tx.outbox.claim(end, end + TERMS.lease, "newest", 9))
    assert (settled, dict(newest.progress)) == (False, {})

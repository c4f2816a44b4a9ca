"""T5 and T6: a platform that is slow, full, broken or gone, on the real store of both databases."""

from collections import Counter
from datetime import timedelta

import pytest

from bot.app.courier import Terms
from bot.domain.ids import WorkspaceId
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Direct, Refusal
from tests.faults.bench import (
    BEN,
    CARLA,
    DEAD,
    DELIVERED,
    OPEN,
    TERMS,
    Bench,
    Call,
    Fault,
    hello,
)


def goes_to(call: Call, *users: str) -> bool:
    return isinstance(call.to, Direct) and call.to.user in users


def full_until(bench: Bench, seconds: float, *users: str, whole_workspace: bool = False) -> Fault:
    """Answer 429 with the time that is left, for some people or for everybody."""
    opens_at = bench.clock.now() + timedelta(seconds=seconds)

    async def before(call: Call) -> None:
        if bench.clock.now() < opens_at and (not users or goes_to(call, *users)):
            raise DeliveryDelayedError(opens_at - bench.clock.now(), whole_workspace=whole_workspace)

    return before


def broken(times: int) -> Fault:
    """Fail so many times in a row, as a 5xx or a reset does."""
    left = [times]

    async def before(_: Call) -> None:
        if left[0]:
            left[0] -= 1
            raise DeliveryDelayedError

    return before


def refusing(reason: Refusal, *users: str) -> Fault:
    async def before(call: Call) -> None:
        if not users or goes_to(call, *users):
            raise DeliveryRefusedError(reason)

    return before


# 429


async def test_retry_after_moves_everything_for_that_destination_and_nothing_else(bench: Bench) -> None:
    bench.platform.before = full_until(bench, 30, BEN)
    await bench.queue(hello("one"), hello("two"), hello("three"), hello("hers", CARLA))
    courier = bench.courier(terms=Terms(batch=1, lease=TERMS.lease))

    while await courier.deliver_due():
        pass
    early = bench.platform.keys()
    bench.pass_time(29)
    await courier.deliver_due()
    still = bench.platform.keys()
    bench.pass_time(1)
    while await courier.deliver_due():
        pass

    assert (early, still) == (["notice/one", "notice/hers"], early)
    assert bench.platform.keys()[2:] == ["notice/one", "notice/two", "notice/three"]
    assert set(bench.statuses().values()) == {DELIVERED}


async def test_what_is_owed_during_retry_after_waits_for_it_too(bench: Bench) -> None:
    bench.platform.before = full_until(bench, 30, BEN)
    courier = bench.courier()
    await bench.queue(hello("first"))
    await courier.deliver_due()

    bench.pass_time(5)
    await bench.queue(hello("later"), hello("hers", CARLA))
    await courier.deliver_due()

    assert bench.platform.keys() == ["notice/first", "notice/hers"]
    bench.pass_time(25)
    await courier.deliver_due()
    assert set(bench.statuses().values()) == {DELIVERED}


async def test_a_limit_of_the_whole_workspace_stops_that_workspace_and_no_other(bench: Bench) -> None:
    bench.platform.before = full_until(bench, 30, BEN, whole_workspace=True)
    elsewhere = hello("elsewhere", CARLA, workspace=WorkspaceId("local:elsewhere"))
    await bench.queue(hello("one"), hello("hers", CARLA), elsewhere)
    courier = bench.courier(terms=Terms(batch=1, lease=TERMS.lease))

    while await courier.deliver_due():
        pass

    assert bench.platform.keys() == ["notice/one", "notice/elsewhere"]
    bench.pass_time(30)
    while await courier.deliver_due():
        pass
    assert set(bench.statuses().values()) == {DELIVERED}


async def test_waiting_as_told_is_no_failed_try(bench: Bench) -> None:
    courier = bench.courier()
    await bench.queue(hello("one"))

    for _ in range(TERMS.tries + 3):
        bench.platform.before = full_until(bench, 30)
        await courier.deliver_due()
        bench.pass_time(30)
    await courier.deliver_due()

    assert bench.statuses() == {"notice/one": DELIVERED}


async def test_a_storm_on_one_of_fifty_destinations_leaves_the_others_alone(bench: Bench) -> None:
    bench.platform.before = full_until(bench, 60, BEN)
    others = [hello(f"other-{number}", CARLA, destination=f"d-{number}") for number in range(49)]
    await bench.queue(hello("stuck"), *others)
    courier = bench.courier()

    for _ in range(60):
        while await courier.deliver_due():
            pass
        bench.pass_time(1)
    await courier.deliver_due()

    sent = {call.key: call.at for call in bench.platform.calls}
    assert max(sent[other.key] for other in others) == min(sent.values())
    assert Counter(bench.platform.keys())["notice/stuck"] == 2
    assert set(bench.statuses().values()) == {DELIVERED}


# 5xx, resets and lost answers


@pytest.mark.parametrize(("dice", "factor"), [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)])
async def test_failures_back_off_twice_as_long_each_time_give_or_take_a_fifth(
    bench: Bench, dice: float, factor: float
) -> None:
    courier = bench.courier(terms=Terms(tries=12, lease=TERMS.lease), jitter=lambda: dice)
    bench.platform.before = broken(11)
    await bench.queue(hello("one"))

    waits = []
    for _ in range(11):
        await courier.deliver_due()
        due = await bench.store.run(lambda tx: tx.outbox.next_due())
        assert due is not None
        waits.append((due - bench.clock.now()).total_seconds())
        bench.clock.move_to(due)
    await courier.deliver_due()

    assert waits == pytest.approx([min(2**n, 900) * factor for n in range(11)])
    assert bench.statuses() == {"notice/one": DELIVERED}


async def test_after_the_last_try_a_row_is_a_dead_letter(bench: Bench) -> None:
    courier = bench.courier()
    bench.platform.before = broken(99)
    await bench.queue(hello("one"))

    for _ in range(9):
        await courier.deliver_due()
        bench.pass_time(60)

    assert len(bench.platform.calls) == TERMS.tries
    assert bench.statuses() == {"notice/one": DEAD}
    assert bench.heard.names().count("died") == 1


async def test_a_row_that_is_tried_a_hundred_times_ends_like_any_other(bench: Bench) -> None:
    courier = bench.courier(terms=Terms(tries=100, lease=TERMS.lease))
    bench.platform.before = broken(999)
    await bench.queue(hello("one"))

    for _ in range(110):
        await courier.deliver_due()
        bench.pass_time(1080)

    assert (len(bench.platform.calls), bench.statuses()) == (100, {"notice/one": DEAD})


async def test_a_platform_that_fails_one_call_in_five_gets_everything_once_in_the_end(bench: Bench) -> None:
    counted = iter(range(10_000))

    async def fails(_: Call) -> None:
        if next(counted) % 5 == 0:
            raise DeliveryDelayedError

    async def loses(_: Call) -> None:
        if next(counted) % 7 == 0:
            raise DeliveryDelayedError(lost_answer=True)

    bench.platform.before, bench.platform.after = fails, loses
    await bench.queue(*(hello(f"n-{number}", CARLA if number % 2 else BEN) for number in range(60)))
    courier = bench.courier(terms=Terms(lease=TERMS.lease))

    for _ in range(30):
        await courier.deliver_due()
        bench.pass_time(30)

    assert Counter(bench.statuses().values()) == {DELIVERED: 60}
    assert len(bench.received(BEN, CARLA)) == 60


# order


async def test_one_person_s_messages_about_one_referral_keep_their_order_while_others_pass(bench: Bench) -> None:
    async def first_fails_once(call: Call) -> None:
        if bench.platform.keys().count("notice/first") == 1 and call.key == "notice/first":
            raise DeliveryDelayedError

    bench.platform.before = first_fails_once
    await bench.queue(hello("first", lane="l"), hello("second", lane="l"), hello("third", lane="l"), hello("other"))
    courier = bench.courier()

    await courier.deliver_due()
    while await courier.deliver_due():
        pass
    blocked = bench.statuses()
    bench.pass_time(2)
    while await courier.deliver_due():
        pass

    keys = bench.platform.keys()
    assert blocked == {"notice/first": OPEN, "notice/second": OPEN, "notice/third": OPEN, "notice/other": DELIVERED}
    assert [key for key in keys if key != "notice/other"] == [
        "notice/first",
        "notice/first",
        "notice/second",
        "notice/third",
    ]

"""T2, T4 and T7: several of everything at once, and a database that goes away under them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest

from adapters.local.room import INTRODUCTIONS, WORKSPACE
from bot.bootstrap import open_store
from bot.domain.effects import PostIntroduction
from bot.domain.ids import EventId, UserId
from bot.domain.question import Answer
from bot.domain.referral import Status
from bot.ports.inbound import Inbound, Origin, Press, Submit
from bot.ports.messages import Reply
from storage.errors import StorageError
from tests.databases import PostgresForTests
from tests.factories import GROUP
from tests.faults.bench import (
    ANA,
    BEN,
    CARLA,
    DELIVERED,
    INTRODUCTION,
    OPEN,
    PARTIES,
    PROMPT,
    REFERRAL,
    Bench,
    CountsCollisions,
    agreed,
    asked,
    bench_on,
    hello,
)
from tests.faults.checker import facts_of
from tests.faults.places import settings_for

MANY = 8


@pytest.fixture
async def replicas(bench: Bench) -> AsyncIterator[list[Bench]]:
    """Eight benches with one world: on PostgreSQL each with a store of its own, on SQLite all with the one writer."""
    others = [replace(bench, couriers=10 * number) for number in range(MANY)]
    if bench.url.startswith("postgresql"):
        for other in others:
            other.store = open_store(settings_for(bench.url)).store
    yield others
    for other in others:
        if other.store is not bench.store:
            await other.store.close()


def pressed(who: UserId, verb: str, event: str) -> Press:
    return Press(Origin(EventId(event), WORKSPACE, who, None), verb, f"{REFERRAL}.0")


async def at_once(*works: Awaitable[Reply]) -> list[Reply]:
    """Wait for all of them at the same time."""
    return list(await asyncio.gather(*works))


def receipts(bench: Bench) -> list[str]:
    return [answer for _, _, _, answer, *_ in facts_of(bench.url)["receipts"]]


# one referral, many writers


async def test_eight_yeses_at_once_have_one_effect(bench: Bench, replicas: list[Bench]) -> None:
    await bench.begin(asked(), PROMPT)

    await at_once(*(one.bot().handle(pressed(BEN, "yes", f"e-{n}")) for n, one in enumerate(replicas)))

    assert receipts(bench) == ["yes"]
    assert set(bench.statuses()) == {"prompt/r-1/0", "prompt/r-1/1", "edit/r-1/0/1"}
    assert len((await bench.referral()).questions) == 2


async def test_writers_of_one_referral_wait_for_each_other_rather_than_start_again(
    bench: Bench, replicas: list[Bench]
) -> None:
    collisions: list[str] = []
    await bench.begin(asked(), PROMPT)
    bots = [one.bot(CountsCollisions(one.store, collisions)) for one in replicas]

    await at_once(*(bot.handle(pressed(BEN, ("yes", "no")[n % 2], f"e-{n}")) for n, bot in enumerate(bots)))

    assert collisions == []


async def test_one_event_that_reaches_eight_replicas_gets_one_effect_and_one_answer(
    bench: Bench, replicas: list[Bench]
) -> None:
    await bench.begin(asked(), PROMPT)

    answers = await at_once(*(one.bot().handle(pressed(BEN, "yes", "e")) for one in replicas))

    assert (receipts(bench), facts_of(bench.url)["inbox"]) == (["yes"], ["e"])
    assert answers == [answers[0]] * MANY


async def test_one_form_that_reaches_eight_replicas_makes_one_draft(bench: Bench, replicas: list[Bench]) -> None:
    answers = await at_once(*(one.bot().handle(draft("e")) for one in replicas))

    assert [kind for kind, *_ in facts_of(bench.url)["log"]] == ["draft_started"]
    assert answers == [answers[0]] * MANY


@pytest.mark.parametrize("rounds", range(3))
async def test_yes_and_no_at_once_leave_what_was_answered_last(
    bench: Bench, replicas: list[Bench], rounds: int
) -> None:
    await bench.begin(asked(), PROMPT)
    verbs = ["yes", "no"] * (MANY // 2)

    await at_once(
        *(
            one.bot().handle(pressed(BEN, verb, f"{rounds}-{n}"))
            for n, (one, verb) in enumerate(zip(replicas, verbs, strict=True))
        )
    )

    said = receipts(bench)
    answer = (await bench.referral()).questions[0].answer
    assert all(one != other for one, other in pairwise(said))
    assert (answer and answer.agrees, answer is not None) == (said[-1] == "yes", True)


async def test_undo_and_the_courier_s_claim_at_once_end_one_way_or_the_other(
    bench: Bench, replicas: list[Bench]
) -> None:
    await bench.begin(agreed(), INTRODUCTION)
    bench.pass_time(30)

    await asyncio.gather(
        *(one.bot().handle(pressed(BEN, "undo", f"e-{n}")) for n, one in enumerate(replicas[:4])),
        *(one.courier().deliver_due() for one in replicas[4:]),
    )

    introduced = (await bench.referral()).status is Status.INTRODUCED
    posted = len([call for call in bench.platform.calls if call.key == "introduction/r-1/1"])
    assert (posted, receipts(bench).count("taken_back")) == ((1, 0) if introduced else (0, 1))
    assert (await bench.referral()).questions[0].answer is (Answer.YES if introduced else Answer.TAKEN_BACK)


# many couriers and sweepers


async def test_two_couriers_deliver_everything_and_nothing_twice(bench: Bench, replicas: list[Bench]) -> None:
    await bench.queue(*(hello(f"n-{n}", (ANA, BEN, CARLA)[n % 3], lane=f"lane-{n % 70}") for n in range(300)))

    async def all_day(one: Bench) -> None:
        courier = one.courier()
        for _ in range(200):
            await courier.deliver_due()
            if OPEN not in bench.statuses().values():
                return

    await asyncio.gather(all_day(replicas[0]), all_day(replicas[1]))

    assert set(Counter(bench.platform.keys()).values()) == {1}
    assert set(bench.statuses().values()) == {DELIVERED}
    assert all(_in_order(bench.platform.keys(), lane) for lane in range(70))


def _in_order(keys: Sequence[str], lane: int) -> bool:
    numbers = [int(key.partition("-")[2]) for key in keys]
    mine = [number for number in numbers if number % 70 == lane]
    return mine == sorted(mine)


async def test_sweepers_at_the_same_tick_do_each_thing_once(bench: Bench, replicas: list[Bench]) -> None:
    await bench.begin(asked())
    for _ in range(20):
        due = await bench.bot().next_due()
        if due is None:
            break
        bench.clock.move_to(max(due, bench.clock.now()))
        await asyncio.gather(*(one.sweeper().sweep() for one in replicas))
        await bench.courier().deliver_due()

    ben = await bench.store.run(lambda tx: tx.members.get(PARTIES["seeker"]))
    assert [kind for kind, *_ in facts_of(bench.url)["log"]] == ["lapsed"]
    assert (ben.silences, (await bench.referral()).status) == (1, Status.LAPSED)
    assert len(bench.received(ANA)) == 1


async def test_an_introduction_due_at_many_couriers_is_posted_once(bench: Bench, replicas: list[Bench]) -> None:
    await bench.begin(agreed(), PostIntroduction(REFERRAL, 1, bench.clock.now()))
    bench.pass_time(30)

    await asyncio.gather(*(one.courier().deliver_due() for one in replicas))

    # Whoever is slow may come upon the referrer's notice too, which the introduction has queued by then.
    delivered = bench.platform.keys()
    assert [key for key in delivered if not key.startswith("notice/")] == ["introduction/r-1/1"]
    assert [kind for kind, *_ in facts_of(bench.url)["log"]] == ["introduced"]


# a database that goes away


def draft(event: str) -> Submit:
    origin = Origin(EventId(event), WORKSPACE, ANA, INTRODUCTIONS)
    words = {"need": "His books have to be done.", "why": "She did mine.", "basis": "direct"}
    return Submit(origin, "new_draft", GROUP, {"seeker": BEN, "provider": CARLA, **words})


async def until_answered(handle: Callable[[Inbound], Awaitable[Reply]], inbound: Inbound) -> None:
    """Try as a person does, with the same event, until there is an answer."""
    for _ in range(30):
        with suppress(StorageError):
            await handle(inbound)
            return
    raise AssertionError("no answer")


@pytest.mark.postgres
async def test_a_database_that_restarts_under_load_loses_nothing_acknowledged(
    furnished_postgres: str, postgres_server: PostgresForTests
) -> None:
    bench = bench_on(furnished_postgres, open_store(settings_for(furnished_postgres)).store)
    bot = bench.bot()

    async def works(number: int) -> None:
        await until_answered(bot.handle, draft(f"e-{number}"))
        if number % 5 == 0:
            await asyncio.to_thread(postgres_server.disconnect_all, bench.url)

    await asyncio.gather(*(works(number) for number in range(60)))

    facts = facts_of(bench.url)
    assert sorted(facts["inbox"]) == sorted(f"e-{number}" for number in range(60))
    assert Counter(kind for kind, *_ in facts["log"]) == {"draft_started": 60}
    await bench.store.close()


@pytest.mark.postgres
async def test_a_database_that_restarts_under_the_courier_costs_no_message(
    furnished_postgres: str, postgres_server: PostgresForTests
) -> None:
    bench = bench_on(furnished_postgres, open_store(settings_for(furnished_postgres)).store)
    await bench.queue(*(hello(f"n-{number}") for number in range(60)))
    courier = bench.courier()

    for _ in range(10):
        await asyncio.gather(
            asyncio.to_thread(postgres_server.disconnect_all, bench.url),
            courier.deliver_due(),
            return_exceptions=True,
        )
        bench.pass_time(60)
    while await courier.deliver_due():
        pass

    assert Counter(bench.statuses().values()) == {DELIVERED: 60}
    assert len(bench.received(BEN)) == 60
    await bench.store.close()

"""What a Store promises when many write at once."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event

import pytest

from bot.domain.decision import PairPast
from bot.domain.errors import StaleWriteError
from bot.domain.ids import ReferralId
from bot.domain.question import Answer
from bot.ports.rows import Claimed, Depth
from bot.ports.store import Transaction
from storage.runner import open_runner
from storage.store import SqlStore
from storage.vault import Vault
from tests.factories import GROUP, NOW, OTTO, RITA, SAM, a_question, a_referral, an_asking_referral, an_intent
from tests.stores import keep, settled

REFERRAL = ReferralId("referral")
LEASE = timedelta(seconds=60)
WRITERS = 8
ROWS, LANES = 400, 25


class RefusedError(Exception):
    """What a piece of work raises on purpose."""


@contextmanager
def replicas(url: str, vault: Vault, count: int) -> Iterator[list[SqlStore]]:
    """Open the same database several times, as several processes would."""
    opened = [settled(url, vault), *(SqlStore(open_runner(url), vault) for _ in range(count - 1))]
    yield opened
    for store in opened:
        store.close_now()


@pytest.mark.postgres
@pytest.mark.parametrize("locking", [True, False])
def test_of_eight_writers_at_once_one_answers_and_the_others_hear_that_they_were_late(
    migrated_postgres: str, vault: Vault, *, locking: bool
) -> None:
    barrier = Barrier(WRITERS)

    def answer(store: SqlStore) -> bool:
        tries = 0

        def work(tx: Transaction) -> None:
            nonlocal tries
            tries += 1
            before = tx.referrals.get(REFERRAL, to_change=locking and tries > 1)
            if tries == 1:
                barrier.wait(10)
            if before.questions[0].answer is None:
                tx.outbox.add([an_intent(f"{tries}/{id(store)}")], NOW)
                tx.referrals.save(before.with_question(before.questions[0].answered(Answer.YES, NOW)), None)

        try:
            store.run_now(work)
        except StaleWriteError:
            store.run_now(work)  # as the use case does: from the start
            return False
        return True

    with replicas(migrated_postgres, vault, WRITERS) as stores, ThreadPoolExecutor(WRITERS) as threads:
        keep(stores[0], an_asking_referral())

        first = list(threads.map(answer, stores))

        left = stores[0].run_now(lambda tx: (tx.referrals.get(REFERRAL), tx.outbox.depth(NOW)))
        assert sum(first) == 1
        assert (left[0].version, left[0].questions[0].edits, left[1]) == (2, 1, Depth(1, NOW, 0))


@pytest.mark.postgres
def test_a_referral_locked_to_be_changed_makes_the_next_one_wait_and_read_what_was_written(
    migrated_postgres: str, vault: Vault
) -> None:
    holding, go_on = Event(), Event()

    def slow(tx: Transaction) -> None:
        before = tx.referrals.get(REFERRAL, to_change=True)
        holding.set()
        go_on.wait(10)
        tx.referrals.save(replace(before, urgent=True), None)

    def quick(tx: Transaction) -> bool:
        return tx.referrals.get(REFERRAL, to_change=True).urgent

    with replicas(migrated_postgres, vault, 2) as (one, other), ThreadPoolExecutor(2) as threads:
        keep(one, a_referral())
        slowly = threads.submit(one.run_now, slow)
        holding.wait(10)
        quickly: Future[bool] = threads.submit(other.run_now, quick)
        go_on.set()

        assert (slowly.result(10), quickly.result(10)) == (None, True)


async def test_sixteen_pieces_of_work_keep_each_others_failures_apart(store: SqlStore) -> None:
    def piece(number: int, tx: Transaction) -> int:
        tx.referrals.add(a_referral(id=ReferralId(f"r{number}")))
        tx.outbox.add([an_intent(f"k{number}")], NOW)
        if number % 3 == 0:
            raise RefusedError(number)
        return number

    results = await asyncio.gather(
        *(store.run(lambda tx, n=n: piece(n, tx)) for n in range(16)),  # type: ignore[misc]
        return_exceptions=True,
    )

    good = {n for n in range(16) if n % 3}
    stored = await store.run(lambda tx: tx.referrals.started_by(GROUP, RITA))
    assert {r for r in results if isinstance(r, int)} == good
    assert {int(r.id[1:]) for r in stored} == good
    assert (await store.run(lambda tx: tx.outbox.depth(NOW))).open == len(good)


@pytest.mark.postgres
def test_couriers_at_once_never_take_the_same_row_nor_two_of_one_lane(migrated_postgres: str, vault: Vault) -> None:
    def courier(name: str, store: SqlStore) -> list[Claimed]:
        mine: list[Claimed] = []
        while taken := store.run_now(lambda tx: tx.outbox.claim(NOW, NOW + LEASE, name, 7)):
            lanes = [row.intent.lane for row in taken]
            assert len(lanes) == len(set(lanes))
            mine += taken
            for row in taken:
                assert store.run_now(lambda tx, row=row: tx.outbox.settle(row, None, NOW))  # type: ignore[misc]
        return mine

    with replicas(migrated_postgres, vault, 4) as stores, ThreadPoolExecutor(4) as threads:
        intents = [an_intent(f"{n:04}", lane=f"lane {n % LANES}") for n in range(ROWS)]
        stores[0].run_now(lambda tx: tx.outbox.add(intents, NOW))

        taken = list(threads.map(courier, "abcd", stores))

        rest = courier("last", stores[0])
    keys = [row.intent.key for rows in (*taken, rest) for row in rows]
    assert sorted(keys) == [intent.key for intent in intents]
    for rows in taken:
        for lane in range(LANES):
            mine = [row.id for row in rows if row.intent.lane == f"lane {lane}"]
            assert mine == sorted(mine)


@pytest.mark.postgres
def test_a_claim_that_is_not_committed_yet_keeps_its_lane(migrated_postgres: str, vault: Vault) -> None:
    holding, go_on = Event(), Event()

    def slow(tx: Transaction) -> list[str]:
        taken = tx.outbox.claim(NOW, NOW + LEASE, "slow", 9)
        holding.set()
        go_on.wait(10)
        return [row.intent.key for row in taken]

    def quick(tx: Transaction) -> list[str]:
        return [row.intent.key for row in tx.outbox.claim(NOW, NOW + LEASE, "quick", 9)]

    with replicas(migrated_postgres, vault, 2) as (one, other), ThreadPoolExecutor(1) as threads:
        one.run_now(lambda tx: tx.outbox.add([an_intent(key, lane="lane") for key in ("first", "second")], NOW))
        slowly = threads.submit(one.run_now, slow)
        holding.wait(10)

        meanwhile = other.run_now(quick)

        go_on.set()
        assert (slowly.result(10), meanwhile) == (["first"], [])


@pytest.mark.postgres
def test_two_who_would_ask_the_same_pair_at_once_see_each_other(migrated_postgres: str, vault: Vault) -> None:
    barrier = Barrier(2)

    def ask(store: SqlStore, name: str) -> PairPast:
        mine = an_asking_referral(id=ReferralId(name), starter=OTTO, questions=(a_question(),))

        def work(tx: Transaction) -> PairPast:
            tx.members.get(SAM)
            barrier.wait(10)
            past = tx.referrals.pair_past(mine, timedelta(days=90), NOW)
            tx.referrals.add(mine)
            return past

        return store.run_now(work)

    with replicas(migrated_postgres, vault, 2) as stores, ThreadPoolExecutor(2) as threads:
        pasts = list(threads.map(ask, stores, ("one", "other")))

    assert sorted(past.open_now for past in pasts) == [False, True]

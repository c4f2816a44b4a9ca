"""What a Store promises about the outbox, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.effects import SendPrompt
from bot.domain.ids import ReferralId, WorkspaceId
from bot.ports.gateway import DeliveryKey, Receipt
from bot.ports.installs import Workspace
from bot.ports.rows import Claimed, Depth
from bot.ports.store import Transaction
from storage.store import SqlStore
from tests.factories import NOW, SAM, WORKSPACE, an_intent

SECOND = timedelta(seconds=1)
LEASE = 60 * SECOND
DAY = timedelta(days=1)
SENT = Receipt(WORKSPACE, "D1", "17.4")


def queue(store: SqlStore, *keys: str, **changes: Any) -> None:  # noqa: ANN401 -- any field
    store.run_now(lambda tx: tx.outbox.add([an_intent(key, **changes) for key in keys], NOW))


def claim(store: SqlStore, now: datetime = NOW, lease: str = "mine", most: int = 9) -> Sequence[Claimed]:
    return store.run_now(lambda tx: tx.outbox.claim(now, now + LEASE, lease, most))


def keys(claimed: Sequence[Claimed]) -> list[str]:
    return [row.intent.key for row in claimed]


def test_what_was_queued_is_claimed_whole(store: SqlStore) -> None:
    prompt = SendPrompt(ReferralId("referral"), SAM, 2)
    intent = an_intent(effect=prompt, due=NOW - SECOND)
    store.run_now(lambda tx: tx.outbox.add([intent], NOW - DAY))

    (row,) = claim(store)

    assert (row.intent.effect, row.intent.key, row.intent.lane) == (prompt, intent.key, intent.lane)
    assert (row.intent.workspace, row.intent.destination) == (intent.workspace, intent.destination)
    assert (row.attempts, row.lease, row.queued_at, row.progress) == (0, "mine", NOW - DAY, {})


def test_an_intent_is_queued_once_whatever_became_of_it(store: SqlStore) -> None:
    queue(store, "a", "a", "b")
    queue(store, "a", destination="another")
    for row in claim(store):
        store.run_now(lambda tx, row=row: tx.outbox.settle(row, SENT, NOW))  # type: ignore[misc]

    queue(store, "a", "b")

    assert store.run_now(lambda tx: tx.outbox.depth(NOW)) == Depth(0, None, 0)


def test_only_what_is_due_is_claimed_and_no_more_than_wanted(store: SqlStore) -> None:
    queue(store, "late", due=NOW - SECOND)
    queue(store, "now")
    queue(store, "later", due=NOW + SECOND)

    assert keys(claim(store, most=1)) == ["late"]
    assert keys(claim(store)) == ["now"]
    assert keys(claim(store, NOW + SECOND)) == ["later"]


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(store: SqlStore) -> None:
    queue(store, "a")
    claim(store)

    early = claim(store, NOW + LEASE - SECOND, "theirs")
    late = claim(store, NOW + LEASE, "theirs")

    assert (keys(early), keys(late)) == ([], ["a"])


def test_a_lane_goes_in_the_order_it_was_queued(store: SqlStore) -> None:
    queue(store, "first", "second", "third", lane="lane")
    queue(store, "other")

    (first, _) = claim(store)
    while_first_is_held = claim(store)
    store.run_now(lambda tx: tx.outbox.settle(first, SENT, NOW))
    (second,) = claim(store)
    store.run_now(lambda tx: tx.outbox.give_up(second, "refused", NOW))
    (third,) = claim(store)

    assert keys([first, second, third]) == ["first", "second", "third"]
    assert not while_first_is_held


def test_the_first_of_a_lane_keeps_the_others_waiting_even_if_it_is_due_later(store: SqlStore) -> None:
    queue(store, "first", lane="lane", due=NOW + SECOND)
    queue(store, "second", lane="lane")

    assert not claim(store)
    assert store.run_now(lambda tx: tx.outbox.next_due()) == NOW + SECOND


def test_settling_keeps_where_the_message_is(store: SqlStore) -> None:
    queue(store, "a", "b")
    a, b = claim(store)

    settled = store.run_now(lambda tx: [tx.outbox.settle(a, SENT, NOW), tx.outbox.settle(b, None, NOW)])

    receipts = store.run_now(lambda tx: [tx.outbox.receipt_of(DeliveryKey(key)) for key in ("a", "b", "c")])
    assert (settled, receipts) == ([True, True], [SENT, None, None])
    assert not claim(store, NOW + DAY)


def test_whoever_lost_the_lease_changes_nothing(store: SqlStore) -> None:
    queue(store, "a")
    (late,) = claim(store)
    (holder,) = claim(store, NOW + LEASE, "theirs")

    def too_late(tx: Transaction) -> bool:
        tx.outbox.record(late, "step", "late")
        tx.outbox.delay(late, NOW + DAY, "late")
        tx.outbox.give_up(late, "late", NOW)
        return tx.outbox.settle(late, SENT, NOW)

    assert not store.run_now(too_late)
    assert store.run_now(lambda tx: tx.outbox.settle(holder, SENT, NOW))
    assert not store.run_now(lambda tx: tx.outbox.settle(holder, SENT, NOW))
    assert store.run_now(lambda tx: tx.outbox.depth(NOW + DAY)) == Depth(0, None, 0)


def test_the_results_of_calls_are_kept_for_whoever_goes_on(store: SqlStore) -> None:
    queue(store, "a")
    (row,) = claim(store)

    for step in ("opened", "posted"):
        store.run_now(lambda tx, step=step: tx.outbox.record(row, step, f"{step} 1"))  # type: ignore[misc]

    (again,) = claim(store, NOW + LEASE)
    assert again.progress == {"opened": "opened 1", "posted": "posted 1"}


def test_a_delay_counts_as_a_try_unless_the_platform_asked_for_it(store: SqlStore) -> None:
    queue(store, "a")
    (row,) = claim(store)
    store.run_now(lambda tx: tx.outbox.delay(row, NOW + SECOND, "failed"))
    (again,) = claim(store, NOW + SECOND)
    store.run_now(lambda tx: tx.outbox.delay(again, NOW + 2 * SECOND, "asked to", counts=False))

    assert not claim(store, NOW + SECOND)
    (last,) = claim(store, NOW + 2 * SECOND)
    assert (again.attempts, last.attempts) == (1, 1)


@pytest.mark.parametrize(("destination", "moved"), [("d1", ["d1"]), (None, ["d1", "d2"])])
def test_holding_back_moves_everything_open_for_a_destination_or_a_workspace(
    store: SqlStore, destination: str | None, moved: list[str]
) -> None:
    queue(store, "d1", destination="d1")
    queue(store, "d2", destination="d2")
    queue(store, "far", destination="d1", due=NOW + DAY)
    queue(store, "elsewhere", destination="d1", workspace=WorkspaceId("local:other"))

    store.run_now(lambda tx: tx.outbox.hold_back(NOW + LEASE, workspace=WORKSPACE, destination=destination))

    assert set(keys(claim(store))) == {"d1", "d2", "elsewhere"} - set(moved)
    assert keys(claim(store, NOW + LEASE, most=2))[: len(moved)] == moved
    assert "far" in keys(claim(store, NOW + DAY))


def test_a_dead_letter_can_be_read_replayed_and_dropped(store: SqlStore) -> None:
    queue(store, "a", "b")
    for row in claim(store):
        store.run_now(lambda tx, row=row: tx.outbox.record(row, "opened", "1"))  # type: ignore[misc]
        store.run_now(lambda tx, row=row: tx.outbox.give_up(row, "unreachable", NOW))  # type: ignore[misc]
    a, b = store.run_now(lambda tx: tx.outbox.dead_letters())
    before = store.run_now(lambda tx: tx.outbox.depth(NOW))

    done = store.run_now(lambda tx: [tx.outbox.replay(a.id, NOW + DAY), tx.outbox.drop(b.id)])
    again = store.run_now(lambda tx: [tx.outbox.replay(a.id, NOW), tx.outbox.replay(b.id, NOW), tx.outbox.drop(99)])

    assert (a.key, a.reason, a.attempts, a.died_at, a.effect) == ("a", "unreachable", 1, NOW, an_intent().effect)
    assert (before, done, again) == (Depth(0, None, 2), [True, True], [False, False, False])
    (replayed,) = claim(store, NOW + DAY)
    assert (replayed.intent.key, replayed.attempts, replayed.progress) == ("a", 0, {"opened": "1"})


def test_the_depth_tells_what_waits_and_since_when(store: SqlStore) -> None:
    queue(store, "old", due=NOW - DAY)
    queue(store, "new", "future", due=NOW + SECOND)

    depths = store.run_now(lambda tx: [tx.outbox.depth(NOW), tx.outbox.depth(NOW - 2 * DAY)])

    assert depths == [Depth(3, NOW - DAY, 0), Depth(3, None, 0)]


def test_the_next_due_row_is_the_first_of_its_lane_or_the_end_of_a_lease(store: SqlStore) -> None:
    empty = store.run_now(lambda tx: tx.outbox.next_due())
    queue(store, "a", due=NOW)
    waiting = store.run_now(lambda tx: tx.outbox.next_due())
    claim(store)
    held = store.run_now(lambda tx: tx.outbox.next_due())

    assert (empty, waiting, held) == (None, NOW, NOW + LEASE)


def test_delivered_and_dropped_rows_are_forgotten_and_open_and_dead_ones_never(store: SqlStore) -> None:
    queue(store, "sent", "unwanted", "dead", "dropped", "open")
    sent, unwanted, dead, dropped, opened = claim(store)

    def work(tx: Transaction) -> tuple[int, int]:
        tx.outbox.settle(sent, SENT, NOW)
        tx.outbox.settle(unwanted, None, NOW)
        tx.outbox.give_up(dead, "refused", NOW)
        tx.outbox.give_up(dropped, "refused", NOW)
        tx.outbox.drop(dropped.id)
        tx.outbox.delay(opened, NOW, "later")
        return tx.outbox.forget_before(NOW), tx.outbox.forget_before(NOW + SECOND)

    assert store.run_now(work) == (0, 3)
    assert store.run_now(lambda tx: tx.outbox.depth(NOW)) == Depth(1, NOW, 1)


def test_a_dead_letter_is_revived_by_its_key_and_nothing_else_is(store: SqlStore) -> None:
    queue(store, "dead", "settled", "open")
    for row in claim(store, most=2):
        if row.intent.key == "dead":
            store.run_now(lambda tx, row=row: tx.outbox.give_up(row, "no_channel", NOW))  # type: ignore[misc]
        else:
            store.run_now(lambda tx, row=row: tx.outbox.settle(row, SENT, NOW))  # type: ignore[misc]

    revived = {
        key: store.run_now(lambda tx, key=key: tx.outbox.revive(DeliveryKey(key), NOW))  # type: ignore[misc]
        for key in ("dead", "settled", "open", "never")
    }

    assert revived == {"dead": True, "settled": False, "open": False, "never": False}
    assert keys(claim(store)) == ["dead", "open"]
    assert not store.run_now(lambda tx: tx.outbox.revive(DeliveryKey("dead"), NOW))


def test_what_is_owed_to_a_workspace_that_departed_waits_unseen_until_it_comes_back(store: SqlStore) -> None:
    elsewhere = WorkspaceId("local:elsewhere")
    queue(store, "a", "b")
    queue(store, "c", workspace=elsewhere, due=NOW + SECOND)
    gone = Workspace(WORKSPACE, NOW, departed_at=NOW)

    store.run_now(lambda tx: tx.workspaces.save(gone))
    while_gone = [keys(claim(store)), store.run_now(lambda tx: (tx.outbox.next_due(), tx.outbox.depth(NOW)))]
    store.run_now(lambda tx: tx.workspaces.save(replace(gone, departed_at=None)))

    assert while_gone == [[], (NOW + SECOND, Depth(1, None, 0))]
    assert keys(claim(store)) == ["a", "b"]

"""What a Store promises about the inbox, the log, the receipts and the shown texts, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.decision import Form, NeedsWords, Refused
from bot.domain.events import EventKind
from bot.domain.ids import EventId, GroupId, ReferralId
from bot.domain.question import Answer
from bot.domain.words import Fault, Slot
from bot.ports.rows import KeptReceipt
from bot.ports.store import Transaction
from storage.records import salted_hash
from storage.store import SqlStore
from tests.factories import GROUP, NOW, PIA, RITA, SAM, a_receipt, a_referral, a_shown, an_event, remembered

EVENT = EventId("event")
DAY = timedelta(days=1)


def test_a_new_event_has_no_answer_and_a_repeat_gets_the_first_one(store: SqlStore) -> None:
    before = store.run_now(lambda tx: tx.inbox.first_answer(EVENT))
    refused = remembered(outcome=Refused({Slot.NEED: Fault.MISSING}, Form.DRAFT))

    first = store.run_now(lambda tx: tx.inbox.remember(EVENT, refused, NOW))
    again = store.run_now(lambda tx: tx.inbox.remember(EVENT, remembered(), NOW))

    assert (before, first, again) == (None, True, False)
    assert store.run_now(lambda tx: tx.inbox.first_answer(EVENT)) == refused


def test_events_are_forgotten_when_they_are_old(store: SqlStore) -> None:
    needs = remembered(outcome=NeedsWords(Form.BLIND, (Slot.SEEKER_BLIND,)))
    store.run_now(lambda tx: tx.inbox.remember(EVENT, remembered(), NOW))
    store.run_now(lambda tx: tx.inbox.remember(EventId("newer"), needs, NOW + DAY))

    forgotten = store.run_now(lambda tx: tx.inbox.forget_before(NOW + DAY))

    assert forgotten == 1
    assert store.run_now(lambda tx: tx.inbox.first_answer(EVENT)) is None
    assert store.run_now(lambda tx: tx.inbox.first_answer(EventId("newer"))) == needs


async def test_of_many_repeats_at_once_one_is_the_first(store: SqlStore) -> None:
    def work(tx: Transaction) -> bool:
        return tx.inbox.remember(EVENT, remembered(), NOW)

    firsts = await asyncio.gather(*(store.run(work) for _ in range(16)))

    assert sum(firsts) == 1


def test_the_log_comes_back_in_order_group_by_group(store: SqlStore) -> None:
    elsewhere = an_event(group=GroupId("elsewhere"), by=None, referral=None, facts={})
    events = [an_event(), an_event(kind=EventKind.GOT_IT)]

    store.run_now(lambda tx: tx.records.append(events, NOW, "2026-W47"))
    store.run_now(lambda tx: tx.records.append([elsewhere], NOW, "2026-W47"))
    store.run_now(lambda tx: tx.records.append([], NOW, "2026-W47"))

    assert store.run_now(lambda tx: tx.records.events(GROUP)) == events
    assert store.run_now(lambda tx: tx.records.events()) == [*events, elsewhere]


@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["log", "receipt"])
def test_the_log_and_the_receipts_only_grow(store: SqlStore, table: str, statement: str) -> None:
    store.run_now(lambda tx: tx.records.append([an_event()], NOW, "2026-W47"))
    store.run_now(lambda tx: tx.records.add_receipts([a_receipt()]))

    with pytest.raises(IntegrityError):
        store._runner.run_now(lambda connection: connection.execute(text(statement.format(table))))

    assert len(store.run_now(lambda tx: tx.records.events())) == 1
    assert len(store.run_now(lambda tx: tx.records.receipts_of(SAM))) == 1


def test_the_first_text_that_was_shown_stays(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.referrals.add(a_referral()))

    store.run_now(lambda tx: tx.records.show(a_shown()))
    store.run_now(lambda tx: tx.records.show(a_shown(text="another", version=2)))
    store.run_now(lambda tx: tx.records.show(a_shown(number=1, about=(), text="\ud800\x00", at=NOW - DAY)))

    shown = store.run_now(lambda tx: tx.records.shown_to(SAM))
    assert shown == [a_shown(number=1, about=(), text="\ud800\x00", at=NOW - DAY), a_shown()]
    assert store.run_now(lambda tx: tx.records.shown_to(PIA)) == []


def test_a_receipt_holds_the_hash_of_the_text_that_was_shown_to_the_one_who_answered(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.referrals.add(a_referral()))
    store.run_now(lambda tx: tx.records.show(a_shown()))
    fields = (Slot.SEEKER_CONTACT, Slot.SEEKER_TERMS)
    receipts = [a_receipt(fields=fields), a_receipt(by=PIA, shown_to=None), a_receipt(number=-1)]

    store.run_now(lambda tx: tx.records.add_receipts(receipts))
    store.run_now(lambda tx: tx.records.add_receipts([]))

    kept, unshown = store.run_now(lambda tx: tx.records.receipts_of(SAM))
    assert (kept.receipt, kept.version, kept.locale, len(kept.sha256 or "")) == (receipts[0], 1, "en", 64)
    assert unshown == KeptReceipt(receipts[2], None, None, None, None)
    assert store.run_now(lambda tx: tx.records.receipts_of(PIA)) == [KeptReceipt(receipts[1], None, None, None, None)]


def test_two_equal_texts_have_different_hashes_and_each_can_be_proved(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.referrals.add(a_referral()))
    for number in (0, 1):
        store.run_now(lambda tx, number=number: tx.records.show(a_shown(number=number)))  # type: ignore[misc]
    store.run_now(lambda tx: tx.records.add_receipts([a_receipt(), a_receipt(number=1)]))

    first, second = store.run_now(lambda tx: [kept.sha256 for kept in tx.records.receipts_of(SAM)])

    assert first != second
    assert salted_hash("salt", a_shown().text) not in (first, second)


def test_a_yes_says_when_it_was_undone(store: SqlStore) -> None:
    answers = (Answer.YES, Answer.TAKEN_BACK, Answer.YES_BUT, Answer.NO, Answer.YES)
    receipts = [a_receipt(answer=answer, at=NOW + n * DAY) for n, answer in enumerate(answers)]
    other = a_receipt(referral=ReferralId("other"), answer=Answer.NO, at=NOW + 9 * DAY)

    store.run_now(lambda tx: tx.records.add_receipts([*receipts, other]))

    undone = store.run_now(lambda tx: [kept.taken_back_at for kept in tx.records.receipts_of(SAM)])
    assert undone == [NOW + DAY, None, NOW + 3 * DAY, None, None, None]


def test_nothing_of_a_shown_text_stands_readable_in_its_row(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.referrals.add(a_referral()))
    store.run_now(lambda tx: tx.records.show(a_shown(about=(RITA,))))

    rows = store._runner.run_now(lambda connection: str(connection.execute(text("SELECT * FROM shown")).all()))

    assert "referral/0/m-sam" in rows
    assert "introduce" not in rows

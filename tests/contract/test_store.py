"""What a Store promises about referrals, on both databases."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.group import Order, Reveal
from bot.domain.ids import AskId, GuestId, MemberId, ReferralId
from bot.domain.member import CardSlot, Guest
from bot.domain.question import Answer, Question, Side, Stage, Swallow
from bot.domain.referral import Basis, Purpose, Referral, Status, Tick
from bot.domain.words import Slot
from bot.ports.store import Transaction
from storage.store import SqlStore
from tests.factories import (
    GROUP,
    NOW,
    OTTO,
    PIA,
    RITA,
    SAM,
    WINDOW,
    a_question,
    a_referral,
    an_agreed_referral,
    an_ask,
    an_asking_referral,
)
from tests.stores import keep

DAY = timedelta(days=1)
REFERRAL = ReferralId("referral")


def everything(**changes: Any) -> Referral:  # noqa: ANN401 -- any field
    """Return a referral in which no field has its default."""
    asked: dict[str, Any] = {"answer": Answer.YES_BUT, "answered_at": NOW + DAY, "no_introduction": True, "edits": 3}
    seekers = a_question(reminded=True, closed=True, told=True, swallowed=Swallow.PAUSE, **asked)
    facts: dict[str, Any] = {
        "ask": AskId("ask"),
        "helper": True,
        "words": dict.fromkeys(Slot, "words with 😀, a \x00 and a \ud800"),
        "cards": {Side.SEEKER: {CardSlot.DOES: "paints"}, Side.PROVIDER: {CardSlot.DOES: "does books"}},
        "purpose": Purpose.HIRING,
        "urgent": True,
        "basis": Basis.INDIRECT,
        "may_use_name": True,
        "loop_me_in": True,
        "first_move": Side.SEEKER,
        "need": Tick.NOT_SURE,
        "order": Order.BOTH_AT_ONCE,
        "reveal": Reveal.ROLE_ONLY,
        "window": timedelta(days=2, microseconds=1),
        "language": "de",
        "questions": (seekers, a_question(number=1, stage=Stage.PROVIDER_NAMED)),
        "asks_nobody": True,
        "over_limit": frozenset(Side),
        "told_by": 0,
        "heard": frozenset({Side.SEEKER}),
        "too_late": True,
        "introduced_at": NOW + DAY,
        "got_it": frozenset({Side.PROVIDER}),
        "lead_sent_at": NOW,
        "came_from": ReferralId("another"),
        "version": 1,
    }
    return an_agreed_referral(**(facts | changes))


def load(store: SqlStore, referral: ReferralId = REFERRAL) -> Referral:
    return store.run_now(lambda tx: tx.referrals.get(referral))


def change(store: SqlStore, **changes: Any) -> None:  # noqa: ANN401 -- any field
    def work(tx: Transaction) -> None:
        tx.referrals.save(replace(tx.referrals.get(REFERRAL, to_change=True), **changes), None)

    store.run_now(work)


def test_every_field_of_a_referral_comes_back(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.asks.add(an_ask()))

    keep(store, everything())

    assert load(store) == everything()


def test_the_referral_above_leaves_no_field_at_its_default() -> None:
    plain, full = a_referral(), everything()
    same = {f.name for f in fields(Referral) if getattr(plain, f.name) == getattr(full, f.name)}
    question = full.questions[0]

    assert same == {"id", "group", "created_at", "starter", "seeker", "provider", "fit"}
    assert not [f.name for f in fields(Question) if getattr(question, f.name) == f.default]


def test_every_field_of_a_referral_can_be_changed(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.asks.add(an_ask()))
    keep(store, a_referral())

    change(store, **{f.name: getattr(everything(), f.name) for f in fields(Referral) if f.name != "version"})

    assert load(store) == everything(version=2)


def test_an_unknown_referral_is_not_found(store: SqlStore) -> None:
    with pytest.raises(NotFoundError):
        load(store)


def test_a_guest_may_be_the_seeker(store: SqlStore) -> None:
    guest = Guest(GuestId("guest"))

    keep(store, a_referral(seeker=guest), a_referral(id=ReferralId("another"), seeker=guest))

    assert load(store).seeker == guest


def test_a_draft_may_lack_everybody_and_name_the_same_person_twice(store: SqlStore) -> None:
    lonely = a_referral(id=ReferralId("lonely"), seeker=None, provider=None, words={}, version=1)

    keep(store, lonely, a_referral(seeker=PIA))

    assert (load(store, lonely.id), load(store).provider) == (lonely, PIA)


def test_a_write_over_an_older_version_is_refused_and_changes_nothing(store: SqlStore) -> None:
    keep(store, a_referral())
    old = load(store)
    change(store, urgent=True, words={Slot.NEED: "first"})

    with pytest.raises(StaleWriteError):
        store.run_now(lambda tx: tx.referrals.save(replace(old, words={Slot.NEED: "second"}), None))

    assert (load(store).urgent, load(store).words) == (True, {Slot.NEED: "first"})


def test_one_transaction_may_save_a_referral_twice_and_reads_its_own_writes(store: SqlStore) -> None:
    def work(tx: Transaction) -> Referral:
        tx.referrals.add(a_referral())
        tx.referrals.save(a_referral(urgent=True), None)
        tx.referrals.save(replace(tx.referrals.get(REFERRAL, to_change=True), helper=True), None)
        return tx.referrals.get(REFERRAL)

    written = store.run_now(work)

    assert written == load(store) == a_referral(urgent=True, helper=True, version=3)


def test_words_that_were_emptied_are_gone(store: SqlStore) -> None:
    keep(store, a_referral(words={Slot.NEED: "books", Slot.SEEKER_CONTACT: "sam@example.org"}))

    change(store, words={Slot.NEED: "books"})

    assert load(store).words == {Slot.NEED: "books"}


def test_due_referrals_come_oldest_first_and_no_more_than_wanted(store: SqlStore) -> None:
    names = [ReferralId(name) for name in "abcd"]
    keep(store, *(an_asking_referral(id=name) for name in names))

    def work(tx: Transaction) -> list[Any]:
        for place, name in enumerate(reversed(names)):
            tx.referrals.save(tx.referrals.get(name), NOW + place * DAY if place else None)
        return [tx.referrals.due(NOW + 2 * DAY, 1), tx.referrals.due(NOW + 2 * DAY, 9), tx.referrals.next_due()]

    assert store.run_now(work) == [["c"], ["c", "b"], NOW + DAY]


def test_a_referral_born_asking_is_due_without_a_second_write(store: SqlStore) -> None:
    keep(store, an_asking_referral())

    assert store.run_now(lambda tx: tx.referrals.next_due()) == NOW + WINDOW / 2


def test_nothing_is_due_where_there_is_nothing(store: SqlStore) -> None:
    assert store.run_now(lambda tx: (tx.referrals.next_due(), tx.referrals.due(NOW, 9))) == (None, [])


def test_what_a_member_started_comes_newest_first_without_the_discarded(store: SqlStore) -> None:
    keep(
        store,
        a_referral(id=ReferralId("old")),
        a_referral(id=ReferralId("new"), created_at=NOW + DAY),
        a_referral(id=ReferralId("gone"), status=Status.DISCARDED),
        a_referral(id=ReferralId("theirs"), starter=OTTO),
    )

    assert [r.id for r in store.run_now(lambda tx: tx.referrals.started_by(GROUP, RITA))] == ["new", "old"]


def test_only_an_open_question_that_reached_its_person_waits_for_them(store: SqlStore) -> None:
    def asked(name: str, **changes: Any) -> Referral:  # noqa: ANN401
        return an_asking_referral(id=ReferralId(name), questions=(a_question(**changes),))

    keep(
        store,
        asked("open"),
        asked("older", asked_at=NOW - DAY),
        asked("taken back", answer=Answer.TAKEN_BACK),
        asked("answered", answer=Answer.YES),
        asked("swallowed", swallowed=Swallow.BLOCK),
        asked("closed", closed=True),
        asked("over", asked_at=NOW - WINDOW),
        asked("theirs", stage=Stage.PROVIDER_NAMED),
    )

    assert [r.id for r in store.run_now(lambda tx: tx.referrals.waiting_for(SAM, NOW))] == [
        "older",
        "open",
        "taken back",
    ]


@pytest.mark.parametrize("role", ["starter", "seeker", "provider"])
def test_what_is_open_with_a_member_is_found_in_every_role(store: SqlStore, role: str) -> None:
    theirs = {"starter": RITA, "seeker": SAM, "provider": PIA} | {role: OTTO}
    keep(
        store,
        a_referral(id=ReferralId("other")),
        *(a_referral(id=ReferralId(status.value), status=status, **theirs) for status in Status),
    )

    found = store.run_now(lambda tx: tx.referrals.open_with(OTTO))

    assert sorted(found) == ["asking", "draft", "posting", "screened"]


def test_introductions_are_those_of_a_party_newest_first(store: SqlStore) -> None:
    facts: dict[str, Any] = {"status": Status.INTRODUCED, "posting_at": None}
    keep(
        store,
        an_agreed_referral(id=ReferralId("first"), introduced_at=NOW, **facts | {"status": Status.CLOSED}),
        an_agreed_referral(id=ReferralId("second"), introduced_at=NOW + DAY, **facts),
        an_agreed_referral(id=ReferralId("not yet")),
    )

    assert [r.id for r in store.run_now(lambda tx: tx.referrals.introduced_to(PIA))] == ["second", "first"]
    assert not store.run_now(lambda tx: tx.referrals.introduced_to(RITA))


def test_a_party_finds_what_they_were_asked_and_nothing_that_was_swallowed(store: SqlStore) -> None:
    swallowed = (a_question(swallowed=Swallow.BLOCK),)
    keep(
        store,
        an_asking_referral(),
        an_asking_referral(id=ReferralId("hidden"), questions=swallowed),
        a_referral(id=ReferralId("draft")),
    )

    assert [r.id for r in store.run_now(lambda tx: tx.referrals.party_of(GROUP, SAM))] == [REFERRAL]
    assert not store.run_now(lambda tx: tx.referrals.party_of(GROUP, PIA))


def test_what_looks_open_to_its_referrer_goes_by_closes_at(store: SqlStore) -> None:
    keep(
        store,
        an_asking_referral(id=ReferralId("asking")),
        an_agreed_referral(id=ReferralId("posting")),
        an_asking_referral(id=ReferralId("told"), told_by=0),
        an_asking_referral(id=ReferralId("over"), closes_at=NOW),
        an_asking_referral(id=ReferralId("lapsed"), status=Status.LAPSED),
        a_referral(id=ReferralId("draft")),
    )

    found = store.run_now(lambda tx: tx.referrals.looking_open(GROUP, RITA, NOW))

    assert sorted(r.id for r in found) == ["asking", "posting"]
    assert all(r.looks_open(NOW) for r in found)


def test_nothing_of_what_was_typed_stands_readable_in_the_rows(store: SqlStore) -> None:
    keep(store, a_referral(words={Slot.NEED: "a very private matter"}))

    rows = store._runner.run_now(lambda connection: str(connection.exec_driver_sql("SELECT * FROM text").all()))

    assert "referral/starter" in rows
    assert "private" not in rows


def test_somebody_nobody_knows_can_be_no_party(store: SqlStore) -> None:
    with pytest.raises(IntegrityError):
        keep(store, a_referral(seeker=MemberId("nobody")))

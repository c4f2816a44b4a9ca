"""What a Store promises about referrals, on both databases."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from bot.domain.decision import PairPast
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

T = TypeVar("T")
DAY = timedelta(days=1)
CLOSED_FOR = timedelta(days=90)
REFERRAL = ReferralId("referral")


def everything(**changes: Any) -> Referral:
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
        "version": 1,
    }
    return an_agreed_referral(**(facts | changes))


def keep(store: SqlStore, *referrals: Referral) -> None:
    def work(tx: Transaction) -> None:
        for referral in referrals:
            tx.referrals.add(referral)

    store.run_now(work)


def load(store: SqlStore, referral: ReferralId = REFERRAL) -> Referral:
    return store.run_now(lambda tx: tx.referrals.get(referral))


def change(store: SqlStore, **changes: Any) -> None:
    def work(tx: Transaction) -> None:
        tx.referrals.save(replace(tx.referrals.get(REFERRAL, to_change=True), **changes), None)

    store.run_now(work)


def reading(store: SqlStore, work: Callable[[Transaction], T]) -> T:
    return store.run_now(work)


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

    assert reading(store, lambda tx: tx.referrals.next_due()) == NOW + WINDOW / 2


def test_nothing_is_due_where_there_is_nothing(store: SqlStore) -> None:
    assert reading(store, lambda tx: (tx.referrals.next_due(), tx.referrals.due(NOW, 9))) == (None, [])


def test_what_a_member_started_comes_newest_first_without_the_discarded(store: SqlStore) -> None:
    keep(
        store,
        a_referral(id=ReferralId("old")),
        a_referral(id=ReferralId("new"), created_at=NOW + DAY),
        a_referral(id=ReferralId("gone"), status=Status.DISCARDED),
        a_referral(id=ReferralId("theirs"), starter=OTTO),
    )

    assert [r.id for r in reading(store, lambda tx: tx.referrals.started_by(GROUP, RITA))] == ["new", "old"]


def test_only_an_open_question_that_reached_its_person_waits_for_them(store: SqlStore) -> None:
    def asked(name: str, **changes: Any) -> Referral:
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

    assert [r.id for r in reading(store, lambda tx: tx.referrals.waiting_for(SAM, NOW))] == [
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

    found = reading(store, lambda tx: tx.referrals.open_with(OTTO))

    assert sorted(found) == ["asking", "draft", "posting", "screened"]


def test_introductions_are_those_of_a_party_newest_first(store: SqlStore) -> None:
    facts: dict[str, Any] = {"status": Status.INTRODUCED, "posting_at": None}
    keep(
        store,
        an_agreed_referral(id=ReferralId("first"), introduced_at=NOW, **facts | {"status": Status.CLOSED}),
        an_agreed_referral(id=ReferralId("second"), introduced_at=NOW + DAY, **facts),
        an_agreed_referral(id=ReferralId("not yet")),
    )

    assert [r.id for r in reading(store, lambda tx: tx.referrals.introduced_to(PIA))] == ["second", "first"]
    assert not reading(store, lambda tx: tx.referrals.introduced_to(RITA))


def test_a_party_finds_what_they_were_asked_and_nothing_that_was_swallowed(store: SqlStore) -> None:
    swallowed = (a_question(swallowed=Swallow.BLOCK),)
    keep(
        store,
        an_asking_referral(),
        an_asking_referral(id=ReferralId("hidden"), questions=swallowed),
        a_referral(id=ReferralId("draft")),
    )

    assert [r.id for r in reading(store, lambda tx: tx.referrals.party_of(GROUP, SAM))] == [REFERRAL]
    assert not reading(store, lambda tx: tx.referrals.party_of(GROUP, PIA))


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

    found = reading(store, lambda tx: tx.referrals.looking_open(GROUP, RITA, NOW))

    assert sorted(r.id for r in found) == ["asking", "posting"]
    assert all(r.looks_open(NOW) for r in found)


def test_started_since_counts_what_was_asked_and_not_what_was_drafted(store: SqlStore) -> None:
    keep(store, an_asking_referral(), a_referral(id=ReferralId("draft")))

    counts = reading(
        store,
        lambda tx: [
            tx.referrals.started_since(GROUP, RITA, NOW - DAY),
            tx.referrals.started_since(GROUP, RITA, NOW + DAY),
        ],
    )

    assert counts == [1, 0]


def test_received_counts_referrals_not_questions_and_leaves_out_what_never_arrived(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.asks.add(an_ask()))
    twice = (a_question(stage=Stage.SEEKER_ROLE), a_question(number=1))
    keep(
        store,
        an_asking_referral(questions=twice),
        an_asking_referral(id=ReferralId("before"), asked_at=NOW - 8 * DAY),
        an_asking_referral(id=ReferralId("never sent"), questions=(a_question(swallowed=Swallow.LIMIT),)),
        an_asking_referral(id=ReferralId("own ask"), ask=AskId("ask")),
        an_asking_referral(
            id=ReferralId("as provider"), seeker=PIA, provider=SAM, questions=(a_question(stage=Stage.FIT),)
        ),
    )

    assert reading(store, lambda tx: tx.referrals.received(SAM, GROUP, NOW - 7 * DAY)) == 2
    assert reading(store, lambda tx: tx.referrals.received(PIA, GROUP, NOW - 7 * DAY)) == 0


def test_a_fit_check_counts_for_whoever_was_asked_then(store: SqlStore) -> None:
    keep(store, a_referral(questions=(a_question(stage=Stage.FIT),)))

    change(store, provider=OTTO)

    received = reading(store, lambda tx: [tx.referrals.received(m, GROUP, NOW - DAY) for m in (PIA, OTTO)])
    assert received == [1, 0]


PASTS: dict[str, tuple[dict[str, Any], PairPast]] = {
    "open": ({}, PairPast(open_now=True, until=NOW + 2 * WINDOW, by_same_referrer=True)),
    "another referrer's": ({"starter": OTTO}, PairPast(open_now=True, until=NOW + 2 * WINDOW)),
    "the other way round": (
        {"seeker": PIA, "provider": SAM},
        PairPast(open_now=True, until=NOW + 2 * WINDOW, by_same_referrer=True),
    ),
    "lapsed": ({"status": Status.LAPSED}, PairPast(until=NOW + 2 * WINDOW + CLOSED_FOR, by_same_referrer=True)),
    "lapsed but not swept": (
        {"closes_at": NOW},
        PairPast(until=NOW + CLOSED_FOR, by_same_referrer=True),
    ),
    "told": ({"told_by": 0}, PairPast(until=NOW + 2 * WINDOW + CLOSED_FOR, by_same_referrer=True)),
    "told, then withdrawn": (
        {"told_by": 0, "status": Status.WITHDRAWN},
        PairPast(until=NOW + 2 * WINDOW + CLOSED_FOR, by_same_referrer=True),
    ),
    "withdrawn": ({"status": Status.WITHDRAWN}, PairPast()),
    "introduced": ({"status": Status.INTRODUCED, "introduced_at": NOW}, PairPast()),
    "long ago": ({"status": Status.LAPSED, "closes_at": NOW - CLOSED_FOR}, PairPast()),
    "know each other": (
        {"status": Status.LAPSED, "closes_at": NOW - 2 * CLOSED_FOR, "questions": (a_question(answer=Answer.KNOWN),)},
        PairPast(know_each_other=True),
    ),
    "somebody else": ({"seeker": OTTO}, PairPast()),
    "never asked": ({"status": Status.SCREENED, "closes_at": None}, PairPast()),
}


@pytest.mark.parametrize("name", PASTS)
def test_the_past_of_a_pair(store: SqlStore, name: str) -> None:
    changes, expected = PASTS[name]
    keep(store, an_asking_referral(id=ReferralId("earlier"), **changes))

    past = reading(store, lambda tx: tx.referrals.pair_past(a_referral(), CLOSED_FOR, NOW))

    assert past == expected


def test_nobody_learns_from_their_own_closed_pair_until_when_anothers_is_open(store: SqlStore) -> None:
    mine, theirs = {"starter": RITA, "closes_at": NOW + DAY}, {"starter": OTTO, "closes_at": NOW + 9 * DAY}
    keep(store, *(an_asking_referral(id=ReferralId(r["starter"]), **r) for r in (mine, theirs)))

    past = reading(store, lambda tx: tx.referrals.pair_past(a_referral(), CLOSED_FOR, NOW))

    assert past == PairPast(open_now=True, until=NOW + DAY, by_same_referrer=True)


def test_a_referral_is_not_its_own_past_and_a_guest_has_none(store: SqlStore) -> None:
    keep(store, an_asking_referral())
    guest = a_referral(seeker=Guest(GuestId("guest")))

    own = reading(store, lambda tx: tx.referrals.pair_past(an_asking_referral(), CLOSED_FOR, NOW))
    nobodys = reading(store, lambda tx: tx.referrals.pair_past(guest, CLOSED_FOR, NOW))

    assert own == nobodys == PairPast()


def test_nothing_of_what_was_typed_stands_readable_in_the_rows(store: SqlStore) -> None:
    keep(store, a_referral(words={Slot.NEED: "a very private matter"}))

    rows = store._runner.run_now(lambda connection: str(connection.exec_driver_sql("SELECT * FROM text").all()))

    assert "referral/starter" in rows
    assert "private" not in rows


def test_members_of_a_text_that_is_unknown_are_refused(store: SqlStore) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        keep(store, a_referral(seeker=MemberId("nobody")))

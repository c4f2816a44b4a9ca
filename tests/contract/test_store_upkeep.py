"""What a Store promises about erasing a person and forgetting what is old, on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, func, select

from bot.domain.effects import SendPrompt
from bot.domain.errors import StaleWriteError
from bot.domain.ids import AskId, MemberId, ReferralId, UserId
from bot.domain.member import CardSlot
from bot.domain.question import Side, Stage
from bot.domain.referral import FOLLOWED_FOR, Status, Tick
from bot.domain.words import Slot
from bot.ports.store import Transaction
from storage.keys import Keyring, new_key
from storage.rotation import rotate
from storage.sealed_columns import SEALED_COLUMNS
from storage.store import SqlStore
from storage.tables import metadata, text_about
from storage.vault import Vault
from tests.factories import (
    GROUP,
    LONG_AGO,
    NOW,
    OTTO,
    PIA,
    RITA,
    SAM,
    WORKSPACE,
    a_card,
    a_member,
    a_question,
    a_receipt,
    a_referral,
    a_shown,
    an_ask,
    an_asking_referral,
    an_event,
    an_intent,
)
from tests.stores import LOOKUP_KEY, keep

DAY = timedelta(days=1)
REFERRAL = ReferralId("referral")
WORDS = {
    Slot.NEED: "Sam's books",
    Slot.SEEKER_CONTACT: "sam@example.org",
    Slot.SEEKER_QUESTION: "is Pia quick?",
    Slot.PROVIDER_ABOUT: "twelve years of books",
    Slot.REASON: "no time for Sam",
}
CARDS = {Side.SEEKER: {CardSlot.DOES: "paints"}, Side.PROVIDER: {CardSlot.DOES: "does books"}}


@pytest.fixture
def story(store: SqlStore) -> SqlStore:
    """A referral between Sam and Pia by Rita, with everything around it that is kept."""

    def work(tx: Transaction) -> None:
        provider = a_question(number=1, stage=Stage.PROVIDER_NAMED)
        tx.asks.add(an_ask(category="books"))
        asked = (a_question(), provider)
        tx.referrals.add(an_asking_referral(words=WORDS, cards=CARDS, questions=asked, told_by=1))
        for member in (SAM, PIA):
            tx.members.save_card(a_card(member=member))
            tx.records.show(a_shown(to=member))
            tx.records.add_receipts([a_receipt(by=member)])
        tx.records.show(a_shown(to=PIA, number=1, about=(PIA,)))
        for one, other in ((SAM, RITA), (PIA, SAM)):
            tx.members.save(tx.members.get(one).blocking(other))
        tx.groups.save(replace(tx.groups.get(GROUP), organisers=frozenset({SAM, PIA})))
        tx.records.append([an_event(by=SAM), an_event()], NOW, "2026-W47")
        tx.outbox.add([an_intent("to sam", effect=SendPrompt(REFERRAL, SAM, 0)), an_intent("to rita")], NOW)

    store.run_now(work)
    return store


def erase(store: SqlStore, member: MemberId) -> None:
    store.run_now(lambda tx: tx.upkeep.erase(member, NOW))


def test_an_erased_member_is_a_key_and_nothing_else(story: SqlStore) -> None:
    erase(story, SAM)

    gone = story.run_now(lambda tx: tx.members.get(SAM))
    assert gone == a_member(user=None, joined={}, version=3)
    assert story.run_now(lambda tx: tx.members.by_user(WORKSPACE, UserId("U-m-sam"))) is None
    assert story.run_now(lambda tx: tx.members.card(SAM, GROUP)).lines == {}
    assert [m.id for m in story.run_now(lambda tx: tx.members.of_group(GROUP))] == [OTTO, PIA, RITA]
    assert story.run_now(lambda tx: tx.members.get(PIA)).blocks == frozenset()
    assert story.run_now(lambda tx: tx.groups.get(GROUP)).organisers == {PIA}


@pytest.mark.parametrize(
    ("who", "words", "cards"),
    [
        (SAM, {Slot.PROVIDER_ABOUT}, {Side.PROVIDER}),
        (PIA, {Slot.SEEKER_CONTACT}, {Side.SEEKER}),
        (RITA, {Slot.SEEKER_CONTACT, Slot.PROVIDER_ABOUT}, {Side.SEEKER, Side.PROVIDER}),
        (OTTO, set(WORDS), {Side.SEEKER, Side.PROVIDER}),
    ],
)
def test_what_an_erased_member_wrote_or_what_is_about_them_goes_and_the_rest_stays(
    story: SqlStore, who: MemberId, words: set[Slot], cards: set[Side]
) -> None:
    erase(story, who)

    left = story.run_now(lambda tx: tx.referrals.get(REFERRAL))
    assert (set(left.words), set(left.cards)) == (words, cards)


def test_the_texts_of_an_erased_members_asks_go_and_the_ask_stays(story: SqlStore) -> None:
    erase(story, SAM)

    ask = story.run_now(lambda tx: tx.asks.get(AskId("ask")))

    assert (ask.need, ask.category, ask.owner) == ("", "", SAM)


def test_shown_texts_about_an_erased_member_go_and_every_receipt_keeps_its_hash(story: SqlStore) -> None:
    before = story.run_now(lambda tx: [*tx.records.receipts_of(SAM), *tx.records.receipts_of(PIA)])

    erase(story, SAM)

    assert [s.number for s in story.run_now(lambda tx: tx.records.shown_to(PIA))] == [1]
    assert story.run_now(lambda tx: tx.records.shown_to(SAM)) == []
    assert story.run_now(lambda tx: [*tx.records.receipts_of(SAM), *tx.records.receipts_of(PIA)]) == before
    assert all(kept.sha256 for kept in before)
    assert len(story.run_now(lambda tx: tx.records.events())) == 2


def test_nothing_more_is_delivered_to_an_erased_member(story: SqlStore) -> None:
    erase(story, SAM)

    claimed = story.run_now(lambda tx: tx.outbox.claim(NOW, NOW + DAY, "lease", 9))

    assert [row.intent.key for row in claimed] == ["to rita"]


def test_who_was_dropped_from_a_draft_is_still_somebody_its_words_are_about(story: SqlStore) -> None:
    draft = a_referral(id=ReferralId("draft"), seeker=SAM)
    keep(story, draft)
    story.run_now(lambda tx: tx.referrals.save(replace(tx.referrals.get(draft.id), seeker=OTTO), None))

    erase(story, SAM)

    assert story.run_now(lambda tx: tx.referrals.get(draft.id)).words == {}


def test_words_read_before_an_erasure_cannot_be_written_back_after_it(story: SqlStore) -> None:
    old = story.run_now(lambda tx: (tx.referrals.get(REFERRAL), tx.asks.get(AskId("ask")), tx.members.get(SAM)))
    erase(story, SAM)

    for saving in (
        lambda tx: tx.referrals.save(replace(old[0], words={**old[0].words, Slot.WHY: "more"}), None),
        lambda tx: tx.asks.save(old[1]),
        lambda tx: tx.members.save(old[2]),
    ):
        with pytest.raises(StaleWriteError):
            story.run_now(saving)


def test_erasing_twice_is_erasing_once_and_reads_nothing_stale(story: SqlStore) -> None:
    def work(tx: Transaction) -> Any:  # noqa: ANN401
        tx.members.get(SAM), tx.referrals.get(REFERRAL)
        tx.upkeep.erase(SAM, NOW)
        tx.upkeep.erase(SAM, NOW)
        return tx.members.get(SAM).user, set(tx.referrals.get(REFERRAL).words)

    assert story.run_now(work) == (None, {Slot.PROVIDER_ABOUT})


def test_somebody_erased_can_come_back_as_somebody_new(story: SqlStore) -> None:
    erase(story, SAM)

    story.run_now(lambda tx: tx.members.add(a_member(id=MemberId("m-new"), user=UserId("U-m-sam"))))

    found = story.run_now(lambda tx: tx.members.by_user(WORKSPACE, UserId("U-m-sam")))
    assert found
    assert found.id == "m-new"


def test_words_go_when_a_referral_ended_long_enough_ago(store: SqlStore) -> None:
    ended: dict[str, dict[str, Any]] = {
        "lapsed": {"status": Status.LAPSED, "closes_at": LONG_AGO},
        "withdrawn": {"status": Status.WITHDRAWN, "closes_at": LONG_AGO},
        "closed": {"status": Status.CLOSED, "introduced_at": LONG_AGO - FOLLOWED_FOR},
        "sent lead": {"status": Status.LEAD, "lead_sent_at": LONG_AGO},
    }
    going_on: dict[str, dict[str, Any]] = {
        "lately": {"status": Status.LAPSED, "closes_at": NOW},
        "followed": {"status": Status.CLOSED, "introduced_at": LONG_AGO},
        "asking": {"status": Status.ASKING, "closes_at": LONG_AGO},
    }
    keep(store, *(a_referral(id=ReferralId(name), **facts) for name, facts in (ended | going_on).items()))

    counts = store.run_now(lambda tx: [tx.upkeep.forget_words(GROUP, LONG_AGO + DAY) for _ in range(2)])

    left = {r.id for r in store.run_now(lambda tx: tx.referrals.started_by(GROUP, RITA)) if r.words}
    assert (counts, left) == ([4, 0], set(going_on))


def test_drafts_and_kept_leads_go_when_they_are_old_and_nothing_that_was_asked(store: SqlStore) -> None:
    old: dict[str, dict[str, Any]] = {
        "draft": {"status": Status.DRAFT},
        "screened": {"questions": (a_question(stage=Stage.FIT, closed=True),)},
        "discarded": {"status": Status.DISCARDED},
        "kept lead": {"status": Status.LEAD},
    }
    staying: dict[str, dict[str, Any]] = {
        "new": {"created_at": NOW},
        "sent lead": {"status": Status.LEAD, "lead_sent_at": NOW},
        "fit asked": {"status": Status.DRAFT, "fit": Tick.NOT_SURE, "questions": (a_question(stage=Stage.FIT),)},
        "lapsed": {"status": Status.LAPSED, "closes_at": LONG_AGO},
    }
    keep(
        store,
        *(a_referral(id=ReferralId(n), **({"created_at": LONG_AGO} | facts)) for n, facts in (old | staying).items()),
    )

    forgotten = store.run_now(lambda tx: tx.upkeep.forget_drafts(GROUP, NOW - DAY))

    assert forgotten == len(old)
    assert {r.id for r in store.run_now(lambda tx: tx.referrals.started_by(GROUP, RITA))} == set(staying)


def test_shown_texts_go_when_they_are_old_and_the_receipts_stay(story: SqlStore) -> None:
    keep(story, a_referral(id=ReferralId("later")))
    story.run_now(lambda tx: tx.records.show(a_shown(referral=ReferralId("later"), at=NOW + DAY)))

    forgotten = story.run_now(lambda tx: tx.upkeep.forget_receipt_texts(GROUP, NOW + DAY))

    assert forgotten == 3
    assert [s.referral for s in story.run_now(lambda tx: tx.records.shown_to(SAM))] == ["later"]
    assert [bool(kept.sha256) for kept in story.run_now(lambda tx: tx.records.receipts_of(SAM))] == [True]


def test_every_sealed_column_is_listed_for_rotation() -> None:
    sealed = {c for table in metadata.tables.values() for c in table.c if isinstance(c.type, LargeBinary)}

    assert {str(c) for c in sealed} == {str(s.value) for s in SEALED_COLUMNS} | {"meta.value"}


def test_after_a_rotation_the_new_key_alone_opens_everything(story: SqlStore, key: str) -> None:
    fresh = new_key()

    def whole(tx: Transaction) -> Any:  # noqa: ANN401
        words = dict(tx.referrals.get(REFERRAL).words)
        return words, tx.asks.get(AskId("ask")), dict(tx.members.card(PIA, GROUP).lines), tx.records.shown_to(SAM)

    before = story.run_now(whole)
    rotated = rotate(story._runner, Keyring((fresh, key)), SEALED_COLUMNS, lambda _done, _total: None)
    reopened = SqlStore(story._runner, Vault([fresh], LOOKUP_KEY))

    assert rotated >= 10
    assert reopened.run_now(whole) == before


def test_unchanged_texts_are_not_sealed_again(story: SqlStore) -> None:
    bodies = lambda connection: connection.execute(select(metadata.tables["text"])).all()  # noqa: E731
    before = story._runner.run_now(bodies)

    story.run_now(lambda tx: tx.referrals.save(replace(tx.referrals.get(REFERRAL), urgent=True, words=WORDS), None))

    assert story._runner.run_now(bodies) == before
    assert story._runner.run_now(lambda c: c.scalar(select(func.count()).select_from(text_about))) == 13

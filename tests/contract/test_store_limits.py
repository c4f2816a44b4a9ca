"""What a Store tells about limits and earlier referrals of a pair, on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.decision import PairPast
from bot.domain.ids import AskId, GuestId, ReferralId
from bot.domain.member import Guest
from bot.domain.question import Answer, Stage, Swallow
from bot.domain.referral import Status
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
    an_ask,
    an_asking_referral,
)
from tests.stores import keep

DAY = timedelta(days=1)
CLOSED_FOR = timedelta(days=90)


def test_started_since_counts_what_was_asked_and_not_what_was_drafted(store: SqlStore) -> None:
    keep(store, an_asking_referral(), a_referral(id=ReferralId("draft")))

    counts = store.run_now(
        lambda tx: [tx.referrals.started_since(GROUP, RITA, since) for since in (NOW - DAY, NOW + DAY)],
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

    assert store.run_now(lambda tx: tx.referrals.received(SAM, GROUP, NOW - 7 * DAY)) == 2
    assert store.run_now(lambda tx: tx.referrals.received(PIA, GROUP, NOW - 7 * DAY)) == 0


def test_a_fit_check_counts_for_whoever_was_asked_then(store: SqlStore) -> None:
    checked = a_referral(questions=(a_question(stage=Stage.FIT),))
    keep(store, checked)

    store.run_now(lambda tx: tx.referrals.save(replace(tx.referrals.get(checked.id), provider=OTTO), None))

    received = store.run_now(lambda tx: [tx.referrals.received(m, GROUP, NOW - DAY) for m in (PIA, OTTO)])
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

    past = store.run_now(lambda tx: tx.referrals.pair_past(a_referral(), CLOSED_FOR, NOW))

    assert past == expected


def test_nobody_learns_from_their_own_closed_pair_until_when_anothers_is_open(store: SqlStore) -> None:
    mine = an_asking_referral(id=ReferralId("mine"), closes_at=NOW + DAY)
    theirs = an_asking_referral(id=ReferralId("theirs"), starter=OTTO, closes_at=NOW + 9 * DAY)
    keep(store, mine, theirs)

    past = store.run_now(lambda tx: tx.referrals.pair_past(a_referral(), CLOSED_FOR, NOW))

    assert past == PairPast(open_now=True, until=NOW + DAY, by_same_referrer=True)


def test_a_referral_is_not_its_own_past_and_a_guest_has_none(store: SqlStore) -> None:
    keep(store, an_asking_referral())
    guest = a_referral(seeker=Guest(GuestId("guest")))

    own = store.run_now(lambda tx: tx.referrals.pair_past(an_asking_referral(), CLOSED_FOR, NOW))
    nobodys = store.run_now(lambda tx: tx.referrals.pair_past(guest, CLOSED_FOR, NOW))

    assert own == nobodys == PairPast()

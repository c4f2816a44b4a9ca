"""The kind of a referral, by the table of facts."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.kind import Kind, kind_of
from bot.domain.member import CardSlot
from bot.domain.question import Side
from bot.domain.referral import Basis, Referral, Status
from tests.factories import NOW, an_agreed_referral

CARD = {Side.PROVIDER: {CardSlot.DOES: "Books", CardSlot.IDEAL: "Shops"}}
SEEKERS_CARD = {Side.SEEKER: {CardSlot.DOES: "Bread", CardSlot.IDEAL: "Neighbours"}}
INTRODUCED: dict[str, Any] = {"status": Status.INTRODUCED, "introduced_at": NOW}
UNDECIDED = sorted(set(Status) - {Status.LEAD, Status.INTRODUCED, Status.CLOSED})
KINDS: dict[str, tuple[dict[str, Any], Kind | None]] = {
    "a lead": ({"status": Status.LEAD}, Kind.LEAD),
    "both agreed": ({}, Kind.REFERRAL),
    "both agreed, long ago": ({"status": Status.CLOSED}, Kind.REFERRAL),
    "only the seeker's card was shown": ({"cards": SEEKERS_CARD}, Kind.REFERRAL),
    "endorsed, but no card": ({"basis": Basis.DIRECT}, Kind.REFERRAL),
    "with the provider's card": ({"cards": CARD}, Kind.INFORMED),
    "endorsed from experience": ({"cards": CARD, "basis": Basis.DIRECT}, Kind.RECOMMENDATION),
    "endorsed by hearsay": ({"cards": CARD, "basis": Basis.INDIRECT}, Kind.RECOMMENDATION),
    "help offered": ({"cards": CARD, "basis": Basis.DIRECT, "helper": True}, Kind.INFORMED),
    "the name alone does not make it name-use": ({"may_use_name": True}, Kind.REFERRAL),
    **{status.value: ({"status": status}, None) for status in UNDECIDED},
    "closed without an introduction": ({"status": Status.CLOSED, "introduced_at": None}, None),
}
SELLING = {
    "nothing on record": ({}, Kind.REFERRAL),
    "a card alone": ({"cards": CARD}, Kind.INFORMED),
    "a recommendation": ({"cards": CARD, "basis": Basis.DIRECT}, Kind.READY),
    "help offered": ({"cards": CARD, "basis": Basis.DIRECT, "helper": True}, Kind.INFORMED),
}


def an_introduced_referral(**changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    return an_agreed_referral(**(INTRODUCED | changes))


def with_no_introduction(referral: Referral) -> Referral:
    return referral.with_question(replace(referral.questions[0], no_introduction=True))


@pytest.mark.parametrize(("facts", "kind"), KINDS.values(), ids=KINDS)
def test_the_kind_follows_from_the_facts(facts: dict[str, Any], kind: Kind | None) -> None:
    referral = an_introduced_referral(**facts)

    found = kind_of(referral)

    assert found == kind


@pytest.mark.parametrize(("facts", "kind"), SELLING.values(), ids=SELLING)
def test_a_recommendation_is_ready_when_little_selling_was_left(facts: dict[str, Any], kind: Kind) -> None:
    referral = an_introduced_referral(**facts)

    found = kind_of(referral, little_selling_left=True)

    assert found == kind


@pytest.mark.parametrize(("ticked", "kind"), [(True, Kind.NAME_USE), (False, Kind.REFERRAL)], ids=["yes", "no"])
def test_no_introduction_is_name_use_only_if_the_referrer_lent_their_name(kind: Kind, *, ticked: bool) -> None:
    referral = with_no_introduction(an_introduced_referral(may_use_name=ticked))

    found = kind_of(referral)

    assert found == kind


@pytest.mark.parametrize("status", [Status.INTRODUCED, Status.CLOSED], ids=str)
def test_name_use_stays_what_it_was(status: Status) -> None:
    referral = with_no_introduction(an_introduced_referral(may_use_name=True, cards=CARD, status=status))

    found = kind_of(referral)

    assert found is Kind.NAME_USE

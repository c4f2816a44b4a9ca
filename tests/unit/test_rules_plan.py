"""Who is asked in which round: every order, with and without names, from an ask, and by a helper."""

from datetime import timedelta
from itertools import product

import pytest

from bot.domain.group import Order, Reveal
from bot.domain.plan import longest, needs_blind_words, rounds
from bot.domain.question import Side, Stage

SR, SN, PR, PN = Stage.SEEKER_ROLE, Stage.SEEKER_NAMED, Stage.PROVIDER_ROLE, Stage.PROVIDER_NAMED
NAMED, ROLE = Reveal.NAMED, Reveal.ROLE_ONLY
ROUNDS = {
    (Order.SEEKER_FIRST, NAMED): [{SN}, {PN}],
    (Order.PROVIDER_FIRST, NAMED): [{PR}, {SN}, {PN}],
    (Order.BOTH_AT_ONCE, NAMED): [{PR, SN}, {PN}],
    (Order.SEEKER_FIRST, ROLE): [{SR}, {PR}, {SN}, {PN}],
    (Order.PROVIDER_FIRST, ROLE): [{PR}, {SR}, {SN}, {PN}],
    (Order.BOTH_AT_ONCE, ROLE): [{PR, SR}, {SN}, {PN}],
}
EVERY = list(product(Order, Reveal, (False, True)))
EVERY_ID = [f"{order}-{reveal}-{'ask' if ask else 'no_ask'}" for order, reveal, ask in EVERY]


@pytest.mark.parametrize(("order", "reveal"), list(ROUNDS), ids=str)
def test_each_order_has_its_rounds(order: Order, reveal: Reveal) -> None:
    expected = ROUNDS[order, reveal]

    found = rounds(order, reveal, answers_ask=False, helper=False)

    assert [set(one) for one in found] == expected


@pytest.mark.parametrize(("order", "reveal"), list(ROUNDS), ids=str)
def test_who_posted_the_ask_is_asked_after_the_other(order: Order, reveal: Reveal) -> None:
    expected = ROUNDS[Order.PROVIDER_FIRST, reveal]

    found = rounds(order, reveal, answers_ask=True, helper=False)

    assert [set(one) for one in found] == expected


@pytest.mark.parametrize(("order", "reveal", "ask"), EVERY, ids=EVERY_ID)
def test_an_offer_of_help_asks_the_seeker_alone(order: Order, reveal: Reveal, *, ask: bool) -> None:
    found = rounds(order, reveal, answers_ask=ask, helper=True)

    assert found == (frozenset({SN}),)


@pytest.mark.parametrize(("order", "reveal", "ask"), EVERY, ids=EVERY_ID)
def test_the_providers_question_by_name_is_the_last_and_alone(order: Order, reveal: Reveal, *, ask: bool) -> None:
    found = rounds(order, reveal, answers_ask=ask, helper=False)

    assert [at for at, one in enumerate(found) if PN in one] == [len(found) - 1]
    assert found[-1] == {PN}


@pytest.mark.parametrize(("order", "reveal", "ask"), EVERY, ids=EVERY_ID)
def test_everybody_is_asked_by_name_once_before_they_are_introduced(order: Order, reveal: Reveal, *, ask: bool) -> None:
    found = [stage for one in rounds(order, reveal, answers_ask=ask, helper=False) for stage in one]

    assert (found.count(SN), found.count(PN), len(found)) == (1, 1, len(set(found)))


@pytest.mark.parametrize(("order", "reveal", "ask"), EVERY, ids=EVERY_ID)
def test_the_plan_lasts_as_long_as_all_its_windows_together(order: Order, reveal: Reveal, *, ask: bool) -> None:
    plan = rounds(order, reveal, answers_ask=ask, helper=False)

    found = longest(plan, timedelta(days=3))

    assert found == timedelta(days=3) * len(plan)


@pytest.mark.parametrize(
    ("order", "reveal", "wanted"),
    [
        (Order.SEEKER_FIRST, NAMED, set()),
        (Order.PROVIDER_FIRST, NAMED, {PR}),
        (Order.BOTH_AT_ONCE, NAMED, {PR}),
        (Order.SEEKER_FIRST, ROLE, {PR, SR}),
        (Order.PROVIDER_FIRST, ROLE, {PR, SR}),
        (Order.BOTH_AT_ONCE, ROLE, {PR, SR}),
    ],
    ids=[f"{order}-{reveal}" for reveal in Reveal for order in Order],
)
def test_questions_by_role_need_words_that_name_nobody(order: Order, reveal: Reveal, wanted: set[Stage]) -> None:
    plan = rounds(order, reveal, answers_ask=False, helper=False)

    found = needs_blind_words(plan)

    assert found == wanted


@pytest.mark.parametrize(
    ("stage", "side", "named"),
    [
        (Stage.FIT, Side.PROVIDER, False),
        (SR, Side.SEEKER, False),
        (SN, Side.SEEKER, True),
        (PR, Side.PROVIDER, False),
        (PN, Side.PROVIDER, True),
    ],
    ids=[stage.value for stage in Stage],
)
def test_each_question_has_one_addressee_and_names_the_other_or_not(stage: Stage, side: Side, *, named: bool) -> None:
    across = side.other

    found = (stage.side, stage.side.other, stage.names_the_other)

    assert found == (side, across, named)

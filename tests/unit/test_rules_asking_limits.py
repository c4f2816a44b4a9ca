"""What stands in the way of asking, one limit at a time, and what is swallowed without a word to the referrer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Form, NeedsWords, Outcome, PairPast, Say, Told
from bot.domain.effects import SendPrompt
from bot.domain.events import EventKind
from bot.domain.group import Group, Order, Reveal
from bot.domain.ids import AskId, GuestId
from bot.domain.member import CardSlot, Guest, Member
from bot.domain.question import Answer, Side, Stage, Swallow
from bot.domain.referral import Status
from bot.domain.words import Slot
from tests.factories import (
    GROUP,
    NOW,
    OTTO,
    PIA,
    RITA,
    SAM,
    WINDOW,
    a_card,
    a_group,
    a_member,
    a_question,
    a_referral,
    an_ask,
    around,
)
from tests.unit.rulebook import BLIND, DAY, HOUR, SECOND, a_draft, among, group_with, paused, said

PAST = NOW + 10 * DAY
ASKED = Say.ASKED


def newcomer(since: timedelta) -> Member:
    return a_member(id=RITA, joined={GROUP: NOW - since})


def started_ago(ago: timedelta, **changes: Any) -> Group:  # noqa: ANN401 -- any setting
    return replace(group_with(**changes), started_at=NOW - ago)


def told(say: Say, **more: Any) -> Told:  # noqa: ANN401 -- the rest of what is told
    return Told(say, shows_draft=True, **more)


HELD_UP: dict[str, tuple[Around, Told]] = {
    "referrer left": (among(a_member(id=RITA, joined={})), told(Say.NOT_JOINED, who=RITA)),
    "seeker not joined": (among(a_member(id=SAM, joined={})), told(Say.SEEKER_NOT_JOINED, who=SAM)),
    "seeker erased": (among(a_member(id=SAM, user=None)), told(Say.SEEKER_NOT_JOINED, who=SAM)),
    "provider not joined": (among(a_member(id=PIA, joined={})), told(Say.PROVIDER_NOT_JOINED, who=PIA)),
    "nobody known": (around(people={}), told(Say.NOT_JOINED, who=RITA)),
    "seeker says they pause": (
        among(paused(SAM, quiet=False)),
        told(Say.SEEKER_PAUSED, who=SAM, moment=NOW + 7 * DAY),
    ),
    "provider says they pause": (
        among(paused(PIA, quiet=False)),
        told(Say.PROVIDER_PAUSED, who=PIA, moment=NOW + 7 * DAY),
    ),
    "five today": (around(started_today=5), told(Say.TOO_MANY_TODAY, number=5)),
    "more than five today": (around(started_today=6), told(Say.TOO_MANY_TODAY, number=5)),
    "ten open": (around(open_now=10), told(Say.TOO_MANY_OPEN, number=10)),
    "a limit of its own a day": (
        around(started_today=1, group=group_with(started_per_day=1)),
        told(Say.TOO_MANY_TODAY, number=1),
    ),
    "a limit of its own of open ones": (
        around(open_now=2, group=group_with(open_at_once=2)),
        told(Say.TOO_MANY_OPEN, number=2),
    ),
    "joined just now": (among(newcomer(0 * HOUR)), told(Say.TOO_NEW, moment=NOW + 48 * HOUR)),
    "joined almost 48 hours ago": (among(newcomer(48 * HOUR - SECOND)), told(Say.TOO_NEW, moment=NOW + SECOND)),
    "joined just now, group two weeks old": (
        among(newcomer(0 * HOUR), group=started_ago(14 * DAY)),
        told(Say.TOO_NEW, moment=NOW + 48 * HOUR),
    ),
    "a longer wait": (
        among(newcomer(50 * HOUR), group=started_ago(60 * DAY, newcomer_wait=72 * HOUR)),
        told(Say.TOO_NEW, moment=NOW + 22 * HOUR),
    ),
    "one open with the seeker": (around(open_with=frozenset({SAM})), told(Say.ONE_OPEN_WITH_THEM, who=SAM)),
    "one open with the provider": (around(open_with=frozenset({PIA})), told(Say.ONE_OPEN_WITH_THEM, who=PIA)),
    "the pair is open, by the same referrer": (
        around(pair=PairPast(open_now=True, until=PAST, by_same_referrer=True)),
        told(Say.PAIR_OPEN, moment=PAST),
    ),
    "the pair is closed, by the same referrer": (
        around(pair=PairPast(until=PAST, by_same_referrer=True)),
        told(Say.PAIR_CLOSED, moment=PAST),
    ),
}
NOT_HELD_UP: dict[str, Around] = {
    "nothing": around(),
    "four today": around(started_today=4),
    "nine open": around(open_now=9),
    "joined 48 hours ago": among(newcomer(48 * HOUR)),
    "joined just now, group younger than two weeks": among(newcomer(0 * HOUR), group=started_ago(14 * DAY - SECOND)),
    "no wait": among(newcomer(0 * HOUR), group=started_ago(60 * DAY, newcomer_wait=0 * HOUR)),
    "a group that stays young for longer": among(newcomer(0 * HOUR), group=started_ago(60 * DAY, young_group=61 * DAY)),
    "one open with somebody else": around(open_with=frozenset({OTTO})),
    "the pair was closed until now": around(pair=PairPast(until=NOW, by_same_referrer=True)),
    "the referrer pauses": among(paused(RITA, quiet=False)),
    "a pause that is over": among(a_member(id=SAM, paused_until=NOW, pause_is_quiet=False)),
}
UNSENT: dict[str, tuple[Around, Swallow]] = {
    "blocks the referrer": (among(a_member(id=SAM, blocks=frozenset({RITA}))), Swallow.BLOCK),
    "blocks the other": (among(a_member(id=SAM, blocks=frozenset({PIA}))), Swallow.BLOCK),
    "pauses quietly": (among(paused(SAM)), Swallow.PAUSE),
    "three received": (around(received={SAM: 3}), Swallow.LIMIT),
    "more than three received": (around(received={SAM: 4}), Swallow.LIMIT),
    "a limit of its own": (around(received={SAM: 1}, group=group_with(asks_per_week=1)), Swallow.LIMIT),
    "cannot be reached": (among(a_member(id=SAM, direct_messages_closed=True)), Swallow.UNREACHABLE),
    "another's open proposal": (around(pair=PairPast(open_now=True, until=PAST)), Swallow.CLOSED_PAIR),
    "another's earlier proposal": (around(pair=PairPast(until=PAST)), Swallow.CLOSED_PAIR),
    "they know each other": (around(pair=PairPast(know_each_other=True)), Swallow.CLOSED_PAIR),
}
SENT: dict[str, Around] = {
    "two received": around(received={SAM: 2}),
    "blocks somebody else": among(a_member(id=SAM, blocks=frozenset({OTTO}))),
    "another's proposal, over by now": around(pair=PairPast(until=NOW)),
    "a quiet pause that is over": among(a_member(id=SAM, paused_until=NOW)),
}
OVER: dict[str, tuple[Around, set[Side]]] = {
    "seeker": (around(received={SAM: 3}), {Side.SEEKER}),
    "provider": (around(received={PIA: 3}), {Side.PROVIDER}),
    "both": (around(received={SAM: 3, PIA: 9}), {Side.SEEKER, Side.PROVIDER}),
    "neither": (around(received={SAM: 2, PIA: 2, OTTO: 3}), set()),
    "the seeker's own ask": (around(received={SAM: 3}, ask=an_ask()), set()),
    "another's ask": (around(received={SAM: 3}, ask=an_ask(owner=OTTO)), {Side.SEEKER}),
}
WORDS: dict[str, tuple[Order, Reveal, dict[str, Any], set[Slot]]] = {
    "seeker first": (Order.SEEKER_FIRST, Reveal.NAMED, {}, set()),
    "provider first": (Order.PROVIDER_FIRST, Reveal.NAMED, {}, {Slot.SEEKER_BLIND}),
    "both at once": (Order.BOTH_AT_ONCE, Reveal.NAMED, {}, {Slot.SEEKER_BLIND}),
    "seeker first, from an ask": (Order.SEEKER_FIRST, Reveal.NAMED, {"ask": AskId("ask")}, {Slot.SEEKER_BLIND}),
    **{f"{one}, by role": (one, Reveal.ROLE_ONLY, {}, {Slot.SEEKER_BLIND, Slot.PROVIDER_BLIND}) for one in Order},
}


@pytest.mark.parametrize(("world", "outcome"), HELD_UP.values(), ids=HELD_UP)
def test_what_the_referrer_may_know_is_told_before_anybody_is_asked(world: Around, outcome: Outcome) -> None:
    referral = a_referral()

    found = decide(referral, c.AskThem(RITA), world, NOW)

    assert (found.state, found.outcome, found.effects, found.events) == (referral, outcome, (), ())


@pytest.mark.parametrize("world", NOT_HELD_UP.values(), ids=NOT_HELD_UP)
def test_short_of_a_limit_the_first_question_goes_out(world: Around) -> None:
    referral = a_referral()

    found = decide(referral, c.AskThem(RITA), world, NOW)

    assert (said(found), found.effects) == (ASKED, (SendPrompt(referral.id, SAM, 0),))
    assert [event.kind for event in found.events] == [EventKind.ASKING_STARTED]


def test_somebody_who_is_not_here_keeps_the_draft_waiting() -> None:
    referral = a_referral(seeker=Guest(GuestId("guest")))

    found = decide(referral, c.AskThem(RITA), around(), NOW)

    assert (found.state, found.outcome) == (referral, told(Say.GUEST_NOT_YET))


@pytest.mark.parametrize(("world", "swallow"), UNSENT.values(), ids=UNSENT)
def test_what_the_referrer_may_not_know_is_swallowed_in_silence(world: Around, swallow: Swallow) -> None:
    sent = decide(a_referral(), c.AskThem(RITA), around(), NOW)

    found = decide(a_referral(), c.AskThem(RITA), world, NOW)

    assert (found.outcome, found.events, found.effects) == (sent.outcome, sent.events, ())
    assert (found.state.status, found.state.closes_at) == (Status.ASKING, sent.state.closes_at)
    assert [q.swallowed for q in found.state.questions] == [swallow]


@pytest.mark.parametrize("world", SENT.values(), ids=SENT)
def test_short_of_a_reason_nothing_is_swallowed(world: Around) -> None:
    referral = a_referral()

    found = decide(referral, c.AskThem(RITA), world, NOW)

    assert [effect for effect in found.effects if isinstance(effect, SendPrompt)]


@pytest.mark.parametrize(("world", "sides"), OVER.values(), ids=OVER)
def test_the_limit_on_questions_received_is_looked_at_for_both_beforehand(world: Around, sides: set[Side]) -> None:
    referral = a_draft()

    found = decide(referral, c.AskThem(RITA), world, NOW)

    assert (said(found), found.state.over_limit) == (ASKED, frozenset(sides))


@pytest.mark.parametrize(
    ("agreed", "sides"), [(True, set()), (False, {Side.PROVIDER})], ids=["confirmed", "not confirmed"]
)
def test_a_confirmed_fit_check_was_counted_when_it_was_asked(sides: set[Side], *, agreed: bool) -> None:
    check = a_question(stage=Stage.FIT, closed=True, answer=Answer.YES if agreed else Answer.NO)
    referral = a_draft(questions=(check,))

    found = decide(referral, c.AskThem(RITA), around(received={PIA: 3}), NOW)

    assert found.state.over_limit == sides


@pytest.mark.parametrize(("order", "reveal", "changes", "wanted"), WORDS.values(), ids=WORDS)
def test_a_question_by_role_waits_for_words_that_name_nobody(
    order: Order, reveal: Reveal, changes: dict[str, Any], wanted: set[Slot]
) -> None:
    world = around(group=group_with(order=order))

    found = decide(a_referral(reveal=reveal, **changes), c.AskThem(RITA), world, NOW)

    assert found.outcome == (NeedsWords(Form.BLIND, tuple(sorted(wanted))) if wanted else Told(ASKED, NOW + 2 * WINDOW))


@pytest.mark.parametrize("missing", sorted(BLIND), ids=str)
def test_only_the_words_that_are_missing_are_asked_for(missing: Slot) -> None:
    referral = a_draft(reveal=Reveal.ROLE_ONLY)
    short = replace(referral, words={slot: text for slot, text in referral.words.items() if slot is not missing})

    found = decide(short, c.AskThem(RITA), around(), NOW)

    assert found.outcome == NeedsWords(Form.BLIND, (missing,))


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("reveal", Reveal)
@pytest.mark.parametrize(
    ("settings", "urgent", "window"),
    [
        ({}, False, 3 * DAY),
        ({}, True, DAY),
        ({"window": 5 * HOUR}, False, 5 * HOUR),
        ({"window": 20 * DAY}, False, 14 * DAY),
    ],
    ids=["usual", "urgent", "five hours", "at most two weeks"],
)
def test_the_end_is_fixed_at_the_sum_of_all_windows(
    order: Order, reveal: Reveal, settings: dict[str, Any], window: timedelta, *, urgent: bool
) -> None:
    world = around(group=group_with(order=order, **settings))

    found = decide(a_draft(reveal=reveal, urgent=urgent), c.AskThem(RITA), world, NOW).state

    assert found.closes_at == NOW + window * len(found.plan)
    assert {q.deadline for q in found.questions} == {NOW + window}


def test_asking_fixes_order_window_language_and_cards_for_good() -> None:
    group = group_with(order=Order.BOTH_AT_ONCE, language="de", window=HOUR)
    cards = {PIA: a_card(), SAM: a_card(member=SAM, lines={CardSlot.DOES: "Bread"}), RITA: a_card(member=RITA)}

    found = decide(a_draft(), c.AskThem(RITA), around(group=group, cards=cards), NOW).state

    assert (found.order, found.language, found.window, found.asked_at) == (Order.BOTH_AT_ONCE, "de", HOUR, NOW)
    assert found.cards == {Side.PROVIDER: a_card().lines}


def test_a_new_group_lets_everybody_start_at_once() -> None:
    world = among(newcomer(0 * HOUR), group=a_group(started_at=NOW))

    found = decide(a_referral(), c.AskThem(RITA), world, NOW).state

    assert found.status is Status.ASKING

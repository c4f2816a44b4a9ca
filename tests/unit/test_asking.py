"""What stands in the way of asking, whose question is never sent, and what goes out in each round."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decision import Around, PairPast, Say, Told
from bot.domain.effects import SendPrompt
from bot.domain.events import EventKind
from bot.domain.group import Order, Reveal
from bot.domain.ids import MemberId
from bot.domain.member import Member
from bot.domain.question import Answer, Question, Side, Stage, Swallow
from bot.domain.referral import Status
from tests.factories import GROUP, NOW, PIA, RITA, SAM, a_group, a_member, a_referral, an_ask, around
from tests.unit.doing import DAY, HOUR, SECOND, WINDOW, asked, by, click, do, ordered, said, stages_sent, with_person

LATER = NOW + 7 * DAY


def test_asking_sends_the_first_question_and_logs_it() -> None:
    decision = do(a_referral(), c.AskThem(RITA))

    assert decision.effects == (SendPrompt(decision.state.id, SAM, 0),)
    assert [event.kind for event in decision.events] == [EventKind.ASKING_STARTED]
    assert decision.outcome == Told(Say.ASKED, moment=NOW + 2 * WINDOW)
    assert (decision.state.status, decision.state.asked_at) == (Status.ASKING, NOW)


OBSTACLES: list[tuple[Around, Say]] = [
    (with_person(id=RITA, joined={}), Say.NOT_JOINED),
    (with_person(id=SAM, joined={}), Say.SEEKER_NOT_JOINED),
    (with_person(id=PIA, joined={}), Say.PROVIDER_NOT_JOINED),
    (with_person(id=PIA, user=None), Say.PROVIDER_NOT_JOINED),
    (with_person(id=SAM, paused_until=LATER, pause_is_quiet=False), Say.SEEKER_PAUSED),
    (with_person(id=PIA, paused_until=LATER, pause_is_quiet=False), Say.PROVIDER_PAUSED),
    (around(started_today=5), Say.TOO_MANY_TODAY),
    (around(open_now=10), Say.TOO_MANY_OPEN),
    (around(open_with=frozenset({SAM})), Say.ONE_OPEN_WITH_THEM),
    (around(open_with=frozenset({PIA})), Say.ONE_OPEN_WITH_THEM),
    (around(pair=PairPast(open_now=True, until=LATER, by_same_referrer=True)), Say.PAIR_OPEN),
    (around(pair=PairPast(until=LATER, by_same_referrer=True)), Say.PAIR_CLOSED),
    (with_person(id=RITA, joined={GROUP: NOW - timedelta(hours=47)}), Say.TOO_NEW),
]


@pytest.mark.parametrize(("world", "say"), OBSTACLES)
def test_what_the_referrer_may_know_is_said_and_nobody_is_asked(world: Around, say: Say) -> None:
    decision = do(a_referral(), c.AskThem(RITA), NOW, world)

    assert (said(decision), decision.state, decision.effects) == (say, a_referral(), ())


@pytest.mark.parametrize(
    "world",
    [
        around(started_today=4, open_now=9),
        by({"started_per_day": 9}, started_today=8),
        around(pair=PairPast(until=NOW, by_same_referrer=True)),
        with_person(id=SAM, paused_until=NOW, pause_is_quiet=False),
        with_person(id=RITA, joined={GROUP: NOW - timedelta(hours=48)}),
    ],
)
def test_what_is_over_or_below_the_limit_stops_nobody(world: Around) -> None:
    decision = do(a_referral(), c.AskThem(RITA), NOW, world)

    assert said(decision) is Say.ASKED


@pytest.mark.parametrize(("age", "say"), [(timedelta(days=14) - SECOND, Say.ASKED), (timedelta(days=14), Say.TOO_NEW)])
def test_newcomers_wait_only_in_groups_older_than_fourteen_days(age: timedelta, say: Say) -> None:
    newcomer = a_member(id=RITA, joined={GROUP: NOW - HOUR})
    world = around(group=a_group(started_at=NOW - age), people={**around().people, RITA: newcomer})

    assert said(do(a_referral(), c.AskThem(RITA), NOW, world)) is say


SWALLOWING: list[tuple[Swallow, dict[str, Any]]] = [
    (Swallow.BLOCK, {"blocks": frozenset({RITA})}),
    (Swallow.BLOCK, {"blocks": frozenset({SAM, PIA})}),
    (Swallow.PAUSE, {"paused_until": LATER}),
    (Swallow.UNREACHABLE, {"direct_messages_closed": True}),
]


@pytest.mark.parametrize(("why", "changes"), SWALLOWING)
@pytest.mark.parametrize("who", [SAM, PIA])
def test_a_question_nobody_may_send_looks_asked_to_the_referrer(
    why: Swallow, changes: dict[str, Any], who: MemberId
) -> None:
    draft = a_referral(words=asked().words)
    plain = do(draft, c.AskThem(RITA), NOW, ordered(Order.BOTH_AT_ONCE))
    group = by({"order": Order.BOTH_AT_ONCE}).group
    changed: Member = a_member(id=who, **changes)
    world = around(group=group, people={**around().people, who: changed})

    swallowed = do(draft, c.AskThem(RITA), NOW, world)

    assert (swallowed.outcome, swallowed.events) == (plain.outcome, plain.events)
    assert [q.swallowed for q in swallowed.state.questions if q.side is draft.side_of(who)] == [why]
    assert [e.to for e in swallowed.effects if isinstance(e, SendPrompt)] == [PIA if who == SAM else SAM]


def test_the_limit_on_questions_received_is_looked_at_for_both_beforehand() -> None:
    referral = asked(around(received={SAM: 2, PIA: 3}))

    after = click(referral, SAM, world=around(received={}))

    assert referral.over_limit == {Side.PROVIDER}
    assert (after.state.questions[1].swallowed, after.effects[1:]) == (Swallow.LIMIT, ())


def test_answers_to_ones_own_ask_are_outside_the_limit() -> None:
    world = around(ask=an_ask(owner=SAM), received={SAM: 9, PIA: 9})

    referral = asked(world, ask=an_ask().id)

    assert referral.over_limit == {Side.PROVIDER}


PASTS = [
    PairPast(open_now=True, until=LATER),
    PairPast(until=LATER),
    PairPast(know_each_other=True),
    PairPast(know_each_other=True, until=NOW, by_same_referrer=True),
]


@pytest.mark.parametrize("past", PASTS)
def test_another_proposal_of_a_closed_pair_asks_nobody_and_lapses(past: PairPast) -> None:
    decision = do(a_referral(), c.AskThem(RITA), NOW, around(pair=past))
    lapsed = do(decision.state, c.Elapse(), NOW + 2 * WINDOW)

    assert (said(decision), decision.effects) == (Say.ASKED, ())
    assert decision.state.questions[0].swallowed is Swallow.CLOSED_PAIR
    assert lapsed.state.status is Status.LAPSED


def test_the_seekers_yes_asks_the_provider_by_name() -> None:
    decision = click(asked(), SAM)

    assert stages_sent(decision) == [Stage.PROVIDER_NAMED]
    assert decision.state.questions[1].asked_at == NOW


def test_in_parallel_the_second_yes_asks_the_provider_by_name_whichever_it_is() -> None:
    world = ordered(Order.BOTH_AT_ONCE)
    for first, second in ((SAM, PIA), (PIA, SAM)):
        one = click(asked(world), first, world=world)
        both = click(one.state, second, world=world)

        assert (stages_sent(one), stages_sent(both)) == ([], [Stage.PROVIDER_NAMED])


def test_by_role_each_is_asked_by_role_before_anybody_hears_a_name() -> None:
    sent: list[list[Stage]] = []
    referral = asked(reveal=Reveal.ROLE_ONLY)
    for who in (SAM, PIA, SAM, PIA):
        decision = click(referral, who)
        referral = decision.state
        sent.append(stages_sent(decision))

    assert sent == [[Stage.PROVIDER_ROLE], [Stage.SEEKER_NAMED], [Stage.PROVIDER_NAMED], []]
    assert referral.both_agree


def test_who_left_meanwhile_is_not_asked() -> None:
    decision = click(asked(), SAM, world=with_person(id=PIA, joined={}))

    assert decision.state.questions[1].swallowed is Swallow.LEFT


def test_a_yes_given_again_after_the_others_came_asks_afresh_whom_it_had_kept_from_asking() -> None:
    world = ordered(Order.PROVIDER_FIRST)
    referral = click(asked(world), PIA, world=world).state
    back = do(referral, c.TakeBack(PIA, 0), NOW + HOUR).state
    held = click(back, SAM, at=NOW + 2 * HOUR, world=world)

    again = click(held.state, PIA, number=0, at=NOW + 3 * HOUR, world=world)

    assert (held.state.questions[2].swallowed, stages_sent(held)) == (Swallow.HELD_BACK, [])
    assert stages_sent(again) == [Stage.PROVIDER_NAMED]
    assert again.state.questions[2] == Question(2, Stage.PROVIDER_NAMED, NOW + 3 * HOUR, NOW + 3 * HOUR + WINDOW)


def test_nothing_is_held_back_for_who_said_yes_themselves() -> None:
    referral = asked(reveal=Reveal.ROLE_ONLY)
    referral = click(click(referral, SAM).state, PIA).state
    back = do(referral, c.TakeBack(SAM, 0)).state

    after = click(back, SAM).state

    assert [q.stage for q in after.questions] == [Stage.SEEKER_ROLE, Stage.PROVIDER_ROLE, Stage.SEEKER_NAMED]


def test_a_provider_keeps_a_limit_of_their_own_in_every_round() -> None:
    world = by({"order": Order.PROVIDER_FIRST}, received={PIA: 3})

    referral = asked(world)

    assert referral.questions[0].swallowed is Swallow.LIMIT


def test_blocking_changes_no_reply() -> None:
    plain = do(a_referral(), c.AskThem(RITA)).outcome
    blocked = do(a_referral(), c.AskThem(RITA), NOW, with_person(id=SAM, blocks=frozenset({RITA}))).outcome

    assert plain == blocked


def test_a_no_asks_nobody_more() -> None:
    decision = click(asked(), SAM, Answer.NO)

    assert len(decision.state.questions) == 1

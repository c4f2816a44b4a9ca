"""What members do for themselves: join, leave, write a card, take a break, block; and how silences add up."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain import member_commands as c
from bot.domain.decision import Say, Told
from bot.domain.effects import Notice, Notify
from bot.domain.events import EventKind
from bot.domain.ids import GroupId
from bot.domain.member import FOREVER, Card, CardSlot, Member
from bot.domain.members import Belonging, close_account, decide_member
from tests.factories import GROUP, LONG_AGO, NOW, OTTO, PIA, SAM, a_card, a_group, a_member
from tests.unit.rulebook import DAY, SECOND

ELSEWHERE = GroupId("elsewhere")
OUT: dict[str, Any] = {"joined": {ELSEWHERE: LONG_AGO}}
OCCASION = f"{GROUP}:{LONG_AGO.isoformat()}"
REFUSED: dict[str, Any] = {"joined": {}, "pending": frozenset({GROUP})}
WAITING: dict[str, Any] = REFUSED | {"hellos": {GROUP: LONG_AGO}}
CLOSED: dict[str, Any] = {"direct_messages_closed": True}
SAYS: dict[str, tuple[dict[str, Any], c.MemberCommand, Say, list[EventKind]]] = {
    "joins": (OUT, c.Join(), Say.JOINED, [EventKind.MEMBER_JOINED]),
    "joins where a hello comes first": (OUT, c.Join(hello_first=True), Say.HELLO_SENT, []),
    "joins while it is on its way": (WAITING, c.Join(hello_first=True), Say.HELLO_ON_ITS_WAY, []),
    "is reached by the hello": (WAITING, c.HelloArrived(), Say.JOINED, [EventKind.MEMBER_JOINED]),
    "is reached late by a hello": (REFUSED, c.HelloArrived(), Say.JOINED, [EventKind.MEMBER_JOINED]),
    "is reached after leaving": (OUT, c.HelloArrived(), Say.NOT_JOINED, []),
    "is greeted as a member": ({}, c.HelloArrived(), Say.JOINED, []),
    "is not reached": (WAITING, c.HelloRefused(OCCASION, is_closed=True), Say.DONE, []),
    "leaves before the hello": (WAITING, c.Leave(), Say.LEFT, []),
    "agrees to be named": ({}, c.ShowInTally(named=True), Say.CARD_SAVED, [EventKind.SHOWING_CHOSEN]),
    "is not named already": ({}, c.ShowInTally(named=False), Say.CARD_SAVED, []),
    "joins twice": ({}, c.Join(), Say.ALREADY_JOINED, []),
    "leaves": ({}, c.Leave(), Say.LEFT, [EventKind.MEMBER_LEFT]),
    "leaves twice": (OUT, c.Leave(), Say.NOT_JOINED, []),
    "writes a card": ({}, c.WriteCard({CardSlot.PLACE: "Leeds"}), Say.CARD_SAVED, [EventKind.CARD_WRITTEN]),
    "writes the same card": ({}, c.WriteCard({}), Say.CARD_SAVED, []),
    "takes a break": ({}, c.Pause(NOW + DAY, quiet=False), Say.PAUSED, []),
    "takes a quiet break": ({}, c.Pause(NOW + DAY, quiet=True), Say.PAUSED, []),
    "comes back": ({"paused_until": FOREVER}, c.Pause(None, quiet=True), Say.BACK, []),
    "takes a break that is over": ({}, c.Pause(NOW, quiet=True), Say.BACK, []),
    "blocks": ({}, c.Block(OTTO), Say.BLOCKED, []),
    "unblocks": ({"blocks": frozenset({OTTO})}, c.Unblock(OTTO), Say.UNBLOCKED, []),
}
CARDS: dict[str, tuple[c.WriteCard, dict[CardSlot, str], bool]] = {
    "a line": (c.WriteCard({CardSlot.PLACE: "Leeds"}), {CardSlot.DOES: "Books", CardSlot.PLACE: "Leeds"}, False),
    "another text": (c.WriteCard({CardSlot.DOES: "Tax"}), {CardSlot.DOES: "Tax"}, False),
    "an emptied line": (c.WriteCard({CardSlot.DOES: ""}), {}, False),
    "leads welcome": (c.WriteCard({}, accepts_leads=True), {CardSlot.DOES: "Books"}, True),
    "leads left as they are": (c.WriteCard({}), {CardSlot.DOES: "Books"}, False),
}
WRITTEN = {
    "does and ideal": ({CardSlot.DOES: "Books", CardSlot.IDEAL: "Shops"}, True),
    "does alone": ({CardSlot.DOES: "Books"}, False),
    "ideal alone": ({CardSlot.IDEAL: "Shops"}, False),
    "an empty line": ({CardSlot.DOES: "", CardSlot.IDEAL: "Shops"}, False),
    "nothing": ({}, False),
}
PAUSES = {
    "none": ({}, False, False),
    "said": ({"paused_until": NOW + SECOND, "pause_is_quiet": False}, True, True),
    "quiet": ({"paused_until": NOW + SECOND, "pause_is_quiet": True}, True, False),
    "over at this instant": ({"paused_until": NOW, "pause_is_quiet": False}, False, False),
}


def belonging(card: Card | None = None, **changes: Any) -> Belonging:  # noqa: ANN401 -- any field of the member
    return Belonging(a_member(**changes), card or a_card(member=SAM))


@pytest.mark.parametrize(("before", "command", "say", "log"), SAYS.values(), ids=SAYS)
def test_every_command_has_its_reply_and_its_log_entry(
    before: dict[str, Any], command: c.MemberCommand, say: Say, log: list[EventKind]
) -> None:
    state = belonging(**before)

    found = decide_member(state, command, a_group(), NOW)

    assert isinstance(found.outcome, Told)
    assert (found.outcome.say, [event.kind for event in found.events]) == (say, log)


@pytest.mark.parametrize(("before", "command", "say", "log"), SAYS.values(), ids=SAYS)
def test_doing_it_twice_is_the_same_as_once(
    before: dict[str, Any], command: c.MemberCommand, say: Say, log: list[EventKind]
) -> None:
    once = decide_member(belonging(**before), command, a_group(), NOW).state

    twice = decide_member(once, command, a_group(), NOW + SECOND)

    assert (twice.state, twice.effects, twice.events) == (once, (), ())


@pytest.mark.parametrize(
    ("command", "groups"), [(c.Join(), {GROUP, ELSEWHERE}), (c.Leave(), {ELSEWHERE})], ids=["join", "leave"]
)
def test_joining_and_leaving_leave_other_groups_alone(command: c.MemberCommand, groups: set[GroupId]) -> None:
    inside = {} if isinstance(command, c.Join) else {GROUP: LONG_AGO}
    state = belonging(joined={**inside, ELSEWHERE: LONG_AGO})

    found = decide_member(state, command, a_group(), NOW)

    assert set(found.state.member.joined) == groups
    assert found.state.member.joined[ELSEWHERE] == LONG_AGO


@pytest.mark.parametrize("now", [NOW, NOW + DAY], ids=["first time", "again after leaving"])
def test_each_joining_is_greeted_once(now: datetime) -> None:
    state = belonging(**OUT)

    found = decide_member(state, c.Join(), a_group(), now)

    occasion = f"{GROUP}:{now.isoformat()}"
    assert found.effects == (Notify(SAM, Notice.HELLO, group=GROUP, occasion=occasion),)


@pytest.mark.parametrize(("before", "command"), [(OUT, c.Join()), (REFUSED, c.HelloArrived())])
def test_who_comes_back_is_not_named_in_the_weekly_post_before_they_say_so_anew(
    before: dict[str, Any], command: c.MemberCommand
) -> None:
    card = a_card(member=SAM, named=True, listened_for=True)

    back = decide_member(belonging(card, **before), command, a_group(), NOW).state

    assert back.member.is_in(GROUP)
    assert (back.card.named, back.card.listened_for, back.card.lines) == (False, False, card.lines)


def test_who_waits_for_a_hello_is_in_when_it_arrives_and_not_before() -> None:
    sent = decide_member(belonging(joined={}, **CLOSED), c.Join(hello_first=True), a_group(), NOW)
    waiting = sent.state.member
    arrived = decide_member(sent.state, c.HelloArrived(), a_group(), NOW + DAY).state.member

    assert sent.effects == (Notify(SAM, Notice.HELLO, group=GROUP, occasion=f"{GROUP}:{NOW.isoformat()}"),)
    assert (waiting.is_in(GROUP), waiting.out_of_reach()) == (False, None)
    assert arrived == a_member(joined={GROUP: NOW + DAY})


def test_a_hello_that_was_refused_is_tried_again_one_at_a_time() -> None:
    first = decide_member(belonging(joined={}), c.Join(hello_first=True), a_group(), NOW).state
    occasion = f"{GROUP}:{NOW.isoformat()}"
    refused = decide_member(first, c.HelloRefused(occasion, is_closed=True), a_group(), NOW).state
    second = decide_member(refused, c.Join(hello_first=True), a_group(), NOW + DAY)
    late = decide_member(second.state, c.HelloRefused(occasion, is_closed=False), a_group(), NOW + DAY).state

    assert (refused.member.out_of_reach(), refused.member.direct_messages_closed) == (GROUP, True)
    assert [effect.occasion for effect in second.effects if isinstance(effect, Notify)] != [occasion]
    assert late == second.state
    assert late.member.out_of_reach() is None


def test_a_member_who_became_unreachable_stays_in_and_can_have_a_hello_tried() -> None:
    closed = a_member().unreachable()
    again = decide_member(Belonging(closed, a_card(member=SAM)), c.Join(), a_group(), NOW)
    refused = decide_member(again.state, c.HelloRefused(f"{GROUP}:{NOW.isoformat()}", is_closed=True), a_group(), NOW)
    reached = decide_member(again.state, c.HelloArrived(), a_group(), NOW + DAY)

    assert (closed.out_of_reach(), a_member().out_of_reach(), a_member(joined={}, **CLOSED).out_of_reach()) == (
        GROUP,
        None,
        None,
    )
    assert again.outcome == Told(Say.HELLO_AGAIN)
    assert again.state.member.is_in(GROUP)
    assert refused.state.member == closed
    assert (reached.state.member, reached.events) == (a_member(), ())


@pytest.mark.parametrize("joined", [{}, {GROUP: LONG_AGO}], ids=["anew", "again"])
def test_joining_again_keeps_the_first_day(joined: dict[GroupId, datetime]) -> None:
    member = a_member(joined=joined)

    found = member.joining(GROUP, NOW)

    assert found.joined[GROUP] == joined.get(GROUP, NOW)


@pytest.mark.parametrize(("command", "lines", "leads"), CARDS.values(), ids=CARDS)
def test_a_card_takes_the_lines_typed_and_keeps_the_others(
    command: c.WriteCard, lines: dict[CardSlot, str], *, leads: bool
) -> None:
    state = belonging(Card(SAM, GROUP, {CardSlot.DOES: "Books"}))

    found = decide_member(state, command, a_group(), NOW)

    assert (found.state.card.lines, found.state.card.accepts_leads) == (lines, leads)


@pytest.mark.parametrize(("lines", "written"), WRITTEN.values(), ids=WRITTEN)
def test_a_card_is_written_once_a_fit_can_be_judged_by_it(lines: dict[CardSlot, str], *, written: bool) -> None:
    card = Card(PIA, GROUP, lines)

    found = card.is_written

    assert found is written


@pytest.mark.parametrize(("before", "on_a_break", "says_so"), PAUSES.values(), ids=PAUSES)
def test_a_break_lasts_until_its_instant_and_is_told_only_if_it_is_no_quiet_one(
    before: dict[str, Any], *, on_a_break: bool, says_so: bool
) -> None:
    member = a_member(**before)

    found = (member.is_paused(NOW), member.says_paused(NOW))

    assert found == (on_a_break, says_so)


@pytest.mark.parametrize(
    ("silences", "after", "until"), [(0, 1, None), (1, 0, FOREVER)], ids=["the first", "the second"]
)
def test_two_silences_in_a_row_are_a_quiet_break(silences: int, after: int, until: datetime | None) -> None:
    member = a_member(silences=silences)

    found = member.after_silence()

    assert (found.silences, found.paused_until, found.says_paused(NOW)) == (after, until, False)


@pytest.mark.parametrize("silences", [0, 1], ids=["none", "one"])
def test_an_answer_or_a_break_starts_the_silences_again(silences: int) -> None:
    member = a_member(silences=silences)

    found = (member.after_answer(), member.pausing(NOW, quiet=False).silences)

    assert found == (replace(member, silences=0), 0)


@pytest.mark.parametrize(("user", "inside"), [("U-sam", True), (None, False)], ids=["known", "erased"])
def test_who_was_erased_is_in_no_group(user: str | None, *, inside: bool) -> None:
    member: Member = a_member(user=user)

    found = member.is_in(GROUP)

    assert found is inside


def test_a_closed_account_leaves_every_group_once_and_can_be_written_to_no_more() -> None:
    member = a_member(joined={GROUP: LONG_AGO, ELSEWHERE: LONG_AGO})

    closed = close_account(member)
    again = close_account(closed.state)

    assert closed.state == replace(member, joined={}, direct_messages_closed=True)
    assert [(event.kind, event.group) for event in closed.events] == [
        (EventKind.MEMBER_LEFT, ELSEWHERE),
        (EventKind.MEMBER_LEFT, GROUP),
    ]
    assert (again.state, again.events, closed.effects) == (closed.state, (), ())


def test_who_joins_can_be_written_to_again() -> None:
    closed = belonging(joined={}, direct_messages_closed=True)

    joined = decide_member(closed, c.Join(), a_group(), NOW).state.member

    assert (joined.is_in(GROUP), joined.direct_messages_closed) == (True, False)

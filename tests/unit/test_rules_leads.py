"""Leads: kept, sent where they are welcome, swallowed in silence where they are not, taken up again, thrown away."""

from datetime import datetime

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Form, Outcome, Refused, Say, Told
from bot.domain.effects import Notice, Notify
from bot.domain.events import EventKind
from bot.domain.member import Member
from bot.domain.question import Side
from bot.domain.referral import STARTED, Status, Tick
from bot.domain.words import Fault, Slot
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_card, a_member, a_referral, around
from tests.unit.rulebook import DAY, among, group_with, paused, said

NEED = "A baker in the north wants his books done."
WELCOME = {PIA: a_card(accepts_leads=True)}
BEFORE = [Status.DRAFT, Status.SCREENED, Status.LEAD]
STARTED_ONES = sorted(STARTED)
REFUSED: dict[str, tuple[c.SendLead, Around, Outcome]] = {
    "no need": (c.SendLead(RITA, PIA, ""), around(cards=WELCOME), Refused({Slot.NEED: Fault.MISSING}, Form.LEAD)),
    "too long": (
        c.SendLead(RITA, PIA, "x" * 601),
        around(cards=WELCOME),
        Refused({Slot.NEED: Fault.TOO_LONG}, Form.LEAD),
    ),
    "a number": (
        c.SendLead(RITA, PIA, "Call 030 1234567"),
        around(cards=WELCOME),
        Refused({Slot.NEED: Fault.CONTACT}, Form.LEAD),
    ),
    "a person": (
        c.SendLead(RITA, PIA, "Sam wants his books done."),
        around(cards=WELCOME, names={Side.SEEKER: ("Sam Stone",)}),
        Refused({Slot.NEED: Fault.NAMES_THEM}, Form.LEAD),
    ),
    "an employer": (
        c.SendLead(RITA, PIA, "Brightbread wants its books done."),
        around(cards=WELCOME, names={Side.SEEKER: ("Sam Stone", "Brightbread")}),
        Refused({Slot.NEED: Fault.NAMES_THEM}, Form.LEAD),
    ),
    "the sender left": (
        c.SendLead(RITA, PIA, NEED),
        among(a_member(id=RITA, joined={}), cards=WELCOME),
        Told(Say.NOT_JOINED),
    ),
    "the sender is unknown": (c.SendLead(RITA, PIA, NEED), around(people={}, cards=WELCOME), Told(Say.NOT_JOINED)),
    "oneself": (c.SendLead(RITA, RITA, NEED), around(cards=WELCOME), Told(Say.YOURSELF)),
    "no card": (c.SendLead(RITA, OTTO, NEED), around(cards=WELCOME), Told(Say.LEADS_NOT_WELCOME, who=OTTO)),
    "a card without leads": (c.SendLead(RITA, PIA, NEED), around(), Told(Say.LEADS_NOT_WELCOME, who=PIA)),
    "a group without leads": (
        c.SendLead(RITA, PIA, NEED),
        around(cards=WELCOME, group=group_with(leads=False)),
        Told(Say.LEADS_NOT_WELCOME, who=PIA),
    ),
}
SWALLOWED = {
    "blocked the sender": a_member(id=PIA, blocks=frozenset({RITA})),
    "pauses": paused(PIA, quiet=False),
    "pauses quietly": paused(PIA),
    "left": a_member(id=PIA, joined={}),
    "erased": a_member(id=PIA, user=None),
    "cannot be reached": a_member(id=PIA, direct_messages_closed=True),
}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SCREENED], ids=str)
def test_a_kept_lead_leaves_the_drawer_by_nobody(status: Status) -> None:
    referral = a_referral(status=status)

    found = decide(referral, c.KeepAsLead(RITA), around(cards=WELCOME), NOW)

    assert (found.state.status, said(found), found.effects) == (Status.LEAD, Say.KEPT_AS_LEAD, ())
    assert [event.kind for event in found.events] == [EventKind.LEAD_KEPT]


@pytest.mark.parametrize("status", BEFORE, ids=str)
def test_a_lead_is_sent_to_a_provider_who_takes_them(status: Status) -> None:
    referral = a_referral(status=status)

    found = decide(referral, c.SendLead(RITA, PIA, NEED), around(cards=WELCOME), NOW)

    assert (found.state.status, found.state.lead_sent_at, said(found)) == (Status.LEAD, NOW, Say.LEAD_SENT)
    assert found.effects == (Notify(PIA, Notice.LEAD, referral.id),)
    assert [event.kind for event in found.events] == [EventKind.LEAD_SENT]


@pytest.mark.parametrize(("command", "world", "outcome"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("status", [Status.DRAFT, Status.LEAD], ids=str)
def test_a_refused_lead_goes_nowhere_and_keeps_what_was_typed(
    command: c.SendLead, world: Around, outcome: Outcome, status: Status
) -> None:
    referral = a_referral(status=status, fit=None)

    found = decide(referral, command, world, NOW)

    assert (found.outcome, found.effects, found.events) == (outcome, (), ())
    assert (found.state.status, found.state.provider) == (status, command.provider)
    assert found.state.words.get(Slot.NEED, "") == command.need or not command.need


@pytest.mark.parametrize("person", SWALLOWED.values(), ids=SWALLOWED)
def test_a_lead_nobody_wants_is_swallowed_and_its_sender_hears_the_same(person: Member) -> None:
    sent = decide(a_referral(), c.SendLead(RITA, PIA, NEED), around(cards=WELCOME), NOW)

    found = decide(a_referral(), c.SendLead(RITA, PIA, NEED), among(person, cards=WELCOME), NOW)

    assert (found.state, found.outcome, found.events) == (sent.state, sent.outcome, sent.events)
    assert found.effects == ()


@pytest.mark.parametrize("status", [*STARTED_ONES, Status.DISCARDED], ids=str)
def test_what_was_asked_or_thrown_away_is_no_lead_any_more(status: Status) -> None:
    referral = a_referral(status=status)

    found = decide(referral, c.SendLead(RITA, PIA, NEED), around(cards=WELCOME), NOW)

    assert (found.state, said(found), found.effects) == (referral, Say.FROZEN, ())


def test_a_lead_is_sent_once() -> None:
    referral = a_referral(status=Status.LEAD, lead_sent_at=NOW - DAY)

    found = decide(referral, c.SendLead(RITA, PIA, NEED), around(cards=WELCOME), NOW)

    assert (found.state, said(found), found.effects) == (referral, Say.FROZEN, ())


@pytest.mark.parametrize("sent_at", [None, NOW - DAY], ids=["kept", "sent"])
def test_a_lead_taken_up_again_is_a_draft_to_be_filtered_anew(sent_at: datetime | None) -> None:
    referral = a_referral(status=Status.LEAD, lead_sent_at=sent_at, need=Tick.NO, fit=Tick.YES)

    found = decide(referral, c.UpgradeLead(RITA), around(), NOW)

    state = found.state
    assert (state.status, state.need, state.fit, state.lead_sent_at) == (Status.DRAFT, None, None, None)
    assert (state.words, state.seeker, said(found)) == (referral.words, SAM, Say.SAVED)
    assert [event.kind for event in found.events] == [EventKind.LEAD_UPGRADED]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.LEAD}), ids=str)
def test_only_a_lead_is_taken_up_again(status: Status) -> None:
    referral = a_referral(status=status)

    found = decide(referral, c.UpgradeLead(RITA), around(), NOW)

    assert (found.state, said(found), found.events) == (referral, Say.FROZEN, ())


@pytest.mark.parametrize("status", BEFORE, ids=str)
def test_a_draft_or_lead_is_thrown_away(status: Status) -> None:
    referral = a_referral(status=status)

    found = decide(referral, c.Discard(RITA), around(), NOW)

    assert (found.state.status, said(found), found.effects) == (Status.DISCARDED, Say.DISCARDED, ())
    assert [event.kind for event in found.events] == [EventKind.DISCARDED]


@pytest.mark.parametrize(
    ("status", "say"),
    [(Status.DISCARDED, Say.DISCARDED), *((status, Say.FROZEN) for status in STARTED_ONES)],
    ids=[Status.DISCARDED, *STARTED_ONES],
)
def test_nothing_else_is_thrown_away_and_nothing_twice(status: Status, say: Say) -> None:
    referral = a_referral(status=status)

    found = decide(referral, c.Discard(RITA), around(), NOW)

    assert (found.state, said(found), found.events) == (referral, say, ())

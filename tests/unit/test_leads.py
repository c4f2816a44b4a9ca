"""Leads: kept for oneself, sent as a tip, taken up again; and drafts that are thrown away."""

from datetime import timedelta

import pytest

from bot.domain import commands as c
from bot.domain.decision import Say
from bot.domain.effects import Notice
from bot.domain.events import EventKind
from bot.domain.member import Member
from bot.domain.question import Side
from bot.domain.referral import Status
from bot.domain.words import Fault, Slot
from tests.factories import NOW, OTTO, PIA, RITA, a_card, a_member, a_referral, around
from tests.unit.doing import by, do, faults, introduced, notices, said
from tests.unit.test_filter import SWALLOWING

DRAFT, LEAD = Status.DRAFT, Status.LEAD


def test_a_lead_is_kept_for_oneself_and_taken_up_again() -> None:
    kept = do(a_referral(), c.KeepAsLead(RITA))
    draft = do(kept.state, c.UpgradeLead(RITA))

    assert (kept.state.status, said(kept), kept.effects) == (LEAD, Say.KEPT_AS_LEAD, ())
    assert (draft.state.status, draft.state.need, draft.state.fit) == (DRAFT, None, None)
    assert [event.kind for event in (*kept.events, *draft.events)] == [EventKind.LEAD_KEPT, EventKind.LEAD_UPGRADED]


WELCOME = {PIA: a_card(accepts_leads=True), OTTO: a_card(member=OTTO, accepts_leads=True)}
TIP = c.SendLead(RITA, PIA, "Somebody needs their books done.")


def test_a_lead_is_sent_to_who_takes_leads_and_counted() -> None:
    decision = do(a_referral(status=LEAD), TIP, NOW, around(cards=WELCOME))
    again = do(decision.state, TIP, NOW, around(cards=WELCOME))

    assert (said(decision), notices(decision.effects)) == (Say.LEAD_SENT, [(PIA, Notice.LEAD)])
    assert [event.kind for event in decision.events] == [EventKind.LEAD_SENT]
    assert (decision.state.status, decision.state.lead_sent_at) == (LEAD, NOW)
    assert (said(again), again.state, again.effects) == (Say.FROZEN, decision.state, ())


@pytest.mark.parametrize("person", SWALLOWING.values(), ids=list(SWALLOWING))
def test_a_lead_that_is_kept_from_somebody_looks_sent(person: Member) -> None:
    world = around(cards=WELCOME, people={**around().people, PIA: person})

    decision = do(a_referral(), TIP, NOW, world)

    assert (said(decision), decision.effects) == (Say.LEAD_SENT, ())
    assert [event.kind for event in decision.events] == [EventKind.LEAD_SENT]


def test_leads_are_not_sent_where_they_are_not_welcome() -> None:
    card, group = around(), by({"leads": False}, cards=WELCOME)

    assert said(do(a_referral(), TIP, NOW, card)) is Say.LEADS_NOT_WELCOME
    assert said(do(a_referral(), TIP, NOW, around(cards={}))) is Say.LEADS_NOT_WELCOME
    assert said(do(a_referral(), TIP, NOW, group)) is Say.LEADS_NOT_WELCOME


@pytest.mark.parametrize(
    ("need", "fault"),
    [("", Fault.MISSING), ("Call 030 123456789", Fault.CONTACT), ("Sam's books", Fault.NAMES_THEM)],
)
def test_a_lead_holds_a_need_and_nobodys_name_or_details(need: str, fault: Fault) -> None:
    world = around(cards=WELCOME, names={Side.SEEKER: ("Sam Smith",)})

    decision = do(a_referral(words={}), c.SendLead(RITA, PIA, need), NOW, world)

    assert faults(decision) == {Slot.NEED: fault}
    assert decision.state.words == ({Slot.NEED: need} if need else {})


def test_a_refused_lead_leaves_a_kept_one_kept_and_judges_another_provider_anew() -> None:
    kept = do(a_referral(status=LEAD), TIP).state
    other = do(a_referral(), c.SendLead(RITA, OTTO, "Books.")).state

    assert (kept.status, kept.lead_sent_at) == (LEAD, None)
    assert (other.status, other.provider, other.fit) == (DRAFT, OTTO, None)


def test_nobody_sends_leads_to_themselves_or_from_outside_the_group() -> None:
    outside = around(cards=WELCOME, people={**around().people, RITA: a_member(id=RITA, joined={})})

    assert said(do(a_referral(), c.SendLead(RITA, RITA, "Books."), NOW, around(cards=WELCOME))) is Say.YOURSELF
    assert said(do(a_referral(), TIP, NOW, outside)) is Say.NOT_JOINED


def test_a_draft_is_discarded_for_good() -> None:
    gone = do(a_referral(), c.Discard(RITA))
    again = do(gone.state, c.Discard(RITA))

    assert [event.kind for event in gone.events] == [EventKind.DISCARDED]
    assert (said(again), again.events, again.state) == (Say.DISCARDED, (), gone.state)
    assert said(do(gone.state, TIP, NOW, around(cards=WELCOME))) is Say.FROZEN
    assert said(do(gone.state, c.UpgradeLead(RITA))) is Say.FROZEN
    assert said(do(introduced(), c.Discard(RITA), NOW + timedelta(1))) is Say.FROZEN

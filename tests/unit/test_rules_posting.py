"""From the second yes to the introduction: the claim, the receipt, who hears, who left meanwhile, and *Got it*."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Say
from bot.domain.effects import SendHeadsUp
from bot.domain.errors import NotAPartyError
from bot.domain.events import EventKind
from bot.domain.ids import GuestId, MemberId
from bot.domain.member import Guest, Party
from bot.domain.question import Answer, Question, Side
from bot.domain.referral import Referral, Status
from bot.domain.words import Slot
from tests.factories import (
    NOW,
    OTTO,
    PIA,
    RITA,
    SAM,
    a_member,
    a_question,
    a_referral,
    an_agreed_referral,
    an_asking_referral,
    around,
)
from tests.unit.rulebook import HOUR, SECOND, among, notices, paused, said

DUE = NOW + 30 * SECOND
YES: dict[str, Any] = {"answer": Answer.YES, "answered_at": NOW}
GUEST = Guest(GuestId("guest"))
CLAIMS: dict[str, tuple[dict[str, Any], int, datetime, bool]] = {
    "when due": ({}, 1, DUE, True),
    "late": ({}, 1, DUE + HOUR, True),
    "too soon": ({}, 1, DUE - SECOND, False),
    "no instant set": ({"posting_at": None}, 1, DUE, False),
    "an older posting": ({"postings": 2}, 1, DUE, False),
    "called off": ({"status": Status.ASKING}, 1, DUE, False),
    "withdrawn": ({"status": Status.WITHDRAWN}, 1, DUE, False),
    "of somebody outside the chat": ({"seeker": GUEST}, 1, DUE, True),
}
UNWILLING: dict[str, tuple[Around, int]] = {
    "seeker left": (among(a_member(joined={})), 0),
    "seeker erased": (among(a_member(user=None)), 0),
    "seeker blocks the other": (among(a_member(blocks=frozenset({PIA}))), 0),
    "seeker blocks the referrer": (among(a_member(blocks=frozenset({RITA}))), 0),
    "provider left": (among(a_member(id=PIA, joined={})), 1),
    "provider blocks the other": (among(a_member(id=PIA, blocks=frozenset({SAM}))), 1),
}
WILLING: dict[str, Around] = {
    "blocks somebody else": among(a_member(blocks=frozenset({OTTO}))),
    "takes a break": among(paused(SAM)),
    "the referrer left": among(a_member(id=RITA, joined={})),
}
NOT_OUT: dict[str, tuple[dict[str, Any], int]] = {
    "not claimed": ({"too_late": False}, 1),
    "another posting": ({"too_late": True}, 2),
    "introduced before": ({"too_late": True, "status": Status.INTRODUCED}, 1),
    "withdrawn": ({"status": Status.WITHDRAWN}, 1),
}
BUT = replace(a_question(answer=Answer.YES_BUT), no_introduction=True)
HEARD: dict[str, tuple[dict[str, Any], list[tuple[MemberId, str]], bool]] = {
    "the referrer": ({}, [(RITA, "introduced")], False),
    "the provider, with a heads-up": ({"words": {Slot.HEADS_UP: "He is shy."}}, [(RITA, "introduced")], True),
    "the seeker who wants to be written to": (
        {"questions": (BUT,)},
        [(SAM, "write_to_them"), (RITA, "introduced")],
        False,
    ),
    "a guest is written nothing": ({"questions": (BUT,), "seeker": GUEST}, [(RITA, "introduced")], False),
    "a helper": ({"helper": True, "starter": PIA}, [], False),
}
CLICKED = {
    "claimed, no receipt yet": {"too_late": True},
    "introduced": {"status": Status.INTRODUCED},
    "closed": {"status": Status.CLOSED},
}


def claimed(**changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    return an_agreed_referral(**({"too_late": True} | changes))


@pytest.mark.parametrize(("changes", "posting", "now", "stands"), CLAIMS.values(), ids=CLAIMS)
def test_a_claim_makes_it_too_late_once_it_is_due(
    changes: dict[str, Any], posting: int, now: datetime, *, stands: bool
) -> None:
    referral = an_agreed_referral(**changes)

    found = decide(referral, c.ClaimPosting(posting), around(), now)

    assert found.state == replace(referral, too_late=stands)
    assert (said(found), found.effects, found.events) == (Say.DONE, (), ())


def test_claiming_again_after_a_crash_changes_nothing() -> None:
    referral = claimed()

    found = decide(referral, c.ClaimPosting(1), among(a_member(joined={})), DUE)

    assert (found.state, found.effects) == (referral, ())


@pytest.mark.parametrize(("world", "number"), UNWILLING.values(), ids=UNWILLING)
def test_a_claim_calls_it_off_in_silence_where_somebody_is_not_willing_any_more(world: Around, number: int) -> None:
    referral = an_agreed_referral()

    found = decide(referral, c.ClaimPosting(1), world, DUE)

    assert (found.state.status, found.state.too_late, found.state.posting_at) == (Status.ASKING, False, None)
    assert (found.state.questions[number].answer, found.effects) == (Answer.GONE, ())
    assert [(receipt.number, receipt.answer) for receipt in found.receipts] == [(number, Answer.GONE)]


@pytest.mark.parametrize("world", WILLING.values(), ids=WILLING)
def test_nothing_else_stands_in_the_way_of_two_yeses(world: Around) -> None:
    referral = an_agreed_referral()

    found = decide(referral, c.ClaimPosting(1), world, DUE)

    assert found.state.too_late


@pytest.mark.parametrize(("changes", "told", "heads_up"), HEARD.values(), ids=HEARD)
def test_once_it_is_posted_those_hear_who_should(
    changes: dict[str, Any], told: list[tuple[MemberId, str]], *, heads_up: bool
) -> None:
    referral = claimed(**changes)

    found = decide(referral, c.IntroductionPosted(1), around(), DUE)

    assert notices(found.effects) == told
    assert [e for e in found.effects if isinstance(e, SendHeadsUp)] == [SendHeadsUp(referral.id, PIA)] * heads_up


@pytest.mark.parametrize(
    ("helper", "seeker", "again", "facts"),
    [
        (False, SAM, False, {"helper": "false", "seeker": SAM, "again": "false"}),
        (True, SAM, True, {"helper": "true", "seeker": SAM, "again": "true"}),
        (False, GUEST, False, {"helper": "false", "seeker": "guest/guest", "again": "false"}),
    ],
    ids=["referrer", "helper, once more", "guest"],
)
def test_an_introduction_is_logged_with_what_a_tally_is_made_of(
    seeker: Party, facts: dict[str, str], *, helper: bool, again: bool
) -> None:
    referral = claimed(helper=helper, seeker=seeker)

    found = decide(referral, c.IntroductionPosted(1), replace(around(), introduced_before=again), DUE)

    assert (found.state.status, found.state.introduced_at, found.state.posting_at) == (Status.INTRODUCED, DUE, None)
    assert [(e.kind, e.facts) for e in found.events] == [
        (EventKind.INTRODUCED, {"kind": "referral", "provider": PIA} | facts),
    ]


@pytest.mark.parametrize(("changes", "posting"), NOT_OUT.values(), ids=NOT_OUT)
@pytest.mark.parametrize("kind", [c.IntroductionPosted, c.IntroductionRefused], ids=["posted", "refused"])
def test_a_receipt_for_something_else_changes_nothing(
    changes: dict[str, Any], posting: int, kind: type[c.IntroductionPosted | c.IntroductionRefused]
) -> None:
    referral = an_agreed_referral(**changes)

    found = decide(referral, kind(posting), around(), DUE)

    assert (found.state, found.effects, found.events) == (referral, (), ())


def test_an_introduction_the_platform_refuses_is_called_off_in_silence() -> None:
    referral = claimed()

    found = decide(referral, c.IntroductionRefused(1), around(), DUE)

    assert found.state == replace(referral, status=Status.ASKING, too_late=False, posting_at=None)
    assert (found.effects, found.events) == ((), ())


@pytest.mark.parametrize("changes", CLICKED.values(), ids=CLICKED)
@pytest.mark.parametrize(("who", "side"), [(SAM, Side.SEEKER), (PIA, Side.PROVIDER)], ids=["seeker", "provider"])
def test_each_party_says_got_it_once(changes: dict[str, Any], who: MemberId, side: Side) -> None:
    referral = an_agreed_referral(**changes)

    found = decide(referral, c.GotIt(who), around(), NOW)
    again = decide(found.state, c.GotIt(who), around(), NOW)

    assert (found.state.got_it, said(found), said(again)) == (frozenset({side}), Say.GOT_IT, Say.GOT_IT)
    assert [(e.kind, e.by) for e in found.events] == [(EventKind.GOT_IT, who)]
    assert (again.state, again.events) == (found.state, ())


@pytest.mark.parametrize(
    ("who", "changes"),
    [(RITA, {"status": Status.INTRODUCED}), (OTTO, {"too_late": True}), (SAM, {}), (PIA, {"status": Status.ASKING})],
    ids=["the referrer", "a bystander", "before the claim", "while asking"],
)
def test_nobody_else_says_got_it_and_nobody_too_early(who: MemberId, changes: dict[str, Any]) -> None:
    referral = an_agreed_referral(**changes)

    with pytest.raises(NotAPartyError):
        decide(referral, c.GotIt(who), around(), NOW)


@pytest.mark.parametrize(
    ("people", "pair"),
    [({}, (PIA, SAM)), ({"seeker": None}, None), ({"provider": None}, None), ({"seeker": GUEST}, None)],
    ids=["two members", "no seeker", "no provider", "a guest"],
)
def test_a_pair_is_two_members_in_one_order(people: dict[str, Any], pair: tuple[MemberId, MemberId] | None) -> None:
    referral = a_referral(**people)

    found = referral.pair

    assert found == pair


@pytest.mark.parametrize(
    ("questions", "agree"),
    [((), False), ((a_question(**YES),), False), (an_agreed_referral().questions, True)],
    ids=["nobody asked", "one", "both"],
)
def test_both_agree_once_every_question_of_the_plan_stands_at_a_yes(
    questions: tuple[Question, ...], *, agree: bool
) -> None:
    referral = an_asking_referral(questions=questions)

    found = referral.both_agree

    assert found is agree

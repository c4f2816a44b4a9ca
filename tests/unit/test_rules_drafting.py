"""A draft: whose it is, what stays of what was typed, what is wrong with it, and what it may still become."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Form, Outcome, Refused, Say, Told
from bot.domain.errors import NotAPartyError
from bot.domain.events import EventKind
from bot.domain.group import Reveal
from bot.domain.ids import AskId, GuestId, ReferralId
from bot.domain.member import Guest
from bot.domain.question import Side
from bot.domain.referral import Basis, Purpose, Referral, Status, Tick
from bot.domain.words import Fault, Slot
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_referral, around
from tests.unit.rulebook import said

NAMES = {Side.SEEKER: ("Sam Stone",), Side.PROVIDER: ("Pia Park",)}
GUEST = Guest(GuestId("guest"))
NEED, WHY = Slot.NEED, Slot.WHY
EDITS: dict[str, c.ReferralCommand] = {
    "write": c.WriteDraft(RITA, words={NEED: "Something else"}),
    "filter": c.AnswerFilter(RITA, c.Filter.NEED, Tick.NOT_SURE),
    "toggle": c.Toggle(RITA, c.Choice.URGENT),
    "check fit": c.CheckFit(RITA),
    "keep as lead": c.KeepAsLead(RITA),
}
STARTERS: dict[str, c.ReferralCommand] = {
    **EDITS,
    "send as lead": c.SendLead(RITA, PIA, "A baker wants his books done."),
    "upgrade": c.UpgradeLead(RITA),
    "discard": c.Discard(RITA),
    "ask them": c.AskThem(RITA),
    "offer help": c.OfferHelp(RITA, {}),
    "withdraw": c.Withdraw(RITA),
}
KEPT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {}),
    "the same people": ({"seeker": SAM, "provider": PIA}, {}),
    "another seeker": ({"seeker": OTTO}, {"seeker": OTTO, "need": None, "fit": None, "status": Status.DRAFT}),
    "no seeker": ({"clears_seeker": True}, {"seeker": None, "need": None, "fit": None, "status": Status.DRAFT}),
    "a guest": ({"seeker": GUEST}, {"seeker": GUEST, "need": None, "fit": None, "status": Status.DRAFT}),
    "another provider": ({"provider": OTTO}, {"provider": OTTO, "fit": None, "status": Status.DRAFT}),
    "basis": ({"basis": Basis.DIRECT}, {"basis": Basis.DIRECT}),
    "purpose": ({"purpose": Purpose.HIRING}, {"purpose": Purpose.HIRING}),
    "first move": ({"first_move": Side.SEEKER}, {"first_move": Side.SEEKER}),
    "an ask": ({"ask": AskId("ask")}, {"ask": AskId("ask")}),
    "where it came from": ({"came_from": ReferralId("first")}, {"came_from": ReferralId("first")}),
}
WORDS: dict[str, tuple[Mapping[Slot, str], Mapping[Slot, str]]] = {
    "another text": ({NEED: "b"}, {NEED: "b", WHY: "w"}),
    "one more": ({Slot.RESULT: "r"}, {NEED: "a", WHY: "w", Slot.RESULT: "r"}),
    "an emptied one": ({NEED: ""}, {WHY: "w"}),
    "words of the seeker": ({Slot.SEEKER_CONTACT: "x", Slot.SEEKER_ABOUT: "x"}, {NEED: "a", WHY: "w"}),
    "words of the provider": ({Slot.PROVIDER_CONTACT: "x", Slot.PROVIDER_TERMS: "x"}, {NEED: "a", WHY: "w"}),
    "words for afterwards": ({Slot.THANKS: "x", Slot.TESTIMONIAL: "x"}, {NEED: "a", WHY: "w"}),
    "an answer passed on": ({Slot.SEEKER_QUESTION_ANSWER: "x"}, {NEED: "a", WHY: "w"}),
    "a reason": ({Slot.REASON: "x"}, {NEED: "a", WHY: "w"}),
}
ASKS: dict[str, tuple[dict[str, Any], dict[str, Any], str | None]] = {
    "the same seeker": ({}, {"seeker": SAM}, "ask"),
    "seeker left alone": ({}, {}, "ask"),
    "another seeker": ({}, {"seeker": OTTO}, None),
    "no seeker": ({}, {"clears_seeker": True}, None),
    "a seeker, where none was": ({"seeker": None}, {"seeker": SAM}, "ask"),
    "another ask": ({}, {"seeker": OTTO, "ask": AskId("other")}, "other"),
}
FINE = Told(Say.SAVED, shows_draft=True)
PROBLEMS: dict[str, tuple[dict[str, Any], Outcome]] = {
    "nothing": ({}, FINE),
    "no need": ({"words": {NEED: ""}}, Refused({NEED: Fault.MISSING}, Form.DRAFT)),
    "no need, no why": ({"words": {NEED: "", WHY: ""}}, Refused(dict.fromkeys((NEED, WHY), Fault.MISSING), Form.DRAFT)),
    "a long need": ({"words": {NEED: "x" * 601}}, Refused({NEED: Fault.TOO_LONG}, Form.DRAFT)),
    "a link": ({"words": {WHY: "www.pia.example"}}, Refused({WHY: Fault.LINK}, Form.DRAFT)),
    "a mention": ({"words": {Slot.ENDORSEMENT: "@pia"}}, Refused({Slot.ENDORSEMENT: Fault.MENTION}, Form.DRAFT)),
    "a number": ({"words": {Slot.HEADS_UP: "0301234567"}}, Refused({Slot.HEADS_UP: Fault.CONTACT}, Form.BETTER)),
    "how long, too long": (
        {"words": {Slot.HOW_LONG: "x" * 121}},
        Refused({Slot.HOW_LONG: Fault.TOO_LONG}, Form.BETTER),
    ),
    "two forms, the first first": (
        {"words": {WHY: "@pia", Slot.RESULT: "@pia"}},
        Refused({WHY: Fault.MENTION}, Form.DRAFT),
    ),
    "the seeker's name": (
        {"words": {Slot.SEEKER_BLIND: "Sam's shop"}},
        Refused({Slot.SEEKER_BLIND: Fault.NAMES_THEM}, Form.BLIND),
    ),
    "the provider's name": (
        {"words": {Slot.PROVIDER_BLIND: "the Parks"}},
        Refused({Slot.PROVIDER_BLIND: Fault.NAMES_THEM}, Form.BLIND),
    ),
    "the other one's name": ({"words": {Slot.SEEKER_BLIND: "a friend of Pia"}}, FINE),
    "no seeker": ({"clears_seeker": True}, Told(Say.SEEKER_MISSING, shows_draft=True)),
    "oneself as the seeker": ({"seeker": RITA}, Told(Say.YOURSELF, shows_draft=True)),
    "oneself as the provider": ({"provider": RITA}, Told(Say.YOURSELF, shows_draft=True)),
    "the same person twice": ({"provider": SAM}, Told(Say.SAME_PERSON, shows_draft=True)),
    "a guest": ({"seeker": GUEST}, FINE),
}
TOGGLES = {
    c.Choice.LOOP_ME_IN: ("loop_me_in", False, True),
    c.Choice.MAY_USE_NAME: ("may_use_name", False, True),
    c.Choice.URGENT: ("urgent", False, True),
    c.Choice.ROLE_ONLY: ("reveal", Reveal.NAMED, Reveal.ROLE_ONLY),
}
NOT_TO_EDIT = sorted(set(Status) - {Status.DRAFT, Status.SCREENED})


def written(referral: Referral, **parts: Any) -> Referral:  # noqa: ANN401 -- any part of the draft
    return decide(referral, c.WriteDraft(RITA, **parts), around(), NOW).state


@pytest.mark.parametrize("command", STARTERS.values(), ids=STARTERS)
def test_nobody_but_its_starter_touches_a_draft(command: c.ReferralCommand) -> None:
    referral = a_referral(starter=OTTO)

    with pytest.raises(NotAPartyError) as refused:
        decide(referral, command, around(), NOW)

    assert (refused.value.thing, refused.value.who) == (referral.id, RITA)


@pytest.mark.parametrize("status", NOT_TO_EDIT, ids=str)
@pytest.mark.parametrize("command", EDITS.values(), ids=EDITS)
def test_what_was_asked_kept_or_thrown_away_is_frozen(command: c.ReferralCommand, status: Status) -> None:
    referral = a_referral(status=status)

    found = decide(referral, command, around(), NOW)

    assert (found.state, said(found), found.effects, found.events) == (referral, Say.FROZEN, (), ())


@pytest.mark.parametrize(("parts", "changes"), KEPT.values(), ids=KEPT)
def test_what_is_not_typed_stays_and_a_tick_about_somebody_else_goes(
    parts: dict[str, Any], changes: dict[str, Any]
) -> None:
    referral = a_referral()

    found = written(referral, **parts)

    assert found == replace(referral, **changes)


@pytest.mark.parametrize(("typed", "kept"), WORDS.values(), ids=WORDS)
def test_the_starter_types_their_own_words_and_nobody_elses(
    typed: Mapping[Slot, str], kept: Mapping[Slot, str]
) -> None:
    referral = a_referral(words={NEED: "a", WHY: "w"})

    found = written(referral, words=typed)

    assert found.words == kept


@pytest.mark.parametrize(("before", "parts", "ask"), ASKS.values(), ids=ASKS)
def test_a_draft_answers_an_ask_as_long_as_its_owner_is_the_seeker(
    before: dict[str, Any], parts: dict[str, Any], ask: str | None
) -> None:
    referral = a_referral(**({"ask": AskId("ask")} | before))

    found = written(referral, **parts)

    assert found.ask == ask


@pytest.mark.parametrize(("parts", "outcome"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_draft_is_stored_before_it_is_judged(parts: dict[str, Any], outcome: Outcome) -> None:
    referral = a_referral()

    found = decide(referral, c.WriteDraft(RITA, **parts), around(names=NAMES), NOW)

    assert found.outcome == outcome
    assert found.state == written(referral, **parts)


def test_a_draft_without_a_provider_says_so() -> None:
    referral = a_referral(provider=None)

    found = decide(referral, c.WriteDraft(RITA), around(), NOW)

    assert found.outcome == Told(Say.PROVIDER_MISSING, shows_draft=True)


@pytest.mark.parametrize(("version", "log"), [(0, [EventKind.DRAFT_STARTED]), (1, [])], ids=["first", "again"])
def test_a_draft_starts_once(version: int, log: list[EventKind]) -> None:
    referral = a_referral(version=version)

    found = decide(referral, c.WriteDraft(RITA), around(), NOW)

    assert [event.kind for event in found.events] == log


@pytest.mark.parametrize("choice", c.Choice)
def test_a_choice_is_switched_on_and_off_again(choice: c.Choice) -> None:
    name, off, on = TOGGLES[choice]
    referral = a_referral()

    once = decide(referral, c.Toggle(RITA, choice), around(), NOW)
    twice = decide(once.state, c.Toggle(RITA, choice), around(), NOW)

    assert [getattr(one, name) for one in (referral, once.state, twice.state)] == [off, on, off]
    assert (once.outcome, twice.state) == (FINE, referral)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"status": Status.DRAFT, "words": {}}, Refused(dict.fromkeys((NEED, WHY), Fault.MISSING), Form.DRAFT)),
        ({"status": Status.DRAFT, "fit": None}, Told(Say.NOT_FILTERED, shows_draft=True)),
        ({"status": Status.DRAFT, "seeker": None}, Told(Say.SEEKER_MISSING, shows_draft=True)),
        *(({"status": status}, Told(Say.FROZEN)) for status in NOT_TO_EDIT),
    ],
    ids=["words missing", "not filtered", "seeker missing", *map(str, NOT_TO_EDIT)],
)
def test_only_a_whole_and_filtered_draft_is_asked(facts: dict[str, Any], outcome: Outcome) -> None:
    referral = a_referral(**facts)

    found = decide(referral, c.AskThem(RITA), around(), NOW)

    assert (found.state, found.outcome, found.effects) == (referral, outcome, ())

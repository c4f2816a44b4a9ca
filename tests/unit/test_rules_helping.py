"""*I can help*: a referral without a referrer, in which the helper's form is their yes."""

from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.ask import AskStatus
from bot.domain.decide import decide
from bot.domain.decision import Around, ConsentReceipt, Form, Outcome, PairPast, Refused, Say, Told
from bot.domain.effects import PostIntroduction, SendPrompt
from bot.domain.ids import AskId
from bot.domain.question import Answer, Stage, Swallow
from bot.domain.referral import Referral, Status
from bot.domain.words import HELPER_SLOTS, Fault, Slot
from tests.factories import NOW, PIA, SAM, WINDOW, a_member, a_referral, an_ask, around
from tests.unit.rulebook import DAY, SECOND, among, paused, prompted, reply, said

WORDS = {Slot.WHY: "I do this all day.", Slot.PROVIDER_CONTACT: "pia@books.example"}
OFFER = c.OfferHelp(PIA, WORDS)
OPEN = an_ask()
REFUSED: dict[str, tuple[c.OfferHelp, Around, Outcome]] = {
    "no such ask": (OFFER, around(), Told(Say.ASK_NOT_OPEN)),
    "a preview": (OFFER, around(ask=an_ask(status=AskStatus.PREVIEW)), Told(Say.ASK_NOT_OPEN)),
    "a closed ask": (OFFER, around(ask=an_ask(status=AskStatus.CLOSED)), Told(Say.ASK_NOT_OPEN)),
    "an ask past its end": (OFFER, around(ask=an_ask(ends_at=NOW)), Told(Say.ASK_NOT_OPEN)),
    "one's own ask": (OFFER, around(ask=an_ask(owner=PIA)), Told(Say.OWN_ASK)),
    "a link": (
        c.OfferHelp(PIA, {Slot.WHY: "www.pia.example"}),
        around(ask=OPEN),
        Refused({Slot.WHY: Fault.LINK}, Form.HELP),
    ),
    "too long": (
        c.OfferHelp(PIA, {Slot.PROVIDER_CONTACT: "x" * 121}),
        around(ask=OPEN),
        Refused({Slot.PROVIDER_CONTACT: Fault.TOO_LONG}, Form.HELP),
    ),
    "five today": (OFFER, around(ask=OPEN, started_today=5), Told(Say.TOO_MANY_TODAY, number=5, shows_draft=True)),
    "helper left": (
        OFFER,
        among(a_member(id=PIA, joined={}), ask=OPEN),
        Told(Say.NOT_JOINED, who=PIA, shows_draft=True),
    ),
    "the owner says they pause": (
        OFFER,
        among(paused(SAM, quiet=False), ask=OPEN),
        Told(Say.SEEKER_PAUSED, who=SAM, moment=NOW + 7 * DAY, shows_draft=True),
    ),
    "one open with the owner": (
        OFFER,
        around(ask=OPEN, open_with=frozenset({SAM})),
        Told(Say.ONE_OPEN_WITH_THEM, who=SAM, shows_draft=True),
    ),
}
UNSENT: dict[str, tuple[Around, Swallow]] = {
    "blocked the helper": (among(a_member(blocks=frozenset({PIA})), ask=OPEN), Swallow.BLOCK),
    "pauses quietly": (among(paused(SAM), ask=OPEN), Swallow.PAUSE),
    "another's proposal": (around(ask=OPEN, pair=PairPast(open_now=True)), Swallow.CLOSED_PAIR),
}


def a_helpers_draft(**changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    blank: dict[str, Any] = {"status": Status.DRAFT, "seeker": None, "provider": None, "words": {}}
    return a_referral(**({"starter": PIA, "need": None, "fit": None} | blank | changes))


def test_only_the_owner_of_the_ask_is_asked_and_the_form_is_the_helpers_yes() -> None:
    referral = a_helpers_draft()

    found = decide(referral, OFFER, around(ask=OPEN), NOW)

    assert found.outcome == Told(Say.HELP_OFFERED, moment=NOW + WINDOW)
    assert found.effects == (SendPrompt(referral.id, SAM, 0),)
    assert found.receipts == (
        ConsentReceipt(referral.id, -1, PIA, Answer.YES, NOW, (Slot.PROVIDER_CONTACT, Slot.WHY), SAM),
    )


def test_a_helper_vouches_for_nobody() -> None:
    referral = a_helpers_draft()

    found = decide(referral, OFFER, around(ask=OPEN), NOW).state

    assert (found.helper, found.referrer, found.ask) == (True, None, AskId("ask"))
    assert (found.seeker, found.provider, found.pair) == (SAM, PIA, (PIA, SAM))


def test_the_owners_yes_sets_the_introduction() -> None:
    begun = decide(a_helpers_draft(), OFFER, around(ask=OPEN), NOW).state

    found = decide(begun, reply(SAM), around(ask=OPEN), NOW)

    assert found.state.status is Status.POSTING
    assert found.effects[1:] == (PostIntroduction(begun.id, 1, NOW + 30 * SECOND),)


@pytest.mark.parametrize(("command", "world", "outcome"), REFUSED.values(), ids=REFUSED)
def test_what_stands_in_the_way_is_told_and_nobody_is_asked(
    command: c.OfferHelp, world: Around, outcome: Outcome
) -> None:
    referral = a_helpers_draft()

    found = decide(referral, command, world, NOW)

    assert (found.outcome, found.effects, found.receipts) == (outcome, (), ())
    assert found.state.status is Status.DRAFT


@pytest.mark.parametrize(("world", "swallow"), UNSENT.values(), ids=UNSENT)
def test_an_offer_nobody_wants_is_swallowed_in_silence(world: Around, swallow: Swallow) -> None:
    sent = decide(a_helpers_draft(), OFFER, around(ask=OPEN), NOW)

    found = decide(a_helpers_draft(), OFFER, world, NOW)

    assert (found.outcome, found.effects, found.events) == (sent.outcome, (), sent.events)
    assert [q.swallowed for q in found.state.questions] == [swallow]


def test_answers_to_ones_own_ask_are_outside_the_limit() -> None:
    world = around(ask=OPEN, received={SAM: 30})

    found = decide(a_helpers_draft(), OFFER, world, NOW)

    assert prompted(found.effects, found.state) == [Stage.SEEKER_NAMED]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT}), ids=str)
def test_help_is_offered_once(status: Status) -> None:
    referral = a_helpers_draft(status=status)

    found = decide(referral, OFFER, around(ask=OPEN), NOW)

    assert (found.state, said(found), found.effects) == (referral, Say.HELP_OFFERED, ())


@pytest.mark.parametrize("slot", sorted(Slot), ids=str)
def test_a_helper_types_a_starters_and_a_providers_words(slot: Slot) -> None:
    command = c.OfferHelp(PIA, {slot: "Some words", Slot.NEED: ""})

    found = decide(a_helpers_draft(), command, around(ask=OPEN), NOW).state

    assert found.words == ({slot: "Some words"} if slot in HELPER_SLOTS and slot is not Slot.NEED else {})


def test_a_helper_asks_nothing_of_themselves() -> None:
    begun = decide(a_helpers_draft(), OFFER, around(ask=OPEN), NOW).state

    found = decide(begun, c.AskReferrer(SAM, 0, "Is this true?"), around(ask=OPEN), NOW)

    assert (found.state, said(found), found.effects) == (begun, Say.NO_REFERRER, ())

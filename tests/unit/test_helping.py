"""*I can help* under an ask: a referral without a referrer, whose form is the provider's yes."""

from typing import Any

import pytest

from bot.domain import commands as c
from bot.domain.decision import Around, ConsentReceipt, Say
from bot.domain.effects import Notice
from bot.domain.errors import NotAPartyError
from bot.domain.ids import AskId
from bot.domain.question import Answer, Stage
from bot.domain.referral import Status
from bot.domain.words import Fault, Slot
from tests.factories import NOW, OTTO, PIA, SAM, a_member, a_referral, an_ask, around
from tests.unit.doing import (
    DAY,
    HOUR,
    UNDO,
    WINDOW,
    click,
    do,
    faults,
    notices,
    posted,
    said,
    stages_sent,
    with_person,
)

ASKED = an_ask()
HELP = c.OfferHelp(PIA, {Slot.WHY: "I do this all day.", Slot.PROVIDER_CONTACT: "pia@example.org"})


def offer(command: c.OfferHelp = HELP, world: Around | None = None, **changes: Any) -> Any:  # noqa: ANN401
    facts: dict[str, Any] = {
        "status": Status.DRAFT,
        "starter": PIA,
        "seeker": None,
        "provider": None,
        "words": {},
        "ask": AskId("ask"),
    }
    return do(a_referral(**(facts | changes)), command, NOW, world or around(ask=ASKED))


def test_a_helpers_form_is_their_yes_with_its_receipt_and_only_the_seeker_is_asked() -> None:
    offered = offer()

    assert (said(offered), stages_sent(offered)) == (Say.HELP_OFFERED, [Stage.SEEKER_NAMED])
    fields = (Slot.PROVIDER_CONTACT, Slot.WHY)
    assert offered.receipts == (ConsentReceipt(offered.state.id, -1, PIA, Answer.YES, NOW, fields, SAM),)
    assert (offered.state.referrer, offered.state.closes_at) == (None, NOW + WINDOW)


def test_the_seekers_yes_introduces_a_helper_and_nobody_is_thanked_for_it() -> None:
    done = posted(click(offer().state, SAM).state)

    assert (done.state.status, done.effects) == (Status.INTRODUCED, ())
    assert done.events[0].facts == {"kind": "informed_referral", "helper": "true"}


def test_an_offer_sent_twice_asks_once() -> None:
    offered = offer().state

    again = do(offered, HELP, NOW + HOUR, around(ask=ASKED))

    assert (said(again), again.state, again.effects, again.receipts) == (Say.HELP_OFFERED, offered, (), ())


@pytest.mark.parametrize(
    ("world", "say"),
    [
        (around(), Say.ASK_NOT_OPEN),
        (around(ask=an_ask(ends_at=NOW)), Say.ASK_NOT_OPEN),
        (around(ask=an_ask(owner=PIA)), Say.OWN_ASK),
        (around(ask=ASKED, started_today=5), Say.TOO_MANY_TODAY),
        (around(ask=ASKED, people={**around().people, SAM: a_member(id=SAM, joined={})}), Say.SEEKER_NOT_JOINED),
    ],
)
def test_what_stands_in_the_way_of_help_is_said(world: Around, say: Say) -> None:
    offered = offer(world=world)

    assert (said(offered), offered.effects, offered.receipts) == (say, (), ())


def test_a_helper_on_a_break_may_still_help() -> None:
    paused = a_member(id=PIA, paused_until=NOW + DAY, pause_is_quiet=False)

    offered = offer(world=around(ask=ASKED, people={**around().people, PIA: paused}))

    assert said(offered) is Say.HELP_OFFERED


def test_a_helpers_words_are_judged_and_kept() -> None:
    offered = offer(c.OfferHelp(PIA, {Slot.WHY: "See https://pia.example", Slot.SEEKER_CONTACT: "sam@example.org"}))

    assert faults(offered) == {Slot.WHY: Fault.LINK}
    assert offered.state.words == {Slot.WHY: "See https://pia.example"}


def test_nobody_offers_help_for_another() -> None:
    with pytest.raises(NotAPartyError):
        offer(starter=OTTO)


def test_a_helper_who_has_gone_is_found_at_the_claim_and_the_seeker_hears_at_the_end() -> None:
    yes = click(offer().state, SAM).state
    world = with_person(id=PIA, joined={})

    called_off = do(yes, c.ClaimPosting(1), NOW + UNDO, world).state
    heard = do(called_off, c.Elapse(), NOW + WINDOW, world)

    assert called_off.status is Status.ASKING
    assert notices(heard.effects) == [(SAM, Notice.NOT_THIS_TIME), (PIA, Notice.CLOSED_QUIETLY)]

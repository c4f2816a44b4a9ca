"""Who and what the texts under test are made from: rich, sparse, and as long as it can get."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

from bot.app.wording.cast import Cast, Operator
from bot.domain.group import Group, Reveal, Settings
from bot.domain.ids import AskId
from bot.domain.member import Card, CardSlot, Member
from bot.domain.question import Answer, Question, Side, Stage
from bot.domain.referral import Basis, Referral, Status
from bot.domain.words import Slot, limit
from bot.ports.messages import Bold, Button, Form, Heading, Image, Link, Message, Plain
from tests.factories import (
    CHANNEL,
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
)

LANGUAGES = ("en", "de")

RICH: Mapping[Slot, str] = {
    Slot.NEED: "His studio's books have to be done by March; last year's adviser has retired.",
    Slot.WHY: "She sorted out mine in two evenings, and explained every line. We share a studio.",
    Slot.IN_COMMON: "Both of you restore old cameras.",
    Slot.RESULT: "A carpenter in our street got 3,100 euros back.",
    Slot.HOW_LONG: "six years",
    Slot.HEADS_UP: "Sam is shy about his paperwork; a first look together helps more than a list.",
    Slot.SEEKER_BLIND: "a self-employed craftsman in the north of town",
    Slot.PROVIDER_BLIND: "a tax adviser who likes small workshops",
}
SPARSE: Mapping[Slot, str] = {Slot.NEED: "Books done by March.", Slot.WHY: "Great guy!"}
LONG: Mapping[Slot, str] = {slot: ("wöchentlich Buchführung, " * 40)[: limit(slot)] for slot in Slot}
SAID: Mapping[Slot, str] = {
    Slot.SEEKER_TERMS: "Mornings, by phone if you like.",
    Slot.SEEKER_CONTACT: "sam@example.test",
    Slot.SEEKER_ABOUT: "I bring the boxes and the biscuits.",
    Slot.PROVIDER_TERMS: "From Wednesday on.",
    Slot.PROVIDER_CONTACT: "+49 30 0000 000",
    Slot.PROVIDER_ABOUT: "I also do VAT.",
}

PIAS_CARD = a_card(
    lines={
        CardSlot.NAME_LINE: "Pia Park, tax adviser",
        CardSlot.DOES: "gets a small shop's books in order",
        CardSlot.FOR_WHOM: "owners of shops, to sleep before the deadline",
        CardSlot.IDEAL: "owners of shops with one to five people",
        CardSlot.NOT_A_FIT: "companies with a board",
        CardSlot.COMPANY: "Park & Daughters",
        CardSlot.PLACE: "Hamburg",
        CardSlot.LISTEN_FOR: "“I dread the letter from the tax office”",
        CardSlot.CATEGORY: "tax",
        CardSlot.LINKS: "https://park.example.test",
    },
    accepts_leads=True,
)
SAMS_CARD = a_card(
    member=SAM,
    lines={CardSlot.DOES: "repairs cameras", CardSlot.IDEAL: "people with film", CardSlot.PLACE: "Bremen"},
)
LONG_LINES = dict.fromkeys(CardSlot, ("Beratung für Betriebe, " * 20)[:300])


def a_group_in(language: str, **changes: Any) -> Group:  # noqa: ANN401 -- any setting
    return a_group(settings=Settings(language=language, time_zone="Europe/Berlin", **changes))


def people() -> dict[Any, Member]:
    return {who: a_member(id=who) for who in (RITA, SAM, PIA, OTTO)}


def a_cast(language: str, referral: Referral | None = None, **changes: Any) -> Cast:  # noqa: ANN401 -- as above
    facts: dict[str, Any] = {
        "group": a_group_in(language),
        "now": NOW,
        "operator": Operator("Ada Example", "ada@example.test"),
        "reader": a_member(id=RITA),
        "people": people(),
        "cards": {PIA: PIAS_CARD, SAM: SAMS_CARD},
        "referral": replace(referral, language=language) if referral else None,
    }
    return Cast(**(facts | changes))


def a_draft(words: Mapping[Slot, str] = RICH, **changes: Any) -> Referral:  # noqa: ANN401 -- as above
    return a_referral(**({"words": dict(words), "basis": Basis.DIRECT, "status": Status.SCREENED} | changes))


def asked(said: Mapping[Slot, str], *questions: Question, **changes: Any) -> Referral:  # noqa: ANN401 -- as above
    """Return a referral that is being asked, its cards frozen."""
    facts: dict[str, Any] = {
        "status": Status.ASKING,
        "asked_at": NOW,
        "closes_at": NOW + 2 * WINDOW,
        "questions": questions or (a_question(),),
        "cards": {Side.PROVIDER: dict(PIAS_CARD.lines), Side.SEEKER: dict(SAMS_CARD.lines)}
        if said.get(Slot.RESULT)
        else {},
    }
    if said is LONG:
        facts["cards"] = dict.fromkeys(Side, LONG_LINES)
    return a_draft(**({"words": dict(said)} | facts | changes))


def a_prompt_for(stage: Stage, words: Mapping[Slot, str], **changes: Any) -> Referral:  # noqa: ANN401 -- as above
    """Return a referral in which that question is asked, after those that come before it."""
    earlier = () if stage.side is Side.SEEKER else (a_question(),) if stage is Stage.PROVIDER_NAMED else ()
    by_role = not stage.names_the_other
    facts = {"reveal": Reveal.ROLE_ONLY} if by_role else {}
    return asked(words, *earlier, a_question(number=len(earlier), stage=stage), **(facts | changes))


def helped(words: Mapping[Slot, str] = RICH, **changes: Any) -> Referral:  # noqa: ANN401 -- as above
    """Return a helper's offer."""
    return asked(words, **({"starter": PIA, "helper": True, "ask": AskId("ask"), "basis": Basis.NONE} | changes))


def agreed(**changes: Any) -> Referral:  # noqa: ANN401 -- as above
    """Return a referral to which both said *Yes, but…*."""
    yes: dict[str, Any] = {"answer": Answer.YES_BUT, "answered_at": NOW}
    provider = a_question(number=1, stage=Stage.PROVIDER_NAMED, **yes)
    no_introduction = changes.pop("no_introduction", False)
    words = {**RICH, **SAID}
    cards = asked(RICH).cards
    facts = {"status": Status.INTRODUCED, "introduced_at": NOW, "words": words, "cards": cards}
    return asked(RICH, a_question(**yes, no_introduction=no_introduction), provider, **(facts | changes))


def spans_in(value: object) -> Iterator[object]:
    """Yield every span and every string of ours in a message or a form."""
    if isinstance(value, Message | Form | tuple):
        inner = value if isinstance(value, tuple) else tuple(getattr(value, f.name) for f in fields(value))
        for one in inner:
            yield from spans_in(one)
    elif is_dataclass(value) and not isinstance(value, Plain | Bold | Link | Button | Heading | Image | type):
        for f in fields(value):
            yield from spans_in(getattr(value, f.name))
    else:
        yield value


LATER = NOW + timedelta(days=1)
__all__ = [
    "CHANNEL",
    "GROUP",
    "LATER",
    "NOW",
    "OTTO",
    "PIA",
    "RITA",
    "SAM",
    "Card",
    "a_card",
    "a_member",
    "a_question",
    "an_ask",
]

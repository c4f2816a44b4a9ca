"""What people type: the slots their words go in, how long each may be, and what may not stand in them."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

MAX_SHORT = 120
MAX_LONG = 600


class Slot(StrEnum):
    """One place for somebody's words in a referral."""

    NEED = "need"
    WHY = "why"
    ENDORSEMENT = "endorsement"
    IN_COMMON = "in_common"
    RESULT = "result"
    HOW_LONG = "how_long"
    HEADS_UP = "heads_up"
    SEEKER_BLIND = "seeker_blind"
    PROVIDER_BLIND = "provider_blind"
    SEEKER_TERMS = "seeker_terms"
    SEEKER_CONTACT = "seeker_contact"
    SEEKER_ABOUT = "seeker_about"
    PROVIDER_TERMS = "provider_terms"
    PROVIDER_CONTACT = "provider_contact"
    PROVIDER_ABOUT = "provider_about"
    SEEKER_QUESTION = "seeker_question"
    SEEKER_QUESTION_ANSWER = "seeker_question_answer"
    PROVIDER_QUESTION = "provider_question"
    PROVIDER_QUESTION_ANSWER = "provider_question_answer"
    REASON = "reason"
    GUEST_SEEKER = "guest_seeker"
    THANKS = "thanks"
    TESTIMONIAL = "testimonial"


Words = Mapping[Slot, str]

BY_SEEKER = frozenset({Slot.SEEKER_TERMS, Slot.SEEKER_CONTACT, Slot.SEEKER_ABOUT, Slot.SEEKER_QUESTION})
BY_PROVIDER = frozenset({Slot.PROVIDER_TERMS, Slot.PROVIDER_CONTACT, Slot.PROVIDER_ABOUT, Slot.PROVIDER_QUESTION})
ABOUT_THEMSELVES = BY_SEEKER | BY_PROVIDER | {Slot.REASON}
SHORT = frozenset({Slot.HOW_LONG, Slot.SEEKER_BLIND, Slot.PROVIDER_BLIND, Slot.SEEKER_CONTACT, Slot.PROVIDER_CONTACT})
AFTERWARDS = frozenset({Slot.THANKS, Slot.TESTIMONIAL})
"""What a party types when the introduction is behind them; it is kept with what came of it, not with the referral."""

_ANSWERS = frozenset({Slot.SEEKER_QUESTION_ANSWER, Slot.PROVIDER_QUESTION_ANSWER})
BY_STARTER = frozenset(Slot) - ABOUT_THEMSELVES - AFTERWARDS - _ANSWERS
"""What whoever starts a referral types. Details of a party are theirs alone to type."""

HELPER_SLOTS = BY_STARTER | (BY_PROVIDER - {Slot.PROVIDER_QUESTION})
"""A helper starts it and is the provider."""

FREE_OF_CONTACTS = frozenset(Slot) - {Slot.SEEKER_CONTACT, Slot.PROVIDER_CONTACT, Slot.GUEST_SEEKER}
"""Words shown before a consent hold no link, mention, address or number: nobody's details travel without their yes."""


class Fault(StrEnum):
    """What is wrong with some words."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    LINK = "link"
    MENTION = "mention"
    CONTACT = "contact"
    NAMES_THEM = "names_them"


_ENDINGS = "com|org|net|io|de|co|eu|info|biz|app|dev|ai|gg|ch|uk|fr|nl|tv|xyz|online|shop|site"
_LINK = re.compile(
    rf"\w://|www\.|\b[\w-]+\.(?:{_ENDINGS})\b|\b[\w-]+\.[a-z]{{2,24}}/\w",
    re.IGNORECASE,
)
_NAMES_NOBODY = frozenset(
    "the and for und der die das von des company group consulting services gmbh mbh inc ltd llc".split()  # noqa: SIM905
)
_MENTION = re.compile(r"<[@!#&][^>]*>|(?<!\w)@(?:\w|everyone|here|channel)", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"\+?\d(?:[\s().\-/]*\d){7,}")


def limit(slot: Slot) -> int:
    """Return how many characters (as people count them: code points) the slot takes."""
    return MAX_SHORT if slot in SHORT else MAX_LONG


def fault_in(slot: Slot, text: str) -> Fault | None:
    """Return the first thing wrong with a text for this slot, or None."""
    if len(text) > limit(slot):
        return Fault.TOO_LONG
    if slot in FREE_OF_CONTACTS:
        return contact_in(text)
    return None


def contact_in(text: str) -> Fault | None:
    """Return what in a text would let a reader reach somebody who has not agreed to it, or None.

    Letters and digits in other shapes (full-width, circled) count as the plain ones.
    """
    text = unicodedata.normalize("NFKC", text)
    if _MAIL.search(text) or _PHONE.search(text):
        return Fault.CONTACT
    if _LINK.search(text):
        return Fault.LINK
    return Fault.MENTION if _MENTION.search(text) else None


def names_someone(text: str, names: tuple[str, ...]) -> bool:
    """Say whether a description gives away who is meant: any word of three letters or more of their names.

    Accents and a final s make no difference; words that stand in half of all company names say nothing.
    """
    said = set(re.findall(r"\w+", _plain(text)))
    said |= {word.removesuffix("s") for word in said}
    known = {word for name in names for word in re.findall(r"\w{3,}", _plain(name))} - _NAMES_NOBODY
    return bool(said & known)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()

"""Which words of a referral are sealed together: those with one author, about the same people."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import TypeVar, overload

from bot.domain.ids import MemberId
from bot.domain.question import Side
from bot.domain.referral import Referral
from bot.domain.words import Slot

T = TypeVar("T")


class Part(StrEnum):
    """One sealed part of a referral's texts."""

    STARTER = "starter"
    SEEKER = "seeker"
    SEEKER_QUESTION = "seeker_question"
    SEEKER_CARD = "seeker_card"
    PROVIDER = "provider"
    PROVIDER_QUESTION = "provider_question"
    PROVIDER_CARD = "provider_card"
    REASON = "reason"


CARD_OF: Mapping[Side, Part] = {Side.SEEKER: Part.SEEKER_CARD, Side.PROVIDER: Part.PROVIDER_CARD}
CARDS = frozenset(CARD_OF.values())

# What is not listed was typed by the starter. A question and a reason may well be about the other party.
_PART_OF: Mapping[Slot, Part] = {
    Slot.SEEKER_TERMS: Part.SEEKER,
    Slot.SEEKER_CONTACT: Part.SEEKER,
    Slot.SEEKER_ABOUT: Part.SEEKER,
    Slot.SEEKER_QUESTION: Part.SEEKER_QUESTION,
    Slot.PROVIDER_TERMS: Part.PROVIDER,
    Slot.PROVIDER_CONTACT: Part.PROVIDER,
    Slot.PROVIDER_ABOUT: Part.PROVIDER,
    Slot.PROVIDER_QUESTION: Part.PROVIDER_QUESTION,
    Slot.REASON: Part.REASON,
}
_ABOUT_THEIR_AUTHOR = frozenset({Part.SEEKER, Part.PROVIDER, *CARDS})
_SIDE_OF: Mapping[Part, Side] = {
    Part.SEEKER: Side.SEEKER,
    Part.SEEKER_QUESTION: Side.SEEKER,
    Part.SEEKER_CARD: Side.SEEKER,
    Part.PROVIDER: Side.PROVIDER,
    Part.PROVIDER_QUESTION: Side.PROVIDER,
    Part.PROVIDER_CARD: Side.PROVIDER,
}


class SealedWords(Mapping[Slot, str]):
    """The words of a stored referral. A look at one slot opens the part it lies in and no other."""

    __slots__ = ("parts",)

    def __init__(self, parts: Mapping[Part, Mapping[Slot, str]]) -> None:
        self.parts = parts

    def __getitem__(self, slot: Slot) -> str:
        return self.parts[_PART_OF.get(slot, Part.STARTER)][slot]

    @overload
    def get(self, slot: Slot, /) -> str | None: ...
    @overload
    def get(self, slot: Slot, /, default: str) -> str: ...
    @overload
    def get(self, slot: Slot, /, default: T) -> str | T: ...
    def get(self, slot: Slot, /, default: object = None) -> object:
        """Return one slot's words, or the default."""
        part = self.parts.get(_PART_OF.get(slot, Part.STARTER))
        return default if part is None else part.get(slot, default)

    def __iter__(self) -> Iterator[Slot]:
        return chain.from_iterable(self.parts.values())

    def __len__(self) -> int:
        return sum(map(len, self.parts.values()))

    def __bool__(self) -> bool:
        return bool(self.parts)


def parts_of(words: Mapping[Slot, str]) -> Mapping[Part, Mapping[Slot, str]]:
    """Return the words, part by part; no part is empty."""
    if isinstance(words, SealedWords):
        return words.parts
    parts: dict[Part, dict[Slot, str]] = {}
    for slot, text in words.items():
        parts.setdefault(_PART_OF.get(slot, Part.STARTER), {})[slot] = text
    return parts


def author_of(part: Part, referral: Referral) -> MemberId | None:
    """Return who wrote it; None for a guest."""
    if part is Part.STARTER:
        return referral.starter
    side = _SIDE_OF.get(part) or _told_by(referral)
    return _member(referral, side) if side else None


def about(part: Part, referral: Referral) -> frozenset[MemberId]:
    """Return the members a part is about, its author among them. What a referrer typed is about all three."""
    if part in _ABOUT_THEIR_AUTHOR:
        author = author_of(part, referral)
        return frozenset({author} if author else ())
    everybody = (referral.starter, *(_member(referral, side) for side in Side))
    return frozenset(one for one in everybody if one)


def _told_by(referral: Referral) -> Side | None:
    return next((q.side for q in referral.questions if q.number == referral.told_by), None)


def _member(referral: Referral, side: Side) -> MemberId | None:
    party = referral.party(side)
    return MemberId(party) if isinstance(party, str) else None

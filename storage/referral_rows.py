"""Turns referrals and their questions into rows and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from bot.domain.group import Order, Reveal
from bot.domain.ids import MemberId, ReferralId
from bot.domain.member import CardSlot, Guest, Party
from bot.domain.question import Answer, Question, Side, Stage, Swallow
from bot.domain.referral import Basis, Purpose, Referral, Status, Tick
from bot.domain.words import Slot
from storage.database import Row
from storage.parts import CARD_OF, CARDS, Part, SealedWords
from storage.sealed import SealedTexts
from storage.vault import Vault

_MICROSECOND = timedelta(microseconds=1)


def to_referral(row: Row, questions: Iterable[Row], texts: Sequence[Row], vault: Vault) -> Referral:
    """Make a referral of its rows; its texts stay sealed until somebody looks."""
    return Referral(
        id=row.id,
        group=row.group_id,
        created_at=row.created_at,
        starter=row.starter_id,
        status=Status(row.status),
        seeker=_party(row.seeker_member_id, row.seeker_guest_id),
        provider=row.provider_id,
        ask=row.ask_id,
        helper=row.helper,
        words=_words(texts, vault),
        cards=_cards(texts, vault),
        purpose=Purpose(row.purpose),
        urgent=row.urgent,
        basis=Basis(row.basis),
        may_use_name=row.may_use_name,
        loop_me_in=row.loop_me_in,
        first_move=Side(row.first_move),
        need=Tick(row.need) if row.need else None,
        fit=Tick(row.fit) if row.fit else None,
        order=Order(row.asking_order),
        reveal=Reveal(row.reveal),
        window=row.window_us * _MICROSECOND,
        language=row.language,
        questions=tuple(map(to_question, questions)),
        asked_at=row.asked_at,
        closes_at=row.closes_at,
        asks_nobody=row.asks_nobody,
        over_limit=_sides(row.over_limit),
        told_by=row.told_by,
        heard=_sides(row.heard),
        posting_at=row.posting_at,
        postings=row.postings,
        too_late=row.too_late,
        introduced_at=row.introduced_at,
        got_it=_sides(row.got_it),
        lead_sent_at=row.lead_sent_at,
        came_from=row.came_from,
        version=row.version,
    )


def from_referral(referral: Referral, due: datetime | None) -> dict[str, Any]:
    """Return the row of a referral, without its id."""
    seeker = referral.seeker
    low, high = referral.pair or (None, None)
    return on_the_way(referral, due) | {
        "group_id": referral.group,
        "created_at": referral.created_at,
        "starter_id": referral.starter,
        "seeker_member_id": None if isinstance(seeker, Guest) else seeker,
        "seeker_guest_id": seeker.id if isinstance(seeker, Guest) else None,
        "provider_id": referral.provider,
        "ask_id": referral.ask,
        "helper": referral.helper,
        "purpose": referral.purpose.value,
        "urgent": referral.urgent,
        "basis": referral.basis.value,
        "may_use_name": referral.may_use_name,
        "loop_me_in": referral.loop_me_in,
        "first_move": referral.first_move.value,
        "need": referral.need and referral.need.value,
        "fit": referral.fit and referral.fit.value,
        "asking_order": referral.order.value,
        "reveal": referral.reveal.value,
        "window_us": referral.window // _MICROSECOND,
        "language": referral.language,
        "asked_at": referral.asked_at,
        "closes_at": referral.closes_at,
        "asks_nobody": referral.asks_nobody,
        "over_limit": _listed(referral.over_limit),
        "lead_sent_at": referral.lead_sent_at,
        "came_from": referral.came_from,
        # The same two twice make no pair: a draft may say anything.
        "pair_low": low if low != high else None,
        "pair_high": high if low != high else None,
    }


def on_the_way(referral: Referral, due: datetime | None) -> dict[str, Any]:
    """Return the columns that change once somebody was asked."""
    return {
        "status": referral.status.value,
        "told_by": referral.told_by,
        "heard": _listed(referral.heard),
        "posting_at": referral.posting_at,
        "postings": referral.postings,
        "too_late": referral.too_late,
        "introduced_at": referral.introduced_at,
        "got_it": _listed(referral.got_it),
        "due": due,
        "version": referral.version,
    }


def has_moved_only(after: Referral, before: Referral) -> bool:
    """Say whether nothing differs but questions, words and those columns."""
    return _standing(after) == _standing(before)


_MOVING = {"status", "told_by", "heard", "posting_at", "postings", "too_late", "introduced_at", "got_it", "version"}
_APART = {"questions", "words", "cards"}
_standing = attrgetter(*sorted({f.name for f in fields(Referral)} - _MOVING - _APART))


def to_question(row: Row) -> Question:
    """Make a question of its row."""
    return Question(
        number=row.number,
        stage=Stage(row.stage),
        asked_at=row.asked_at,
        deadline=row.deadline,
        swallowed=Swallow(row.swallowed) if row.swallowed else None,
        answer=Answer(row.answer) if row.answer else None,
        answered_at=row.answered_at,
        no_introduction=row.no_introduction,
        reminded=row.reminded,
        closed=row.closed,
        edits=row.edits,
        told=row.told,
    )


def from_question(referral: ReferralId, asked: MemberId | None, question: Question) -> dict[str, Any]:
    """Return the row of a question; `asked` is who was asked."""
    return {
        "referral_id": referral,
        "number": question.number,
        "member_id": asked,
        "stage": question.stage.value,
        "asked_at": question.asked_at,
        "deadline": question.deadline,
        "swallowed": question.swallowed and question.swallowed.value,
        "answer": question.answer and question.answer.value,
        "answered_at": question.answered_at,
        "no_introduction": question.no_introduction,
        "reminded": question.reminded,
        "closed": question.closed,
        "edits": question.edits,
        "told": question.told,
    }


def _party(member: MemberId | None, guest: Any) -> Party | None:  # noqa: ANN401 -- a column
    return Guest(guest) if guest else member


def _words(texts: Sequence[Row], vault: Vault) -> Mapping[Slot, str]:
    parts = {Part(row.part): SealedTexts(vault, Slot, row.body) for row in texts if row.part not in CARDS}
    return SealedWords(parts) if parts else {}


def _cards(texts: Sequence[Row], vault: Vault) -> dict[Side, Mapping[CardSlot, str]]:
    bodies = {row.part: row.body for row in texts if row.part in CARDS}
    return {side: SealedTexts(vault, CardSlot, bodies[part]) for side, part in CARD_OF.items() if part in bodies}


def _listed(sides: frozenset[Side]) -> str:
    return ",".join(sorted(sides))


@lru_cache(maxsize=16)
def _sides(listed: str) -> frozenset[Side]:
    return frozenset(map(Side, listed.split(","))) if listed else frozenset()

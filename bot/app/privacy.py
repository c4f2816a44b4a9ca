"""What is stored about one person: count it, hand it over, erase it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.app import deciding
from bot.domain.ids import GroupId, MemberId
from bot.domain.referral import Referral
from bot.domain.words import ABOUT_THEMSELVES, BY_PROVIDER, BY_SEEKER, Slot
from bot.ports.store import Transaction


def kept_about(tx: Transaction, member: MemberId, group: GroupId) -> Mapping[str, int]:
    """Count what is stored about a member, by sort."""
    return {
        "card_lines": len(tx.members.card(member, group).lines),
        "started": len(tx.referrals.started_by(group, member)),
        "receipts": len(tx.records.receipts_of(member)),
        "shown": len(tx.records.shown_to(member)),
        "asks": len(tx.asks.of_member(group, member)),
    }


def export_json(tx: Transaction, member: MemberId) -> str:
    """Return everything one typed, was shown and answered, as JSON; never another's answer."""
    return json.dumps(export_of(tx, member), ensure_ascii=False, indent=2, default=str)


def export_of(tx: Transaction, member: MemberId) -> dict[str, Any]:
    """Return the same as plain values."""
    me = tx.members.get(member)
    return {
        "person": {"workspace": me.workspace, "user": me.user, "locale": me.locale, "time_zone": me.time_zone},
        "paused_until": me.paused_until,
        "blocked": [other.user for other in tx.members.some(me.blocks).values()],
        "groups": [_in_group(tx, member, group, joined) for group, joined in me.joined.items()],
        "shown": [
            {"at": s.at, "referral": s.referral, "question": s.number, "locale": s.locale, "text": s.text}
            for s in tx.records.shown_to(member)
        ],
        "answers": [
            {
                "at": kept.receipt.at,
                "referral": kept.receipt.referral,
                "question": kept.receipt.number,
                "answer": kept.receipt.answer,
                "fields": kept.receipt.fields,
                "text_sha256": kept.sha256,
                "taken_back_at": kept.taken_back_at,
            }
            for kept in tx.records.receipts_of(member)
        ],
    }


def _in_group(tx: Transaction, member: MemberId, group: GroupId, joined: datetime) -> dict[str, Any]:
    here = tx.groups.get(group)
    return {
        "channel": here.channel,
        "joined": joined,
        "card": dict(tx.members.card(member, group).lines),
        "asks": [
            {"need": a.need, "category": a.category, "status": a.status} for a in tx.asks.of_member(group, member)
        ],
        "started": [_typed_by_starter(r) for r in tx.referrals.started_by(group, member)],
        "typed_as_party": [_typed_by_party(r, member) for r in tx.referrals.party_of(group, member)],
    }


def _typed_by_starter(referral: Referral) -> dict[str, Any]:
    """Return a starter's own words; what the parties typed and answered is theirs."""
    words = {slot: text for slot, text in referral.words.items() if slot not in ABOUT_THEMSELVES}
    return {"referral": referral.id, "created_at": referral.created_at, "words": words}


def _typed_by_party(referral: Referral, member: MemberId) -> dict[str, Any]:
    mine = BY_SEEKER if member == referral.seeker else BY_PROVIDER
    told = any(q.number == referral.told_by and referral.party(q.side) == member for q in referral.questions)
    slots = mine | {Slot.REASON} if told else mine
    return {"referral": referral.id, "words": {s: t for s, t in referral.words.items() if s in slots}}


def erase(tx: Transaction, member: MemberId, now: datetime) -> None:
    """Forget a person: end their part in everything open, then delete their texts and their platform id."""
    deciding.end_part(tx, member, now)
    tx.upkeep.erase(member, now)

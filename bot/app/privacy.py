"""What is stored about one person: count it, hand it over, erase it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.app import deciding
from bot.domain.ids import GroupId, MemberId
from bot.domain.outcome import FollowUp
from bot.domain.question import Side
from bot.domain.referral import Referral
from bot.domain.words import ABOUT_THEMSELVES, BY_PROVIDER, BY_SEEKER, Slot
from bot.ports.store import Transaction


def kept_about(tx: Transaction, member: MemberId, group: GroupId) -> Mapping[str, int]:
    """Count what is stored about a member, by sort."""
    return {
        "card_lines": len(tx.members.card(member, group).lines),
        "started": len(tx.referrals.started_by(group, member)),
        "receipts": len(tx.records.receipts_of(member)),
        "shown": sum(one.number >= 0 for one in tx.records.shown_to(member)),  # below are words of one's own
        "asks": len(tx.asks.of_member(group, member)),
        "afterwards": sum(_has_said(state, member) for state in tx.follow_ups.of_member(member, group)),
    }


def _has_said(state: FollowUp, member: MemberId) -> bool:
    side = state.side_of(member)
    return side is not None and (state.part(side).outcome is not None or side in state.thanks)


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
        "asked_to_join": sorted(me.pending),
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
        "afterwards": [_afterwards(state, member) for state in tx.follow_ups.of_member(member)],
    }


def _in_group(tx: Transaction, member: MemberId, group: GroupId, joined: datetime) -> dict[str, Any]:
    here = tx.groups.get(group)
    card = tx.members.card(member, group)
    return {
        "channel": here.channel,
        "joined": joined,
        "card": dict(card.lines),
        "weekly_post": {"names_me": card.named, "shows_my_listen_for": card.listened_for},
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


def _afterwards(state: FollowUp, member: MemberId) -> dict[str, Any]:
    """Return what one said came of an introduction, and the words one wrote or was given."""
    facts: dict[str, Any] = {"referral": state.referral, "introduced_at": state.introduced_at}
    side = state.side_of(member)
    if side is None:
        return facts | {"thanks_received": [one.words for one in state.thanks.values() if one.reached]}
    part, thanks = state.part(side), state.thanks.get(side)
    facts |= {"outcome": part.outcome, "said_at": part.reported_at, "worth": part.amount}
    facts |= {"told_referrer": part.tells_referrer, "asked_again": part.wants_later}
    facts |= {"thanks": thanks.words if thanks else None}
    if side is Side.PROVIDER:
        facts |= {"little_selling_left": state.little_left, "reclassified_at": state.reclassified_at}
    return facts | {"testimonial": _testimonial(state, side)}


def _testimonial(state: FollowUp, side: Side) -> str | None:
    """Return the testimonial for who wrote it, and for the provider as far as they may see it."""
    written = state.testimonial
    if written is None or (side is Side.PROVIDER and not written.may_show):
        return None
    return written.words


def erase(tx: Transaction, member: MemberId, now: datetime) -> None:
    """Forget a person: end their part in everything open, then delete their texts and their platform id."""
    deciding.end_part(tx, member, now)
    tx.upkeep.erase(member, now)

"""The append-only log: what happened, in ids and choices. Tallies are computed from it and from nothing else."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.ids import GroupId, MemberId, ReferralId


class EventKind(StrEnum):
    """One kind of thing that can happen in a group."""

    GROUP_STARTED = "group_started"
    SETTINGS_CHANGED = "settings_changed"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    CARD_WRITTEN = "card_written"
    SHOWING_CHOSEN = "showing_chosen"
    ASK_POSTED = "ask_posted"
    ASK_CLOSED = "ask_closed"
    DRAFT_STARTED = "draft_started"
    SCREENED = "screened"
    LEAD_KEPT = "lead_kept"
    LEAD_SENT = "lead_sent"
    LEAD_UPGRADED = "lead_upgraded"
    DISCARDED = "discarded"
    ASKING_STARTED = "asking_started"
    INTRODUCED = "introduced"
    GOT_IT = "got_it"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    OUTCOME_REPORTED = "outcome_reported"
    READY_CONFIRMED = "ready_confirmed"
    THANKED = "thanked"
    THANKS_SHOWN = "thanks_shown"
    RECLASSIFIED = "reclassified"
    TESTIMONIAL_GIVEN = "testimonial_given"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. `facts` holds choices and numbers, never words."""

    kind: EventKind
    group: GroupId
    by: MemberId | None = None
    referral: ReferralId | None = None
    facts: dict[str, str] = field(default_factory=dict)

"""What a decision is made of, and what it may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from bot.domain.ask import Ask
from bot.domain.effects import Effect
from bot.domain.events import Event
from bot.domain.group import Group
from bot.domain.ids import MemberId, ReferralId
from bot.domain.member import Card, Member
from bot.domain.question import Answer, Side
from bot.domain.words import Fault, Slot

State = TypeVar("State")


class Say(StrEnum):
    """What the person who acted is told, one phrase each."""

    DONE = "done"
    TOO_LATE = "too_late"
    WITHDRAWN_BEFORE = "withdrawn_before"
    SAME_ANSWER = "same_answer"
    YES_RECORDED = "yes_recorded"
    NO_RECORDED = "no_recorded"
    KNOWN_RECORDED = "known_recorded"
    NOT_NOW_RECORDED = "not_now_recorded"
    BLOCK_RECORDED = "block_recorded"
    REPORT_RECORDED = "report_recorded"
    TAKEN_BACK = "taken_back"
    TERMS_FROZEN = "terms_frozen"
    CLOSED_ALREADY = "closed_already"
    NOTHING_TO_TAKE_BACK = "nothing_to_take_back"
    ALREADY_INTRODUCED = "already_introduced"
    REFERRER_TOLD = "referrer_told"
    ONLY_AFTER_NO = "only_after_no"
    QUESTION_PASSED_ON = "question_passed_on"
    QUESTION_ALREADY_ASKED = "question_already_asked"
    NO_REFERRER = "no_referrer"
    ANSWER_PASSED_ON = "answer_passed_on"
    ALREADY_ANSWERED = "already_answered"
    GOT_IT = "got_it"
    FIT_YES_RECORDED = "fit_yes_recorded"
    WITHDRAWN = "withdrawn"
    TOO_LATE_TO_WITHDRAW = "too_late_to_withdraw"
    ASKED = "asked"
    FIT_ASKED = "fit_asked"
    KEPT_AS_LEAD = "kept_as_lead"
    LEAD_SENT = "lead_sent"
    LEADS_NOT_WELCOME = "leads_not_welcome"
    DISCARDED = "discarded"
    HELP_OFFERED = "help_offered"
    FROZEN = "frozen"
    NOT_FILTERED = "not_filtered"
    NO_CARD_NO_YES = "no_card_no_yes"
    FILTERED_OUT = "filtered_out"
    FIT_UNSURE = "fit_unsure"
    FIT_CHECK_RUNNING = "fit_check_running"
    SCREENED = "screened"
    SAVED = "saved"
    SEEKER_MISSING = "seeker_missing"
    PROVIDER_MISSING = "provider_missing"
    YOURSELF = "yourself"
    SAME_PERSON = "same_person"
    GUEST_NOT_YET = "guest_not_yet"
    SEEKER_NOT_JOINED = "seeker_not_joined"
    PROVIDER_NOT_JOINED = "provider_not_joined"
    NOT_JOINED = "not_joined"
    SEEKER_PAUSED = "seeker_paused"
    PROVIDER_PAUSED = "provider_paused"
    TOO_MANY_TODAY = "too_many_today"
    TOO_MANY_OPEN = "too_many_open"
    ONE_OPEN_WITH_THEM = "one_open_with_them"
    TOO_NEW = "too_new"
    PAIR_OPEN = "pair_open"
    PAIR_CLOSED = "pair_closed"
    ASK_PREVIEW = "ask_preview"
    ASK_POSTED = "ask_posted"
    ASK_SAVED = "ask_saved"
    ASK_CLOSED = "ask_closed"
    ASK_NOT_OPEN = "ask_not_open"
    ASK_ENDS_IN_PAST = "ask_ends_in_past"
    OWN_ASK = "own_ask"
    POSTING_AGAIN = "posting_again"
    JOINED = "joined"
    ALREADY_JOINED = "already_joined"
    HELLO_SENT = "hello_sent"
    HELLO_AGAIN = "hello_again"
    HELLO_ON_ITS_WAY = "hello_on_its_way"
    LEFT = "left"
    CARD_SAVED = "card_saved"
    PAUSED = "paused"
    BACK = "back"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    SETTINGS_SAVED = "settings_saved"
    GROUP_STARTED = "group_started"
    ORGANISERS_ONLY = "organisers_only"
    OUTCOME_RECORDED = "outcome_recorded"
    OUTCOME_TOLD = "outcome_told"
    LATER_CHOSEN = "later_chosen"
    LATER_DECLINED = "later_declined"
    READY_RECORDED = "ready_recorded"
    AMOUNT_RECORDED = "amount_recorded"
    AMOUNTS_NOT_TAKEN = "amounts_not_taken"
    THANKED = "thanked"
    THANKS_SHOWN = "thanks_shown"
    THANKS_NOT_SHOWN = "thanks_not_shown"
    RECLASSIFIED = "reclassified"
    TOO_LATE_TO_RECLASSIFY = "too_late_to_reclassify"
    TESTIMONIAL_SAVED = "testimonial_saved"
    TESTIMONIAL_SHOWN = "testimonial_shown"
    TESTIMONIAL_NOT_SHOWN = "testimonial_not_shown"
    FOLLOWED_UP_LONG_AGO = "followed_up_long_ago"


class Form(StrEnum):
    """A form that must be filled in before the command can go on."""

    DRAFT = "draft"
    BETTER = "better"
    BLIND = "blind"
    YES_BUT = "yes_but"
    LEAD = "lead"
    HELP = "help"
    ASK = "ask"
    QUESTION = "question"
    REASON = "reason"
    THANKS = "thanks"
    TESTIMONIAL = "testimonial"


@dataclass(frozen=True, slots=True)
class Told:
    """One phrase to the one who acted, with what it mentions."""

    say: Say
    moment: datetime | None = None
    who: MemberId | None = None
    number: int | None = None
    shows_draft: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Something typed cannot stand: a fault for each field. What was typed is stored all the same."""

    faults: Mapping[Slot, Fault]
    form: Form


@dataclass(frozen=True, slots=True)
class NeedsWords:
    """Words are missing before this can go on; the form that takes them should open."""

    form: Form
    slots: tuple[Slot, ...]


Outcome = Told | Refused | NeedsWords


@dataclass(frozen=True, slots=True)
class ConsentReceipt:
    """The record of one answer. The text shown is kept apart, and its hash is added from there."""

    referral: ReferralId
    number: int
    by: MemberId
    answer: Answer
    at: datetime
    fields: tuple[Slot, ...] = ()
    shown_to: MemberId | None = None


@dataclass(frozen=True, slots=True)
class Decision(Generic[State]):
    """The new state and everything that follows from it, to be stored in one transaction."""

    state: State
    outcome: Outcome
    effects: tuple[Effect, ...] = ()
    events: tuple[Event, ...] = ()
    receipts: tuple[ConsentReceipt, ...] = ()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class PairPast:
    """What became of earlier referrals between the same two people.

    `by_same_referrer` says whether one that still closes the pair was the same referrer's. `until` is the last instant
    at which the pair is closed (or still open), by theirs alone if there is one: nobody learns of another's proposal.
    """

    open_now: bool = False
    until: datetime | None = None
    by_same_referrer: bool = False
    know_each_other: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a decision about a referral may look at besides the referral, read in the same transaction."""

    group: Group
    people: Mapping[MemberId, Member] = field(default_factory=dict)
    cards: Mapping[MemberId, Card] = field(default_factory=dict)
    ask: Ask | None = None
    pair: PairPast = PairPast()
    introduced_before: bool = False
    received: Mapping[MemberId, int] = field(default_factory=dict)
    names: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)
    started_today: int = 0
    open_now: int = 0
    open_with: frozenset[MemberId] = frozenset()

    def person(self, member: MemberId) -> Member | None:
        """Return a member that takes part, or None when they are unknown or erased."""
        found = self.people.get(member)
        return found if found is not None and found.user is not None else None

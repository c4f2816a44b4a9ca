"""What comes after an introduction: what each side says came of it, thanks, testimonials. Values and commands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.kind import Kind
from bot.domain.question import Side

NUDGE_AFTER = timedelta(hours=24)
CHECK_IN_DAY = 7
LATER_DAYS = (30, 90)
RECLASSIFY_WITHIN = timedelta(days=14)
"""Seven days until the provider is asked, and seven to answer."""

ANSWERED_FOR = timedelta(days=120)
"""So long after the introduction a party may say what came of it."""


class Outcome(StrEnum):
    """What a party says came of an introduction."""

    TALKING = "talking"
    NOT_A_FIT = "not_a_fit"
    NOT_NOW = "not_now"
    NO_ANSWER = "no_answer"
    WON = "won"
    LOST = "lost"
    WAS_A_LEAD = "was_a_lead"


GOOD = frozenset({Outcome.TALKING, Outcome.WON})
"""What a thank-you is offered for, and what a tally may tell."""


class Amount(StrEnum):
    """What business was worth, in bands: the lower bound, in whatever the group counts in."""

    SOME = "0"
    HUNDREDS = "500"
    THOUSANDS = "2000"
    MORE = "10000"
    MOST = "50000"


@dataclass(frozen=True, slots=True)
class Part:
    """One party's part in what comes after.

    `asked_on` are the days that are dealt with, as 7, 30 and 90: they were asked, or it was too late to ask.
    `away_until` is the end of a break because of which a day's question waits. `heard` says that the referrer was told
    that this party answered: one who was not, because of a block, must not find it out by counting.
    """

    outcome: Outcome | None = None
    reported_at: datetime | None = None
    heard: bool = False
    tells_referrer: bool = False
    wants_later: bool = False
    asked_on: frozenset[int] = frozenset()
    away_until: datetime | None = None
    amount: Amount | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Thanks:
    """One party's line to the referrer. It is shown in the tally if they and the referrer both want that.

    The words are empty once they were forgotten. `reached` is false where the referrer was not given them, because of a
    block or because they had left: then they find them nowhere else either.
    """

    words: str
    at: datetime
    may_show: bool = False
    shown: bool = False
    reached: bool = True

    @property
    def is_public(self) -> bool:
        """Say whether it stands in the tally."""
        return bool(self.words) and self.may_show and self.shown


@dataclass(frozen=True, slots=True)
class Testimonial:
    """What the seeker wrote about the provider; `edition` counts its wordings, each with a consent of its own.

    The words are empty once they were forgotten.
    """

    words: str
    at: datetime
    edition: int = 1
    may_show: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What came of one introduction. It is made when the introduction is there, with its referral's id.

    `week` is the ISO week in which the introduction was counted, if it was, and `kind` what it was counted as.
    `little_left` is the provider's word on how much was left to sell. Each party may thank the referrer, once. A
    testimonial is the seeker's about the provider; it stands on the provider's card while the seeker agrees and the
    provider has not hidden it. It is asked for when the seeker said it was won, or the provider did and wants one:
    nobody learns by it what the other said unless the other wanted that.
    """

    referral: ReferralId
    group: GroupId
    introduced_at: datetime
    week: str
    kind: Kind
    referrer: MemberId | None
    seeker: MemberId | None
    provider: MemberId
    first_move: Side
    nudged: bool = False
    parts: Mapping[Side, Part] = field(default_factory=dict)
    little_left: bool | None = None
    reclassified_at: datetime | None = None
    thanks: Mapping[Side, Thanks] = field(default_factory=dict)
    testimonial: Testimonial | None = None
    testimonial_asked: bool = False
    version: int = 0

    def part(self, side: Side) -> Part:
        """Return that party's part."""
        return self.parts.get(side, Part())

    def member(self, side: Side) -> MemberId | None:
        """Return who stands on that side, if they are in the chat."""
        return self.seeker if side is Side.SEEKER else self.provider

    def side_of(self, member: MemberId) -> Side | None:
        """Return which party a member is, or None."""
        if member == self.provider:
            return Side.PROVIDER
        return Side.SEEKER if member == self.seeker else None

    def with_part(self, side: Side, part: Part) -> "FollowUp":
        """Return it with that party's part in place of the one it had."""
        return replace(self, parts={**self.parts, side: part})

    @property
    def kind_now(self) -> Kind:
        """Return the kind with what the provider confirmed since."""
        ready = self.kind is Kind.RECOMMENDATION and self.little_left
        return Kind.READY if ready else self.kind

    def can_reclassify(self, now: datetime) -> bool:
        """Say whether the provider may still say that it was a lead."""
        return self.reclassified_at is None and now < self.introduced_at + RECLASSIFY_WITHIN

    @property
    def is_on_card(self) -> bool:
        """Say whether the testimonial stands on the provider's card."""
        it = self.testimonial
        return it is not None and bool(it.words) and it.may_show and not it.hidden


def instant_of(state: FollowUp, day: int) -> datetime:
    """Return the instant so many days after the introduction."""
    return state.introduced_at + timedelta(days=day)


@dataclass(frozen=True, slots=True)
class Report:
    """Say what came of it. A later word takes the place of an earlier one."""

    by: MemberId
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TellOutcome:
    """Let the referrer know what came of it, and not only that one answered."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class ChooseLater:
    """Be asked again after 30 and 90 days, or not."""

    by: MemberId
    yes: bool


@dataclass(frozen=True, slots=True)
class ConfirmReady:
    """Say, as the provider, whether little selling was left."""

    by: MemberId
    little_left: bool


@dataclass(frozen=True, slots=True)
class SayAmount:
    """Say in which band the business was worth."""

    by: MemberId
    amount: Amount


@dataclass(frozen=True, slots=True)
class Thank:
    """Thank the referrer in one line; `may_show` lets the group's tally have it."""

    by: MemberId
    words: str
    may_show: bool


@dataclass(frozen=True, slots=True)
class ShowThanks:
    """Let a thank-you stand in the group's tally, or not: as the referrer who received it, or as who said it."""

    by: MemberId
    side: Side
    yes: bool


@dataclass(frozen=True, slots=True)
class Reclassify:
    """Say, as the provider, that it was really a lead: the tally is corrected."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class WantTestimonial:
    """Have the seeker asked for a testimonial, as the provider who said it was won."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class Testify:
    """Write a testimonial about the provider, as the seeker; `may_show` puts it on the provider's card."""

    by: MemberId
    words: str
    may_show: bool


@dataclass(frozen=True, slots=True)
class ShowTestimonial:
    """Agree, as the seeker, that it stands on the provider's card, or take that back."""

    by: MemberId
    yes: bool


@dataclass(frozen=True, slots=True)
class HideTestimonial:
    """Take a testimonial off one's own card, or put it back."""

    by: MemberId
    hidden: bool


@dataclass(frozen=True, slots=True)
class ElapseFollowUp:
    """Do what has become due: the nudge and the check-ins."""


@dataclass(frozen=True, slots=True)
class PartGone:
    """A party left, was erased, or blocked another of the three: they are asked nothing more."""

    who: MemberId


FollowUpCommand = (
    Report
    | TellOutcome
    | ChooseLater
    | ConfirmReady
    | SayAmount
    | Thank
    | ShowThanks
    | Reclassify
    | WantTestimonial
    | Testify
    | ShowTestimonial
    | HideTestimonial
    | ElapseFollowUp
    | PartGone
)

"""The referral: its state, and what can be read off it. What changes it lives in the modules beside this one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.group import Order, Reveal
from bot.domain.ids import AskId, GroupId, MemberId, ReferralId
from bot.domain.member import CardSlot, Guest, Party
from bot.domain.plan import Rounds, rounds
from bot.domain.question import Question, Side, Stage
from bot.domain.replacing import replace
from bot.domain.words import Slot

UNDO = timedelta(seconds=30)
FOLLOWED_FOR = timedelta(days=90)


class Status(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    SCREENED = "screened"
    LEAD = "lead"
    ASKING = "asking"
    POSTING = "posting"
    INTRODUCED = "introduced"
    CLOSED = "closed"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class Tick(StrEnum):
    """An answer to one of the two filter questions."""

    YES = "yes"
    NOT_SURE = "not_sure"
    NO = "no"


class Basis(StrEnum):
    """What an endorsement of the provider rests on."""

    NONE = "none"
    DIRECT = "direct"
    INDIRECT = "indirect"


class Purpose(StrEnum):
    """What the two would talk about."""

    BUSINESS = "business"
    ADVICE = "advice"
    COLLABORATION = "collaboration"
    HIRING = "hiring"
    KEEP_IN_TOUCH = "keep_in_touch"


STARTED = frozenset({Status.ASKING, Status.POSTING, Status.INTRODUCED, Status.CLOSED, Status.LAPSED, Status.WITHDRAWN})
"""Once asked, the text is frozen."""


@dataclass(frozen=True)  # no slots: see bot.domain.replacing
class Referral:
    """One referral, from a draft to what came of it. `starter` is the referrer, or the helper who answered an ask.

    `came_from` is the introduction that made somebody think of this one.
    """

    id: ReferralId
    group: GroupId
    created_at: datetime
    starter: MemberId
    status: Status = Status.DRAFT
    seeker: Party | None = None
    provider: MemberId | None = None
    ask: AskId | None = None
    helper: bool = False
    words: Mapping[Slot, str] = field(default_factory=dict)
    cards: Mapping[Side, Mapping[CardSlot, str]] = field(default_factory=dict)
    purpose: Purpose = Purpose.BUSINESS
    urgent: bool = False
    basis: Basis = Basis.NONE
    may_use_name: bool = False
    loop_me_in: bool = False
    first_move: Side = Side.PROVIDER
    need: Tick | None = None
    fit: Tick | None = None
    order: Order = Order.SEEKER_FIRST
    reveal: Reveal = Reveal.NAMED
    window: timedelta = timedelta(days=3)
    language: str = "en"
    questions: tuple[Question, ...] = ()
    asked_at: datetime | None = None
    closes_at: datetime | None = None
    asks_nobody: bool = False
    over_limit: frozenset[Side] = frozenset()
    told_by: int | None = None
    heard: frozenset[Side] = frozenset()
    posting_at: datetime | None = None
    postings: int = 0
    too_late: bool = False
    introduced_at: datetime | None = None
    got_it: frozenset[Side] = frozenset()
    lead_sent_at: datetime | None = None
    came_from: ReferralId | None = None
    version: int = 0

    @property
    def referrer(self) -> MemberId | None:
        """Return who vouches for it: nobody, when the provider offered help on their own."""
        return None if self.helper else self.starter

    @property
    def plan(self) -> Rounds:
        """Return the rounds of questions it goes through."""
        return rounds(self.order, self.reveal, answers_ask=self.ask is not None, helper=self.helper)

    @property
    def had_card(self) -> bool:
        """Say whether the text the seeker saw held the provider's card, copied when the first question was asked."""
        return bool(self.cards.get(Side.PROVIDER))

    @property
    def pair(self) -> tuple[MemberId, MemberId] | None:
        """Return the two members, smaller key first, or None while one of them is missing or not in the chat."""
        if self.seeker is None or isinstance(self.seeker, Guest) or self.provider is None:
            return None
        return (min(self.seeker, self.provider), max(self.seeker, self.provider))

    def party(self, side: Side) -> Party | None:
        """Return who stands on that side."""
        return self.seeker if side is Side.SEEKER else self.provider

    def side_of(self, member: MemberId) -> Side | None:
        """Return which party a member is, or None."""
        if member == self.seeker:
            return Side.SEEKER
        return Side.PROVIDER if member == self.provider else None

    def asked(self, side: Side) -> tuple[Question, ...]:
        """Return that party's questions about being introduced, oldest first."""
        return tuple(q for q in self.questions if q.side is side and q.stage is not Stage.FIT)

    @property
    def fit_check(self) -> Question | None:
        """Return the newest private fit check, or None."""
        checks = [q for q in self.questions if q.stage is Stage.FIT]
        return checks[-1] if checks else None

    def stands(self, side: Side) -> bool:
        """Say whether a party was asked and every answer of theirs is a yes."""
        questions = self.asked(side)
        return bool(questions) and all(q.agrees for q in questions)

    @property
    def both_agree(self) -> bool:
        """Say whether every question of the plan was asked and stands at a yes."""
        wanted = {stage for one in self.plan for stage in one}
        agreed = {q.stage for q in self.questions if q.agrees}
        return wanted <= agreed

    @property
    def no_introduction(self) -> bool:
        """Say whether the seeker's newest yes was "write to me, no introduction"."""
        yeses = [q for q in self.asked(Side.SEEKER) if q.agrees]
        return bool(yeses) and yeses[-1].no_introduction

    def with_question(self, question: Question) -> "Referral":
        """Return it with that question put in place of the one of the same number, or added."""
        others = tuple(q for q in self.questions if q.number != question.number)
        return replace(self, questions=tuple(sorted((*others, question), key=lambda q: q.number)))

    def round_of(self, question: Question) -> int:
        """Return the number of the round a question about being introduced was asked in, or -1 for a fit check."""
        return next((at for at, stages in enumerate(self.plan) if question.stage in stages), -1)

    def called_off(self) -> "Referral":
        """Return it as asking again, if it was about to be posted."""
        if self.status is not Status.POSTING:
            return self
        return replace(self, status=Status.ASKING, posting_at=None)

    def looks_open(self, now: datetime) -> bool:
        """Say whether its referrer, limits, lists and clocks take it as open: until `closes_at`, whatever happened."""
        if self.closes_at is None or self.told_by is not None:
            return False
        return self.status in (Status.ASKING, Status.POSTING) and now < self.closes_at

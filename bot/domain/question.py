"""One private question to one party: what was asked, until when it counts, and how it was answered."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Side(StrEnum):
    """The two parties of a referral."""

    SEEKER = "seeker"
    PROVIDER = "provider"

    @property
    def other(self) -> "Side":
        """Return the party across."""
        return Side.PROVIDER if self is Side.SEEKER else Side.SEEKER


class Stage(StrEnum):
    """What a question is for: a fit check, a first question by role, or the one by name."""

    FIT = "fit"
    SEEKER_ROLE = "seeker_role"
    SEEKER_NAMED = "seeker_named"
    PROVIDER_ROLE = "provider_role"
    PROVIDER_NAMED = "provider_named"

    @property
    def side(self) -> Side:
        """Return who is asked."""
        return Side.SEEKER if self in (Stage.SEEKER_ROLE, Stage.SEEKER_NAMED) else Side.PROVIDER

    @property
    def names_the_other(self) -> bool:
        """Say whether the question tells who the other party is."""
        return self in (Stage.SEEKER_NAMED, Stage.PROVIDER_NAMED)


class Answer(StrEnum):
    """What the person asked may say. Everything but the two yeses is a no to everybody else."""

    YES = "yes"
    YES_BUT = "yes_but"
    NO = "no"
    KNOWN = "known"
    NOT_NOW = "not_now"
    BLOCK = "block"
    REPORT = "report"
    TAKEN_BACK = "taken_back"
    GONE = "gone"

    @property
    def agrees(self) -> bool:
        """Say whether this is a yes."""
        return self in (Answer.YES, Answer.YES_BUT)


class Swallow(StrEnum):
    """Why a question was never sent. It stands in the party's own record and nowhere else."""

    BLOCK = "block"
    PAUSE = "pause"
    LIMIT = "limit"
    LEFT = "left"
    CLOSED_PAIR = "closed_pair"
    UNREACHABLE = "unreachable"
    HELD_BACK = "held_back"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answer. The window runs from the commit that queued it and never moves.

    `told` says that its owner had the referrer told of their no, which is final then.
    """

    number: int
    stage: Stage
    asked_at: datetime
    deadline: datetime
    swallowed: Swallow | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None
    no_introduction: bool = False
    reminded: bool = False
    closed: bool = False
    edits: int = 0
    told: bool = False

    @property
    def side(self) -> Side:
        """Return who was asked."""
        return self.stage.side

    @property
    def agrees(self) -> bool:
        """Say whether a yes stands."""
        return self.answer is not None and self.answer.agrees

    @property
    def reached(self) -> bool:
        """Say whether the person can have seen it."""
        return self.swallowed is None

    @property
    def remind_at(self) -> datetime:
        """Return half-time."""
        return self.asked_at + (self.deadline - self.asked_at) / 2

    @property
    def wants_reminder(self) -> bool:
        """Say whether half-time should bring a reminder. Other people's answers stop none."""
        return self.reached and self.answer is None and not self.reminded and not self.closed

    def is_final(self, now: datetime) -> bool:
        """Say whether its own deadline has passed, swept or not."""
        return self.closed or now >= self.deadline

    def answered(self, answer: Answer, now: datetime, *, no_introduction: bool | None = None) -> "Question":
        """Return it with the newest answer; the last one before the deadline decides.

        What is no yes leaves `no_introduction` as it was: those terms may be what the other party was asked over.
        """
        terms = self.no_introduction if no_introduction is None else no_introduction
        return replace(self, answer=answer, answered_at=now, no_introduction=terms, edits=self.edits + 1)


def a_question(number: int, stage: Stage, now: datetime, window: timedelta, swallowed: Swallow | None) -> Question:
    """Return a question that starts now."""
    return Question(number=number, stage=stage, asked_at=now, deadline=now + window, swallowed=swallowed)

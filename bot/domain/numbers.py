"""A member's own numbers, for them alone: what they brought about, what came of it, how they answer."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.ids import MemberId
from bot.domain.outcome import FollowUp, Outcome
from bot.domain.question import Side
from bot.domain.referral import Referral


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a member may know of themselves.

    `given` are introductions they brought about between two others, `heard` those of which they were told that a party
    said what came of it; `received` are introductions they were a party of, `outcomes` what they said of these. Half of
    their answers to questions came within `answers_within`; None without any.
    """

    given: int = 0
    heard: int = 0
    received: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    answers_within: timedelta | None = None


def numbers_of(
    me: MemberId,
    *,
    started: Iterable[Referral],
    introduced: Iterable[Referral],
    asked: Iterable[Referral],
    follow_ups: Iterable[FollowUp],
) -> Numbers:
    """Return the numbers of a member who started some referrals and was introduced by, or asked about, others."""
    known = tuple(follow_ups)
    brought = [one for one in known if one.referrer == me]
    return Numbers(
        given=sum(1 for one in started if one.introduced_at is not None and not one.helper),
        heard=sum(1 for one in brought if any(one.part(side).heard for side in Side)),
        received=sum(1 for _ in introduced),
        outcomes=Counter(said for one in known if (said := _said(one, me))),
        answers_within=median_to_answer(me, asked),
    )


def _said(follow_up: FollowUp, me: MemberId) -> Outcome | None:
    side = follow_up.side_of(me)
    return follow_up.part(side).outcome if side else None


def median_to_answer(me: MemberId, asked: Iterable[Referral]) -> timedelta | None:
    """Return the median time from a question to this member's newest answer, or None if they have answered nothing."""
    times = sorted(
        question.answered_at - question.asked_at
        for referral in asked
        for question in referral.questions
        if question.side is referral.side_of(me) and question.reached and question.answered_at is not None
    )
    return (times[(len(times) - 1) // 2] + times[len(times) // 2]) / 2 if times else None

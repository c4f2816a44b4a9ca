"""A member's own numbers: what is counted, and the median of how quickly they answer."""

from datetime import timedelta

import pytest

from bot.domain.numbers import Numbers, median_to_answer, numbers_of
from bot.domain.outcome import Outcome, Part
from bot.domain.question import Answer, Side, Stage, Swallow
from bot.domain.referral import Referral
from tests.factories import NOW, PIA, RITA, SAM, a_follow_up, a_question, a_referral

HOUR = timedelta(hours=1)


def answered(*hours: int) -> tuple[Referral, ...]:
    """Return referrals that Sam was asked about and answered after so many hours each."""
    questions = (a_question(answer=Answer.NO, answered_at=NOW + hour * HOUR) for hour in hours)
    return tuple(a_referral(questions=(one,)) for one in questions)


@pytest.mark.parametrize(
    ("hours", "median"),
    [((), None), ((3,), 3 * HOUR), ((9, 1), 5 * HOUR), ((9, 1, 2), 2 * HOUR), ((1, 2, 4, 9), 3 * HOUR)],
)
def test_the_median_is_in_the_middle_of_ones_answers(hours: tuple[int, ...], median: timedelta | None) -> None:
    assert median_to_answer(SAM, answered(*hours)) == median


def test_other_peoples_questions_and_those_never_sent_or_answered_do_not_count() -> None:
    said = {"answer": Answer.YES, "answered_at": NOW + HOUR}
    questions = (
        a_question(number=0),
        a_question(number=1, swallowed=Swallow.PAUSE, **said),
        a_question(number=2, stage=Stage.PROVIDER_NAMED, **said),
    )

    assert median_to_answer(SAM, (a_referral(questions=questions),)) is None
    assert median_to_answer(RITA, (a_referral(questions=questions),)) is None


def test_each_of_the_three_has_numbers_of_their_own() -> None:
    done = a_referral(introduced_at=NOW)
    told = a_follow_up(parts={Side.SEEKER: Part(outcome=Outcome.WON, heard=True), Side.PROVIDER: Part()})
    quiet = a_follow_up(parts={Side.SEEKER: Part(outcome=Outcome.TALKING)})
    both = (told, quiet)

    ritas = numbers_of(
        RITA,
        started=(done, a_referral(), a_referral(introduced_at=NOW, helper=True)),
        introduced=(),
        asked=(),
        follow_ups=both,
    )
    sams = numbers_of(SAM, started=(), introduced=(done, done), asked=answered(2), follow_ups=both)
    pias = numbers_of(PIA, started=(), introduced=(done,), asked=(), follow_ups=both)

    assert ritas == Numbers(given=1, heard=1)
    assert sams == Numbers(received=2, outcomes={Outcome.WON: 1, Outcome.TALKING: 1}, answers_within=2 * HOUR)
    assert pias == Numbers(received=1)

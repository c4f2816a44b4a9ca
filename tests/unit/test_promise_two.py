"""Promise 2: how a question ended without a yes is nobody's business but its owner's.

One party's question is watched, every question of every plan in turn. The others act by a fixed script: they say yes
early, late, at or after the deadline, take it back and give it again, decline and tell, put a question to the referrer;
the referrer looks whether it is open, answers, withdraws, also within the 30 seconds of *Undo*. The watched question
ends in every way it can. Then the whole transcripts of everybody else are compared, entry by entry with the instant
of each: what is delivered to them, the reply to each of their clicks, the log, and what looks open to the referrer.

Compared are runs that differ only in how that one question ended:

- without ever having been a yes, or with a yes that was undone before it had anybody asked: all of them alike, whenever
  it ended, at the claim of the posting too (where two yeses came to nothing, the room included);
- after a yes that had the other party asked: those among themselves, since the other party knows of that yes. Where the
  same person's next question would follow, they are also the same as every ending of that next one.

Left out is what is meant to be seen: the report that goes to an organiser, and whatever the owner ticked to be told.
The plan of a referral that answers an ask is that of `provider_first`. A part of the scripts is enough to have every
question end in every way; `make gate-machine` plays the others too, for the plans whose first questions are by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from _pytest.mark import ParameterSet

from bot.domain import commands as c
from bot.domain.group import Order, Reveal
from bot.domain.ids import MemberId
from bot.domain.plan import Rounds
from bot.domain.question import Answer, Side, Stage
from tests.factories import NOW, PIA, SAM
from tests.unit import endings
from tests.unit.endings import Ending
from tests.unit.transcripts import MINUTE, WINDOW, Act, Play, Scene, Step, on_newest, says

pytestmark = pytest.mark.no_cover
"""Measuring the coverage would take longer than the test; the tables cover every branch."""

START = NOW + MINUTE
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ENOUGH = ("silent", "yes early", "yes at the deadline", "yes, undone, yes", "withdrawn at once")
SCENES = (
    *(Scene(order, reveal) for order in Order for reveal in Reveal),
    Scene(answers_ask=True, helper=True),
    Scene(Order.BOTH_AT_ONCE, sweep_every=timedelta(minutes=7)),
)


@cache
def plan_of(scene: Scene) -> Rounds:
    """Return who is asked in which round."""
    play = Play(scene)
    play.start()
    return play.referral.plan


@dataclass(frozen=True)
class Watched:
    """The question whose ending is nobody's business."""

    scene: Scene
    stage: Stage
    thorough: bool = False

    def __str__(self) -> str:
        return f"{self.scene}-{self.stage}"

    @property
    def who(self) -> MemberId:
        return SAM if self.stage.side is Side.SEEKER else PIA

    @property
    def round(self) -> int:
        return next(at for at, stages in enumerate(self.scene_plan) if self.stage in stages)

    @property
    def scene_plan(self) -> Rounds:
        return plan_of(self.scene)

    @property
    def asked(self) -> datetime:
        return START + self.round * HOUR

    def prefix(self) -> list[Step]:
        """Let everybody say yes to what comes before."""
        steps: list[Step] = [(START, lambda play: play.start())]
        for at, stages in enumerate(self.scene_plan[: self.round], start=1):
            people = sorted({SAM if stage.side is Side.SEEKER else PIA for stage in stages})
            steps += [(START + at * HOUR, says(who, Answer.YES)) for who in people]
        return steps

    @property
    def is_first(self) -> bool:
        earlier = [stage for stages in self.scene_plan[: self.round] for stage in stages]
        return all(stage.side is not self.stage.side for stage in earlier)

    @property
    def is_last(self) -> bool:
        return self.round + 1 == len(self.scene_plan)

    @property
    def may_depart(self) -> bool:
        before = self.scene_plan[self.round - 1] if self.round else frozenset()
        return bool(before) and all(stage.side is not self.stage.side for stage in before)


WATCHED = [
    Watched(scene, stage)
    for scene in SCENES
    for stages in Watched(scene, Stage.FIT).scene_plan
    for stage in sorted(stages)
]


def scripts(other: MemberId, since: datetime) -> dict[str, list[Step]]:
    """Return what the others do from `since` on."""
    deadline = since + WINDOW
    yes, no, undo = says(other, Answer.YES), says(other, Answer.NO), on_newest(other, c.TakeBack)
    tell = on_newest(other, c.TellReferrer)
    asks = on_newest(other, lambda who, number: c.AskReferrer(who, number, "Since when do you know each other?"))
    withdraw = _by_referrer(lambda play: c.Withdraw(play.referral.starter))
    early = (since + 30 * MINUTE, yes)
    return {
        "silent": [],
        "yes early": [early],
        "yes late": [(deadline - SECOND, yes)],
        "yes at the deadline": [(deadline, yes)],
        "yes after the deadline": [(deadline + SECOND, yes)],
        "yes, undone": [early, (since + 50 * MINUTE, undo)],
        "yes, undone, yes": [early, (since + 50 * MINUTE, undo), (since + 70 * MINUTE, yes)],
        "a question": [early, (since + 40 * MINUTE, asks), (since + 80 * MINUTE, _answers(other))],
        "a question late": [(since + 40 * MINUTE, asks), (since + 4 * WINDOW, _answers(other))],
        "no": [(since + 50 * MINUTE, no)],
        "no, told": [(since + 50 * MINUTE, no), (since + 55 * MINUTE, tell), (since + 60 * MINUTE, yes)],
        "withdrawn": [early, (since + timedelta(days=2), withdraw)],
        "withdrawn at once": [(since + 45 * MINUTE + 10 * SECOND, withdraw)],
        "withdrawn late": [early, (since + 4 * WINDOW, withdraw)],
    }


def played(watched: Watched, since: datetime) -> dict[str, list[Step]]:
    """Return the scripts this question is tried with."""
    every = scripts(endings.other_of(watched.who), since)
    return every if watched.thorough else {name: script for name, script in every.items() if name in ENOUGH}


def watching(*chosen: Watched) -> list[ParameterSet]:
    """Return cases with these questions: with some scripts in every run, and with all of them in the long one."""
    at_length = (
        replace(one, thorough=True) for one in chosen if one.scene.reveal is Reveal.NAMED and not one.scene.sweep_every
    )
    long = (pytest.mark.machine, pytest.mark.long)
    return [
        *(pytest.param(one, id=str(one)) for one in chosen),
        *(pytest.param(one, id=f"{one}-at-length", marks=long) for one in at_length),
    ]


def _by_referrer(command: object) -> Act:
    def act(play: Play) -> None:
        assert callable(command)
        play.do(play.referral.starter, command(play))

    return act


def _answers(other: MemberId) -> Act:
    side = Side.SEEKER if other == SAM else Side.PROVIDER
    return _by_referrer(lambda play: c.AnswerParty(play.referral.starter, side, "For ten years."))


def play_out(watched: Watched, script: list[Step], ending: Ending) -> Play:
    """Play the whole story, to well past the end of it."""
    steps = [*watched.prefix(), *ending.steps, *script]
    return Play(watched.scene).run(steps, until=START + 6 * WINDOW)


def assert_alike(watched: Watched, script: list[Step], ways: Iterable[Ending], questions: int | None = None) -> int:
    """Compare everybody else's transcripts; leave out endings that had more people asked than `questions`."""
    first: dict[str, list[object]] | None = None
    compared = 0
    for ending in ways:
        play = play_out(watched, script, ending)
        if questions is not None and len(play.referral.questions) > questions:
            continue
        seen = play.seen_by_all_but(watched.who)
        first = first or seen
        assert seen == first, ending
        compared += 1
    return compared


@pytest.mark.parametrize("watched", watching(*WATCHED))
def test_nobody_can_tell_how_a_question_ended_without_a_yes(watched: Watched) -> None:
    asked, deadline = watched.asked, watched.asked + WINDOW
    never = endings.without_a_yes(
        watched.who, asked, deadline, start=START, may_depart=watched.may_depart, first=watched.is_first
    )
    undone = [
        *endings.after_a_yes(watched.who, asked + 45 * MINUTE, until=deadline, waits=not watched.is_last),
        *endings.after_a_yes(watched.who, deadline - 20 * SECOND, until=deadline, waits=True),
    ]
    for script in played(watched, asked).values():
        baseline = len(play_out(watched, script, never[0]).referral.questions)

        compared = assert_alike(watched, script, [*never, *undone], questions=baseline)

        assert compared >= len(never)


@pytest.mark.parametrize("watched", watching(*(w for w in WATCHED if w.is_last)))
def test_two_yeses_that_come_to_nothing_look_like_a_silence(watched: Watched) -> None:
    said = watched.asked + 45 * MINUTE
    ways = [Ending("silence", ()), *endings.at_the_last_step(watched.who, said)]
    for name, script in played(watched, watched.asked).items():
        if "undone" not in name and "withdrawn at once" not in name:
            assert assert_alike(watched, script, ways) == len(ways)


@pytest.mark.parametrize("watched", watching(*(w for w in WATCHED if not w.is_last)))
def test_nobody_can_tell_how_a_yes_that_had_others_asked_came_to_nothing(watched: Watched) -> None:
    said = watched.asked + 45 * MINUTE
    both = [(said - MINUTE, says(endings.other_of(watched.who), Answer.YES))]
    ways = list(endings.after_a_yes(watched.who, said, until=said + 20 * MINUTE, waits=True))
    ways += endings.at_the_next_question(watched.who, said) if _leads_to_their_next(watched) else []
    for script in played(watched, said).values():
        assert assert_alike(watched, [*both, *script], ways) == len(ways)


def _leads_to_their_next(watched: Watched) -> bool:
    """Say whether the other is asked next, and then the same person again."""
    plan = watched.scene_plan
    alone = len(plan[watched.round]) == 1
    after = plan[watched.round + 1 : watched.round + 3]
    sides = [{stage.side for stage in stages} for stages in after]
    return alone and sides == [{watched.stage.side.other}, {watched.stage.side}]


@pytest.mark.parametrize("watched", watching(*(w for w in WATCHED if not w.scene.helper)))
def test_a_no_that_the_referrer_was_told_is_still_hidden_from_the_other(watched: Watched) -> None:
    other = endings.other_of(watched.who)
    told = Ending("told", endings.no_and_told(watched.who, watched.asked + 20 * MINUTE))
    for script in played(watched, watched.asked).values():
        silent = play_out(watched, script, Ending("silence", ()))

        spoken = play_out(watched, script, told)

        assert spoken.seen.get(other) == silent.seen.get(other)


def test_a_helper_who_goes_is_noticed_no_more_than_a_room_that_cannot_be_opened() -> None:
    watched = Watched(Scene(answers_ask=True, helper=True), Stage.SEEKER_NAMED)
    said = START + 30 * MINUTE
    ways = [
        Ending(name, ((said - MINUTE, act),))
        for name, act in endings.departures(PIA).items()
        if name != "blocked the referrer"
    ]
    ways += [Ending("no room", ((said, lambda play: setattr(play, "refuses_rooms", True)),))]

    seen = [play_out(watched, [(said, says(SAM, Answer.YES))], ending).seen[SAM] for ending in ways]

    assert all(one == seen[0] for one in seen)
    assert "not_this_time" in str(seen[0][-1]) or "not_this_time" in str(seen[0][-2])

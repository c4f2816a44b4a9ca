"""A small group lives: referrals at the same time, answers, breaks, blocks, departures, late sweeps, odd clicks.

`HYPOTHESIS_PROFILE` chooses how long: `default` is quick, `ci` is 5,000 runs of 50 steps, `soak` 100,000.
"""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain import commands as c
from bot.domain.group import Order, Reveal
from bot.domain.ids import AskId, MemberId, ReferralId
from bot.domain.member import FOREVER
from bot.domain.question import Answer, Question
from bot.domain.referral import Referral, Status, Tick
from bot.domain.words import Slot
from tests.factories import GROUP
from tests.unit.village import JOINED, NAMES, Village

EXAMPLES = {"default": 60, "ci": 5_000, "soak": 100_000}
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
SETTINGS = settings(
    max_examples=EXAMPLES[PROFILE],
    stateful_step_count=50,
    deadline=None,
    database=None,
    derandomize=PROFILE == "default",
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
WORDS = {
    Slot.NEED: "Their books have to be done by March.",
    Slot.WHY: "Mine were done in two evenings.",
    Slot.SEEKER_BLIND: "a shop in the north",
    Slot.PROVIDER_BLIND: "somebody good with books",
}
ANSWERS = (Answer.YES,) * 8 + (Answer.YES_BUT, Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.BLOCK, Answer.REPORT)
TICK = timedelta(microseconds=1)
WAITS = (timedelta(seconds=15), timedelta(seconds=30), timedelta(hours=4), timedelta(hours=8), timedelta(days=3))
numbers = st.integers(0, 2**12)
people = st.sampled_from(NAMES)


class TwoYeses(RuleBasedStateMachine):
    """What may happen in the group. Every rule picks among what is there by a number."""

    @initialize(order=st.sampled_from(Order), trios=st.lists(st.permutations(NAMES), min_size=2, max_size=3))
    def begin(self, order: Order, trios: list[list[MemberId]]) -> None:
        self.village = Village(order)
        for number, trio in enumerate(trios):
            self.refer(number, trio)

    def _one(self, number: int) -> Referral:
        running = list(self.village.referrals.values())
        return running[-1 - number % len(running)]

    def _question(self, number: int, *, waiting: bool = False) -> tuple[Referral, Question, MemberId] | None:
        asked = [
            (one, q, MemberId(str(one.party(q.side))))
            for one in self.village.referrals.values()
            for q in one.questions
            if q.reached and not (waiting and (q.agrees or q.is_final(self.village.now)))
        ]
        return asked[-1 - number % len(asked)] if asked else None

    @rule(number=numbers, trio=st.permutations(NAMES))
    def refer(self, number: int, trio: list[MemberId]) -> None:
        starter, seeker, provider, *_ = trio
        village = self.village
        key = ReferralId(f"r{len(village.referrals)}")
        if number % 6 == 5:
            village.referrals[key] = Referral(key, GROUP, village.now, starter, ask=AskId("ask"))
            village.do(key, c.OfferHelp(starter, {Slot.WHY: "I do this all day."}))
            return
        draft = Referral(key, GROUP, village.now, starter, Status.SCREENED, seeker, provider, words=WORDS)
        reveal = Reveal.ROLE_ONLY if number % 3 == 0 else Reveal.NAMED
        ask = AskId("ask") if seeker == village.ask.owner and number % 2 else None
        village.referrals[key] = replace(draft, need=Tick.YES, fit=Tick.YES, reveal=reveal, ask=ask)
        village.do(key, c.AskThem(starter))

    @rule(number=numbers)
    def say_yes(self, number: int) -> None:
        if found := self._question(number, waiting=True):
            one, question, who = found
            self.village.do(one.id, c.AnswerQuestion(who, question.number, Answer.YES))

    @rule()
    def everybody_says_yes(self) -> None:
        while found := self._question(0, waiting=True):
            one, question, who = found
            decision = self.village.do(one.id, c.AnswerQuestion(who, question.number, Answer.YES))
            if decision is None or decision.state is one:
                return

    @rule(number=numbers, answer=st.sampled_from(ANSWERS))
    def answer(self, number: int, answer: Answer) -> None:
        if found := self._question(number):
            one, question, who = found
            blocks = frozenset({one.starter}) - {who} if answer is Answer.BLOCK else frozenset()
            words = {Slot.SEEKER_TERMS: f"On day {number % 2}"} if answer is Answer.YES_BUT else {}
            self.village.do(one.id, c.AnswerQuestion(who, question.number, answer, words, number % 5 == 0, blocks))

    @rule(number=numbers, kind=st.sampled_from((c.TakeBack, c.TakeBack, c.TellReferrer)))
    def think_again(self, number: int, kind: type[c.TakeBack | c.TellReferrer]) -> None:
        if found := self._question(number):
            self.village.do(found[0].id, kind(found[2], found[1].number))

    @rule(number=numbers)
    def ask_back(self, number: int) -> None:
        if found := self._question(number):
            one, question, who = found
            self.village.do(one.id, c.AskReferrer(who, question.number, "Since when do you know them?"))
            self.village.do(one.id, c.AnswerParty(one.starter, question.side, "For ten years."))

    @rule(number=numbers, who=people)
    def meddle(self, number: int, who: MemberId) -> None:
        if found := self._question(number):
            one, question, _ = found
            self.village.do(one.id, c.AnswerQuestion(who, question.number, Answer.NO))
            self.village.do(one.id, c.TakeBack(who, question.number))

    @rule(number=numbers, who=people)
    def withdraw_or_nod(self, number: int, who: MemberId) -> None:
        one = self._one(number)
        self.village.do(one.id, c.GotIt(who) if number % 2 else c.Withdraw(one.starter))

    @rule(number=numbers)
    def lose(self, number: int) -> None:
        """The platform refuses something for good."""
        one = self._one(number)
        if number % 3:
            self.village.do(one.id, c.PromptUndeliverable(number % 4))
        elif one.id not in self.village.rooms:
            self.village.do(one.id, c.IntroductionRefused(one.postings))

    @rule(wait=st.sampled_from(WAITS), swept=st.booleans())
    def let_time_pass(self, wait: timedelta, swept: bool) -> None:  # noqa: FBT001 -- drawn by name
        self.village.wait(self.village.now + wait, swept=swept)

    @rule(number=numbers)
    def wait_for_a_deadline(self, number: int) -> None:
        """Stop just before, at or just after a deadline that nobody swept."""
        if found := self._question(number):
            self.village.wait(found[1].deadline + (number % 3 - 1) * TICK, swept=False)

    @rule()
    def sweep(self) -> None:
        self.village.sweep()

    @rule(who=people, whom=people, number=numbers)
    def change_ones_mind_about_people(self, who: MemberId, whom: MemberId, number: int) -> None:
        village = self.village
        person = village.people[who]
        if number % 4 == 0 and who != whom:
            village.block(who, whom)
        elif number % 4 == 1:
            village.people[who] = person.unblocking(whom)
        elif number % 4 == 2:
            until = (None, FOREVER, village.now + timedelta(days=1))[number % 3]
            village.people[who] = person.pausing(until, quiet=number % 8 == 2)
        else:
            village.people[who] = replace(person, direct_messages_closed=number % 8 == 3)

    @rule(who=people, number=numbers)
    def come_and_go(self, who: MemberId, number: int) -> None:
        village = self.village
        if number % 3:
            village.people[who] = replace(village.people[who], joined=JOINED)
        elif not number % 2 or sum(person.user is None for person in village.people.values()) < 2:
            village.depart(who, erased=bool(number % 2))

    @invariant()
    def every_consent_has_its_receipt(self) -> None:
        self.village.check_receipts()

    @invariant()
    def nothing_looks_open_for_ever(self) -> None:
        for one in self.village.referrals.values():
            assert one.closes_at is None or not one.looks_open(one.closes_at)

    def teardown(self) -> None:
        """In the end everything ends: no sweep is left to do, and nothing is stuck on its way."""
        village = getattr(self, "village", None)
        if village is None:
            return
        village.wait(village.now + timedelta(days=200), swept=True)
        over = {Status.LAPSED, Status.WITHDRAWN, Status.CLOSED, Status.DRAFT, Status.SCREENED}
        assert {one.status for one in village.referrals.values()} <= over


TestTwoYeses = pytest.mark.machine(TwoYeses.TestCase)
TestTwoYeses.settings = SETTINGS

"""What comes after an introduction, with everything that may be said in any order, late, doubled and by anybody.

`HYPOTHESIS_PROFILE` chooses how long, as in test_consent_machine.py.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain import outcome as o
from bot.domain.decision import Decision
from bot.domain.effects import CheckIn, Effect, Notice, Notify
from bot.domain.errors import NotAPartyError, NotFoundError
from bot.domain.events import EventKind
from bot.domain.following import decide_follow_up, next_due
from bot.domain.group import Settings
from bot.domain.hearing import Surroundings, may_be_asked
from bot.domain.ids import MemberId
from bot.domain.member import Member
from bot.domain.outcome import Amount, FollowUp, Outcome
from bot.domain.question import Answer, Side
from tests.factories import GROUP, NOW, OTTO, PIA, RITA, SAM, a_follow_up, a_group, a_member
from tests.unit.test_consent_machine import SETTINGS

DAY = timedelta(days=1)
WAITS = (timedelta(hours=1), timedelta(hours=24), 3 * DAY, 7 * DAY, 25 * DAY)
TO_REFERRER = {Notice.OUTCOME_HEARD, Notice.THANKS, Notice.RECLASSIFIED}
ONCE = {Notice.NUDGE, Notice.THANKS, Notice.RECLASSIFIED, Notice.TESTIMONIAL_WANTED}
LINES = ("Thank you, it went well.", "We would do it again.", "And again.", "see example.org")

people = st.sampled_from((SAM, PIA, SAM, PIA, RITA, OTTO))
parties = st.sampled_from((SAM, PIA))
mostly_sam, mostly_pia = (st.sampled_from((one, one, one, RITA)) for one in (SAM, PIA))
mostly_rita = st.sampled_from((RITA, RITA, RITA, PIA))
rarely = st.sampled_from((False, False, False, True))
said_first = st.sampled_from((None, Outcome.WON, Outcome.TALKING))
outcomes = st.sampled_from((Outcome.WON, *Outcome))
lines = st.sampled_from(LINES)


class Afterwards(RuleBasedStateMachine):
    """One introduction of Sam and Pia by Rita, and Otto who has no part in it."""

    @initialize(by_helper=rarely, to_guest=rarely, first=st.sampled_from(Side), said=st.tuples(said_first, said_first))
    def begin(
        self, *, by_helper: bool, to_guest: bool, first: Side, said: tuple[Outcome | None, Outcome | None]
    ) -> None:
        self.now = NOW
        self.members: dict[MemberId, Member] = {key: a_member(id=key) for key in (RITA, SAM, PIA, OTTO)}
        self.got_it: frozenset[Side] = frozenset()
        self.amounts = True
        self.effects: list[Effect] = []
        self.log: Counter[EventKind] = Counter()
        self.consents: dict[tuple[MemberId, int], bool] = {}
        self.ended: set[MemberId] = set()
        self.state = a_follow_up(
            referrer=None if by_helper else RITA, seeker=None if to_guest else SAM, first_move=first
        )
        for by, outcome in zip((SAM, PIA), said, strict=True):
            if outcome:
                self.do(o.Report(by, outcome))

    @property
    def around(self) -> Surroundings:
        group = a_group(settings=Settings(amounts=self.amounts))
        return Surroundings(group, self.members, self.got_it)

    def do(self, command: o.FollowUpCommand) -> None:
        try:
            decision = decide_follow_up(self.state, command, self.around, self.now)
        except (NotAPartyError, NotFoundError):
            return
        self.check(command, decision)
        self.state = decision.state
        self.effects += decision.effects
        self.log.update(event.kind for event in decision.events)
        self.again(command)

    def again(self, command: o.FollowUpCommand) -> None:
        """The same once more, as a platform repeats it, changes nothing and tells nobody."""
        try:
            repeated = decide_follow_up(self.state, command, self.around, self.now)
        except NotFoundError:
            return
        assert (repeated.state, repeated.effects, repeated.events, repeated.receipts) == (self.state, (), (), ())

    def check(self, command: o.FollowUpCommand, decision: Decision[FollowUp]) -> None:
        by = getattr(command, "by", None)
        if isinstance(command, o.ElapseFollowUp):
            self.check_asked(decision.effects)
        told = [effect for effect in decision.effects if isinstance(effect, Notify)]
        for notice in told:
            if notice.notice in TO_REFERRER:
                assert notice.to == self.state.referrer
        if isinstance(command, o.Report | o.TellOutcome | o.SayAmount | o.ConfirmReady | o.Reclassify | o.ChooseLater):
            assert {notice.to for notice in told} <= {self.state.referrer}
            side = self.state.side_of(by) if by else None
            assert side is not None
            assert decision.state.part(side.other) == self.state.part(side.other)
        for receipt in decision.receipts:
            key = (receipt.by, receipt.number)
            assert self.consents.get(key, False) is not (receipt.answer is Answer.YES)
            self.consents[key] = receipt.answer is Answer.YES

    def check_asked(self, effects: tuple[Effect, ...]) -> None:
        """At most one message for each party, when its time has come, and to nobody who is away."""
        passed = self.now - self.state.introduced_at
        addressed = []
        for effect in effects:
            assert isinstance(effect, CheckIn | Notify)
            assert effect.side is not None
            assert may_be_asked(self.state, effect.side, self.around, self.now)
            assert passed >= (timedelta(days=effect.day) if isinstance(effect, CheckIn) else o.NUDGE_AFTER)
            addressed.append(effect.to)
        assert len(set(addressed)) == len(addressed)

    @rule(by=people, outcome=outcomes)
    def report(self, by: MemberId, outcome: Outcome) -> None:
        self.do(o.Report(by, outcome))

    @rule(by=people)
    def tell(self, by: MemberId) -> None:
        self.do(o.TellOutcome(by))

    @rule(by=people, yes=st.booleans())
    def choose_later(self, by: MemberId, *, yes: bool) -> None:
        self.do(o.ChooseLater(by, yes=yes))

    @rule(by=mostly_pia, yes=st.booleans())
    def ready(self, by: MemberId, *, yes: bool) -> None:
        self.do(o.ConfirmReady(by, little_left=yes))

    @rule(by=people, amount=st.sampled_from(Amount))
    def amount(self, by: MemberId, amount: Amount) -> None:
        self.do(o.SayAmount(by, amount))

    @rule(by=mostly_pia)
    def reclassify(self, by: MemberId) -> None:
        self.do(o.Reclassify(by))

    @rule(by=people, line=lines, yes=st.booleans())
    def thank(self, by: MemberId, line: str, *, yes: bool) -> None:
        self.do(o.Thank(by, line, may_show=yes))

    @rule(by=mostly_rita, side=st.sampled_from(Side), yes=st.booleans())
    def show_thanks(self, by: MemberId, side: Side, *, yes: bool) -> None:
        self.do(o.ShowThanks(by, side, yes=yes))

    @rule(by=mostly_pia)
    def want_testimonial(self, by: MemberId) -> None:
        self.do(o.WantTestimonial(by))

    @rule(by=mostly_sam, line=lines, yes=st.booleans())
    def testify(self, by: MemberId, line: str, *, yes: bool) -> None:
        self.do(o.Testify(by, line, may_show=yes))

    @rule(by=mostly_sam, yes=st.booleans())
    def show_testimonial(self, by: MemberId, *, yes: bool) -> None:
        self.do(o.ShowTestimonial(by, yes=yes))

    @rule(by=mostly_pia, yes=st.booleans())
    def hide_testimonial(self, by: MemberId, *, yes: bool) -> None:
        self.do(o.HideTestimonial(by, hidden=yes))

    @rule(side=st.sampled_from(Side), yes=st.booleans())
    def see_it(self, side: Side, *, yes: bool) -> None:
        self.got_it |= {side}
        self.amounts = yes

    @rule(who=parties, days=st.sampled_from((0, 2, 20, 400)))
    def take_a_break(self, who: MemberId, days: int) -> None:
        self.members[who] = self.members[who].pausing(self.now + days * DAY, quiet=True)

    @rule(who=people, other=people)
    def block(self, who: MemberId, other: MemberId) -> None:
        self.members[who] = self.members[who].blocking(other)
        if other != who and other in (self.state.referrer, self.state.seeker, self.state.provider):
            self.end(who)

    @rule(who=people, chance=st.integers(0, 4))
    def leave(self, who: MemberId, chance: int) -> None:
        if chance == 0:
            self.members[who] = self.members[who].leaving(GROUP)
            self.end(who)

    def end(self, who: MemberId) -> None:
        self.do(o.PartGone(who))
        self.ended.add(who)

    @rule(wait=st.sampled_from(WAITS))
    def time_passes_with_the_clock_going(self, wait: timedelta) -> None:
        until = self.now + wait
        while (due := next_due(self.state)) and due <= until:
            self.now = max(self.now, due)
            self.do(o.ElapseFollowUp())
            after = next_due(self.state)
            assert after is None or after > self.now
        self.now = until

    @rule(wait=st.sampled_from(WAITS))
    def time_passes_while_it_stands(self, wait: timedelta) -> None:
        self.now += wait

    @rule()
    def elapse(self) -> None:
        self.do(o.ElapseFollowUp())

    @invariant()
    def everything_happens_once(self) -> None:
        if not hasattr(self, "state"):
            return
        once = [e for e in self.effects if isinstance(e, CheckIn) or (isinstance(e, Notify) and _comes_once(e))]
        assert len(set(once)) == len(once)
        assert self.log[EventKind.RECLASSIFIED] <= 1
        assert self.log[EventKind.THANKED] == len(self.state.thanks)

    @invariant()
    def consents_and_what_may_be_shown_are_the_same(self) -> None:
        if not hasattr(self, "state"):
            return
        written = self.state.testimonial
        current = {-2 - written.edition} if written and written.may_show else set()
        assert {number for (by, number), yes in self.consents.items() if yes and by == SAM and number < -2} == current
        for side, number in ((Side.SEEKER, -1), (Side.PROVIDER, -2)):
            if thanks := self.state.thanks.get(side):
                assert self.consents.get((RITA, number), False) is thanks.shown

    @invariant()
    def who_is_gone_is_asked_nothing_more(self) -> None:
        if not hasattr(self, "state"):
            return
        for who in self.ended & {SAM, PIA}:
            side = self.state.side_of(who)
            assert side is None or self.state.part(side).gone
            alone = replace(self.state, parts={**self.state.parts, **_other_gone(side)}) if side else self.state
            assert side is None or next_due(alone) is None


def _comes_once(notice: Notify) -> bool:
    return notice.notice in ONCE or (notice.notice is Notice.OUTCOME_HEARD and not notice.occasion)


def _other_gone(side: Side) -> dict[Side, o.Part]:
    return {side.other: o.Part(gone=True)}


TestAfterwards = pytest.mark.machine(Afterwards.TestCase)
TestAfterwards.settings = SETTINGS

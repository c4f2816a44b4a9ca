"""A small group in memory: it applies decisions, reads what they may look at, delivers, and holds them to promises."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, ConsentReceipt, Decision, PairPast
from bot.domain.effects import (
    CloseRoom,
    EditPrompt,
    Effect,
    Notify,
    PostIntroduction,
    RemindOfPrompt,
    SendPrompt,
    SendReport,
)
from bot.domain.elapsing import next_due
from bot.domain.errors import NotAPartyError
from bot.domain.events import Event
from bot.domain.group import Group, Order, Settings
from bot.domain.ids import MemberId, ReferralId
from bot.domain.member import Card, Member
from bot.domain.question import Answer, Question, Side, Stage
from bot.domain.referral import Referral, Status
from tests.factories import GROUP, LONG_AGO, NOW, a_card, a_group, a_member, an_ask

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
NAMES = tuple(MemberId(f"m-{name}") for name in ("ana", "ben", "cleo", "dan", "eva"))
SETTINGS = Settings(window=timedelta(hours=8), closed_pair=timedelta(days=2), asks_per_week=4, started_per_day=6)


@dataclass
class Village:
    """Five members and whatever goes on between them."""

    order: Order
    now: datetime = NOW
    referrals: dict[ReferralId, Referral] = field(default_factory=dict)
    receipts: list[ConsentReceipt] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    posts: list[PostIntroduction] = field(default_factory=list)
    rooms: list[ReferralId] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.group: Group = a_group(settings=replace(SETTINGS, order=self.order))
        self.people: dict[MemberId, Member] = {name: a_member(id=name) for name in NAMES}
        self.cards: dict[MemberId, Card] = {name: a_card(member=name) for name in NAMES}
        self.ask = an_ask(owner=NAMES[0])

    def do(self, key: ReferralId, command: c.ReferralCommand) -> Decision[Referral] | None:
        """Carry a command out, and hold every decision to the promises; None if it was not this person's to give."""
        before = self.referrals[key]
        world = self.around(before)
        try:
            decision = decide(before, command, world, self.now)
        except NotAPartyError:
            assert not _is_theirs(before, command) or self._is_erased(command)
            return None
        self._keep(before, decision)
        _check_a_no(command, decision)
        self._check_effects(decision.state, decision.effects)
        if decision.state is not before:
            self._check_repeat(key, command)
        return decision

    def _is_erased(self, command: c.ReferralCommand) -> bool:
        return isinstance(command, c.AnswerQuestion) and self.people[command.by].user is None

    def _keep(self, before: Referral, decision: Decision[Referral]) -> None:
        if before.status in (Status.LAPSED, Status.WITHDRAWN, Status.CLOSED):
            assert decision.state.questions == before.questions
            assert decision.state.status is before.status
        assert decision.state.status is not Status.POSTING or decision.state.both_agree
        self._check_in_time(before, decision)
        self.referrals[before.id] = decision.state
        self.people |= {member.id: member for member in decision.members}
        self.receipts += decision.receipts
        self.events += decision.events

    def _check_in_time(self, before: Referral, decision: Decision[Referral]) -> None:
        """What somebody said counts before their deadline only; a departure or a block ends a yes at any time."""
        for receipt in decision.receipts:
            if receipt.number >= 0 and receipt.answer not in (Answer.GONE, Answer.BLOCK):
                assert self.now < before.questions[receipt.number].deadline

    def _check_repeat(self, key: ReferralId, command: c.ReferralCommand) -> None:
        """Promise 6: the same again changes nothing."""
        state = self.referrals[key]
        again = decide(state, command, self.around(state), self.now)
        assert (again.state, again.effects, again.events, again.receipts) == (state, (), (), ())

    def _check_effects(self, referral: Referral, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, SendPrompt):
                self._check_prompt(referral, effect)
            elif isinstance(effect, PostIntroduction):
                assert referral.both_agree
                self.posts.append(effect)

    def _check_prompt(self, referral: Referral, prompt: SendPrompt) -> None:
        """Promise 1, and nobody is asked who does not want to be."""
        stage = referral.questions[prompt.number].stage
        if stage is Stage.PROVIDER_NAMED:
            assert any(q.stage is Stage.SEEKER_NAMED and q.agrees for q in referral.questions)
        person = self.people[prompt.to]
        assert person.is_in(GROUP)
        assert not person.is_paused(self.now)
        assert not person.blocks & {referral.starter, referral.party(stage.side.other)}
        assert not referral.asks_nobody

    def around(self, referral: Referral) -> Around:
        """Return what a decision about this referral may look at."""
        others = [one for one in self.referrals.values() if one.id != referral.id]
        mine = [one for one in others if one.starter == referral.starter]
        open_ones = [one for one in mine if one.looks_open(self.now)]
        parties = {m for one in open_ones for m in (one.seeker, one.provider) if isinstance(m, str)}
        return Around(
            group=self.group,
            people=self.people,
            cards=self.cards,
            ask=self.ask if referral.ask else None,
            pair=self.pair_past(referral, others),
            received={
                name: self.received(name) for name in (referral.seeker, referral.provider) if isinstance(name, str)
            },
            started_today=sum(one.asked_at is not None and one.asked_at >= self.now - DAY for one in mine),
            open_now=len(open_ones),
            open_with=frozenset(MemberId(m) for m in parties - {referral.starter}),
        )

    def received(self, name: MemberId) -> int:
        """Count the referrals somebody was asked about this week, outside their own ask."""
        return sum(
            any(q.reached and q.asked_at >= self.now - WEEK and one.party(q.side) == name for q in one.questions)
            for one in self.referrals.values()
            if not (one.ask and self.ask.owner == name)
        )

    def pair_past(self, referral: Referral, others: list[Referral]) -> PairPast:
        """Return what became of earlier referrals between the same two."""
        same = [one for one in others if one.pair == referral.pair and one.closes_at]
        shadows = [(one, until) for one in same if (until := self._closed_until(one)) and self.now < until]
        own = [shadow for shadow in shadows if shadow[0].starter == referral.starter]
        counted = own or shadows
        return PairPast(
            open_now=any(one.looks_open(self.now) for one, _ in counted),
            until=max((until for _, until in counted), default=None),
            by_same_referrer=bool(own),
            know_each_other=any(q.answer is Answer.KNOWN for one in same for q in one.questions),
        )

    def _closed_until(self, one: Referral) -> datetime | None:
        if one.status in (Status.INTRODUCED, Status.CLOSED, Status.WITHDRAWN) or one.closes_at is None:
            return None
        return one.closes_at if one.looks_open(self.now) else one.closes_at + SETTINGS.closed_pair

    def wait(self, until: datetime, *, swept: bool) -> None:
        """Let time pass, doing what becomes due on the way, or leaving it all for later."""
        while swept and (due := self._next_due()) is not None and due <= until:
            self.now = max(self.now, due)
            self.sweep()
        self.now = max(self.now, until)

    def _next_due(self) -> datetime | None:
        dues = [next_due(one) for one in self.referrals.values()]
        return min([due for due in dues if due is not None] + [post.due for post in self.posts], default=None)

    def sweep(self) -> None:
        """Do what is due, then deliver the introductions that are."""
        for key, one in list(self.referrals.items()):
            due = next_due(one)
            if due is not None and due <= self.now:
                self.do(key, c.Elapse())
                later = next_due(self.referrals[key])
                assert later is None or later > self.now
        due_posts = [post for post in self.posts if post.due <= self.now]
        self.posts = [post for post in self.posts if post.due > self.now]
        for post in due_posts:
            self._post(post)

    def _post(self, post: PostIntroduction) -> None:
        self.do(post.referral, c.ClaimPosting(post.posting))
        one = self.referrals[post.referral]
        if not one.too_late or one.status is not Status.POSTING or one.postings != post.posting:
            return
        self._check_introduction(one)
        self.rooms.append(one.id)
        self.do(post.referral, c.IntroductionPosted(post.posting))

    def _check_introduction(self, one: Referral) -> None:
        """Both agree now, both are there, neither has blocked the other, and it is the only introduction."""
        assert one.both_agree
        assert one.id not in self.rooms
        assert not one.heard
        for side in Side:
            person = self.people[MemberId(str(one.party(side)))]
            assert person.is_in(GROUP)
            assert one.party(side.other) not in person.blocks

    def depart(self, who: MemberId, *, erased: bool) -> None:
        """Let somebody leave or be erased: their part in everything open ends."""
        left = self.people[who].leaving(GROUP)
        self.people[who] = replace(left, user=None) if erased else left
        for key, one in list(self.referrals.items()):
            if one.starter == who:
                self.do(key, c.Withdraw(who))
            elif one.side_of(who):
                self.do(key, c.PartyGone(who))

    def block(self, who: MemberId, whom: MemberId) -> None:
        """Put somebody on one's list, which says no to everything open from or with them."""
        self.people[who] = self.people[who].blocking(whom)
        for key, one in list(self.referrals.items()):
            if one.side_of(who) and whom in {one.starter, one.seeker, one.provider}:
                self.do(key, c.PartyGone(who, Answer.BLOCK))

    def check_receipts(self) -> None:
        """Promise 7: every answer on record is the newest receipt of its question, and no receipt is without one."""
        newest = {(r.referral, r.number): r for r in self.receipts}
        for one in self.referrals.values():
            for q in one.questions:
                receipt = newest.get((one.id, q.number))
                if q.agrees or (receipt is not None and receipt.answer is not q.answer):
                    assert receipt is not None
                    assert (receipt.answer, receipt.by, receipt.at) == (q.answer, one.party(q.side), q.answered_at)


def _is_theirs(referral: Referral, command: c.ReferralCommand) -> bool:
    """Say whether this was this person's to do."""
    match command:
        case c.AnswerQuestion() | c.TakeBack() | c.TellReferrer() | c.AskReferrer():
            return any(_asked(referral, q) == command.by and q.number == command.number for q in referral.questions)
        case c.Withdraw():
            return command.by == referral.starter
        case c.GotIt():
            is_out = referral.too_late or referral.status in (Status.INTRODUCED, Status.CLOSED)
            return referral.side_of(command.by) is not None and is_out
        case _:
            return False


def _asked(referral: Referral, question: Question) -> object:
    return referral.party(question.side) if question.reached else None


def _check_a_no(command: c.ReferralCommand, decision: Decision[Referral]) -> None:
    """Promise 2 in the small: nobody else gets anything of a no."""
    match command:
        case c.AnswerQuestion(answer=answer, by=by) if not answer.agrees:
            mine = [e for e in decision.effects if isinstance(e, EditPrompt | SendReport)]
            assert len(mine) == len(decision.effects)
            assert all(e.to == by for e in mine if isinstance(e, EditPrompt))
            assert not decision.events
        case c.TakeBack() | c.PartyGone() | c.PromptUndeliverable() | c.IntroductionRefused():
            assert all(isinstance(e, EditPrompt) for e in decision.effects)
            assert not decision.events
        case c.Elapse():
            assert all(isinstance(e, EditPrompt | RemindOfPrompt | Notify | CloseRoom) for e in decision.effects)
        case _:
            pass


JOINED = {GROUP: LONG_AGO}

"""Plays one referral to its end and writes down what everybody sees, and when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around
from bot.domain.effects import EditPrompt, Effect, Notify, PostIntroduction, RemindOfPrompt, SendHeadsUp, SendPrompt
from bot.domain.elapsing import next_due
from bot.domain.errors import NotAPartyError
from bot.domain.group import Order, Reveal
from bot.domain.ids import AskId, MemberId
from bot.domain.member import Member
from bot.domain.question import Answer, Question
from bot.domain.referral import Referral, Status
from bot.domain.words import Slot
from tests.factories import NOW, PIA, RITA, SAM, a_group, a_referral, an_ask, around

MINUTE = timedelta(minutes=1)
WINDOW = timedelta(days=3)
EVERYBODY = "everybody"
Act = Callable[["Play"], None]
Step = tuple[datetime, Act]


@dataclass(frozen=True)
class Scene:
    """Which referral is played."""

    order: Order = Order.SEEKER_FIRST
    reveal: Reveal = Reveal.NAMED
    answers_ask: bool = False
    helper: bool = False
    sweep_every: timedelta = timedelta(0)

    def __str__(self) -> str:
        kind = "helper" if self.helper else f"{self.order}-{self.reveal}" + "-ask" * self.answers_ask
        return kind + "-slow" * bool(self.sweep_every)

    def draft(self) -> Referral:
        """Return the draft it starts from."""
        if self.helper:
            return a_referral(starter=PIA, seeker=None, provider=None, status=Status.DRAFT, words={})
        blind = {Slot.SEEKER_BLIND: "a shop in the north", Slot.PROVIDER_BLIND: "good with books"}
        draft = a_referral(reveal=self.reveal, ask=AskId("ask") if self.answers_ask else None)
        return replace(draft, words={**draft.words, **blind, Slot.HEADS_UP: "He is shy."})

    def around(self) -> Around:
        """Return the group it happens in."""
        group = a_group()
        group = replace(group, settings=replace(group.settings, order=self.order, window=WINDOW))
        return around(group=group, ask=an_ask(owner=SAM) if self.answers_ask or self.helper else None)


@dataclass
class Play:
    """A referral and the people around it, as time goes by. `seen` holds what each of them saw, in order."""

    scene: Scene
    now: datetime = NOW
    seen: dict[str, list[object]] = field(default_factory=dict)
    posts: list[PostIntroduction] = field(default_factory=list)
    refuses_rooms: bool = False
    unreachable: set[MemberId] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.referral = self.scene.draft()
        self.world = self.scene.around()
        self._looked_open = False

    def start(self) -> None:
        """Ask the first round."""
        if self.scene.helper:
            self.do(PIA, c.OfferHelp(PIA, {Slot.WHY: "I do this all day."}))
        else:
            self.do(RITA, c.AskThem(RITA))

    def do(self, who: MemberId | None, command: c.ReferralCommand) -> None:
        """Carry out one command, note its answer for whoever gave it, and deliver what follows."""
        try:
            decision = decide(self.referral, command, self.world, self.now)
        except NotAPartyError:
            self._note(who or "nobody", "refused")
            return
        if who is not None:
            self._note(who, decision.outcome)
        self.referral = decision.state
        self.change(*decision.members)
        for event in decision.events:
            self._note(EVERYBODY, event)
        for effect in decision.effects:
            self._deliver(effect)

    def change(self, *members: Member) -> None:
        """Put these people in the place of what they were."""
        self.world = replace(self.world, people={**self.world.people, **{m.id: m for m in members}})

    def limit(self, who: MemberId) -> None:
        """Let somebody have been asked often enough this week."""
        self.world = replace(self.world, received={who: 99})

    def person(self, who: MemberId) -> Member:
        """Return a member as they are now."""
        return self.world.people[who]

    def newest(self, who: MemberId) -> Question | None:
        """Return the newest question somebody was asked, swallowed or not."""
        mine = [q for q in self.referral.questions if self.referral.party(q.side) == who]
        return mine[-1] if mine else None

    def _deliver(self, effect: Effect) -> None:
        match effect:
            case SendPrompt(to=to, number=number) if to in self.unreachable:
                self.do(None, c.PromptUndeliverable(number))
            case EditPrompt(to=to) | SendPrompt(to=to) | RemindOfPrompt(to=to) | Notify(to=to) | SendHeadsUp(to=to):
                self._note(to, effect)
            case PostIntroduction():
                self.posts.append(effect)
            case _:
                self._note("whoever gets reports", effect)

    def _note(self, who: str, what: object) -> None:
        self.seen.setdefault(who, []).append((self.now - NOW, what))

    def run(self, steps: Iterable[Step], until: datetime) -> "Play":
        """Do the steps at their instants, and what becomes due meanwhile as soon as it is swept."""
        waiting = sorted(steps, key=lambda step: step[0])
        while (due := self._next(waiting)) is not None and due <= until:
            self.now = max(self.now, due)
            while waiting and waiting[0][0] <= self.now:
                waiting.pop(0)[1](self)
            self._sweep()
            self._post()
            self._look()
        return self

    def _next(self, waiting: list[Step]) -> datetime | None:
        swept = [self._swept_at(due) for due in [next_due(self.referral)] if due is not None]
        return min([*swept, *(step[0] for step in waiting[:1]), *(post.due for post in self.posts)], default=None)

    def _swept_at(self, due: datetime) -> datetime:
        every = self.scene.sweep_every
        return due if not every else NOW + -((NOW - due) // every) * every

    def _sweep(self) -> None:
        due = next_due(self.referral)
        if due is not None and self._swept_at(due) <= self.now:
            self.do(None, c.Elapse())

    def _post(self) -> None:
        due = [post for post in self.posts if post.due <= self.now]
        self.posts = [post for post in self.posts if post.due > self.now]
        for post in due:
            self.do(None, c.ClaimPosting(post.posting))
            if self.referral.too_late and self.refuses_rooms:
                self.do(None, c.IntroductionRefused(post.posting))
            elif self.referral.too_late:
                self._note(EVERYBODY, "introduction")
                self.do(None, c.IntroductionPosted(post.posting))

    def _look(self) -> None:
        """Note for the referrer when the referral stops looking open."""
        looks_open = self.referral.looks_open(self.now)
        if looks_open is not self._looked_open:
            self._note(self.referral.starter, f"looks open: {looks_open}")
        self._looked_open = looks_open

    def seen_by_all_but(self, who: MemberId) -> dict[str, list[object]]:
        """Return the transcripts of everybody else; a report is meant to be seen by whoever gets reports."""
        return {name: seen for name, seen in self.seen.items() if name not in (who, "whoever gets reports")}


def says(who: MemberId, answer: Answer, *blocks: MemberId) -> Act:
    """Answer one's newest question."""

    def act(play: Play) -> None:
        question = play.newest(who)
        number = question.number if question else 99
        play.do(who, c.AnswerQuestion(who, number, answer, blocks=frozenset(blocks)))

    return act


def on_newest(who: MemberId, command: Callable[[MemberId, int], c.ReferralCommand]) -> Act:
    """Give a command about one's newest question."""

    def act(play: Play) -> None:
        question = play.newest(who)
        play.do(who, command(who, question.number if question else 99))

    return act

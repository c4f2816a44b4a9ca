"""Walks every state a started referral can reach: every command, just before, at and just after each due instant.

States that differ only in what cannot matter any more (the count of edits, which kind of no, how long ago something
closed) are one state, so the walk ends. Every command is tried on each; those whose results are states of their own
are followed.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Decision
from bot.domain.elapsing import hears_at, next_due
from bot.domain.errors import NotAPartyError
from bot.domain.group import Order, Reveal
from bot.domain.ids import AskId, MemberId
from bot.domain.question import Answer, Side
from bot.domain.referral import Referral, Status
from bot.domain.words import Slot
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_card, a_group, a_member, a_referral, an_ask, around

TICK = timedelta(microseconds=1)
OVER = (Status.LAPSED, Status.WITHDRAWN, Status.CLOSED)
BLIND = {Slot.SEEKER_BLIND: "a shop in the north", Slot.PROVIDER_BLIND: "somebody good with books"}
NO_KINDS = (Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.BLOCK, Answer.REPORT)


@dataclass(frozen=True)
class Setting:
    """Which referral is walked."""

    order: Order = Order.SEEKER_FIRST
    reveal: Reveal = Reveal.NAMED
    answers_ask: bool = False
    helper: bool = False

    def __str__(self) -> str:
        return f"{self.order}-{self.reveal}{'-ask' * self.answers_ask}{'-helper' * self.helper}"


EVERY_SETTING = (
    *(Setting(order, reveal) for order in Order for reveal in Reveal),
    *(Setting(reveal=reveal, answers_ask=True) for reveal in Reveal),
    Setting(answers_ask=True, helper=True),
)


@dataclass(frozen=True)
class Edge:
    """One command on one state, and what came of it."""

    before: Referral
    command: c.ReferralCommand
    world: Around
    now: datetime
    after: Decision[Referral]


@cache
def worlds(setting: Setting) -> dict[str, Around]:
    """Return the group as it may be when a command arrives: everybody there, or one of the parties taking a break."""
    group = a_group()
    group = replace(group, settings=replace(group.settings, order=setting.order))
    ask = an_ask(owner=SAM) if setting.answers_ask else None
    calm = around(group=group, ask=ask, cards={PIA: a_card()})
    return {
        "calm": calm,
        "seeker_paused": _with_pause(calm, SAM),
        "provider_paused": _with_pause(calm, PIA),
        "seeker_left": replace(calm, people={**calm.people, SAM: a_member(id=SAM, joined={})}),
        "provider_blocks": replace(calm, people={**calm.people, PIA: a_member(id=PIA, blocks=frozenset({SAM}))}),
    }


def _with_pause(calm: Around, who: MemberId) -> Around:
    paused = a_member(id=who, paused_until=NOW + timedelta(days=4000))
    return replace(calm, people={**calm.people, who: paused})


def started(setting: Setting, world: str = "calm") -> Referral:
    """Return the referral just after the first question went out."""
    seen = worlds(setting)[world]
    if setting.helper:
        draft = a_referral(starter=PIA, provider=None, seeker=None, status=Status.DRAFT, words={})
        return decide(draft, c.OfferHelp(PIA, {Slot.WHY: "I do this all day."}), seen, NOW).state
    draft = a_referral(reveal=setting.reveal, ask=AskId("ask") if setting.answers_ask else None)
    draft = replace(draft, words={**draft.words, **BLIND})
    return decide(draft, c.AskThem(RITA), seen, NOW).state


def followed(referral: Referral) -> Iterator[c.ReferralCommand]:
    """Return the commands whose results are walked on from."""
    for question in referral.questions:
        by = MemberId(str(referral.party(question.side)))
        yield c.AnswerQuestion(by, question.number, Answer.YES)
        yield c.AnswerQuestion(by, question.number, Answer.NO)
        yield c.TakeBack(by, question.number)
        yield c.TellReferrer(by, question.number)
        yield c.PromptUndeliverable(question.number)
    yield from (c.PartyGone(SAM), c.PartyGone(PIA), c.Withdraw(referral.starter), c.Elapse(), c.GotIt(SAM))
    yield from (kind(n) for kind in _POSTINGS for n in (referral.postings, referral.postings - 1))


_POSTINGS = (c.ClaimPosting, c.IntroductionPosted, c.IntroductionRefused)


def tried(referral: Referral) -> Iterator[c.ReferralCommand]:
    """Return every other command, from every actor."""
    for who in (RITA, SAM, PIA, OTTO):
        yield from _drafting(who)
        yield from (c.Withdraw(who), c.GotIt(who), c.PartyGone(who, Answer.BLOCK))
        yield from (c.AnswerParty(who, side, "Yes, since school.") for side in Side)
        for number in (*range(len(referral.questions)), 99):
            yield from _answers(who, number)


def _answers(who: MemberId, number: int) -> Iterator[c.ReferralCommand]:
    other = SAM if who == PIA else PIA
    yield from (c.AnswerQuestion(who, number, answer) for answer in (Answer.YES, *NO_KINDS))
    yield c.AnswerQuestion(who, number, Answer.BLOCK, blocks=frozenset({other}))
    yield c.AnswerQuestion(who, number, Answer.YES_BUT, {Slot.SEEKER_TERMS: "By mail", Slot.PROVIDER_TERMS: "By phone"})
    yield c.AnswerQuestion(who, number, Answer.YES_BUT, no_introduction=True)
    yield from (c.TakeBack(who, number), c.TellReferrer(who, number, "No time"))
    yield c.AskReferrer(who, number, "How do you know each other?")


def _drafting(who: MemberId) -> Iterator[c.ReferralCommand]:
    yield c.WriteDraft(who, seeker=OTTO, words={Slot.NEED: "Something else"})
    yield from (c.AnswerFilter(who, question, c.Tick.NO) for question in c.Filter)
    yield from (c.Toggle(who, choice) for choice in c.Choice)
    yield from (c.CheckFit(who), c.KeepAsLead(who), c.SendLead(who, PIA, "A tip"), c.UpgradeLead(who))
    yield from (c.Discard(who), c.AskThem(who), c.OfferHelp(who, {}))


def try_one(referral: Referral, command: c.ReferralCommand, world: Around, now: datetime) -> Edge | None:
    """Return the edge, or None where the command is not this person's to give."""
    try:
        return Edge(referral, command, world, now, decide(referral, command, world, now))
    except NotAPartyError:
        return None


def canonical(referral: Referral, now: datetime) -> tuple[object, ...]:
    """Return what of a state can still matter from now on: of instants, which is due and in what order the others come."""
    if referral.status in OVER:
        return (referral.status,)
    if referral.status is Status.INTRODUCED:
        return (referral.status, referral.got_it, sum(not q.closed for q in referral.questions))
    dues = [hears_at(referral, side) for side in Side]
    dues += [referral.posting_at, referral.closes_at]
    dues += [q.remind_at if q.wants_reminder else None for q in referral.questions]
    dues += [None if q.closed else q.deadline for q in referral.questions]
    flags = tuple(
        (q.stage, q.reached, q.told, None if q.answer is None else q.agrees) for q in referral.questions
    )
    return (referral.status, referral.too_late, referral.told_by is None, referral.heard, flags, _in_order(dues, now))


def _in_order(dues: list[datetime | None], now: datetime) -> tuple[int | None, ...]:
    ahead = sorted({due for due in dues if due is not None and due > now})
    near = 1 if ahead and ahead[0] - now <= TICK else 0
    ranks = {due: rank for rank, due in enumerate(ahead, start=1)}
    return (near, *(None if due is None else ranks.get(due, 0 if due == now else -1) for due in dues))


def instants(referral: Referral, now: datetime) -> list[datetime]:
    """Return now and, once everything due was done, just before, at and just after what becomes due next."""
    dues = [due for due in (next_due(referral), referral.posting_at) if due is not None]
    ahead = [due for due in dues if due > now]
    if not ahead or (next_due(referral) or now + TICK) <= now:
        return [now]
    due = min(ahead)
    return [now, *(at for at in (due - TICK, due, due + TICK) if at > now)]


def walk(setting: Setting, look: Callable[[Edge], None]) -> int:
    """Show every edge to `look`; return how many states there are."""
    calm = worlds(setting)
    waiting = deque((started(setting, world), NOW) for world in ("calm", "seeker_paused", "provider_paused"))
    seen = {canonical(state, now) for state, now in waiting}
    while waiting:
        referral, arrived = waiting.popleft()
        for now in instants(referral, arrived):
            for edge in _edges(referral, calm, now):
                look(edge)
                key = canonical(edge.after.state, now)
                if key not in seen:
                    seen.add(key)
                    waiting.append((edge.after.state, now))
            for command in tried(referral):
                if edge := try_one(referral, command, calm["calm"], now):
                    look(edge)
    return len(seen)


def _edges(referral: Referral, seen: dict[str, Around], now: datetime) -> Iterator[Edge]:
    for command in followed(referral):
        for name in _matters(command):
            if edge := try_one(referral, command, seen[name], now):
                yield edge


def _matters(command: c.ReferralCommand) -> tuple[str, ...]:
    return ("calm", "seeker_left", "provider_blocks") if isinstance(command, c.ClaimPosting) else ("calm",)

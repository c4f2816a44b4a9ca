"""Walks the states a started referral can reach: every command, just before, at and just after each due instant.

States are one if only what cannot matter any more tells them apart: the count of edits, which kind of no, how long ago
something closed. Of the instants ahead their order counts, and not how far they are. Every command is tried on each
state, and whatever makes a new one is followed. Where a plan has more than two rounds, what makes no difference to
anybody's answers is tried and not followed, and the odd commands are tried on every third state; where it starts by
role for both, of the instants only the next one counts. Those walks would take minutes otherwise.
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
from bot.domain.referral import Referral, Status, Tick
from bot.domain.words import Slot
from tests.factories import NOW, OTTO, PIA, RITA, SAM, a_group, a_member, a_referral, an_ask, around

TICK = timedelta(microseconds=1)
OVER = (Status.LAPSED, Status.WITHDRAWN, Status.CLOSED)
BLIND = {Slot.SEEKER_BLIND: "a shop in the north", Slot.PROVIDER_BLIND: "somebody good with books"}
OTHER_NOES = (Answer.KNOWN, Answer.NOT_NOW, Answer.BLOCK, Answer.REPORT)
SHORT = 2
SIDE_ROADS = (c.TellReferrer, c.PromptUndeliverable, c.PartyGone, c.GotIt)


@dataclass(frozen=True)
class Setting:
    """Which referral is walked."""

    order: Order = Order.SEEKER_FIRST
    reveal: Reveal = Reveal.NAMED
    helper: bool = False

    def __str__(self) -> str:
        return "helper" if self.helper else f"{self.order}-{self.reveal}"


EVERY_SETTING = (*(Setting(order, reveal) for order in Order for reveal in Reveal), Setting(helper=True))


@dataclass(frozen=True)
class Edge:
    """One command on one state, and what came of it: None if it was not this person's to give."""

    before: Referral
    command: c.ReferralCommand
    world: Around
    now: datetime
    after: Decision[Referral] | None


@cache
def worlds(setting: Setting) -> dict[str, Around]:
    """Return the group as it may be when a command arrives."""
    group = a_group()
    group = replace(group, settings=replace(group.settings, order=setting.order))
    calm = around(group=group, ask=an_ask(owner=SAM) if setting.helper else None)
    return {
        "calm": calm,
        "seeker_left": replace(calm, people={**calm.people, SAM: a_member(id=SAM, joined={})}),
        "provider_blocks": replace(calm, people={**calm.people, PIA: a_member(id=PIA, blocks=frozenset({SAM}))}),
    }


def started(setting: Setting) -> Referral:
    """Return the referral just after the first question went out."""
    seen = worlds(setting)["calm"]
    if setting.helper:
        draft = a_referral(starter=PIA, provider=None, seeker=None, status=Status.DRAFT, words={}, ask=AskId("ask"))
        return decide(draft, c.OfferHelp(PIA, {Slot.WHY: "I do this all day."}), seen, NOW).state
    draft = a_referral(reveal=setting.reveal)
    return decide(replace(draft, words={**draft.words, **BLIND}), c.AskThem(RITA), seen, NOW).state


def common(referral: Referral) -> Iterator[c.ReferralCommand]:
    """Return the commands that are tried at every instant. To what is closed all answers are one: too late."""
    for question in referral.questions:
        by = MemberId(str(referral.party(question.side)))
        yield c.AnswerQuestion(by, question.number, Answer.YES)
        if question.closed:
            continue
        yield c.AnswerQuestion(by, question.number, Answer.NO)
        yield c.TakeBack(by, question.number)
        yield c.TellReferrer(by, question.number)
        yield c.PromptUndeliverable(question.number)
    yield from (c.PartyGone(SAM), c.PartyGone(PIA), c.Withdraw(referral.starter), c.Elapse(), c.GotIt(SAM))
    last = referral.postings
    yield from (kind(n) for kind in (c.ClaimPosting, c.IntroductionPosted, c.IntroductionRefused) for n in (last, 0))


def rare(referral: Referral, stranger: MemberId) -> Iterator[c.ReferralCommand]:
    """Return the other commands, which are tried once on each state, and those of somebody who has no say in it."""
    for question in referral.questions:
        party = MemberId(str(referral.party(question.side)))
        yield from _more_answers(party, question.number)
        if stranger != party:
            yield from (kind(stranger, question.number) for kind in (c.TakeBack, c.TellReferrer))
            yield c.AnswerQuestion(stranger, question.number, Answer.YES)
            yield c.AskReferrer(stranger, question.number, "Who is it?")
    for who in {referral.starter, stranger}:
        yield from _drafting(who)
        yield from (c.Withdraw(who), c.GotIt(who), c.PartyGone(who, Answer.BLOCK))
        yield from (c.AnswerParty(who, side, "Since school.") for side in Side)


def _more_answers(who: MemberId, number: int) -> Iterator[c.ReferralCommand]:
    yield from (c.AnswerQuestion(who, number, answer) for answer in OTHER_NOES)
    yield c.AnswerQuestion(who, number, Answer.BLOCK, blocks=frozenset({RITA}))
    yield c.AnswerQuestion(who, number, Answer.YES_BUT, {Slot.SEEKER_TERMS: "By mail", Slot.PROVIDER_TERMS: "By phone"})
    yield c.AnswerQuestion(who, number, Answer.YES_BUT, no_introduction=True)
    yield from (c.TellReferrer(who, number, "No time"), c.TakeBack(who, 99), c.AskReferrer(who, number, "Since when?"))


def _drafting(who: MemberId) -> Iterator[c.ReferralCommand]:
    yield c.WriteDraft(who, seeker=OTTO, words={Slot.NEED: "Something else"})
    yield from (c.AnswerFilter(who, question, Tick.NO) for question in c.Filter)
    yield from (c.Toggle(who, choice) for choice in c.Choice)
    yield from (c.CheckFit(who), c.KeepAsLead(who), c.SendLead(who, PIA, "A tip"), c.UpgradeLead(who))
    yield from (c.Discard(who), c.AskThem(who), c.OfferHelp(who, {}))


def attempt(referral: Referral, command: c.ReferralCommand, world: Around, now: datetime) -> Edge:
    """Return what comes of one command."""
    try:
        return Edge(referral, command, world, now, decide(referral, command, world, now))
    except NotAPartyError:
        return Edge(referral, command, world, now, None)


def canonical(referral: Referral, now: datetime) -> tuple[object, ...]:
    """Return what of a state can still matter from now on."""
    if referral.status in OVER:
        return (referral.status,)
    if referral.status is Status.INTRODUCED:
        return (referral.status, referral.got_it, sum(not q.closed for q in referral.questions))
    dues = [hears_at(referral, side) for side in Side]
    dues += [referral.posting_at, referral.closes_at]
    if referral.reveal is Reveal.NAMED:
        dues += [q.remind_at if q.wants_reminder else None for q in referral.questions]
    dues += [None if q.closed else q.deadline for q in referral.questions]
    flags = tuple((q.stage, q.reached, q.told, None if q.answer is None else q.agrees) for q in referral.questions)
    ranks = _ranks(dues, now, deepest=1 if referral.reveal is Reveal.ROLE_ONLY else len(dues))
    return (referral.status, referral.too_late, referral.told_by is None, referral.heard, flags, ranks)


def _ranks(dues: list[datetime | None], now: datetime, *, deepest: int) -> tuple[int | None, ...]:
    ahead = sorted({due for due in dues if due is not None and due > now})
    is_near = bool(ahead) and ahead[0] - now <= TICK
    ranks = {due: min(rank, deepest + 1) for rank, due in enumerate(ahead, start=1)}
    return (is_near, *(None if due is None else ranks.get(due, 0 if due == now else -1) for due in dues))


def instants(referral: Referral, now: datetime) -> list[datetime]:
    """Return now and, once everything due was done, just before, at and just after what becomes due next."""
    waiting = next_due(referral)
    ahead = [due for due in (waiting, referral.posting_at) if due is not None and due > now]
    if not ahead or (waiting is not None and waiting <= now):
        return [now]
    due = min(ahead)
    if referral.reveal is Reveal.ROLE_ONLY:
        return (
            [now, due]
            if any(q.wants_reminder and q.remind_at == due for q in referral.questions)
            else [due - TICK, due]
        )
    return [now, *(at for at in (due - TICK, due, due + TICK) if at > now)]


def walk(setting: Setting, look: Callable[[Edge], None]) -> int:
    """Show every edge to `look`; return how many states there are."""
    seen_worlds = worlds(setting)
    waiting = deque([(started(setting), NOW)])
    seen = {canonical(*waiting[0])}
    while waiting:
        referral, arrived = waiting.popleft()
        for edge in _edges(referral, arrived, seen_worlds, turn=len(seen)):
            look(edge)
            if edge.after is None or edge.after.state is referral or _is_side_road(referral, edge.command):
                continue
            key = canonical(edge.after.state, edge.now)
            if key not in seen:
                seen.add(key)
                waiting.append((edge.after.state, edge.now))
    return len(seen)


def _is_side_road(referral: Referral, command: c.ReferralCommand) -> bool:
    return len(referral.plan) > SHORT and isinstance(command, SIDE_ROADS)


def _edges(referral: Referral, arrived: datetime, seen: dict[str, Around], turn: int) -> Iterator[Edge]:
    at = instants(referral, arrived)
    for now in at:
        for command in common(referral):
            for name in seen if isinstance(command, c.ClaimPosting) else ("calm",):
                yield attempt(referral, command, seen[name], now)
    if turn % 3 and len(referral.plan) > SHORT:
        return
    stranger = (RITA, SAM, PIA, OTTO)[turn % 4]
    for command in rare(referral, stranger):
        yield attempt(referral, command, seen["calm"], at[turn % len(at)])

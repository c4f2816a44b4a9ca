"""Short ways to say what happens to a referral in a test, on top of the factories."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Decision, Refused, Say, Told
from bot.domain.effects import Effect, Notice, Notify, SendPrompt
from bot.domain.group import Order, Settings
from bot.domain.ids import MemberId
from bot.domain.member import Member
from bot.domain.question import Answer, Stage
from bot.domain.referral import Referral
from bot.domain.words import Fault, Slot
from tests.factories import NOW, PIA, RITA, SAM, a_group, a_member, a_referral, around

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
WINDOW = timedelta(days=3)
UNDO = timedelta(seconds=30)
BLIND = {Slot.SEEKER_BLIND: "a shop in the north", Slot.PROVIDER_BLIND: "somebody good with books"}


def by(group: dict[str, Any] | None = None, **changes: Any) -> Around:  # noqa: ANN401
    """Return the usual group with some settings changed, and whatever else may be looked at."""
    return around(group=a_group(settings=Settings(**(group or {}))), **changes)


def people(*changed: Member) -> dict[MemberId, Member]:
    """Return the usual people, some of them changed."""
    return {**around().people, **{member.id: member for member in changed}}


def with_person(**changes: Any) -> Around:  # noqa: ANN401
    """Return the usual group with one member changed."""
    return around(people=people(a_member(**changes)))


def asked(world: Around | None = None, **changes: Any) -> Referral:  # noqa: ANN401
    """Return a referral just after *Ask them*."""
    draft = a_referral(**changes)
    draft = replace(draft, words={**BLIND, **draft.words})
    return decide(draft, c.AskThem(RITA), world or around(), NOW).state


def ordered(order: Order) -> Around:
    """Return the usual group, asking in that order."""
    return by({"order": order})


def do(
    referral: Referral, command: c.ReferralCommand, at: datetime = NOW, world: Around | None = None
) -> Decision[Referral]:
    """Carry a command out."""
    return decide(referral, command, world or around(), at)


def click(
    referral: Referral,
    who: MemberId,
    answer: Answer = Answer.YES,
    at: datetime = NOW,
    **more: Any,  # noqa: ANN401
) -> Decision[Referral]:
    """Answer one's newest question."""
    number = max(q.number for q in referral.questions if referral.party(q.side) == who)
    world = more.pop("world", None)
    return do(referral, c.AnswerQuestion(who, more.pop("number", number), answer, **more), at, world)


def agreed(at: datetime = NOW, **changes: Any) -> Referral:  # noqa: ANN401
    """Return a referral to which both have just said yes."""
    return click(click(asked(**changes), SAM, at=at).state, PIA, at=at).state


def introduced(**changes: Any) -> Referral:  # noqa: ANN401
    """Return a referral whose introduction is in its room."""
    return posted(agreed(**changes)).state


def posted(referral: Referral, world: Around | None = None) -> Decision[Referral]:
    """Claim and post, once it is due."""
    at = referral.posting_at or NOW
    claimed = do(referral, c.ClaimPosting(referral.postings), at, world).state
    return do(claimed, c.IntroductionPosted(referral.postings), at, world)


def said(decision: Decision[Any]) -> Say:
    """Return the phrase the one who acted is told."""
    assert isinstance(decision.outcome, Told), decision.outcome
    return decision.outcome.say


def faults(decision: Decision[Any]) -> dict[Slot, Fault]:
    """Return what was wrong with the words."""
    assert isinstance(decision.outcome, Refused), decision.outcome
    return dict(decision.outcome.faults)


def stages_sent(decision: Decision[Referral]) -> list[Stage]:
    """Return the stages of the questions that go out."""
    return [decision.state.questions[e.number].stage for e in decision.effects if isinstance(e, SendPrompt)]


def notices(effects: tuple[Effect, ...]) -> list[tuple[MemberId, Notice]]:
    """Return who is told what."""
    return [(e.to, e.notice) for e in effects if isinstance(e, Notify)]

"""The short words in which the tables of rules are told."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain import commands as c
from bot.domain.decide import decide
from bot.domain.decision import Around, Decision, Say, Told
from bot.domain.effects import Effect, Notify, SendPrompt
from bot.domain.group import Group, Settings
from bot.domain.ids import MemberId
from bot.domain.member import Member
from bot.domain.question import Answer, Stage
from bot.domain.referral import Referral
from bot.domain.words import Slot
from tests.factories import NOW, a_group, a_member, a_referral, around

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BLIND = {Slot.SEEKER_BLIND: "somebody with a small shop", Slot.PROVIDER_BLIND: "somebody good with books"}


def at(moment: str) -> datetime:
    """Return an instant in UTC, written as `2026-11-16 09:30`."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def said(decision: Decision[Any]) -> Say | None:
    """Return what the one who acted is told, if it is a phrase."""
    return decision.outcome.say if isinstance(decision.outcome, Told) else None


def group_with(**settings: Any) -> Group:  # noqa: ANN401 -- any setting
    """Return the group with some settings of its own."""
    return a_group(settings=Settings(**settings))


def among(*changed: Member, **changes: Any) -> Around:  # noqa: ANN401 -- any field of what is around
    """Return what is around, with some people in another condition."""
    calm = around(**changes)
    return replace(calm, people={**calm.people, **{one.id: one for one in changed}})


def paused(who: MemberId, *, quiet: bool = True) -> Member:
    """Return somebody on a break for a week."""
    return a_member(id=who, paused_until=NOW + 7 * DAY, pause_is_quiet=quiet)


def a_draft(**changes: Any) -> Referral:  # noqa: ANN401 -- any field of the referral
    """Return a screened draft that describes both without a name, too."""
    draft = a_referral()
    return replace(draft, **{"words": {**draft.words, **BLIND}, **changes})


def play(referral: Referral, *commands: c.ReferralCommand, world: Around | None = None) -> Referral:
    """Return the referral after some commands, all given now."""
    for command in commands:
        referral = decide(referral, command, world or around(), NOW).state
    return referral


def reply(who: MemberId, number: int = 0, answer: Answer = Answer.YES, **more: Any) -> c.AnswerQuestion:  # noqa: ANN401
    """Return somebody's answer, a yes to the first question unless told otherwise."""
    return c.AnswerQuestion(who, number, answer, **more)


def prompted(effects: Iterable[Effect], referral: Referral) -> list[Stage]:
    """Return which questions are sent."""
    return [referral.questions[e.number].stage for e in effects if isinstance(e, SendPrompt)]


def notices(effects: Iterable[Effect]) -> list[tuple[MemberId, str]]:
    """Return who is told what in private."""
    return [(e.to, e.notice.value) for e in effects if isinstance(e, Notify)]

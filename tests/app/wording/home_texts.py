"""The texts of beginnings and of a member's own page, by name."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from bot.app.wording import beginning, home, notices
from bot.app.wording.cast import Operator
from bot.app.wording.home import Belongings
from bot.app.wording.mine import Past
from bot.domain.ask import AskStatus
from bot.domain.effects import TellCannotPost
from bot.domain.ids import ChannelId, GroupId
from bot.domain.member import FOREVER, Member
from bot.domain.numbers import Numbers
from bot.domain.referral import Status
from bot.ports.messages import Message
from tests.app.wording.casts import (
    GROUP,
    LATER,
    PIA,
    RICH,
    SAM,
    a_cast,
    a_draft,
    a_group_in,
    a_member,
    a_question,
    agreed,
    an_ask,
    asked,
)
from tests.app.wording.other_texts import Maker
from tests.factories import a_follow_up

OPERATOR = Operator("Ada Example", "ada@example.test")


def homes() -> Iterator[tuple[str, Maker]]:
    """Yield how it begins, and a member's own page with much, little and in several groups."""
    for words in (beginning.how_to_begin, beginning.back_again, beginning.nothing_begun, beginning.not_in_a_group):
        yield f"page_{words.__name__}", partial(_begun, words.__name__)
    yield "page_home", lambda lang: full(lang, times=1, groups=1)
    yield "page_home_full", lambda lang: full(lang, times=9, groups=1, me=a_member(paused_until=LATER))
    yield "page_home_several", lambda lang: full(lang, times=9, groups=30, me=a_member(paused_until=FOREVER))
    yield "page_home_empty", lambda lang: home.home((), Past(), (belongings(lang, 0, 0, a_member()),))
    for name, ask in {"ask": an_ask().id, "welcome": None}.items():
        effect = TellCannotPost(SAM, GROUP, ask, "now")
        yield f"cannot_post_{name}", lambda lang, e=effect: notices.cannot_post(a_cast(lang), e)  # type: ignore[misc]
    week = TellCannotPost(SAM, GROUP, None, "now", "2026-W47")
    yield "cannot_post_tally", lambda lang: notices.cannot_post(a_cast(lang), week)


def _begun(name: str, lang: str) -> Message:
    message: Message = getattr(beginning, name)(lang, OPERATOR)
    return message


def full(lang: str, *, times: int, groups: int, me: Member | None = None) -> Message:
    """Return the page of somebody with so many of everything in so many groups."""
    reader = me or a_member()
    question = a_question(number=1, stage=a_question().stage)
    waiting = [asked(RICH, question), asked(RICH, seeker=PIA, provider=SAM)] * times
    past = Past([a_follow_up()] * times, Numbers(times, times, times))
    return home.home(waiting, past, [belongings(lang, n, times, reader) for n in range(groups)])


def belongings(lang: str, number: int, times: int, reader: Member) -> Belongings:
    """Return what somebody has in one of their groups."""
    group = replace(a_group_in(lang), id=GroupId(f"group{number}"), channel=ChannelId(f"channel-{number}"))
    started = [a_draft(), asked(RICH), asked(RICH, status=Status.LAPSED), agreed()] * times
    asks = [an_ask(), an_ask(status=AskStatus.PREVIEW)] * times
    return Belongings(a_cast(lang, group=group, reader=reader), started, asks)

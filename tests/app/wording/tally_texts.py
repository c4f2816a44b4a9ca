"""Every text of the weekly tally, by name."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot.app.wording import tally, tally_pages
from bot.app.wording.cast import Cast
from bot.domain.group import TallyMode
from bot.domain.ids import GroupId, ReferralId
from bot.domain.kind import Kind
from bot.domain.member import Card, CardSlot
from bot.domain.outcome import FollowUp, Outcome, Thanks
from bot.domain.question import Side
from bot.domain.tally import Given, Tally
from bot.ports.messages import Message
from tests.app.wording.casts import GROUP, NOW, OTTO, PIA, PIAS_CARD, RITA, SAM, SAMS_CARD, a_cast, a_group_in, a_member
from tests.app.wording.other_texts import Maker

WEEK = "2026-W47"
RICH_WEEK = Tally(
    GROUP,
    WEEK,
    introductions=4,
    inside=3,
    outside=1,
    recommendations=2,
    leads=3,
    outcomes={Outcome.TALKING: 3, Outcome.WON: 1},
    worth=12_500,
    thanks=2,
    corrections=1,
    givers={RITA: Given(2, 1, 1), SAM: Given(1, 1, 1), OTTO: Given(1)},
    thanked=((ReferralId("referral"), Side.SEEKER),),
)
PLAIN_WEEK = Tally(GROUP, WEEK, introductions=1, inside=1, leads=1, thanks=1, givers={OTTO: Given(1, 0, 0)})
EARLIER = (("2026-W45", 2), ("2026-W46", 0))
CARDS = {
    RITA: Card(RITA, GROUP, {CardSlot.DOES: "brings people together"}, named=True),
    SAM: replace(SAMS_CARD, named=True),
    PIA: replace(PIAS_CARD, listened_for=True, named=True),
    OTTO: Card(OTTO, GROUP, {CardSlot.LISTEN_FOR: "“we need a bigger room”"}),
}


def a_follow_up(**changes: Any) -> FollowUp:  # noqa: ANN401 -- any field
    """Return a follow-up whose seeker thanked the referrer, for everybody to read."""
    facts: dict[str, Any] = {
        "referral": ReferralId("referral"),
        "group": GROUP,
        "introduced_at": NOW,
        "week": WEEK,
        "kind": Kind.REFERRAL,
        "referrer": RITA,
        "seeker": SAM,
        "provider": PIA,
        "first_move": Side.PROVIDER,
        "thanks": {Side.SEEKER: Thanks("Without you I would still be sorting boxes.", NOW, may_show=True, shown=True)},
    }
    return FollowUp(**(facts | changes))


def a_week_cast(lang: str, mode: TallyMode = TallyMode.THANKS, **changes: Any) -> Cast:  # noqa: ANN401 -- any field
    """Return what a group's post is made from."""
    group = a_group_in(lang, tally_mode=mode, **changes.pop("settings", {}))
    return a_cast(lang, **({"group": group, "reader": None, "cards": CARDS} | changes))


def weeks() -> Iterator[tuple[str, Maker]]:
    """Yield the post in every mode, the chart's words, and the pages."""
    for mode in (TallyMode.TOTALS, TallyMode.THANKS, TallyMode.GIVERS, TallyMode.FULL):
        yield f"tally_{mode}", partial(_post, RICH_WEEK, mode)
        yield f"tally_{mode}_plain", partial(_post, PLAIN_WEEK, mode)
    yield "tally_amounts", lambda lang: _post(RICH_WEEK, TallyMode.THANKS, lang, settings={"amounts": True})
    yield "tally_outside", partial(_post, replace(RICH_WEEK, inside=0, outside=4, givers={}), TallyMode.THANKS)
    yield "tally_unnamed_thanks", lambda lang: _post(RICH_WEEK, TallyMode.THANKS, lang, cards={})
    yield "tally_thanks_from_named", lambda lang: _post(RICH_WEEK, TallyMode.THANKS, lang, cards={SAM: CARDS[SAM]})
    yield "tally_thanks_to_named", lambda lang: _post(RICH_WEEK, TallyMode.THANKS, lang, cards={RITA: CARDS[RITA]})
    yield "tally_chart", _chart
    yield from ((f"page_tally_{name}", maker) for name, maker in _pages().items())


def _post(week: Tally, mode: TallyMode, lang: str, **changes: Any) -> Message:  # noqa: ANN401 -- any field
    return tally.post(a_week_cast(lang, mode, **changes), week, ((a_follow_up(), Side.SEEKER),) if week.thanked else ())


def _chart(lang: str) -> tuple[str, ...]:
    chart = tally.chart(a_week_cast(lang), RICH_WEEK, EARLIER)
    assert chart is not None
    return (chart.title, *(f"{bar.label}: {bar.value}" for bar in chart.bars), chart.alt)


def _pages() -> dict[str, Maker]:
    me, stranger = a_member(id=RITA), a_member(id=RITA, joined={})
    nothing = Tally(GroupId(GROUP), WEEK)
    week_on = NOW + timedelta(days=7)
    return {
        "mine": lambda lang: _mine(RICH_WEEK, CARDS[PIA], lang, reader=me),
        "mine_plain": lambda lang: _mine(PLAIN_WEEK, CARDS[RITA], lang, reader=me, now=week_on),
        "mine_not_shown": lambda lang: _mine(nothing, CARDS[OTTO], lang, reader=me),
        "mine_off": lambda lang: _mine(nothing, CARDS[OTTO], lang, TallyMode.OFF, reader=me),
        "mine_not_joined": lambda lang: _mine(PLAIN_WEEK, CARDS[OTTO], lang, reader=stranger),
        "preview": lambda lang: tally_pages.preview(a_week_cast(lang), _post(RICH_WEEK, TallyMode.THANKS, lang)),
        "preview_nothing": lambda lang: tally_pages.preview(a_week_cast(lang), None),
    }


def _mine(week: Tally, card: Card, lang: str, mode: TallyMode = TallyMode.THANKS, **changes: Any) -> Message:  # noqa: ANN401 -- any field
    return tally_pages.my_part(a_week_cast(lang, mode, **changes), week, card)

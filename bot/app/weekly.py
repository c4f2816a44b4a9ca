"""One closed week of a group as its post: its numbers as they were counted, and whom it may name as they want now."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from bot.app import tallying
from bot.app.desk import casting
from bot.app.wording import tally as words
from bot.app.wording.cast import Cast, Operator
from bot.domain.errors import NotFoundError
from bot.domain.group import Group
from bot.domain.outcome import FollowUp
from bot.domain.question import Side
from bot.domain.tally import Tally
from bot.ports.charts import Chart
from bot.ports.messages import Message
from bot.ports.store import Transaction

MOST_SAID = 12
"""Thank-yous that are looked up for one post; it shows fewer."""


@dataclass(frozen=True, slots=True)
class WeeklyPost:
    """A week in words, and the picture to draw for it, if it is worth one."""

    message: Message
    chart: Chart | None


def weekly_post(tx: Transaction, group: Group, week: str, operator: Operator, now: datetime) -> WeeklyPost | None:
    """Return a week's post, None where there is nothing to tell."""
    tally = tallying.counted(tx, group.id, week)
    if tally.is_empty:
        return None
    said = tuple(_said(tx, tally))
    cast = _cast(tx, group, tally, said, operator, now)
    if not words.is_news(cast, tally, said):
        return None
    earlier = [(one.week, one.introductions) for one in tallying.before(tx, group, week)]
    return WeeklyPost(words.post(cast, tally, said), words.chart(cast, tally, earlier))


def _said(tx: Transaction, tally: Tally) -> Iterator[tuple[FollowUp, Side]]:
    """Yield the thank-yous of that week, each with who said it."""
    for referral, side in islice(tally.thanked, MOST_SAID):
        with suppress(NotFoundError):
            yield tx.follow_ups.get(referral), side


def _cast(
    tx: Transaction,
    group: Group,
    tally: Tally,
    said: tuple[tuple[FollowUp, Side], ...],
    operator: Operator,
    now: datetime,
) -> Cast:
    cards = {card.member: card for card in tx.members.cards_of_group(group.id)}
    people = tx.members.some(words.spoken_of(tally, said, (who for who, card in cards.items() if card.listened_for)))
    return replace(casting(tx, group, now, operator), people=people, cards=cards)

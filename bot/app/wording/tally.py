"""The weekly post: a closed week in numbers, with thanks to those who want to be named, and its chart."""

from collections.abc import Sequence

from bot.app.verbs import Verb
from bot.app.wording.calendar import days_of, number_of
from bot.app.wording.canonical import text_of
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.parts import row, voice
from bot.app.wording.tally_lines import numbers
from bot.app.wording.tally_names import Said, givers, listened_for, spoken_of, thank_yous
from bot.domain.tally import Tally
from bot.ports.charts import Bar, Chart
from bot.ports.messages import Message, Note

__all__ = ["chart", "is_news", "post", "spoken_of"]

LEAST_BARS = 2
"""One bar compares nothing."""


def is_news(cast: Cast, tally: Tally, said: Sequence[Said]) -> bool:
    """Say whether there is anything to tell: thanks that nobody may read any more are none."""
    t = voice(cast)
    return bool(numbers(cast, t, tally)) or any(True for _ in thank_yous(cast, t, said))


def post(cast: Cast, tally: Tally, said: Sequence[Said]) -> Message:
    """Return the post of a closed week. `said` are the thank-yous of that week.

    The cast holds whoever may be named and the group's cards: nobody is named whose card does not say so.
    """
    t = voice(cast)
    days = days_of(t, tally.week)
    summary = text_of(t.spans("The week in introductions: {days}.", days=days))
    return Message(
        summary,
        (
            t.heading("The week in introductions"),
            t.note("{days}. Counted is what both sides said yes to, each pair once.", days=days),
            *numbers(cast, t, tally),
            *givers(cast, t, tally),
            *thank_yous(cast, t, said),
            *listened_for(cast, t, tally.week),
            _rule(t),
            *row(t.button("My part", Verb.MY_PART, cast.group.id)),
        ),
    )


def _rule(t: Voice) -> Note:
    return t.note("I name only who asked me to. “My part” is for you alone, and changes that.")


def chart(cast: Cast, tally: Tally, earlier: Sequence[tuple[str, int]]) -> Chart | None:
    """Return this week's introductions beside those of earlier weeks, oldest first; None where that shows nothing."""
    weeks = (*earlier, (tally.week, tally.introductions))
    if not tally.introductions or len(weeks) < LEAST_BARS:
        return None
    t = voice(cast)
    label = t.gettext("W{number}")
    bars = tuple(Bar(text_of(t.filled(label, number=number_of(week))), value) for week, value in weeks)
    return Chart(t.gettext("Introductions, week by week"), bars, _alt(t, weeks))


def _alt(t: Voice, weeks: Sequence[tuple[str, int]]) -> str:
    """Return every number in words; the last is this week's."""
    one = t.gettext("{value} in week {number}")
    said = [text_of(t.filled(one, number=number_of(week), value=value)) for week, value in weeks]
    return text_of(t.spans("Introductions week by week, as a chart: {weeks}.", weeks=", ".join(said)))

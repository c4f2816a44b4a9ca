"""A week's numbers in words, one line for each; what there was none of is left out."""

from collections.abc import Iterator

from bot.app.wording.calendar import amount
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.parts import joined
from bot.domain.groups import counts_amounts
from bot.domain.outcome import Outcome
from bot.domain.tally import Given, Tally
from bot.ports.messages import Note, Part, Spans, Text

BETWEEN = " · "


def numbers(cast: Cast, t: Voice, tally: Tally) -> tuple[Part, ...]:
    """Return the week's numbers, none of which is a zero; nothing if there is nothing to tell."""
    lines = tuple(line for line in (_given(t, tally), _leads(t, tally), _came_of_it(cast, t, tally)) if line)
    thanks = (_thanks(t, tally.thanks),) if tally.thanks else ()
    shown = (*lines, *thanks)
    return (*((Text(joined(shown)),) if shown else ()), *_corrections(t, tally))


def _given(t: Voice, tally: Tally) -> Spans:
    return joined(_introductions(t, tally), BETWEEN)


def _introductions(t: Voice, tally: Tally) -> Iterator[Spans]:
    """Yield introductions, of which those with people outside are told apart, and which of them were vouched for."""
    if not tally.introductions:
        return
    count = t.ngettext("{number} introduction made", "{number} introductions made", tally.introductions)
    yield t.filled(count, number=tally.introductions)
    if tally.inside and tally.outside:
        yield t.spans(
            "{inside} in the group, {outside} with people outside", inside=tally.inside, outside=tally.outside
        )
    elif tally.outside:
        yield t.spans("with people outside")
    if tally.recommendations:
        yield _recommendations(t, tally.recommendations)


def _recommendations(t: Voice, number: int) -> Spans:
    count = t.ngettext("{number} of them a recommendation", "{number} of them recommendations", number)
    return t.filled(count, number=number)


def _leads(t: Voice, tally: Tally) -> Spans:
    count = t.ngettext("{number} lead passed on", "{number} leads passed on", tally.leads)
    return t.filled(count, number=tally.leads) if tally.leads else ()


def _came_of_it(cast: Cast, t: Voice, tally: Tally) -> Spans:
    """Return what came of introductions, of this week or earlier: good news alone."""
    found = joined(_outcomes(cast, t, tally), BETWEEN)
    return t.spans("What came of it: {outcomes}", outcomes=found) if found else ()


def _outcomes(cast: Cast, t: Voice, tally: Tally) -> Iterator[Spans]:
    talking, won = (tally.outcomes.get(outcome, 0) for outcome in (Outcome.TALKING, Outcome.WON))
    if talking:
        yield t.spans("{number} in conversation", number=talking)
    if won:
        yield t.spans("{number} won", number=won)
    if tally.worth and counts_amounts(cast.group, cast.place):
        yield t.spans("business of {amount} or more", amount=amount(t, tally.worth))


def _thanks(t: Voice, number: int) -> Spans:
    return t.filled(t.ngettext("{number} thank-you", "{number} thank-yous", number), number=number)


def _corrections(t: Voice, tally: Tally) -> tuple[Note, ...]:
    if not tally.corrections:
        return ()
    return (t.note("Corrections to earlier weeks: {number}.", number=tally.corrections),)


def part_of(t: Voice, given: Given, *, recommendations: bool = True, thanks: bool = True) -> Spans:
    """Return what one member brought about, without what there was none of."""
    return joined(_given_by_one(t, given, recommendations=recommendations, thanks=thanks), BETWEEN)


def _given_by_one(t: Voice, given: Given, *, recommendations: bool, thanks: bool) -> Iterator[Spans]:
    if given.introductions:
        count = t.ngettext("{number} introduction", "{number} introductions", given.introductions)
        yield t.filled(count, number=given.introductions)
    if recommendations and given.recommendations:
        yield _recommendations(t, given.recommendations)
    if thanks and given.thanks:
        yield _thanks(t, given.thanks)

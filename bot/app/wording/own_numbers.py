"""A member's own numbers in words, for them alone."""

from datetime import timedelta

from bot.app.wording.language import Voice
from bot.app.wording.parts import joined
from bot.domain.numbers import Numbers
from bot.domain.outcome import Outcome
from bot.ports.messages import Note, Spans

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def numbers_note(t: Voice, numbers: Numbers) -> Note:
    """Return the numbers: given, received, what came of it, and how quickly the reader answers."""
    given = t.spans("Introductions you brought about: {given}.", given=numbers.given)
    heard = (t.spans("You heard back from {heard} of them.", heard=numbers.heard),) if numbers.heard else ()
    return Note(joined((given, *heard, *_received(t, numbers), *_answers(t, numbers)), " "))


def _received(t: Voice, numbers: Numbers) -> tuple[Spans, ...]:
    talking, won = (numbers.outcomes.get(one, 0) for one in (Outcome.TALKING, Outcome.WON))
    got = t.spans("Introductions you were part of: {got}.", got=numbers.received)
    talks = (t.spans("In {talking} of them you are talking.", talking=talking),) if talking else ()
    works = (t.spans("In {won} of them you work together.", won=won),) if won else ()
    return (got, *talks, *works)


def _answers(t: Voice, numbers: Numbers) -> tuple[Spans, ...]:
    within = numbers.answers_within
    if within is None:
        return ()
    return (t.spans("Half of your answers came within {time}.", time=duration(t, within)),)


def duration(t: Voice, span: timedelta) -> Spans:
    """Return a span of time in its largest sensible unit, rounded up."""
    if span > 2 * DAY:
        return _counted(t, t.ngettext("{number} day", "{number} days", _up(span, DAY)), _up(span, DAY))
    if span > 2 * HOUR:
        return _counted(t, t.ngettext("{number} hour", "{number} hours", _up(span, HOUR)), _up(span, HOUR))
    minutes = max(_up(span, MINUTE), 1)
    return _counted(t, t.ngettext("{number} minute", "{number} minutes", minutes), minutes)


def _counted(t: Voice, words: str, number: int) -> Spans:
    return t.filled(words, number=number)


def _up(span: timedelta, unit: timedelta) -> int:
    return -(-span // unit)

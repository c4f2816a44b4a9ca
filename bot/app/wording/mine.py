"""What waits for a member, what they started and where it stands, their asks, and what is behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.app.verbs import Verb
from bot.app.wording.afterwards import outcome_label
from bot.app.wording.canonical import text_of
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.own_numbers import numbers_note
from bot.app.wording.parts import line, message, people, person, question_ref, row, until, voice
from bot.app.wording.standing import Standing, standing, standing_words
from bot.domain.ask import Ask, AskStatus
from bot.domain.numbers import Numbers
from bot.domain.outcome import FollowUp
from bot.domain.question import Question
from bot.domain.referral import Referral
from bot.ports.messages import Button, Fields, Message, Moment, Part, Spans, Text

MOST_LISTED = 5
NEED_ROOM = 80


@dataclass(frozen=True, slots=True)
class Past:
    """What is behind a member: the introductions of theirs that can still be spoken of, newest first, and numbers."""

    lately: Sequence[FollowUp] = ()
    numbers: Numbers = field(default_factory=Numbers)


def mine(
    cast: Cast, waiting: Sequence[Referral], started: Sequence[Referral], asks: Sequence[Ask], past: Past
) -> Message:
    """Return the page. `waiting` have a question open for the reader, who started `started`; all newest first."""
    t = voice(replace(cast, referral=None))
    nothing = t.text("Nothing is waiting for you, and nothing of yours is open.")
    shown = entries(cast, t, waiting, started, asks) or (nothing,)
    behind = (numbers_note(t, past.numbers), *lately(cast, t, past.lately))
    return message(t, "Yours, and for you alone.", *shown, *behind)


def entries(
    cast: Cast, t: Voice, waiting: Sequence[Referral], started: Sequence[Referral], asks: Sequence[Ask]
) -> tuple[Part, ...]:
    """Return what waits, what was started and what was asked; nothing where there is nothing. At most 33 parts."""
    return (
        *section(t.text("Waiting for you:"), [waiting_entry(cast, t, one) for one in waiting]),
        *section(t.text("Started by you:"), [_started(cast, t, one) for one in started]),
        *section(t.text("Your asks:"), [_ask(t, one) for one in asks]),
    )


def section(heading: Text, entries: Sequence[tuple[Part, ...]]) -> tuple[Part, ...]:
    """Return a heading with the first few entries below it; nothing without any."""
    there = [entry for entry in entries if entry][:MOST_LISTED]
    return (heading, *(part for entry in there for part in entry)) if there else ()


def waiting_entry(cast: Cast, t: Voice, referral: Referral) -> tuple[Part, ...]:
    """Return one question that waits for the reader; nothing if none of this referral's does."""
    open_ones = list(_open_questions(cast, referral))
    if not open_ones:
        return ()
    about = replace(cast, referral=referral)
    question = open_ones[-1]
    show = t.button("Show me the question", Verb.OPEN_QUESTION, question_ref(referral, question))
    words = t.text(
        "A question about a suggestion of {referrer}, until {deadline}.", deadline=until(question), **people(about)
    )
    return (words, *row(show))


def _open_questions(cast: Cast, referral: Referral) -> Iterable[Question]:
    me = cast.reader
    side = referral.side_of(me.id) if me else None
    return (q for q in referral.questions if q.side is side and q.reached and not q.is_final(cast.now))


def _started(cast: Cast, t: Voice, referral: Referral) -> tuple[Part, ...]:
    words = Text(started_words(cast, t, referral))
    if open_for(referral, cast.now):
        return (words, *row(t.button("Show it", Verb.SHOW_DRAFT, referral.id)))
    return (words,)


def started_words(cast: Cast, t: Voice, referral: Referral) -> Spans:
    """Return where one's own suggestion stands, as its starter may know."""
    return standing_words(replace(cast, referral=referral), t)


def open_for(referral: Referral, now: datetime) -> bool:
    """Say whether its starter can still do something with it, whatever was answered."""
    return standing(referral, now) in (Standing.DRAFT, Standing.LEAD, Standing.ASKING)


def lately(cast: Cast, t: Voice, past: Sequence[FollowUp]) -> tuple[Part, ...]:
    """Return whom the reader was introduced to, with a button each to say what came of it. At most 3 parts."""
    listed = list(enumerate(past[:MOST_LISTED], start=1))
    if not listed:
        return ()
    label = t.gettext("What came of no. {number}?")
    buttons = (
        Button(text_of(t.filled(label, number=number)), Verb.SHOW_OUTCOME, one.referral) for number, one in listed
    )
    return (
        t.text("You were introduced to:"),
        Fields(tuple((str(number), _introduced(cast, t, one)) for number, one in listed)),
        *row(*buttons),
    )


def _introduced(cast: Cast, t: Voice, past: FollowUp) -> Spans:
    side = past.side_of(cast.reader.id) if cast.reader else None
    if side is None:
        return ()
    who, said = person(cast, past.member(side.other)), past.part(side).outcome
    at = Moment(past.introduced_at)
    if said is None:
        return t.spans("{who}, {moment}", who=who, moment=at)
    return t.spans("{who}, {moment}: “{said}”", who=who, moment=at, said=outcome_label(t, said))


def _ask(t: Voice, ask: Ask) -> tuple[Part, ...]:
    posted = ask.status is AskStatus.OPEN
    need = line(ask.need, NEED_ROOM)
    words = t.text("In the channel: “{need}”", need=need) if posted else t.text("Not posted yet: “{need}”", need=need)
    close = t.button("Close", Verb.CLOSE_ASK, ask.id) if posted else t.button("Discard", Verb.CLOSE_ASK, ask.id)
    return (words, *row(t.button("Edit", Verb.EDIT_ASK, ask.id), close))

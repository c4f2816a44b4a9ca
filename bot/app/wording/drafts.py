"""The private preview of a draft: the card, the two questions, the texts each side will see, and what can be done."""

from bot.app.verbs import Verb
from bot.app.wording.canonical import length
from bot.app.wording.cast import Cast
from bot.app.wording.clean import cut
from bot.app.wording.composition import Script, agreed, script
from bot.app.wording.draft_buttons import asking_buttons, draft_buttons, lead_buttons, shows_blind, unfinished_buttons
from bot.app.wording.hints import hints
from bot.app.wording.introduction import heads_up_words
from bot.app.wording.language import Voice
from bot.app.wording.parts import MOST, card_lines, joined, line, people, row, voice, word
from bot.app.wording.praise import praise_row
from bot.app.wording.replies import further, told_words
from bot.app.wording.standing import Standing, standing, standing_words
from bot.domain.decision import Told
from bot.domain.drafting import fit_is_asked
from bot.domain.group import Reveal
from bot.domain.member import CardSlot
from bot.domain.question import Side
from bot.domain.referral import Status, Tick
from bot.domain.words import Slot
from bot.ports.messages import Fields, Message, Moment, Note, Part, Plain, Quote, Span, Spans, Text

CARD_ROOM = 120
SLACK = 10
MOST_HINTS = 3


def preview(cast: Cast, told: Told | None) -> Message:
    """Return the draft as only the one who started it sees it, with the answer to what they just did on top."""
    t = voice(cast)
    above = (Text(told_words(cast, told)), *further(cast, told)) if told else ()
    match standing(cast.subject, cast.now):
        case Standing.DRAFT if fit_is_asked(cast.subject):
            parts = _fit_running(cast, t)
        case Standing.DRAFT:
            parts = _draft(cast, t, above)
        case Standing.LEAD:
            parts = (Text(standing_words(cast, t)), *_lead(cast, t), *lead_buttons(cast, t))
        case Standing.ASKING:
            parts = (Text(standing_words(cast, t)), *asking_buttons(cast, t))
        case _:
            parts = (Text(standing_words(cast, t)),)
    return Message(t.gettext("Yours, and for you alone."), (*above, *parts))


def _fit_running(cast: Cast, t: Voice) -> tuple[Part, ...]:
    check = cast.subject.fit_check
    ends = Moment(check.deadline) if check else Moment(cast.now)
    return (
        t.heading("Your draft"),
        t.text("The fit check is running, until {moment} at the latest.", moment=ends),
        t.note("Until then the draft waits. What was shown is this, and nothing else:"),
        Quote((word(cast.subject, Slot.SEEKER_BLIND),)),
        *row(t.button("Show again", Verb.SHOW_DRAFT, cast.subject.id)),
    )


def _lead(cast: Cast, t: Voice) -> tuple[Part, ...]:
    need = Quote((word(cast.subject, Slot.NEED),))
    if cast.subject.lead_sent_at is not None:
        return (need, t.note("It named nobody in need, and nobody was asked."))
    return (need, t.note("A lead is yours alone. Take it up again whenever both questions can be answered with yes."))


def _draft(cast: Cast, t: Voice, above: tuple[Part, ...]) -> tuple[Part, ...]:
    if cast.subject.seeker is None or cast.subject.provider is None:
        return _incomplete(cast, t)
    before = (t.heading("Your draft"), _names(cast, t), *_judging(cast, t))
    made = script(cast)
    after = (*_blind(cast, t), *_hints(made, t), *draft_buttons(cast, t))
    label = t.text("If both say yes, both see this:")
    heads_up = _heads_up(cast, t)
    cut_note = t.note("Shortened in this preview; the two see it whole.")
    taken = length(Message("", (*above, *before, label, cut_note, *heads_up, *after)))
    whole = joined(agreed(made, (), contacts=False))
    shown = _within(whole, MOST - taken - SLACK)
    return (*before, label, Quote(shown), *((cut_note,) if shown != whole else ()), *heads_up, *after)


def _incomplete(cast: Cast, t: Voice) -> tuple[Part, ...]:
    """Show what was typed so far, while it is not known for whom."""
    typed = [word(cast.subject, slot) for slot in (Slot.NEED, Slot.WHY) if cast.subject.words.get(slot)]
    missing = t.text("Who needs help, and who can help? One of them is missing. Press “Edit” to choose.")
    return (t.heading("Your draft"), missing, *(Quote((one,)) for one in typed), *unfinished_buttons(cast, t))


def _names(cast: Cast, t: Voice) -> Text:
    if cast.subject.status is Status.SCREENED:
        return t.text("For {seeker} and {provider}. Ready; nobody has been asked yet.", **people(cast))
    return t.text(
        "For {seeker} and {provider}. Nobody has been asked; two questions to you come first.", **people(cast)
    )


def _judging(cast: Cast, t: Voice) -> tuple[Part, ...]:
    """Show the provider's card and the two questions, in their order, until both are answered."""
    if cast.subject.status is Status.SCREENED:
        return ()
    lines = card_lines(cast, Side.PROVIDER)
    labels = (
        (CardSlot.DOES, t.gettext("Does")),
        (CardSlot.IDEAL, t.gettext("Ideal client")),
        (CardSlot.NOT_A_FIT, t.gettext("Not a fit")),
    )
    rows = tuple((label, _one(line(lines[slot], CARD_ROOM))) for slot, label in labels if lines.get(slot))
    rows += praise_row(cast, t, cast.subject.provider, CARD_ROOM) if rows and cast.subject.provider else ()
    card: Part = (
        Fields(rows)
        if rows
        else t.text("{provider} has no card yet, so the fit is “not sure” at best.", **people(cast))
    )
    return (t.text("From the card of {provider}:", **people(cast)), card, *_filter_questions(cast, t))


def _one(span: Span) -> Spans:
    return (span,)


def _filter_questions(cast: Cast, t: Voice) -> tuple[Part, ...]:
    need, fit = cast.subject.need, cast.subject.fit
    first = t.text("1. Does {seeker} need this? {tick}", tick=_tick(t, need), **people(cast))
    if need is None:
        return (first,)
    return (first, t.text("2. Does {seeker} fit the ideal client? {tick}", tick=_tick(t, fit), **people(cast)))


def _tick(t: Voice, tick: Tick | None) -> str:
    if tick is None:
        return t.gettext("(please choose below)")
    words = {Tick.YES: t.gettext("yes"), Tick.NOT_SURE: t.gettext("not sure"), Tick.NO: t.gettext("no")}
    return words[tick]


def _within(shown: Spans, room: int) -> Spans:
    """Return the spans, cut where the room ends."""
    kept: list[Span] = []
    for span in shown:
        size = length(Message("", (Text((span,)),)))
        if size > room:
            return (*kept, Plain(cut(span.text if isinstance(span, Plain) else "…", max(room, 1))))
        kept.append(span)
        room -= size
    return tuple(kept)


def _heads_up(cast: Cast, t: Voice) -> tuple[Part, ...]:
    words = heads_up_words(cast)
    if not words:
        return ()
    return (t.text("{provider} alone also gets this, and {seeker} reads it first:", **people(cast)), Quote(words))


def _blind(cast: Cast, t: Voice) -> tuple[Part, ...]:
    words = cast.subject.words
    parts: list[Part] = []
    if words.get(Slot.SEEKER_BLIND) and shows_blind(cast):
        parts += [
            t.note("All that {provider} sees at first:", **people(cast)),
            Quote((word(cast.subject, Slot.SEEKER_BLIND),)),
        ]
    if words.get(Slot.PROVIDER_BLIND) and cast.subject.reveal is Reveal.ROLE_ONLY:
        parts += [
            t.note("All that {seeker} sees at first:", **people(cast)),
            Quote((word(cast.subject, Slot.PROVIDER_BLIND),)),
        ]
    return tuple(parts)


def _hints(made: Script, t: Voice) -> tuple[Note, ...]:
    found = list(hints(made.cast)[:MOST_HINTS])
    if made.is_shortened:
        found.insert(0, t.gettext("Some words are too long for one message; shorten them to have them shown whole."))
    return tuple(t.note("Hint: {hint}", hint=hint) for hint in found)

"""The introduction: composed from people's words and fixed text, the same wherever it is shown."""

from collections.abc import Iterable

from bot.app.verbs import Verb
from bot.app.wording.canonical import VERSION, canonical_text, text_of
from bot.app.wording.cast import Cast
from bot.app.wording.hints import hints
from bot.app.wording.language import Voice, say
from bot.app.wording.parts import card_lines, joined, line, people, row, shared_out, voice, word
from bot.domain.member import CardSlot
from bot.domain.question import Answer, Side
from bot.domain.referral import Basis, Referral
from bot.domain.words import Slot
from bot.ports.messages import Message, Plain, Quote, Spans, Text

__all__ = [
    "VERSION",
    "canonical_text",
    "direct",
    "direct_words",
    "heads_up",
    "heads_up_words",
    "hints",
    "introduction",
    "introduction_text",
    "is_shortened",
    "paragraphs",
    "repeated",
    "room_name",
]

WORDS_ROOM = 640
"""Characters for what people typed, so that the introduction fits into each party's question word for word."""

OWN_ROOM = 130
CONTACT_ROOM = 120
HEADS_UP_ROOM = 200

_BASE = (Slot.NEED, Slot.WHY, Slot.ENDORSEMENT, Slot.RESULT, Slot.HOW_LONG, Slot.IN_COMMON)
_PROVIDER_LINE = (CardSlot.NAME_LINE, CardSlot.DOES, CardSlot.COMPANY, CardSlot.PLACE)
TERMS = {Side.SEEKER: Slot.SEEKER_TERMS, Side.PROVIDER: Slot.PROVIDER_TERMS}
ABOUT = {Side.SEEKER: Slot.SEEKER_ABOUT, Side.PROVIDER: Slot.PROVIDER_ABOUT}
CONTACT = {Side.SEEKER: Slot.SEEKER_CONTACT, Side.PROVIDER: Slot.PROVIDER_CONTACT}

Pieces = dict[Slot | tuple[Side, CardSlot], str]


def introduction(cast: Cast) -> Message:
    """Return what is posted in the room: the agreed text, with what each party typed into a yes that stands."""
    t = voice(cast)
    shown = tuple(Text(content) for content in paragraphs(cast, own=_standing(cast), contacts=True))
    got_it = t.button("Got it", Verb.GOT_IT, cast.subject.id)
    return Message(t.gettext("An introduction: you both said yes."), (*shown, *row(got_it)))


def repeated(message: Message, language: str) -> Message:
    """Return an introduction that may be there already, in words that make a second one read as the first."""
    note = say(language).note("If this is here twice: it is the same introduction, posted once more to be sure.")
    return Message(message.summary, (*message.parts[:-1], note, message.parts[-1]))


def room_name(cast: Cast) -> str:
    """Return the name of the room; it names nobody."""
    return voice(cast).gettext("An introduction")


def introduction_text(cast: Cast) -> str:
    """Return the introduction's exact text."""
    return text_of(joined(paragraphs(cast, own=_standing(cast), contacts=True)))


def paragraphs(cast: Cast, *, own: Iterable[Side] = (), contacts: bool = False) -> tuple[Spans, ...]:
    """Return the introduction's paragraphs, with the parties' own lines for the sides in `own`.

    Without `contacts`, a contact detail that comes with the introduction is mentioned and not shown.
    """
    t = voice(cast)
    words = _fitted(cast)
    shown = (
        _opening(cast, t),
        *_provider(cast, t, words),
        *_seeker(cast, t, words),
        *_own_lines(cast, t, own, contacts=contacts),
        _first_move(cast, t, own, contacts=contacts),
        *_ending(cast, t),
    )
    return (*shown, _shortened(cast, t)) if is_shortened(cast) else shown


def is_shortened(cast: Cast) -> bool:
    """Say whether words were too long for the introduction."""
    return _fitted(cast) != _pieces(cast)


def _pieces(cast: Cast) -> Pieces:
    words = cast.subject.words
    found: Pieces = {slot: line(words[slot]).text for slot in _BASE if words.get(slot)}
    for side in Side:
        slots = (*_PROVIDER_LINE, CardSlot.FOR_WHOM) if side is Side.PROVIDER else _PROVIDER_LINE
        lines = card_lines(cast, side)
        found |= {(side, slot): line(lines[slot]).text for slot in slots if lines.get(slot)}
    return found


def _fitted(cast: Cast) -> Pieces:
    return shared_out(_pieces(cast), WORDS_ROOM)


def _opening(cast: Cast, t: Voice) -> Spans:
    return t.spans(
        "Hello {seeker}, hello {provider}: this is an introduction, and you both said yes to it.", **people(cast)
    )


def _who(t: Voice, cast: Cast, side: Side, words: Pieces) -> tuple[Spans, ...]:
    known = [words[side, slot] for slot in _PROVIDER_LINE if (side, slot) in words]
    if not known:
        return ()
    return (t.spans("{who}: {lines}", who=people(cast)[side.value], lines=Plain(" · ".join(known))),)


def _provider(cast: Cast, t: Voice, words: Pieces) -> Iterable[Spans]:
    yield from _who(t, cast, Side.PROVIDER, words)
    for_whom = (Side.PROVIDER, CardSlot.FOR_WHOM)
    if for_whom in words:
        yield t.spans("Whom {provider} helps: {words}", words=Plain(words[for_whom]), **people(cast))
    yield from _helper_words(cast, t, words) if cast.subject.helper else _referrer_words(cast, t, words)


def _helper_words(cast: Cast, t: Voice, words: Pieces) -> Iterable[Spans]:
    told = people(cast)
    if Slot.WHY in words:
        yield t.spans("{provider} writes: “{words}”", words=Plain(words[Slot.WHY]), **told)
    if Slot.RESULT in words:
        yield t.spans("One result, as {provider} tells it: {words}", words=Plain(words[Slot.RESULT]), **told)


def _referrer_words(cast: Cast, t: Voice, words: Pieces) -> Iterable[Spans]:
    told = people(cast)
    if Slot.HOW_LONG in words:
        yield t.spans("How long {referrer} has known {provider}: {words}", words=Plain(words[Slot.HOW_LONG]), **told)
    if cast.subject.basis is Basis.DIRECT:
        yield t.spans("{referrer} has worked with {provider}.", **told)
    if cast.subject.basis is Basis.INDIRECT:
        yield t.spans("{referrer} has heard about the work from clients of {provider}.", **told)
    if Slot.WHY in words:
        yield t.spans("{referrer} writes: “{words}”", words=Plain(words[Slot.WHY]), **told)
    if Slot.ENDORSEMENT in words:
        yield t.spans("{referrer} vouches for it: “{words}”", words=Plain(words[Slot.ENDORSEMENT]), **told)
    if Slot.RESULT in words:
        yield t.spans("One result: {words}", words=Plain(words[Slot.RESULT]))


def _seeker(cast: Cast, t: Voice, words: Pieces) -> Iterable[Spans]:
    yield from _who(t, cast, Side.SEEKER, words)
    if Slot.NEED in words:
        yield t.spans("What {seeker} is looking for: {words}", words=Plain(words[Slot.NEED]), **people(cast))
    if Slot.IN_COMMON in words:
        yield t.spans("What you have in common: {words}", words=Plain(words[Slot.IN_COMMON]))
    yield t.spans("Do talk to each other. A short conversation is enough to see whether this helps.")


def own_pieces(referral: Referral, side: Side) -> dict[Slot, str]:
    """Return what a party typed into their own yes, contact details aside, as long as there is room for it."""
    slots = (ABOUT[side], TERMS[side])
    typed = {slot: line(referral.words[slot]).text for slot in slots if referral.words.get(slot)}
    return shared_out(typed, OWN_ROOM)


def _own_lines(cast: Cast, t: Voice, own: Iterable[Side], *, contacts: bool) -> Iterable[Spans]:
    for side in own:
        who = people(cast)[side.value]
        typed = own_pieces(cast.subject, side)
        if ABOUT[side] in typed:
            yield t.spans("{who} adds: “{words}”", who=who, words=Plain(typed[ABOUT[side]]))
        if TERMS[side] in typed:
            yield t.spans("How and when suits {who}: {words}", who=who, words=Plain(typed[TERMS[side]]))
        if contact := contact_of(cast.subject, side, standing=contacts):
            shown = (Plain(contact),) if contacts else t.spans("(comes with the introduction)")
            yield t.spans("Contact details of {who}: {words}", who=who, words=shown)


def contact_of(referral: Referral, side: Side, *, standing: bool) -> str:
    """Return the contact detail a party typed; if `standing`, only while a yes that took terms stands.

    A question to the other party goes by what was typed: it must not change with what became of the yes.
    """
    spoke = any(q.answer is Answer.YES_BUT for q in referral.asked(side))
    helps = referral.helper and side is Side.PROVIDER
    return word(referral, CONTACT[side], CONTACT_ROOM).text if spoke or helps or not standing else ""


def _standing(cast: Cast) -> tuple[Side, ...]:
    referral = cast.subject
    helps = referral.helper
    return tuple(side for side in Side if referral.stands(side) or (helps and side is Side.PROVIDER))


def _first_move(cast: Cast, t: Voice, own: Iterable[Side], *, contacts: bool) -> Spans:
    mover = cast.subject.first_move
    told = {"mover": people(cast)[mover.value], "contacted": people(cast)[mover.other.value]}
    if mover.other in own and contact_of(cast.subject, mover.other, standing=contacts):
        return t.spans("{mover} makes the first move, by the contact details of {contacted} above.", **told)
    return t.spans("{mover} makes the first move, here in this room.", mover=told["mover"])


def _ending(cast: Cast, t: Voice) -> Iterable[Spans]:
    if cast.subject.helper:
        return
    if cast.subject.loop_me_in:
        yield t.spans("Introduced by {referrer}, who asked to be in this room with you.", **people(cast))
    else:
        yield t.spans("Introduced by {referrer}, who is not in this room.", **people(cast))


def _shortened(cast: Cast, t: Voice) -> Spans:
    return t.spans("Long texts are shortened here; {referrer} can tell you the rest.", **people(cast))


def direct(cast: Cast, *, contacts: bool) -> tuple[Spans, ...]:
    """Return what the provider gets when the seeker wants to be written to, without an introduction."""
    t = voice(cast)
    told = people(cast)
    words = _fitted(cast)
    shown = [t.spans("{seeker} would like you to write, without an introduction. {seeker} expects you.", **told)]
    shown.extend(_who(t, cast, Side.SEEKER, words))
    if Slot.NEED in words:
        shown.append(t.spans("What {seeker} is looking for: {words}", words=Plain(words[Slot.NEED]), **told))
    shown.extend(_own_lines(cast, t, (Side.SEEKER,), contacts=contacts))
    if not contact_of(cast.subject, Side.SEEKER, standing=contacts):
        shown.append(t.spans("Please write to {seeker} here in the chat.", **told))
    if not cast.subject.helper:
        shown.append(_name_use(cast, t))
    return tuple(shown)


def _name_use(cast: Cast, t: Voice) -> Spans:
    if cast.subject.may_use_name:
        return t.spans("You may say that {referrer} sent you.", **people(cast))
    return t.spans("Please do not use the name of {referrer}.", **people(cast))


def direct_words(cast: Cast) -> Message:
    """Return the provider's message for a seeker who wants to be written to, without an introduction."""
    t = voice(cast)
    shown = tuple(Text(content) for content in direct(cast, contacts=True))
    got_it = t.button("Got it", Verb.GOT_IT, cast.subject.id)
    return Message(t.gettext("Somebody would like to hear from you."), (*shown, *row(got_it)))


def heads_up_words(cast: Cast) -> Spans:
    """Return the referrer's private words for the provider, or nothing."""
    return (word(cast.subject, Slot.HEADS_UP, HEADS_UP_ROOM),) if cast.subject.words.get(Slot.HEADS_UP) else ()


def heads_up(cast: Cast) -> Message:
    """Return the provider's heads-up."""
    t = voice(cast)
    opening = t.text(
        "Before you two talk, a word from {referrer}, for you alone. {seeker} has read it.", **people(cast)
    )
    return Message(t.gettext("A word before you two talk."), (opening, Quote(heads_up_words(cast))))

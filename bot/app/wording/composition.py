"""How an introduction is composed: people's words in their slots, fixed text around them, within one message."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.app.wording.canonical import room_of
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.parts import card_lines, line, people, shared_out, voice, word
from bot.domain.member import CardSlot
from bot.domain.question import Answer, Side
from bot.domain.referral import Basis, Referral
from bot.domain.words import Slot
from bot.ports.messages import Plain, Span, Spans

BASE_ROOM = 1_100
"""Characters of the agreed text: so much fits into each party's question, word for word, with all that it explains."""

LEAST_OWN_ROOM, MOST_OWN_ROOM = 110, 300
"""Characters for a party's terms and line about themselves together: more if the agreed text is short."""

CONTACT_ROOM = 120
HEADS_UP_ROOM = 180

TERMS = {Side.SEEKER: Slot.SEEKER_TERMS, Side.PROVIDER: Slot.PROVIDER_TERMS}
ABOUT = {Side.SEEKER: Slot.SEEKER_ABOUT, Side.PROVIDER: Slot.PROVIDER_ABOUT}
CONTACT = {Side.SEEKER: Slot.SEEKER_CONTACT, Side.PROVIDER: Slot.PROVIDER_CONTACT}

_BY_HELPER = (Slot.NEED, Slot.WHY, Slot.RESULT, Slot.IN_COMMON)
_BY_REFERRER = (*_BY_HELPER, Slot.ENDORSEMENT, Slot.HOW_LONG)
_PERSON = (CardSlot.NAME_LINE, CardSlot.DOES, CardSlot.COMPANY, CardSlot.PLACE)
_FOR_WHOM = (Side.PROVIDER, CardSlot.FOR_WHOM)

Pieces = Mapping[Slot | tuple[Side, CardSlot], str]


@dataclass(frozen=True, slots=True)
class Script:
    """Everything one introduction is made from, looked up once."""

    cast: Cast
    t: Voice
    who: Mapping[str, Span]
    words: Pieces
    own_room: int = LEAST_OWN_ROOM
    is_shortened: bool = False
    is_apart: bool = False
    """Whether each reads it alone, because there can be no room for them."""
    beginning: tuple[Spans, ...] = ()
    """The paragraphs before what the parties themselves add, where they were made already."""

    @property
    def referral(self) -> Referral:
        """Return the referral that is put into words."""
        return self.cast.subject

    def spans(self, template: str, words: str | None = None) -> Spans:
        """Return a template with the people and, in {words}, somebody's words."""
        return self.t.spans(template, words=Plain(words or ""), **self.who)


def script(cast: Cast) -> Script:
    """Return what an introduction is made from. What does not fit into one message is shortened, long words first."""
    whole = Script(cast, voice(cast), people(cast), _pieces(cast))
    beginning = tuple(_beginning(whole))
    rest = (_first_move(whole, (), contacts=False), *_ending(whole))
    over = sum(room_of(paragraph) + 1 for paragraph in (*beginning, *rest)) - 1 - BASE_ROOM
    if over <= 0:
        return replace(whole, own_room=min(LEAST_OWN_ROOM - over // 2, MOST_OWN_ROOM), beginning=beginning)
    note = room_of(_shortened(whole)) + 1
    room = sum(len(words) for words in whole.words.values()) - over - note
    return replace(whole, words=shared_out(whole.words, max(room, 0)), is_shortened=True)


def _pieces(cast: Cast) -> Pieces:
    words = cast.subject.words
    typed = _BY_HELPER if cast.subject.helper else _BY_REFERRER
    found: dict[Slot | tuple[Side, CardSlot], str] = {slot: line(words[slot]).text for slot in typed if words.get(slot)}
    for side in Side:
        lines = card_lines(cast, side)
        slots = (*_PERSON, CardSlot.FOR_WHOM) if side is Side.PROVIDER else _PERSON
        found |= {(side, slot): line(lines[slot]).text for slot in slots if lines.get(slot)}
    return found


def agreed(made: Script, own: Iterable[Side], *, contacts: bool) -> tuple[Spans, ...]:
    """Return the introduction's paragraphs, with the parties' own lines for the sides in `own`.

    Without `contacts`, a contact detail that comes with the introduction is mentioned and not shown.
    """
    return (
        *(made.beginning or _beginning(made)),
        *own_lines(made, own, contacts=contacts),
        _first_move(made, own, contacts=contacts),
        *_ending(made),
        *((_shortened(made),) if made.is_shortened else ()),
    )


def _beginning(made: Script) -> Iterator[Spans]:
    yield _opening(made)
    yield from about_provider(made)
    yield from _seeker(made)
    yield from _together(made)


def _opening(made: Script) -> Spans:
    if made.referral.helper:
        return made.spans(
            "Hello {seeker}, hello {provider}: one of you asked for help, the other offers it, and you both said yes."
        )
    return made.spans("Hello {seeker}, hello {provider}: this is an introduction, and you both said yes to it.")


def _person(made: Script, side: Side) -> Iterator[Spans]:
    known = [made.words[side, slot] for slot in _PERSON if (side, slot) in made.words]
    if known:
        yield made.t.spans("{who}: {lines}", who=made.who[side.value], lines=Plain(" · ".join(known)))


def about_provider(made: Script) -> Iterator[Spans]:
    """Yield what is said of the provider."""
    yield from _person(made, Side.PROVIDER)
    if _FOR_WHOM in made.words:
        yield made.spans("Helps: {words}", made.words[_FOR_WHOM])
    yield from _helper_words(made) if made.referral.helper else _referrer_words(made)


def _helper_words(made: Script) -> Iterator[Spans]:
    words = made.words
    if Slot.WHY in words:
        yield made.spans("{provider} writes: “{words}”", words[Slot.WHY])
    if Slot.RESULT in words:
        yield made.spans("One result, as {provider} tells it: {words}", words[Slot.RESULT])


def _referrer_words(made: Script) -> Iterator[Spans]:
    words = made.words
    if Slot.HOW_LONG in words:
        yield made.spans("Known to {referrer}: {words}", words[Slot.HOW_LONG])
    yield from _basis(made)
    if Slot.WHY in words:
        yield made.spans("{referrer} writes: “{words}”", words[Slot.WHY])
    if Slot.ENDORSEMENT in words:
        yield made.spans("{referrer} vouches for it: “{words}”", words[Slot.ENDORSEMENT])
    if Slot.RESULT in words:
        yield made.spans("One result: {words}", words[Slot.RESULT])


def _basis(made: Script) -> Iterator[Spans]:
    if made.referral.basis is Basis.DIRECT:
        yield made.spans("{referrer} has worked with {provider}.")
    if made.referral.basis is Basis.INDIRECT:
        yield made.spans("{referrer} has heard about the work from clients of {provider}.")


def _seeker(made: Script) -> Iterator[Spans]:
    yield from _person(made, Side.SEEKER)
    if Slot.NEED in made.words:
        yield made.spans("{seeker} is looking for: {words}", made.words[Slot.NEED])


def _together(made: Script) -> Iterator[Spans]:
    if Slot.IN_COMMON in made.words:
        yield made.spans("What you have in common: {words}", made.words[Slot.IN_COMMON])
    yield made.spans("Do talk to each other. A short conversation is enough to see whether this helps.")


def own_lines(made: Script, own: Iterable[Side], *, contacts: bool) -> Iterator[Spans]:
    """Yield what parties typed into their own yes."""
    for side in own:
        who = made.who[side.value]
        slots = (ABOUT[side], TERMS[side])
        typed = {slot: word(made.referral, slot).text for slot in slots if made.referral.words.get(slot)}
        typed = shared_out(typed, made.own_room)
        if ABOUT[side] in typed:
            yield made.t.spans("{who} adds: “{words}”", who=who, words=Plain(typed[ABOUT[side]]))
        if TERMS[side] in typed:
            yield made.t.spans("How and when suits {who}: {words}", who=who, words=Plain(typed[TERMS[side]]))
        if contact := contact_of(made.referral, side, standing=contacts):
            shown = (Plain(contact),) if contacts else made.t.spans("(shared once both have said yes)")
            yield made.t.spans("Contact details of {who}: {words}", who=who, words=shown)


def contact_of(referral: Referral, side: Side, *, standing: bool) -> str:
    """Return the contact detail a party typed; if `standing`, only while a yes that took terms stands.

    A question to the other party goes by what was typed: it must not change with what became of the yes.
    """
    spoke = any(q.answer is Answer.YES_BUT for q in referral.asked(side))
    helps = referral.helper and side is Side.PROVIDER
    return word(referral, CONTACT[side], CONTACT_ROOM).text if spoke or helps or not standing else ""


def _first_move(made: Script, own: Iterable[Side], *, contacts: bool) -> Spans:
    mover = made.referral.first_move
    told = {"mover": made.who[mover.value], "contacted": made.who[mover.other.value]}
    if mover.other in own and contact_of(made.referral, mover.other, standing=contacts):
        return made.t.spans("{mover} makes the first move, by the contact details of {contacted} above.", **told)
    if made.is_apart:
        return made.t.spans("{mover} makes the first move, by a direct message.", mover=told["mover"])
    return made.t.spans("{mover} makes the first move, here in this room.", mover=told["mover"])


def _ending(made: Script) -> Iterator[Spans]:
    if made.referral.helper:
        return
    if made.is_apart:
        yield made.spans("Introduced by {referrer}.")
    elif made.referral.loop_me_in:
        yield made.spans("Introduced by {referrer}, who asked to be in this room with you.")
    else:
        yield made.spans("Introduced by {referrer}, who is not in this room.")


def _shortened(made: Script) -> Spans:
    return made.spans("Long texts are shortened here; {referrer} can tell you the rest.")


def unintroduced(made: Script, *, contacts: bool) -> Iterator[Spans]:
    """Yield what the provider gets when the seeker wants to be written to, without an introduction."""
    yield made.spans("{seeker} would like you to write, without an introduction. {seeker} expects you.")
    yield from _seeker(made)
    yield from own_lines(made, (Side.SEEKER,), contacts=contacts)
    if not contact_of(made.referral, Side.SEEKER, standing=contacts):
        yield made.spans("Please write to {seeker} here in the chat.")
    if made.referral.helper:
        return
    if made.referral.may_use_name:
        yield made.spans("You may say that {referrer} sent you.")
    else:
        yield made.spans("Please do not use the name of {referrer}.")

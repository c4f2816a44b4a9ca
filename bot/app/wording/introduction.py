"""The introduction as it is posted, the heads-up beside it, and the message that takes its place."""

from dataclasses import replace

from bot.app.verbs import Verb
from bot.app.wording.canonical import VERSION, canonical_text, text_of
from bot.app.wording.cast import Cast
from bot.app.wording.composition import HEADS_UP_ROOM, agreed, script, unintroduced
from bot.app.wording.hints import hints
from bot.app.wording.language import say
from bot.app.wording.parts import joined, people, row, voice, word
from bot.domain.question import Side
from bot.domain.words import Slot
from bot.ports.messages import Message, Quote, Spans, Text

__all__ = [
    "VERSION",
    "apart",
    "canonical_text",
    "direct_words",
    "heads_up",
    "heads_up_words",
    "hints",
    "introduction",
    "introduction_text",
    "repeated",
    "room_name",
]


def introduction(cast: Cast) -> Message:
    """Return what is posted in the room: the agreed text, with what each party typed into a yes that stands."""
    t = voice(cast)
    got_it = t.button("Got it", Verb.GOT_IT, cast.subject.id)
    shown = tuple(Text(content) for content in _posted(cast))
    return Message(t.gettext("An introduction: you both said yes."), (*shown, *row(got_it)))


def apart(cast: Cast) -> Message:
    """Return the same for each alone, where the platform has no room for them."""
    t = voice(cast)
    got_it = t.button("Got it", Verb.GOT_IT, cast.subject.id)
    made = replace(script(cast), is_apart=True)
    shown = tuple(Text(content) for content in agreed(made, _standing(cast), contacts=True))
    note = t.note("There can be no room for you two here, so each of you gets this in private.")
    return Message(t.gettext("An introduction: you both said yes."), (*shown, note, *row(got_it)))


def introduction_text(cast: Cast) -> str:
    """Return the introduction's exact text."""
    return text_of(joined(_posted(cast)))


def _posted(cast: Cast) -> tuple[Spans, ...]:
    return agreed(script(cast), _standing(cast), contacts=True)


def _standing(cast: Cast) -> tuple[Side, ...]:
    """Return the sides whose yes stands. A helper's form is their yes."""
    referral = cast.subject
    helps = referral.helper
    return tuple(side for side in Side if referral.stands(side) or (helps and side is Side.PROVIDER))


def repeated(message: Message, language: str) -> Message:
    """Return an introduction that may be there already, in words that make a second one read as the first."""
    note = say(language).note("If this is here twice: it is the same introduction, posted once more to be sure.")
    return Message(message.summary, (*message.parts[:-1], note, message.parts[-1]))


def room_name(cast: Cast) -> str:
    """Return the name of the room; it names nobody."""
    return voice(cast).gettext("An introduction")


def direct_words(cast: Cast) -> Message:
    """Return the provider's message for a seeker who wants to be written to, without an introduction."""
    t = voice(cast)
    shown = tuple(Text(content) for content in unintroduced(script(cast), contacts=True))
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

"""The private questions: everything a person should know before they say yes or no.

What they show depends on the frozen text and on the addressee's own answers, and on nothing that anybody else did.
"""

from typing import assert_never

from bot.app.verbs import Verb
from bot.app.wording.cast import Cast
from bot.app.wording.composition import about_provider, agreed, script, unintroduced
from bot.app.wording.faces import answered as answered_face
from bot.app.wording.faces import block_choice, closed, reminder, withdrawn
from bot.app.wording.introduction import heads_up_words
from bot.app.wording.language import Voice, mark
from bot.app.wording.parts import joined, line, message, people, question_ref, row, run_by, until, voice, word
from bot.domain.effects import Face
from bot.domain.member import CardSlot
from bot.domain.question import Question, Side, Stage
from bot.domain.referral import Tick
from bot.domain.words import Slot
from bot.ports.messages import Buttons, Message, Moment, Note, Part, Quote, Spans, Text

__all__ = ["block_choice", "face", "prompt", "reminder"]

NEED_ROOM = 300
CARD_ROOM = 150


def prompt(cast: Cast, question: Question) -> Message:
    """Return the question as its addressee first sees it."""
    t = voice(cast)
    parts = (*_body(cast, t, question), _small_print(cast, t, question), *_buttons(cast, t, question))
    return Message(_summary(t, question), parts)


def face(cast: Cast, question: Question, face: Face) -> Message:
    """Return what the question shows after it was changed."""
    match face:
        case Face.OPEN | Face.ANSWERED:
            return again(cast, question) if question.answer is None else answered_face(cast, question)
        case Face.CLOSED:
            return closed(cast, question)
        case Face.WITHDRAWN:
            return withdrawn(cast)
        case _:
            assert_never(face)


def again(cast: Cast, question: Question) -> Message:
    """Return an unanswered question a second time: where its text stands, and the same buttons.

    The text itself is not made again: it would tell if somebody in it was erased meanwhile.
    """
    t = voice(cast)
    return message(
        t,
        "A suggestion of {referrer} waits for your answer. "
        "My message of {asked} has its whole text, which still stands.",
        t.note("Your answer counts until {deadline}. A no is private and fine.", deadline=until(question)),
        *_buttons(cast, t, question),
        asked=Moment(question.asked_at),
        **people(cast),
    )


def _summary(t: Voice, question: Question) -> str:
    if question.stage is Stage.FIT:
        return t.gettext("A private question: would somebody like this fit?")
    return t.gettext("A private question: may I introduce you to somebody?")


def _body(cast: Cast, t: Voice, question: Question) -> tuple[Part, ...]:
    match question.stage:
        case Stage.FIT:
            return _fit(cast, t)
        case Stage.SEEKER_ROLE:
            return _seeker_role(cast, t)
        case Stage.SEEKER_NAMED:
            return _seeker_named(cast, t)
        case Stage.PROVIDER_ROLE:
            return _provider_role(cast, t)
        case Stage.PROVIDER_NAMED:
            return _provider_named(cast, t)
        case _:
            assert_never(question.stage)


def _fit(cast: Cast, t: Voice) -> tuple[Part, ...]:
    return (
        t.heading("Would somebody like this fit?"),
        t.text("{referrer} may have somebody for you, and asks you first whether it would fit.", **people(cast)),
        Quote((word(cast.subject, Slot.SEEKER_BLIND),)),
        t.text("Nobody else has been asked. What is in it for you: nobody is sent to you who does not fit."),
        t.text(
            "With a yes, {referrer} hears that it fits, and may suggest an introduction. You decide again then.",
            **people(cast),
        ),
        t.text("Anything else looks to {referrer} like no answer, and nobody else hears of this.", **people(cast)),
    )


def _provider_role(cast: Cast, t: Voice) -> tuple[Part, ...]:
    told = people(cast)
    need = cast.ask.need if cast.ask is not None else ""
    posted = (t.text("A need that was posted in this group:"), Quote((line(need, NEED_ROOM),))) if need else ()
    return (
        t.heading("May I introduce you to somebody?"),
        t.text("{referrer} knows somebody who may need what you do, and would like to introduce you.", **told),
        Quote((word(cast.subject, Slot.SEEKER_BLIND),)),
        *posted,
        t.text("What is in it for you: somebody who may be looking for you. Who it is, you learn only if they agree."),
        *_own_card(cast, t),
        t.text("Both of you are then asked by name, with the whole introduction to read. Nothing is sent before that."),
    )


def _own_card(cast: Cast, t: Voice) -> tuple[Part, ...]:
    """Show the provider what the other will see: their own card, in their own words."""
    lines = cast.subject.cards.get(Side.PROVIDER, {})
    slots = (CardSlot.NAME_LINE, CardSlot.DOES, CardSlot.COMPANY, CardSlot.PLACE, CardSlot.FOR_WHOM)
    shown = [(line(lines[slot], CARD_ROOM),) for slot in slots if lines.get(slot)]
    if not shown:
        return (t.text("They will see your name and what {referrer} writes about you.", **people(cast)),)
    label = t.text(
        "They will see your name, what {referrer} writes about you, and this from your card:", **people(cast)
    )
    return (label, Quote(joined(shown)))


def _seeker_role(cast: Cast, t: Voice) -> tuple[Part, ...]:
    told = people(cast)
    need = word(cast.subject, Slot.NEED, NEED_ROOM)
    return (
        t.heading("May I introduce you to somebody?"),
        *_posted_it(cast, t),
        t.text("{referrer} knows somebody who may be able to help you, and would like to introduce you.", **told),
        t.text("What it is about: {need}", need=need),
        *_not_sure(cast, t),
        t.text("The other person:"),
        Quote((word(cast.subject, Slot.PROVIDER_BLIND),)),
        t.text("What is in it for you: perhaps help with this. Who it is, you learn when they are interested."),
        t.text("Until you say yes by name, this is all they see about you:"),
        Quote((word(cast.subject, Slot.SEEKER_BLIND),)),
        t.text("Both of you are then asked by name, with the whole introduction to read. Nothing is sent before that."),
    )


def _not_sure(cast: Cast, t: Voice) -> tuple[Text, ...]:
    if cast.subject.need is not Tick.NOT_SURE or cast.subject.ask is not None:
        return ()
    return (t.text("{referrer} is not sure that you need this. Only you can say.", **people(cast)),)


def _posted_it(cast: Cast, t: Voice) -> tuple[Text, ...]:
    """Say that somebody who posted an ask started this and only confirms."""
    if cast.subject.ask is None:
        return ()
    return (t.text("You asked the group for this. You only confirm whether it may be this person."),)


def _seeker_named(cast: Cast, t: Voice) -> tuple[Part, ...]:
    told = people(cast)
    helper = cast.subject.helper
    asks = (
        t.text("{provider} read your ask and offers to help.", **told)
        if helper
        else t.text("{referrer} would like to introduce you to {provider}, who may be able to help you.", **told)
    )
    own = (Side.PROVIDER,) if helper else ()
    return (
        t.heading("May I introduce you?"),
        asks,
        *_posted_it(cast, t),
        *_not_sure(cast, t),
        t.text("What is in it for you: a conversation about what you need. It obliges you to nothing."),
        t.text("If you both say yes, {provider} sees exactly this, and so do you:", **told),
        Quote(joined(agreed(script(cast), own, contacts=False))),
        *_who_else_reads(cast, t),
        *_heads_up(cast, t),
    )


def _who_else_reads(cast: Cast, t: Voice) -> tuple[Text, ...]:
    """Say who can read the room without having been invited."""
    if not cast.place.rooms_have_readers:
        return ()
    return (t.text("Moderators can read that room, too."),)


def _heads_up(cast: Cast, t: Voice) -> tuple[Part, ...]:
    words = () if cast.subject.helper else heads_up_words(cast)
    return (t.text("{provider} alone also gets this:", **people(cast)), Quote(words)) if words else ()


def _provider_named(cast: Cast, t: Voice) -> tuple[Part, ...]:
    told = people(cast)
    return (
        t.heading("May I introduce you?"),
        t.text("{referrer} would like to introduce {seeker} to you. {seeker} has said yes.", **told),
        t.text("What is in it for you: somebody with this need who expects you. It obliges you to nothing."),
        *_what_they_get(cast, t),
    )


def _what_they_get(cast: Cast, t: Voice) -> tuple[Part, ...]:
    told = people(cast)
    made = script(cast)
    if not _is_to_write(cast):
        return (
            t.text("If you say yes, {seeker} sees exactly this, and so do you:", **told),
            Quote(joined(agreed(made, (Side.SEEKER,), contacts=False))),
            *_who_else_reads(cast, t),
        )
    return (
        t.text("{seeker} would rather be written to than introduced. If you say yes, you get this:", **told),
        Quote(joined(unintroduced(made, contacts=False))),
        t.text("{seeker} hears that you will write, and has read this about you:", **told),
        Quote(joined(about_provider(made))),
    )


def _small_print(cast: Cast, t: Voice, question: Question) -> Note:
    counts = t.spans("Your answer counts until {deadline}.", deadline=until(question))
    private = t.spans("A no is private and fine: nobody hears of it.")
    said = (
        (counts, private, run_by(cast))
        if question.stage is Stage.FIT
        else (_contacts(t), counts, private, run_by(cast))
    )
    return Note(joined(said, " "))


def _contacts(t: Voice) -> Spans:
    return t.spans("Contact details: only your name in this chat, and what you type under “Yes, but…”.")


def _yes(cast: Cast, question: Question) -> str:
    if question.stage is Stage.FIT:
        return mark("Yes, that would fit")
    if question.stage is Stage.PROVIDER_NAMED and _is_to_write(cast):
        return mark("Yes, I will write")
    return mark("Yes, introduce us")


def _is_to_write(cast: Cast) -> bool:
    """Say whether the seeker asked to be written to. What became of that yes since makes no difference."""
    return any(q.no_introduction for q in cast.subject.asked(Side.SEEKER)[-1:])


def _buttons(cast: Cast, t: Voice, question: Question) -> tuple[Buttons, ...]:
    ref = question_ref(cast.subject, question)
    fit = question.stage is Stage.FIT
    return (
        *row(
            t.button(_yes(cast, question), Verb.YES, ref),
            None if fit else t.button("Yes, but…", Verb.YES_BUT, ref),
            t.button("No, thanks", Verb.NO, ref),
        ),
        *row(
            t.button("We already know each other", Verb.KNOWN, ref) if question.stage.names_the_other else None,
            t.button("Not now", Verb.NOT_NOW, ref),
            None if cast.subject.helper else t.button("Ask the referrer something", Verb.ASK_REFERRER, ref),
            t.button("Block…", Verb.BLOCK, ref),
            t.button("Report", Verb.REPORT, ref),
        ),
    )

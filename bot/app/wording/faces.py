"""What a question turns into: answered, closed, withdrawn; and the reminder that points at it."""

from bot.app.verbs import Verb
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice, mark
from bot.app.wording.parts import message, people, question_ref, row, sentence, until, voice, word
from bot.domain.member import Guest
from bot.domain.question import Answer, Question, Side, Stage
from bot.domain.words import Slot
from bot.ports.messages import Buttons, Fields, Message, Moment, Part, Spans, Text

_SAID = {
    Answer.NO: mark("You said no. Nobody hears of it."),
    Answer.KNOWN: mark("You said that you already know each other. Nobody hears of it."),
    Answer.NOT_NOW: mark("You said: not now. Nobody hears of it."),
    Answer.TAKEN_BACK: mark("You took your yes back. Nobody hears of it."),
    Answer.BLOCK: mark("You said no and blocked. Nobody hears of it, and you are not asked again."),
    Answer.REPORT: mark(
        "You said no and reported this. Somebody who looks after this hears of the report, and nobody else."
    ),
}
_CLOSED = {
    Answer.YES: mark("This question is closed. You said yes."),
    Answer.YES_BUT: mark("This question is closed. You said yes, with what you added."),
    Answer.NO: mark("This question is closed. You said no."),
    Answer.KNOWN: mark("This question is closed. You said that you already know each other."),
    Answer.NOT_NOW: mark("This question is closed. You said: not now."),
    Answer.BLOCK: mark("This question is closed. You said no and blocked."),
    Answer.REPORT: mark("This question is closed. You said no and reported it."),
    Answer.TAKEN_BACK: mark("This question is closed. You took your yes back."),
}
_TELLING = (Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.TAKEN_BACK)
_OWN = {
    Side.SEEKER: (Slot.SEEKER_TERMS, Slot.SEEKER_CONTACT, Slot.SEEKER_ABOUT),
    Side.PROVIDER: (Slot.PROVIDER_TERMS, Slot.PROVIDER_CONTACT, Slot.PROVIDER_ABOUT),
}
OWN_ROOM = 300


def answered(cast: Cast, question: Question) -> Message:
    """Return the question with its addressee's own answer and what they can still do."""
    t = voice(cast)
    return _yes(cast, t, question) if question.agrees else _no(cast, t, question)


def _yes(cast: Cast, t: Voice, question: Question) -> Message:
    ref = question_ref(cast.subject, question)
    if question.stage is Stage.FIT:
        return message(t, "You said that it would fit. {referrer} knows, and may now ask both of you.", **people(cast))
    undo = row(t.button("Undo", Verb.UNDO, ref))
    note = t.note("You can take it back until {deadline}, or until I introduce you.", deadline=until(question))
    parts: tuple[Part, ...] = (*_own_words(cast, t, question), *_what_next(cast, t), note, *undo)
    return message(t, _yes_words(cast, question), *parts, **people(cast))


def _yes_words(cast: Cast, question: Question) -> str:
    """Name who suggested it and nobody else: the other one's name would tell whether they are still there."""
    if not question.stage.names_the_other:
        return mark("You said yes to what {referrer} suggested. Next you are asked by name, with everything to read.")
    if question.no_introduction:
        return mark("You said yes to what {referrer} suggested: the other one writes to you, without an introduction.")
    if cast.subject.helper:
        return mark("You said yes to the help that {referrer} offers.")
    return mark("You said yes to the introduction that {referrer} suggested.")


def _own_words(cast: Cast, t: Voice, question: Question) -> tuple[Part, ...]:
    if question.answer is not Answer.YES_BUT:
        return ()
    labels = (t.gettext("How and when"), t.gettext("Contact details to share"), t.gettext("About you"))
    slots = zip(labels, _OWN[question.side], strict=True)
    rows: list[tuple[str, Spans]] = [
        (label, (word(cast.subject, slot, OWN_ROOM),)) for label, slot in slots if cast.subject.words.get(slot)
    ]
    return (Fields(tuple(rows)),) if rows else ()


def _what_next(cast: Cast, t: Voice) -> tuple[Text, ...]:
    closes_at = cast.subject.closes_at
    if closes_at is None:
        return ()
    return (t.text("Whatever comes of it, you hear by {moment} at the latest.", moment=Moment(closes_at)),)


def _no(cast: Cast, t: Voice, question: Question) -> Message:
    if question.answer not in _SAID:
        return closed(cast, question)
    return message(
        t,
        _SAID[question.answer],
        t.note("You can change your mind until {deadline}.", deadline=until(question)),
        *_after_no(cast, t, question),
    )


def _after_no(cast: Cast, t: Voice, question: Question) -> tuple[Buttons, ...]:
    ref = question_ref(cast.subject, question)
    tells = question.answer in _TELLING and question.stage is not Stage.FIT
    tell = (
        t.button("Tell them now", Verb.TELL, ref)
        if cast.subject.helper
        else t.button("Tell the referrer now", Verb.TELL, ref)
    )
    return row(
        t.button("Yes, after all", Verb.YES, ref),
        tell if tells else None,
        t.button("…and say why", Verb.TELL_WHY, ref) if tells else None,
    )


def closed(cast: Cast, question: Question) -> Message:
    """Return the question's last line: what its addressee answered."""
    t = voice(cast)
    unanswered = t.gettext("This question is closed. You did not answer, and that is fine.")
    return sentence(t.gettext(_CLOSED[question.answer]) if question.answer in _CLOSED else unanswered)


def withdrawn(cast: Cast) -> Message:
    """Return the line for a question whose referral was called off."""
    return sentence(
        voice(cast).gettext("This was withdrawn by the one who suggested it. There is nothing left to answer.")
    )


def reminder(cast: Cast, question: Question) -> Message:
    """Return the one reminder, at half-time."""
    t = voice(cast)
    show = t.button("Answer it", Verb.OPEN_QUESTION, question_ref(cast.subject, question))
    fine = t.text("A no is private and fine, and so is no answer.")
    return message(
        t,
        "A question about a suggestion of {referrer} still waits for you. Your answer counts until {deadline}.",
        fine,
        *row(show),
        deadline=until(question),
        **people(cast),
    )


def block_choice(cast: Cast, question: Question) -> Message:
    """Return the choice of whom to block. Who is not named in the question cannot be chosen."""
    t = voice(cast)
    ref = question_ref(cast.subject, question)
    other = cast.subject.party(question.side.other)
    named = question.stage.names_the_other and not isinstance(other, Guest) and not cast.subject.helper
    label = t.button("Block the person suggested", Verb.BLOCK_OTHER, ref)
    first = (
        t.button("Block who offers help", Verb.BLOCK_REFERRER, ref)
        if cast.subject.helper
        else t.button("Block the referrer", Verb.BLOCK_REFERRER, ref)
    )
    note = t.note("It is a no to everything open from that person. They are not told; you can undo it later.")
    return message(
        t, "Who should never be able to reach you through me again?", note, *row(first, label if named else None)
    )

"""What is told in private after an introduction: the nudge, that somebody answered, thanks, a testimonial."""

from bot.app.verbs import Verb
from bot.app.wording.afterwards import outcome_label
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice, mark
from bot.app.wording.parts import line, message, people, person, row, voice
from bot.app.wording.replies import told_words
from bot.domain.decision import Say, Told
from bot.domain.effects import Notify
from bot.domain.hearing import outcome_told
from bot.domain.question import Side
from bot.ports.messages import Message, Moment, Part, Quote, Span, Text


def nudge(cast: Cast, t: Voice, effect: Notify) -> Message:
    """Return the one reminder to whoever makes the first move."""
    side = effect.side or cast.after.first_move
    words = (
        mark("On {moment} you agreed to write to {other}, who waits to hear from you.")
        if cast.subject.no_introduction
        else mark("You and {other} were introduced on {moment}, and the first step is yours.")
    )
    short = t.text("A short hello is enough. If you have written already, press “Got it”.")
    once = t.note("I remind you of this once, and nobody else sees it.")
    got_it = row(t.button("Got it", Verb.GOT_IT, cast.subject.id))
    about = {"other": person(cast, cast.subject.party(side.other)), "moment": Moment(cast.after.introduced_at)}
    return message(t, words, short, once, *got_it, **about)


def outcome_heard(cast: Cast, t: Voice, effect: Notify) -> Message:
    """Return what the referrer hears: that a party answered; what, if that party tells them."""
    about = _by(cast, effect.side or Side.SEEKER)
    thanks = t.text("Thank you for bringing them together.")
    outcome = outcome_told(cast.after, effect)
    if outcome is not None:
        told = mark("{who} would like you to know what came of your introduction of {moment}: “{said}”.")
        return message(t, told, thanks, said=outcome_label(t, outcome), **about)
    quiet = t.note("What it is stays with them, unless they choose to tell you.")
    return message(t, "{who} has told me what came of your introduction of {moment}.", thanks, quiet, **about)


def thanks(cast: Cast, t: Voice, effect: Notify) -> Message:
    """Return a party's thanks to the referrer, in their words."""
    side = effect.side or Side.SEEKER
    said = mark("{who} thanks you for your introduction of {moment}:")
    return message(t, said, *_thanks(cast, t, side), **_by(cast, side))


def thanks_again(cast: Cast, side: Side, told: Told) -> Message:
    """Return the same with the answer to what the referrer just chose on top."""
    t = voice(cast)
    said = t.text("{who} thanks you for your introduction of {moment}:", **_by(cast, side))
    above, is_kept = Text(told_words(cast, told)), told.say is Say.THANKS_NOT_SHOWN
    return Message(t.gettext("Yours, and for you alone."), (above, said, *_thanks(cast, t, side, is_kept=is_kept)))


def _by(cast: Cast, side: Side) -> dict[str, Span]:
    return {"who": person(cast, cast.subject.party(side)), "moment": Moment(cast.after.introduced_at)}


def _thanks(cast: Cast, t: Voice, side: Side, *, is_kept: bool = False) -> tuple[Part, ...]:
    given = cast.after.thanks.get(side)
    if given is None or not given.words:
        return (t.note("The words are not there any more."),)
    quote, ref = Quote((line(given.words),)), f"{cast.after.referral}.{side}"
    if not given.may_show:
        return (quote, t.note("It is for you alone."))
    show = t.button("Show it in the weekly tally", Verb.SHOW_THANKS, ref)
    keep = t.button("Keep it to myself", Verb.KEEP_THANKS, ref)
    if given.shown:
        return (quote, t.note("The weekly tally may show it, as you both wanted."), *row(keep))
    if is_kept:
        return (quote, t.note("It is for you alone."), *row(show))
    both = t.note("They would not mind if the weekly tally showed it. It does only if you want that too.")
    return (quote, both, *row(show, keep))


def reclassified(cast: Cast, t: Voice, _: Notify) -> Message:
    """Return kind words to the referrer of what was more of a lead."""
    return message(
        t,
        "{provider} found that your introduction of {moment} was more of a lead, so it counts as one.",
        t.text("That happens, and it was a good thought all the same. Thank you for it."),
        t.note("Nobody else is told. The count is put right without a name."),
        moment=Moment(cast.after.introduced_at),
        **people(cast),
    )


def testimonial_wanted(cast: Cast, t: Voice, _: Notify) -> Message:
    """Return the request for a testimonial."""
    ref = cast.after.referral
    return message(
        t,
        "Would you write a sentence or two about what {provider} did for you?",
        t.text("It helps others to choose. You decide whether it may stand on the card of {provider}.", **people(cast)),
        t.note("If you would rather not, there is nothing to do. I ask once."),
        *row(
            t.button("Write a testimonial…", Verb.TESTIFY, ref),
            t.button("Who else would benefit?", Verb.WHO_ELSE, ref),
        ),
        **people(cast),
    )


def testimonial_given(cast: Cast, t: Voice, _: Notify) -> Message:
    """Return a testimonial to the one it is about."""
    return message(t, "{seeker} has written about your work:", *_testimonial(cast, t), **people(cast))


def testimonial_again(cast: Cast, told: Told) -> Message:
    """Return the same with the answer to what the provider just chose on top."""
    t = voice(cast)
    said = t.text("{seeker} has written about your work:", **people(cast))
    return Message(t.gettext("Yours, and for you alone."), (Text(told_words(cast, told)), said, *_testimonial(cast, t)))


def _testimonial(cast: Cast, t: Voice) -> tuple[Part, ...]:
    given, ref = cast.after.testimonial, cast.after.referral
    if given is None or not given.words or not given.may_show:
        return (t.note("The words are not there any more."),)
    quote = Quote((line(given.words),))
    if given.hidden:
        back = t.button("Put it on my card", Verb.UNHIDE_TESTIMONIAL, ref)
        return (quote, t.note("You took it off your card."), *row(back))
    off = t.button("Take it off my card", Verb.HIDE_TESTIMONIAL, ref)
    return (quote, t.note("It stands on your card with its author's name, as they agreed."), *row(off))

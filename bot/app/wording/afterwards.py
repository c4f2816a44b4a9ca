"""What came of an introduction, to each party alone: the question, what they said, and what may follow."""

from collections.abc import Iterator
from datetime import timedelta

from bot.app.verbs import Verb
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice, mark
from bot.app.wording.parts import line, message, people, person, row, voice
from bot.app.wording.replies import told_words
from bot.domain.decision import Say, Told
from bot.domain.groups import counts_amounts
from bot.domain.outcome import ANSWERED_FOR, GOOD, LATER_DAYS, Amount, Outcome
from bot.domain.question import Side
from bot.ports.messages import Button, Message, Moment, Note, Part, Quote, Span, Text

PER_ROW = 4
CHOSEN = "✓ "

CHOICES = (
    (Outcome.TALKING, Verb.OUTCOME_TALKING, mark("We are talking")),
    (Outcome.NOT_A_FIT, Verb.OUTCOME_NOT_A_FIT, mark("Not a fit")),
    (Outcome.NOT_NOW, Verb.OUTCOME_NOT_NOW, mark("Not at present")),
    (Outcome.NO_ANSWER, Verb.OUTCOME_NO_ANSWER, mark("No answer yet")),
    (Outcome.WON, Verb.OUTCOME_WON, mark("We work together")),
    (Outcome.LOST, Verb.OUTCOME_LOST, mark("It came to nothing")),
    (Outcome.WAS_A_LEAD, Verb.OUTCOME_WAS_A_LEAD, mark("It was really a lead")),
)
_LABELS = {outcome: label for outcome, _, label in CHOICES}
_GOES_ON = frozenset({Outcome.TALKING, Outcome.NOT_NOW, Outcome.NO_ANSWER, Outcome.WON})
"""After these there may be more to say later."""

_SOLD = frozenset({Outcome.TALKING, Outcome.WON, Outcome.LOST})
"""After these the provider can tell how much was left to sell."""


_AMOUNTS = {
    Amount.SOME: mark("Up to 500"),
    Amount.HUNDREDS: mark("500 to 2,000"),
    Amount.THOUSANDS: mark("2,000 to 10,000"),
    Amount.MORE: mark("10,000 to 50,000"),
    Amount.MOST: mark("More than 50,000"),
}


def amount_label(t: Voice, amount: Amount) -> str:
    """Return a band in words."""
    return t.gettext(_AMOUNTS[amount])


def outcome_label(t: Voice, outcome: Outcome) -> str:
    """Return an outcome in the words in which it is offered."""
    return t.gettext(_LABELS[outcome])


def check_in(cast: Cast, side: Side) -> Message:
    """Return the question what came of it, one tap for each answer."""
    t = voice(cast)
    before = cast.after.part(side).outcome
    said = (t.text("The last time you said: “{said}”.", said=outcome_label(t, before)),) if before else ()
    buttons = [t.button(label, verb, cast.after.referral) for _, verb, label in CHOICES]
    rows = (*row(*buttons[:PER_ROW]), *row(*buttons[PER_ROW:]))
    return message(t, _asking(cast, side), *said, *_private(cast, t, side), *rows, **_about(cast, side))


def _asking(cast: Cast, side: Side) -> str:
    if cast.subject.no_introduction:
        return (
            mark("On {moment} {other} agreed to write to you. What came of it?")
            if side is Side.SEEKER
            else mark("On {moment} you agreed to write to {other}. What came of it?")
        )
    if not _has_referrer(cast):
        return mark("You and {other} were introduced on {moment}. What came of it?")
    return mark("{referrer} introduced you to {other} on {moment}. What came of it?")


def _has_referrer(cast: Cast) -> bool:
    """Say whether somebody brought them together who is still there to hear of it."""
    referrer = cast.people.get(cast.after.referrer) if cast.after.referrer else None
    return referrer is not None and referrer.user is not None


def _about(cast: Cast, side: Side) -> dict[str, Span]:
    found = {"other": person(cast, cast.subject.party(side.other)), "moment": Moment(cast.after.introduced_at)}
    return {**people(cast), **found}


def _private(cast: Cast, t: Voice, side: Side) -> tuple[Note, ...]:
    if not _has_referrer(cast):
        return (t.note("One tap is enough, and it is private. The group sees numbers at most, never whose."),)
    private = t.note(
        "One tap is enough, and it is private: {referrer} hears that you answered, and what only if you say so. "
        "The group sees numbers at most, never whose.",
        **people(cast),
    )
    if side is Side.SEEKER or not cast.after.can_reclassify(cast.now):
        return (private,)
    lead = t.note(
        "“It was really a lead” is the exception: it puts the count right, and {referrer} hears it kindly.",
        **people(cast),
    )
    return (private, lead)


def recorded(cast: Cast, side: Side, told: Told | None = None) -> Message:
    """Return what a party said came of it and what may follow, with the answer to what they just did on top.

    Before they said anything it is the question.
    """
    t = voice(cast)
    if told is None and cast.after.part(side).outcome is None:
        if is_open(cast):
            return check_in(cast, side)
        told = Told(Say.FOLLOWED_UP_LONG_AGO)
    above = (_above(cast, t, told),) if told else ()
    return Message(t.gettext("Yours, and for you alone."), (*above, *_recorded(cast, t, side)))


def _above(cast: Cast, t: Voice, told: Told) -> Text:
    """Say that they are asked for a testimonial in words that are true whether or not they can be."""
    if told.say is Say.DONE:
        return t.text("Good. If they can be asked, I ask them once.")
    return Text(told_words(cast, told))


def _recorded(cast: Cast, t: Voice, side: Side) -> Iterator[Part]:
    outcome = cast.after.part(side).outcome
    if outcome is not None:
        said = outcome_label(t, outcome)
        yield t.text("You and {other}, introduced on {moment}: “{said}”.", said=said, **_about(cast, side))
        yield from _who_knows(cast, t, side)
    yield from _said(cast, t, side)
    if is_open(cast):
        yield from _selling(cast, t) if side is Side.PROVIDER else ()
        yield from row(*_about_the_answer(cast, t, side))
    yield from row(*_about_the_other(cast, t, side))


def is_open(cast: Cast) -> bool:
    """Say whether a party can still say what came of it."""
    return cast.now < cast.after.introduced_at + ANSWERED_FOR


def _who_knows(cast: Cast, t: Voice, side: Side) -> Iterator[Note]:
    part = cast.after.part(side)
    if not _has_referrer(cast):
        yield t.note("Nobody hears what you said.")
    elif _counts_as_lead(cast, side):
        yield t.note("{referrer} hears that it counts as a lead, in kind words.", **people(cast))
    elif part.tells_referrer:
        yield t.note("{referrer} hears what you said.", **people(cast))
    else:
        yield t.note("{referrer} hears that you answered, and nothing more.", **people(cast))
    if part.wants_later and is_open(cast):
        yield t.note("I ask you again 30 and 90 days after the introduction.")


def _counts_as_lead(cast: Cast, side: Side) -> bool:
    """Say whether a party had it counted as a lead, which is between them and the referrer."""
    return side is Side.PROVIDER and cast.after.reclassified_at is not None


def _said(cast: Cast, t: Voice, side: Side) -> Iterator[Part]:
    """Show what else the reader said: their thanks, the seeker's testimonial, an amount."""
    thanks, praise = cast.after.thanks.get(side), cast.after.testimonial
    if thanks and thanks.words:
        yield t.text("You thanked {referrer}:", **people(cast))
        yield Quote((line(thanks.words),))
        yield _on_tally(t, may_show=thanks.may_show)
    if amount := cast.after.part(side).amount:
        yield t.note("You said what it was worth: {amount}.", amount=amount_label(t, amount))
    if praise and praise.words and side is Side.SEEKER:
        yield t.text("You wrote about {provider}:", **people(cast))
        yield Quote((line(praise.words),))
        yield t.note("It stands on their card.") if cast.after.is_on_card else t.note("It is not on their card.")


def _on_tally(t: Voice, *, may_show: bool) -> Note:
    if may_show:
        return t.note("The weekly tally may show it, if they want that too.")
    return t.note("The weekly tally does not show it.")


def _selling(cast: Cast, t: Voice) -> Iterator[Part]:
    if cast.after.part(Side.PROVIDER).outcome not in _SOLD:
        return
    yield t.text("Was little selling left when you two met?")
    left = cast.after.little_left
    yield from row(
        _switch(t, mark("Little was left"), Verb.LITTLE_LEFT, cast, on=left is True),
        _switch(t, mark("Much was left"), Verb.MUCH_LEFT, cast, on=left is False),
    )


def _switch(t: Voice, label: str, verb: Verb, cast: Cast, *, on: bool) -> Button:
    return Button((CHOSEN if on else "") + t.gettext(label), verb, cast.after.referral)


def _about_the_answer(cast: Cast, t: Voice, side: Side) -> Iterator[Button | None]:
    part, ref = cast.after.part(side), cast.after.referral
    if part.outcome is None:
        yield t.button("What came of it?", Verb.SHOW_OUTCOME, ref)
        return
    tells = _has_referrer(cast) and not part.tells_referrer and not _counts_as_lead(cast, side)
    yield t.button("Tell the referrer what came of it", Verb.TELL_OUTCOME, ref) if tells else None
    yield _later(cast, t, side)
    yield t.button("Change my answer", Verb.CHANGE_OUTCOME, ref)


def _later(cast: Cast, t: Voice, side: Side) -> Button | None:
    part, ref = cast.after.part(side), cast.after.referral
    is_over = cast.now >= cast.after.introduced_at + timedelta(days=LATER_DAYS[-1])
    if part.wants_later:
        return t.button("Do not ask me again", Verb.CHECK_IN_NO_MORE, ref)
    if is_over or part.outcome not in _GOES_ON:
        return None
    return t.button("Ask me again later", Verb.CHECK_IN_LATER, ref)


def _about_the_other(cast: Cast, t: Voice, side: Side) -> Iterator[Button | None]:
    after, ref = cast.after, cast.after.referral
    thanks = after.part(side).outcome in GOOD and _has_referrer(cast) and side not in after.thanks
    yield t.button("Thank the referrer…", Verb.THANK, ref) if thanks and is_open(cast) else None
    yield _thanks_button(cast, t, side)
    yield from _as_seeker(cast, t) if side is Side.SEEKER else _as_provider(cast, t)


def _thanks_button(cast: Cast, t: Voice, side: Side) -> Button | None:
    """Let who said thank you change their mind about the tally, at any time."""
    thanks, ref = cast.after.thanks.get(side), f"{cast.after.referral}.{side}"
    if thanks is None or not thanks.words:
        return None
    if thanks.may_show:
        return t.button("Keep my thanks out of the tally", Verb.KEEP_THANKS, ref)
    return t.button("The tally may show my thanks", Verb.SHOW_THANKS, ref)


def _as_seeker(cast: Cast, t: Voice) -> Iterator[Button]:
    after, ref = cast.after, cast.after.referral
    if not after.testimonial_asked:
        return
    if (provider := cast.people.get(after.provider)) is None or provider.user is None:
        return
    if after.testimonial is None or not after.testimonial.words:
        yield t.button("Write a testimonial…", Verb.TESTIFY, ref)
    else:
        yield t.button("Change the testimonial…", Verb.TESTIFY, ref)
        yield (
            t.button("Take it off their card", Verb.WITHDRAW_TESTIMONIAL, ref)
            if after.testimonial.may_show
            else t.button("Let it stand on their card", Verb.SHOW_TESTIMONIAL, ref)
        )
    yield t.button("Who else would benefit?", Verb.WHO_ELSE, ref)


def _as_provider(cast: Cast, t: Voice) -> Iterator[Button]:
    """Offer the same whatever the seeker said: whether they were asked for a testimonial would tell."""
    after, ref = cast.after, cast.after.referral
    if after.part(Side.PROVIDER).outcome is not Outcome.WON or not is_open(cast):
        return
    if counts_amounts(cast.group, cast.place):
        yield t.button("Say what it was worth…", Verb.SAY_AMOUNT, ref)
    if after.seeker is not None and not (after.testimonial and after.testimonial.may_show):
        yield t.button("Ask them for a testimonial", Verb.WANT_TESTIMONIAL, ref)

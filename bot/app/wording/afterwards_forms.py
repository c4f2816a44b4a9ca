"""The forms after an introduction: thanks, a testimonial, an amount."""

from bot.app.verbs import Verb
from bot.app.wording.afterwards import amount_label
from bot.app.wording.cast import Cast
from bot.app.wording.fields import choice, yes_or_no
from bot.app.wording.parts import voice
from bot.domain.outcome import Amount, Testimonial
from bot.domain.question import Side
from bot.domain.words import Slot, limit
from bot.ports.messages import Field, FieldKind, Form

MAY_SHOW = "may_show"
AMOUNT = "amount"


def thank(cast: Cast) -> Form:
    """Return the form for one line of thanks to the referrer. `may_show` takes `yes` or `no`."""
    t = voice(cast)
    label, hint = t.gettext("One line: what came of it?"), t.gettext("The one who introduced you reads this.")
    may = t.gettext("It stands there only if they want it too.")
    fields = (
        Field(Slot.THANKS, label, FieldKind.TEXT, hint, max_length=limit(Slot.THANKS)),
        yes_or_no(t, MAY_SHOW, t.gettext("May the weekly tally show it?"), value=False, hint=may),
    )
    return Form(t.gettext("Say thank you"), Verb.THANK, cast.after.referral, fields, t.gettext("Send"))


def testify(cast: Cast) -> Form:
    """Return the form for a testimonial, filled with the one there is. `may_show` takes `yes` or `no`."""
    t = voice(cast)
    given = cast.after.testimonial or Testimonial("", cast.now)
    label, hint = t.gettext("How was the work?"), t.gettext("What they did for you says more than praise.")
    may = t.gettext("With your name, until you take it off. Nobody reads it otherwise.")
    most = limit(Slot.TESTIMONIAL)
    fields = (
        Field(Slot.TESTIMONIAL, label, FieldKind.LONG_TEXT, hint, given.words, max_length=most),
        yes_or_no(t, MAY_SHOW, t.gettext("May it stand on their card?"), value=given.may_show, hint=may),
    )
    return Form(t.gettext("A testimonial"), Verb.TESTIFY, cast.after.referral, fields, t.gettext("Send"))


def amount(cast: Cast) -> Form:
    """Return the form for what business was worth, in bands."""
    t = voice(cast)
    given = cast.after.part(Side.PROVIDER).amount
    options = tuple((band.value, amount_label(t, band)) for band in Amount)
    hint = t.gettext("It counts in the group's total, and is shown nowhere else.")
    field = choice(AMOUNT, t.gettext("About how much?"), options, given or Amount.SOME, hint)
    return Form(t.gettext("What it was worth"), Verb.SAY_AMOUNT, cast.after.referral, (field,), t.gettext("Send"))

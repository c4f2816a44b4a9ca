"""The weekly tally for one reader alone: the week so far, their part, what the post may show of them, when it is."""

from collections.abc import Iterator
from dataclasses import replace

from bot.app.verbs import Verb
from bot.app.wording.calendar import at_in_zone
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.parts import message, row, voice
from bot.app.wording.tally_lines import numbers, part_of
from bot.domain.group import TallyMode
from bot.domain.local_time import next_weekly
from bot.domain.member import Card, CardSlot
from bot.domain.tally import Given, Tally
from bot.ports.messages import Button, Buttons, Message, Part, Spans, Text

ON_CARD = "card"
"""Stands behind the group in a button that is pressed on one's card."""


def my_part(cast: Cast, tally: Tally, card: Card) -> Message:
    """Return the week so far, the reader's part in it, and what the post may show of them.

    What came of introductions is left to the closed week: whoever looked before and after somebody answered (the
    referrer hears that they did) would read off what they said.
    """
    t = voice(replace(cast, referral=None))
    so_far = numbers(cast, t, replace(tally, outcomes={}, worth=0, corrections=0)) or (t.text("Nothing to tell yet."),)
    return message(t, "This week so far, for you alone.", *so_far, *_own(cast, t, tally), *_mine(cast, t, card))


def _own(cast: Cast, t: Voice, tally: Tally) -> tuple[Text, ...]:
    mine = tally.givers.get(cast.reader.id, Given()) if cast.reader else Given()
    own = part_of(t, mine)
    return (t.text("Your part in it: {given}.", given=own),) if own else ()


def _mine(cast: Cast, t: Voice, card: Card) -> Iterator[Part]:
    yield Text(next_post(t, cast))
    if cast.reader is None or not cast.reader.is_in(cast.group.id):
        yield from row(t.button("Join", Verb.JOIN, cast.group.id))
        return
    yield t.text("{named} {listened}", named=_named(t, card), listened=_listened(t, card))
    yield from consent_buttons(t, card, cast.group.id)


def next_post(t: Voice, cast: Cast) -> Spans:
    """Return when the next weekly post is."""
    if cast.group.settings.tally_mode is TallyMode.OFF:
        return t.spans("This group has no weekly post.")
    return t.spans("The next weekly post: {moment}.", moment=next_moment(t, cast))


def next_moment(t: Voice, cast: Cast) -> str:
    """Return that instant by itself, in the group's zone, which it names."""
    now = cast.group.settings
    due = cast.posts_at or next_weekly(cast.now, now.time_zone, now.tally_weekday, now.tally_time)
    return at_in_zone(t, due, now.time_zone)


def consent_rows(t: Voice, card: Card) -> tuple[tuple[str, Spans], ...]:
    """Return what the weekly post may show of somebody, as lines of their card."""
    shown = [t.gettext("your name") if card.named else "", t.gettext("your “listen for”") if card.listened_for else ""]
    words = ", ".join(one for one in shown if one)
    return ((t.gettext("In the weekly post"), t.spans("{shown}", shown=words) if words else t.spans("nothing of you")),)


def _named(t: Voice, card: Card) -> Spans:
    if card.named:
        return t.spans("The post names you when you brought people together or there is a thank-you.")
    return t.spans("The post does not name you.")


def _listened(t: Voice, card: Card) -> Spans:
    if not card.lines.get(CardSlot.LISTEN_FOR):
        return t.spans("Your card has no “listen for” line that it could show.")
    if card.listened_for:
        return t.spans("It may show your “listen for” line, with your name.")
    return t.spans("It does not show your “listen for” line.")


def consent_buttons(t: Voice, card: Card, ref: str) -> tuple[Part, ...]:
    """Return the buttons that change what the weekly post may show of somebody."""
    return row(_name_button(t, card, ref), _listen_button(t, card, ref))


def _name_button(t: Voice, card: Card, ref: str) -> Button:
    if card.named:
        return t.button("Don't name me", Verb.DO_NOT_NAME_ME, ref)
    return t.button("Name me", Verb.NAME_ME, ref)


def _listen_button(t: Voice, card: Card, ref: str) -> Button | None:
    if card.listened_for:
        return t.button("Hide my “listen for”", Verb.DO_NOT_LISTEN_FOR_ME, ref)
    if not card.lines.get(CardSlot.LISTEN_FOR):
        return None
    return t.button("Show my “listen for”", Verb.LISTEN_FOR_ME, ref)


def preview(cast: Cast, shown: Message | None) -> Message:
    """Return last week's post as an organiser may look at it, without its button."""
    t = voice(cast)
    if shown is None:
        return message(t, "There was nothing to tell last week, so nothing would be posted.")
    parts = (part for part in shown.parts if not isinstance(part, Buttons))
    return message(t, "This is what the post of last week looks like. Only you see it here.", *parts)

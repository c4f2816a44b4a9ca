"""Testimonials on a card: what was said of somebody's work, and by whom."""

from bot.app.verbs import Verb
from bot.app.wording.canonical import length, text_of
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.parts import MOST, line, person, row
from bot.domain.ids import MemberId
from bot.domain.outcome import FollowUp
from bot.ports.messages import Button, Buttons, Fields, Message, Spans

MOST_SHOWN = 3
SHOWN_ROOM = 120
LEAST_ROOM = 40
_AROUND = 45
"""Characters that stand around each one's words: its number, signs and its author's name."""


def with_praise(cast: Cast, t: Voice, made: Message, owner: MemberId) -> Message:
    """Return a member's own card with what stands on it besides, as far as there is room, and a way to take it off."""
    shown = list(enumerate(cast.praise.get(owner, ())[:MOST_SHOWN], start=1))
    heading = t.text("Said of your work, for everybody who sees your card:")
    room = (MOST - length(Message("", (*made.parts, heading)))) // max(len(shown), 1) - _AROUND
    if not shown or room < LEAST_ROOM:
        return made
    rows = tuple((str(number), _said(cast, t, one, min(room, SHOWN_ROOM))) for number, one in shown)
    label = t.gettext("Take no. {number} off")
    buttons = (
        Button(text_of(t.filled(label, number=number)), Verb.HIDE_TESTIMONIAL, one.referral) for number, one in shown
    )
    words = tuple(part for part in made.parts if not isinstance(part, Buttons))
    below = tuple(part for part in made.parts if isinstance(part, Buttons))
    return Message(made.summary, (*words, heading, Fields(rows), *below, *row(*buttons)))


def praise_row(cast: Cast, t: Voice, owner: MemberId, room: int) -> tuple[tuple[str, Spans], ...]:
    """Return the newest testimonial as one more line of somebody's card, or none."""
    return tuple((t.gettext("Said of them"), _said(cast, t, one, room)) for one in cast.praise.get(owner, ())[:1])


def _said(cast: Cast, t: Voice, one: FollowUp, room: int) -> Spans:
    words = one.testimonial.words if one.testimonial else ""
    return t.spans("“{words}” ({who})", words=line(words, room), who=person(cast, one.seeker))

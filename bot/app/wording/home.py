"""A member's own page: what waits, what they started and where it stands, and buttons for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.app.verbs import Verb
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.mine import Past, entries, lately, open_for, section, started_words, waiting_entry
from bot.app.wording.own_numbers import numbers_note
from bot.app.wording.parts import channels_to_choose, message, row, voice
from bot.domain.ask import Ask
from bot.domain.member import FOREVER
from bot.domain.referral import Referral
from bot.ports.messages import Button, Channel, Message, Moment, Part, Text

MOST_WAITING = 3
MOST_GROUPS = 4
MOST_STARTED = 2
MOST_FURTHER = 15


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a member has in one group: what they started there, and their asks."""

    cast: Cast
    started: Sequence[Referral]
    asks: Sequence[Ask]


def home(waiting: Sequence[Referral], past: Past, belongings: Sequence[Belongings]) -> Message:
    """Return the page: in full for one group, in short for several. It has at most 40 parts."""
    first = belongings[0].cast
    t = voice(replace(first, referral=None))
    behind = lately(first, t, past.lately)
    parts = (
        _one(t, waiting, behind, belongings[0]) if len(belongings) == 1 else _several(t, waiting, behind, belongings)
    )
    return message(t, "Yours, and for you alone.", *_break(t, first), *parts, numbers_note(t, past.numbers))


def _one(t: Voice, waiting: Sequence[Referral], behind: tuple[Part, ...], mine: Belongings) -> tuple[Part, ...]:
    shown = entries(mine.cast, t, waiting, mine.started, mine.asks)
    nothing = t.text("Nothing is waiting for you, and nothing of yours is open.")
    group = mine.cast.group.id
    start = (t.button("Suggest two people", Verb.NEW_DRAFT, group), t.button("Ask the group", Verb.NEW_ASK, group))
    return (*(shown or (nothing,)), *behind, *row(*start, *_rest(t, group, card=True)))


def _several(
    t: Voice, waiting: Sequence[Referral], behind: tuple[Part, ...], all_of_them: Sequence[Belongings]
) -> tuple[Part, ...]:
    cast = all_of_them[0].cast
    open_ones = [entry for one in waiting if (entry := waiting_entry(cast, t, one))]
    return (
        *section(t.text("Waiting for you:"), open_ones[:MOST_WAITING]),
        *behind,
        *(part for one in all_of_them[:MOST_GROUPS] for part in _in_short(t, one)),
        *_further(t, all_of_them[MOST_GROUPS:][:MOST_FURTHER]),
        *row(*_rest(t, cast.group.id, card=False)),
    )


def _in_short(t: Voice, mine: Belongings) -> tuple[Part, ...]:
    cast, group = mine.cast, mine.cast.group.id
    open_ones = [one for one in mine.started if open_for(one, cast.now)][:MOST_STARTED]
    return (
        t.text("In {channel}:", channel=Channel(cast.group.channel)),
        *(Text(started_words(cast, t, one)) for one in open_ones),
        *row(
            t.button("Show mine", Verb.SHOW_MINE, group),
            t.button("Suggest two people", Verb.NEW_DRAFT, group),
            t.button("Ask the group", Verb.NEW_ASK, group),
            t.button("My card", Verb.SHOW_CARD, group),
        ),
    )


def _further(t: Voice, others: Sequence[Belongings]) -> tuple[Part, ...]:
    rows = channels_to_choose(Verb.SHOW_MINE, ((one.cast.group.channel, one.cast.group.id) for one in others))
    return (t.text("Your other groups:"), *rows) if others else ()


def _rest(t: Voice, group: str, *, card: bool) -> tuple[Button | None, ...]:
    return (
        t.button("My card", Verb.SHOW_CARD, group) if card else None,
        t.button("Break", Verb.SHOW_PAUSE, group),
        t.button("Privacy", Verb.SHOW_PRIVACY, group),
    )


def _break(t: Voice, cast: Cast) -> tuple[Part, ...]:
    me = cast.reader
    if me is None or me.paused_until is None or not me.is_paused(cast.now):
        return ()
    if me.paused_until == FOREVER:
        return (t.text("You take a break until you come back."),)
    return (t.text("You take a break until {moment}.", moment=Moment(me.paused_until)),)

"""Who is named in a week's post, and how: only who asked for it, and never in an order that ranks."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

from bot.app.wording.calendar import first_day
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.parts import joined, line, person
from bot.app.wording.tally_lines import part_of
from bot.domain.group import TallyMode
from bot.domain.ids import MemberId
from bot.domain.member import CardSlot
from bot.domain.outcome import FollowUp
from bot.domain.question import Side
from bot.domain.tally import Tally
from bot.ports.messages import Note, Part, Plain, Quote, Text

MOST_NAMED = 20
MOST_WITH_NUMBERS = 8
MOST_THANKS = 3
MOST_LISTENED = 3
THANKS_ROOM = 140
LISTEN_ROOM = 100

_BY_NAME = (TallyMode.THANKS, TallyMode.GIVERS, TallyMode.FULL)
_WITH_NUMBERS = (TallyMode.GIVERS, TallyMode.FULL)
_DAYS = 7

Said = tuple[FollowUp, Side]
"""A thank-you: what came of the introduction it is for, and which party said it."""


def givers(cast: Cast, t: Voice, tally: Tally) -> tuple[Part, ...]:
    """Return thanks to those who brought people together; by name to those who asked for that."""
    giving = [who for who, given in tally.givers.items() if given.introductions]
    if not giving:
        return ()
    mode = cast.group.settings.tally_mode
    named = _mixed((who for who in giving if mode in _BY_NAME and is_named(cast, who)), tally.week)
    if not named:
        return (t.text("Thank you to everybody who brought people together."),)
    if mode in _WITH_NUMBERS:
        return _with_numbers(cast, t, tally, named, others=len(named) < len(giving))
    shown = named[:MOST_NAMED]
    names = joined(((person(cast, who),) for who in shown), ", ")
    if len(shown) < len(giving):
        return (t.text("Thank you for bringing people together: {names}, and everybody not named here.", names=names),)
    return (t.text("Thank you for bringing people together: {names}.", names=names),)


def _with_numbers(cast: Cast, t: Voice, tally: Tally, named: Sequence[MemberId], *, others: bool) -> tuple[Part, ...]:
    full = cast.group.settings.tally_mode is TallyMode.FULL
    shown = named[:MOST_WITH_NUMBERS]
    lines = [
        t.spans(
            "{who}: {given}",
            who=person(cast, who),
            given=part_of(t, tally.givers[who], recommendations=full, thanks=False),
        )
        for who in shown
    ]
    if others or len(shown) < len(named):
        lines.append(t.spans("and everybody not named here"))
    return (Text(joined((t.spans("Thank you for bringing people together, in no order:"), *lines))),)


def is_named(cast: Cast, who: MemberId | None) -> bool:
    """Say whether the post may name them: a member of the group who asked for it."""
    card = cast.cards.get(who) if who is not None else None
    return _is_here(cast, who) and card is not None and card.named


def _is_here(cast: Cast, who: MemberId | None) -> bool:
    member = cast.people.get(who) if who is not None else None
    return member is not None and member.is_in(cast.group.id)


def _mixed(some: Iterable[MemberId], week: str) -> list[MemberId]:
    """Return them in an order that is another one every week, and says nothing."""
    return sorted(some, key=lambda who: sha256(f"{week}/{who}".encode()).digest())


def thank_yous(cast: Cast, t: Voice, said: Sequence[Said]) -> Iterator[Part]:
    """Yield what people said thank you for, in their words, where both sides want it there."""
    if cast.group.settings.tally_mode not in _BY_NAME:
        return
    public = (
        (one, side, thanks)
        for one, side in said
        if (thanks := one.thanks.get(side))
        and thanks.is_public
        and not _is_blocked(cast, one.member(side), one.referrer)
    )
    for one, side, thanks in islice(public, MOST_THANKS):
        yield Quote((line(thanks.words, THANKS_ROOM),))
        yield from _between(cast, t, one.member(side), one.referrer)


def _is_blocked(cast: Cast, one: MemberId | None, other: MemberId | None) -> bool:
    """Say whether one of the two has had enough of the other since: then nothing is said of them together."""
    both = (cast.people.get(who) for who in (one, other) if who is not None)
    return any(member.blocks & {one, other} for member in both if member)


def _between(cast: Cast, t: Voice, by: MemberId | None, to: MemberId | None) -> Iterator[Note]:
    """Yield from whom to whom it was said, as far as they want to be named."""
    who, referrer = (person(cast, one) if is_named(cast, one) else None for one in (by, to))
    if who and referrer:
        yield t.note("{who} to {referrer}", who=who, referrer=referrer)
    elif referrer:
        yield t.note("to {referrer}", referrer=referrer)
    elif who:
        yield t.note("from {who}", who=who)


def listened_for(cast: Cast, t: Voice, week: str) -> tuple[Part, ...]:
    """Return what to listen for on behalf of a few who want that; others of them every week."""
    lines = dict(sorted(_listened(cast)))
    if not lines:
        return ()
    waiting = list(lines)
    start = first_day(week).toordinal() // _DAYS * MOST_LISTENED % len(waiting)
    turn = (waiting + waiting)[start : start + min(MOST_LISTENED, len(waiting))]
    said = [t.spans("{who}: {words}", who=person(cast, who), words=lines[who]) for who in turn]
    return (Text(joined((t.spans("Listen for, this week:"), *said))),)


def _listened(cast: Cast) -> Iterator[tuple[MemberId, Plain]]:
    for who, card in cast.cards.items():
        if card.listened_for and card.lines.get(CardSlot.LISTEN_FOR) and _is_here(cast, who):
            yield who, line(card.lines[CardSlot.LISTEN_FOR], LISTEN_ROOM)


def spoken_of(tally: Tally, said: Iterable[Said], listening: Iterable[MemberId]) -> frozenset[MemberId]:
    """Return whose names and cards a post may want."""
    thanked = (who for one, _ in said for who in (one.seeker, one.provider, one.referrer) if who is not None)
    return frozenset((*tally.givers, *thanked, *listening))

"""The ways a party's question can end without a yes, each as something that happens at an instant."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import commands as c
from bot.domain.ids import MemberId
from bot.domain.member import FOREVER
from bot.domain.question import Answer
from tests.factories import GROUP, PIA, RITA, SAM
from tests.unit.transcripts import Act, Play, Step, on_newest, says

HALF_THE_UNDO = timedelta(seconds=15)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Ending:
    """One way to end without a yes."""

    name: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return self.name


def other_of(who: MemberId) -> MemberId:
    """Return the other party."""
    return PIA if who == SAM else SAM


def _pause(who: MemberId) -> Act:
    return lambda play: play.change(play.person(who).pausing(FOREVER, quiet=True))


def _close_messages(who: MemberId) -> Act:
    return lambda play: play.change(replace(play.person(who), direct_messages_closed=True))


def _cannot_be_reached(who: MemberId) -> Act:
    return lambda play: play.unreachable.add(who)


def _blocks(who: MemberId, whom: MemberId) -> Act:
    """Block by one's private list; whatever is open from them ends."""

    def act(play: Play) -> None:
        play.change(play.person(who).blocking(whom))
        play.do(None, c.PartyGone(who, Answer.BLOCK))

    return act


def _leaves(who: MemberId) -> Act:
    def act(play: Play) -> None:
        play.change(play.person(who).leaving(GROUP))
        play.do(None, c.PartyGone(who))

    return act


def _is_erased(who: MemberId) -> Act:
    def act(play: Play) -> None:
        play.do(None, c.PartyGone(who))
        play.change(replace(play.person(who), user=None))

    return act


def _bounces(who: MemberId) -> Act:
    """The platform refuses the prompt for good, some time after it was queued."""

    def act(play: Play) -> None:
        question = play.newest(who)
        play.do(None, c.PromptUndeliverable(question.number if question else 99))

    return act


def departures(who: MemberId) -> dict[str, Act]:
    """Return the ways somebody goes away."""
    return {
        "left": _leaves(who),
        "erased": _is_erased(who),
        "blocked the other": _blocks(who, other_of(who)),
        "blocked the referrer": _blocks(who, RITA),
    }


def noes(who: MemberId) -> dict[str, Act]:
    """Return the answers that are no yes."""
    return {
        "no": says(who, Answer.NO),
        "known": says(who, Answer.KNOWN),
        "not now": says(who, Answer.NOT_NOW),
        "block": says(who, Answer.BLOCK, other_of(who)),
        "block the referrer": says(who, Answer.BLOCK, RITA),
        "report": says(who, Answer.REPORT),
    }


def without_a_yes(
    who: MemberId, asked: datetime, deadline: datetime, *, start: datetime, may_depart: bool, first: bool
) -> list[Ending]:
    """Return the ways a question asked at `asked` ends without ever having been a yes.

    `may_depart` says whether the person could have left just before: not before the first round, where the referrer
    hears that they have not joined, nor where their own yes brought the question about. `first` says whether it is
    their first question, to which the limit applies.
    """
    before = asked - SECOND
    kept_from = {"pause": _pause(who), "closed messages": _close_messages(who), "bounce": _cannot_be_reached(who)}
    kept_from |= departures(who) if may_depart else {}
    kept_from |= {"block": lambda play: play.change(play.person(who).blocking(other_of(who)))} if first else {}
    later = (asked, asked + (deadline - asked) / 4, deadline - SECOND)
    may_say = noes(who) | departures(who) | {"pause": _pause(who)}
    return [
        Ending("silence", ()),
        *(Ending(f"{name}, before being asked", ((before, act),)) for name, act in kept_from.items()),
        *(Ending(f"{name}, after {at - asked}", ((at, act),)) for at in later for name, act in may_say.items()),
        *([Ending("limit", ((start - SECOND, lambda play: play.limit(who)),))] if first else []),
        Ending("bounce, late", ((later[1], _bounces(who)),)),
        Ending("no, then known", ((later[1], says(who, Answer.NO)), (later[2], says(who, Answer.KNOWN)))),
    ]


def after_a_yes(who: MemberId, said: datetime, *, until: datetime, waits: bool) -> Iterator[Ending]:
    """Return the ways a yes of `said` comes to nothing; `waits` says whether the yes itself has nobody asked."""
    yes = (said, says(who, Answer.YES))
    moments = (said + HALF_THE_UNDO, until - SECOND) if waits else (said + HALF_THE_UNDO,)
    for at in moments:
        for name, act in (noes(who) | departures(who) | {"taken back": on_newest(who, c.TakeBack)}).items():
            yield Ending(f"yes, then {name}, at {at - said}", (yes, (at, act)))


def at_the_last_step(who: MemberId, said: datetime) -> Iterator[Ending]:
    """Return the ways both yeses come to nothing between the second one and the room."""
    yes = (said, says(who, Answer.YES))
    at = said + HALF_THE_UNDO
    quiet: dict[str, Callable[[Play], None]] = {
        "blocked": lambda play: play.change(play.person(who).blocking(other_of(who))),
        "left": lambda play: play.change(play.person(who).leaving(GROUP)),
    }
    for name, act in quiet.items():
        yield Ending(f"yes, then {name}, found at the claim", (yes, (at, act)))
    yield Ending("yes, then no room", (yes, (at, lambda play: setattr(play, "refuses_rooms", True))))


def at_the_next_question(who: MemberId, said: datetime) -> Iterator[Ending]:
    """Return the ways a yes stands and the same person's next question ends without one."""
    yes = (said, says(who, Answer.YES))
    soon = said + HALF_THE_UNDO
    yield Ending("yes, and nothing more", (yes,))
    for name, act in {"pause": _pause(who), "closed": _close_messages(who), "bounce": _cannot_be_reached(who)}.items():
        yield Ending(f"yes, next: {name}", (yes, (soon, act)))
    for name, act in noes(who).items():
        yield Ending(f"yes, next: {name}", (yes, (said + timedelta(minutes=31), act)))


def no_and_told(who: MemberId, at: datetime) -> tuple[Step, ...]:
    """Say no and have the referrer told."""
    return ((at, says(who, Answer.NO)), (at + SECOND, on_newest(who, c.TellReferrer)))

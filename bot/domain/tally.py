"""The weekly tally: a pure function of the append-only log."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.events import Event, EventKind
from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.kind import Kind
from bot.domain.member import Guest, Party
from bot.domain.outcome import GOOD, Outcome
from bot.domain.question import Side

FEWEST = 3
"""Contributors without whom outcomes and amounts are not told."""

YES = "true"
_OUTSIDE = "guest/"
_ENDORSED = frozenset({Kind.RECOMMENDATION, Kind.READY})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log, with the ISO week it was written in, in the group's zone."""

    week: str
    event: Event


@dataclass(frozen=True, slots=True)
class Given:
    """What one member brought about in a week."""

    introductions: int = 0
    recommendations: int = 0
    thanks: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """One group's week in numbers. `inside` and `outside` are the introductions given to members and to guests.

    `outcomes` hold good ones alone, and `worth` is the sum of the bands' lower bounds; both are empty with fewer than
    three contributors. `givers` are member keys: who of them is named is decided when it is shown. `thanked` says
    where, and by which party, thanks were said that both want shown. `corrections` count reversals of earlier weeks.
    """

    group: GroupId
    week: str
    introductions: int = 0
    inside: int = 0
    outside: int = 0
    recommendations: int = 0
    leads: int = 0
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    worth: int = 0
    thanks: int = 0
    corrections: int = 0
    givers: Mapping[MemberId, Given] = field(default_factory=dict)
    thanked: tuple[tuple[ReferralId, Side], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to tell: such a week is not posted."""
        told = (self.introductions, self.leads, self.outcomes, self.thanks, self.corrections, self.thanked)
        return not any(told)


def party_fact(party: Party | None) -> str:
    """Return what the log says of a party: a member's key, or a guest's, marked as one."""
    return f"{_OUTSIDE}{party.id}" if isinstance(party, Guest) else party or ""


def tally_of(group: GroupId, week: str, entries: Iterable[Entry]) -> Tally:
    """Return one group's week in numbers, from the log's entries of that week and from nothing else.

    A helper's introduction has no referrer, so nobody gave it and it does not count; nor does a name that may be
    mentioned, the same two once more, or what was reclassified before the week was over.
    """
    happened: dict[EventKind, list[Event]] = defaultdict(list)
    for entry in entries:
        if entry.week == week and entry.event.group == group:
            happened[entry.event.kind].append(entry.event)
    reversals = happened[EventKind.RECLASSIFIED]
    taken_back = {event.referral for event in reversals}
    introduced = _introductions(happened[EventKind.INTRODUCED], taken_back)
    outside = sum(_seeker(event).startswith(_OUTSIDE) for event in introduced)
    thanks = {_by_side(event): event for event in happened[EventKind.THANKED]}
    reported = happened[EventKind.OUTCOME_REPORTED]
    reports = _reports(reported, taken_back)
    return Tally(
        group,
        week,
        introductions=len(introduced),
        inside=len(introduced) - outside,
        outside=outside,
        recommendations=sum(map(_is_endorsed, introduced)),
        leads=len({event.referral for event in happened[EventKind.LEAD_SENT]}),
        outcomes=_outcomes(reports, reported),
        worth=_worth(reports, reported),
        thanks=len(thanks),
        corrections=len({event.referral for event in reversals if _corrects(event, week)}),
        givers=_givers(introduced, thanks.values()),
        thanked=_to_be_shown(happened[EventKind.THANKS_SHOWN]),
    )


def _introductions(events: Iterable[Event], taken_back: Collection[ReferralId | None]) -> Sequence[Event]:
    """Return those that count: one for each seeker and provider, whoever was first."""
    found: dict[tuple[str, str], Event] = {}
    for event in events:
        facts = event.facts
        counts = YES not in (facts.get("helper"), facts.get("again")) and facts.get("kind") != Kind.NAME_USE
        if counts and event.referral not in taken_back:
            found.setdefault((_seeker(event), facts.get("provider", "")), event)
    return tuple(found.values())


def _seeker(event: Event) -> str:
    """Return the seeker's key; entries that are older than this fact are kept apart by their referral."""
    return event.facts.get("seeker") or str(event.referral)


def _is_endorsed(event: Event) -> bool:
    return event.facts.get("kind") in _ENDORSED


def _corrects(event: Event, week: str) -> bool:
    """Say whether an earlier week counted it: a helper's, the same two once more and a mere name never were."""
    facts = event.facts
    return "" < facts.get("week", "") < week and bool(facts.get("referrer")) and facts.get("kind") != Kind.NAME_USE


def _reports(events: Iterable[Event], taken_back: Collection[ReferralId | None]) -> Sequence[Event]:
    """Return each party's last word on each introduction, where it is a good one. What was really a lead has none."""
    last = {_by_side(event): event for event in events}
    return tuple(e for e in last.values() if e.referral not in taken_back and _is_good(e))


def _is_good(event: Event) -> bool:
    return event.facts.get("outcome") in GOOD and event.facts.get("reclassified") != YES


def _by_side(event: Event) -> tuple[ReferralId | None, str]:
    return event.referral, event.facts.get("side", "")


def _outcomes(reports: Sequence[Event], said: Iterable[Event]) -> Mapping[Outcome, int]:
    """Count what was said that week. An amount of what was won in an earlier week does not win it again."""
    new = {_by_side(event) for event in said if event.facts.get("again") != YES}
    told = [event for event in reports if _by_side(event) in new]
    return dict(Counter(Outcome(event.facts["outcome"]) for event in told)) if _are_enough(told) else {}


def _worth(reports: Sequence[Event], said: Iterable[Event]) -> int:
    """Return the sum of the lower bounds, each introduction once. Who says nothing of worth hides nobody's amount.

    Of an amount that was another one in an earlier week, what is more than that counts.
    """
    known = _counted_before(said)
    grown = [(event, _amount(event) - known.get(_by_side(event), 0)) for event in reports]
    told = [(event, more) for event, more in grown if more > 0]
    if not _are_enough([event for event, _ in told]):
        return 0
    highest: dict[ReferralId | None, int] = {}
    for event, more in told:
        highest[event.referral] = max(highest.get(event.referral, 0), more)
    return sum(highest.values())


def _counted_before(said: Iterable[Event]) -> Mapping[tuple[ReferralId | None, str], int]:
    """Return the amounts that stood when the week began: what its first entries say was there before them."""
    first: dict[tuple[ReferralId | None, str], int] = {}
    for event in said:
        first.setdefault(_by_side(event), int(event.facts.get("before") or 0))
    return first


def _amount(event: Event) -> int:
    return int(event.facts.get("amount") or 0)


def _are_enough(reports: Sequence[Event]) -> bool:
    return len({event.by for event in reports}) >= FEWEST


def _givers(introduced: Iterable[Event], thanked: Iterable[Event]) -> Mapping[MemberId, Given]:
    introductions = Counter(event.by for event in introduced if event.by)
    recommendations = Counter(event.by for event in introduced if event.by and _is_endorsed(event))
    thanks = Counter(MemberId(event.facts["to"]) for event in thanked if event.facts.get("to"))
    givers = sorted({*introductions, *thanks})
    return {who: Given(introductions[who], recommendations[who], thanks[who]) for who in givers}


def _to_be_shown(events: Iterable[Event]) -> tuple[tuple[ReferralId, Side], ...]:
    """Return where, and by which party, thanks were said that both want shown."""
    last = {_by_side(event): event for event in events}
    wanted = (e for e in last.values() if e.facts.get("yes") == e.facts.get("may_show") == YES)
    return tuple((e.referral, Side(e.facts["side"])) for e in wanted if e.referral and e.facts.get("side"))

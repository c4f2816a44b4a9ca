"""What a week's tally counts and what it does not, from the log alone, however the log is replayed."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import Event, EventKind
from bot.domain.ids import GroupId, GuestId, MemberId, ReferralId
from bot.domain.kind import Kind
from bot.domain.member import Guest
from bot.domain.outcome import Amount, Outcome
from bot.domain.question import Side
from bot.domain.tally import Entry, Given, Tally, party_fact, tally_of
from tests.factories import GROUP, OTTO, PIA, RITA, SAM

WEEK, BEFORE = "2026-W47", "2026-W46"
SOMEBODY = tuple(MemberId(f"m-{n}") for n in range(4))
_numbers = count()


def introduced(referral: str = "", /, **changes: Any) -> Event:  # noqa: ANN401 -- any fact
    """Return Rita's introduction of Sam to Pia, of its own referral unless one is named."""
    facts = {"kind": "informed_referral", "helper": "false", "seeker": SAM, "provider": PIA, "again": "false"}
    by = changes.pop("by", RITA)
    return logged(EventKind.INTRODUCED, referral or f"r-{next(_numbers)}", by, **(facts | changes))


def logged(kind: EventKind, referral: str = "r", by: MemberId | None = RITA, /, **facts: str) -> Event:
    return Event(kind, GROUP, by, ReferralId(referral), facts)


def reported(referral: str, by: MemberId, outcome: Outcome, side: str = "provider", **facts: str) -> Event:
    return logged(EventKind.OUTCOME_REPORTED, referral, by, outcome=outcome, side=side, **facts)


def reversal(referral: str, week: str = WEEK, **facts: str) -> Event:
    return logged(
        EventKind.RECLASSIFIED, referral, PIA, **({"week": week, "kind": "referral", "referrer": RITA} | facts)
    )


def tally(*events: Event, week: str = WEEK) -> Tally:
    return tally_of(GROUP, week, [Entry(WEEK, event) for event in events])


def numbers(found: Tally) -> tuple[int, int, int, int]:
    return found.introductions, found.inside, found.outside, found.recommendations


GUEST = party_fact(Guest(GuestId("g")))
INTRODUCTIONS: dict[str, tuple[list[Event], tuple[int, int, int, int]]] = {
    "nothing": ([], (0, 0, 0, 0)),
    "one inside": ([introduced()], (1, 1, 0, 0)),
    "one to a guest": ([introduced(seeker=GUEST)], (1, 0, 1, 0)),
    "a recommendation": ([introduced(kind=Kind.RECOMMENDATION)], (1, 1, 0, 1)),
    "a ready one": ([introduced(kind=Kind.READY)], (1, 1, 0, 1)),
    "a helper's": ([introduced(helper="true", by=PIA)], (0, 0, 0, 0)),
    "a name that may be mentioned": ([introduced(kind=Kind.NAME_USE)], (0, 0, 0, 0)),
    "the same two in an earlier week": ([introduced(again="true")], (0, 0, 0, 0)),
    "the same two twice this week": ([introduced(), introduced(by=OTTO)], (1, 1, 0, 0)),
    "the other way round": ([introduced(), introduced(seeker=PIA, provider=SAM)], (2, 2, 0, 0)),
    "two of a program that knew no pairs": (
        [logged(EventKind.INTRODUCED, name, kind="referral", helper="false") for name in ("a", "b")],
        (2, 2, 0, 0),
    ),
    "really a lead": ([introduced("r"), reversal("r")], (0, 0, 0, 0)),
    "really a lead, and another of the same two": ([introduced("r"), introduced(), reversal("r")], (1, 1, 0, 0)),
    "confirmed to be ready": ([introduced("r"), logged(EventKind.READY_CONFIRMED, "r", PIA)], (1, 1, 0, 0)),
}


@pytest.mark.parametrize(("events", "expected"), INTRODUCTIONS.values(), ids=INTRODUCTIONS)
def test_an_introduction_counts_once_and_only_if_somebody_gave_it(
    events: list[Event], expected: tuple[int, int, int, int]
) -> None:
    found = tally(*events)

    assert numbers(found) == expected
    assert found.is_empty == (expected[0] == 0)
    assert sum(one.introductions for one in found.givers.values()) == expected[0]


def test_another_week_and_another_group_are_not_counted() -> None:
    elsewhere = replace(introduced(), group=GroupId("elsewhere"))
    entries = [Entry(WEEK, introduced()), Entry(BEFORE, introduced(seeker=OTTO)), Entry(WEEK, elsewhere)]

    assert tally_of(GROUP, WEEK, entries).introductions == 1


def test_only_leads_that_were_sent_count() -> None:
    found = tally(*(logged(kind, kind) for kind in (EventKind.LEAD_SENT, EventKind.LEAD_KEPT, EventKind.LEAD_UPGRADED)))

    assert (found.leads, found.is_empty) == (1, False)


CORRECTIONS = {
    "of an earlier week": (reversal("old", BEFORE), 1),
    "of this week": (reversal("old", WEEK), 0),
    "of a helper's": (reversal("old", BEFORE, referrer=""), 0),
    "of the same two once more": (reversal("old", ""), 0),
    "of a mere name": (reversal("old", BEFORE, kind="name_use"), 0),
}


@pytest.mark.parametrize(("event", "expected"), CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_reversal_is_a_correction_where_an_earlier_week_counted_it(event: Event, expected: int) -> None:
    found = tally(introduced(), event, event)

    assert (found.corrections, found.introductions) == (expected, 1)


def test_outcomes_are_told_from_three_contributors_on_and_bad_ones_never() -> None:
    good = [reported(f"r{n}", who, Outcome.WON if n else Outcome.TALKING) for n, who in enumerate(SOMEBODY[:3])]
    bad = [reported(f"b{n}", who, outcome) for n, who in enumerate(SOMEBODY) for outcome in Outcome]
    last_bad = [reported(f"b{n}", who, Outcome.LOST) for n, who in enumerate(SOMEBODY)]

    assert tally(*good).outcomes == {Outcome.TALKING: 1, Outcome.WON: 2}
    assert tally(*good[:2], *bad, *last_bad).outcomes == {}
    assert tally(*good[:2], reported("r9", SOMEBODY[0], Outcome.WON)).outcomes == {}


def test_of_an_outcome_the_last_word_of_each_side_counts_and_none_of_what_was_really_a_lead() -> None:
    first = [
        reported("r0", SAM, Outcome.LOST, "seeker"),
        reported("r0", PIA, Outcome.TALKING),
        reported("r1", RITA, Outcome.WON),
    ]
    later = [reported("r0", SAM, Outcome.WON, "seeker"), reported("r0", PIA, Outcome.WON)]

    assert tally(*first, *later).outcomes == {Outcome.WON: 3}
    assert tally(*first, *later, reversal("r0", BEFORE)).outcomes == {}


def test_amounts_are_told_from_three_who_said_one_and_each_introduction_once() -> None:
    three = [reported(f"r{n}", who, Outcome.WON, amount=Amount.THOUSANDS) for n, who in enumerate(SOMEBODY[:3])]
    other_side = reported("r0", OTTO, Outcome.WON, "seeker", amount=Amount.MORE)
    nothing = reported("r9", SOMEBODY[3], Outcome.WON, amount=Amount.SOME)

    assert (tally(*three, nothing).worth, tally(*three, other_side).worth) == (6000, 14_000)
    assert tally(*three[:2], nothing).worth == 0
    assert tally(*three[:2], nothing).outcomes == {Outcome.WON: 3}


def test_what_was_won_in_an_earlier_week_is_not_won_again_by_saying_its_amount_and_only_what_is_more_counts() -> None:
    amounts = {"amount": Amount.THOUSANDS, "again": "true"}
    old = [reported(f"r{n}", who, Outcome.WON, **amounts) for n, who in enumerate(SOMEBODY[:3])]
    more = [
        reported(f"r{n}", who, Outcome.WON, before=Amount.HUNDREDS, **amounts) for n, who in enumerate(SOMEBODY[:3])
    ]
    less = [reported(f"r{n}", who, Outcome.WON, before=Amount.MORE, **amounts) for n, who in enumerate(SOMEBODY[:3])]
    news = [reported(f"n{n}", who, Outcome.WON) for n, who in enumerate(SOMEBODY[:3])]

    assert [(tally(*said).outcomes, tally(*said).worth) for said in (old, more, less)] == [
        ({}, 6000),
        ({}, 4500),
        ({}, 0),
    ]
    assert tally(*news, *old).outcomes == {Outcome.WON: 3}
    later = [reported(f"n{n}", who, Outcome.WON, reclassified="true") for n, who in enumerate(SOMEBODY[:3])]
    assert tally(*later).outcomes == {}


def test_thanks_are_counted_by_each_who_said_them_and_shown_where_both_want_that() -> None:
    said = [
        logged(EventKind.THANKED, "r", who, to=RITA, may_show="true", side=side)
        for who, side in ((SAM, "s"), (PIA, "p"))
    ]

    def shown(yes: str, may_show: str = "true", referral: str = "r", side: str = "seeker") -> Event:
        return logged(EventKind.THANKS_SHOWN, referral, yes=yes, may_show=may_show, side=side)

    shows = (shown("true"), shown("true", "false", "kept"), shown("true", referral="later"), shown("false"))
    found = tally(*said, *shows, shown("true", side="provider"))

    assert (found.thanks, found.givers) == (2, {RITA: Given(thanks=2)})
    assert found.thanked == (("later", Side.SEEKER), ("r", Side.PROVIDER))
    assert not tally(shown("true")).is_empty


def test_givers_are_named_with_what_they_brought_about() -> None:
    found = tally(
        introduced(kind="recommendation"),
        introduced(seeker=OTTO),
        introduced(seeker=GUEST, by=OTTO),
        logged(EventKind.THANKED, "r", SAM, to=OTTO, may_show="false", side="seeker"),
        logged(EventKind.THANKED, "r", SAM, to="", may_show="false", side="provider"),
    )

    assert found.givers == {OTTO: Given(1, 0, 1), RITA: Given(2, 1, 0)}


names = st.sampled_from(("a", "b", "c", "d"))
members = st.sampled_from((RITA, SAM, PIA, OTTO, *SOMEBODY))
weeks = st.sampled_from((BEFORE, WEEK, "2026-W48"))
events = st.one_of(
    st.builds(
        introduced,
        names,
        by=members,
        seeker=st.one_of(members, st.just(GUEST)),
        provider=members,
        kind=st.sampled_from(Kind),
        helper=st.sampled_from(("true", "false")),
        again=st.sampled_from(("true", "false")),
    ),
    st.builds(reported, names, members, st.sampled_from(Outcome), st.sampled_from(("seeker", "provider"))),
    st.builds(
        lambda name, who, amount: reported(name, who, Outcome.WON, amount=amount),
        names,
        members,
        st.sampled_from(Amount),
    ),
    st.builds(reversal, names, weeks, referrer=st.sampled_from((RITA, ""))),
    st.builds(lambda name, who: logged(EventKind.THANKED, name, SAM, to=who, may_show="true"), names, members),
    st.builds(
        lambda name, yes, side: logged(EventKind.THANKS_SHOWN, name, yes=yes, may_show="true", side=side),
        names,
        st.sampled_from(("true", "false")),
        st.sampled_from(Side),
    ),
    st.builds(logged, st.sampled_from(EventKind), names, members),
)
logs = st.lists(st.builds(Entry, weeks, events), max_size=40)


@given(log=logs, cuts=st.lists(st.integers(0, 40), max_size=6))
def test_any_log_replayed_in_batches_of_any_size_gives_the_same_tally(log: list[Entry], cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(log)]
    batches = [log[start:end] for start, end in pairwise(edges)]
    replayed: Iterable[Entry] = (entry for batch in batches for entry in batch)

    assert tally_of(GROUP, WEEK, replayed) == tally_of(GROUP, WEEK, log)


@given(log=logs, later=logs)
def test_what_is_logged_in_other_weeks_never_changes_a_week(log: list[Entry], later: list[Entry]) -> None:
    appended = [*log, *(entry for entry in later if entry.week != WEEK)]

    assert tally_of(GROUP, WEEK, appended) == tally_of(GROUP, WEEK, log)


@given(log=logs)
def test_every_tally_adds_up_and_tells_nothing_of_fewer_than_three(log: list[Entry]) -> None:
    found = tally_of(GROUP, WEEK, log)
    told = {entry.event.by for entry in log if entry.week == WEEK and entry.event.kind is EventKind.OUTCOME_REPORTED}

    assert found.introductions == found.inside + found.outside == sum(g.introductions for g in found.givers.values())
    assert found.recommendations == sum(g.recommendations for g in found.givers.values()) <= found.introductions
    assert len(told) >= 3 or (found.outcomes == {} and found.worth == 0)
    assert set(found.outcomes) <= {Outcome.TALKING, Outcome.WON}
    assert min(found.corrections, found.worth, found.leads, found.thanks) >= 0


@given(log=logs, data=st.data())
def test_a_reversal_adds_no_introduction_and_at_most_one_correction(log: list[Entry], data: st.DataObject) -> None:
    before = tally_of(GROUP, WEEK, log)
    entry = Entry(WEEK, data.draw(st.builds(reversal, names, weeks)))

    after = tally_of(GROUP, WEEK, [*log, entry])

    assert after.introductions <= before.introductions
    assert before.corrections <= after.corrections <= before.corrections + 1
    assert (after.leads, after.thanks, after.thanked) == (before.leads, before.thanks, before.thanked)

"""What a Store promises about closed weeks: kept once, numbered, never changed, and found however long the log is."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.domain.events import Event, EventKind
from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.outcome import Outcome
from bot.domain.question import Side
from bot.domain.tally import Entry, Given, Tally, tally_of
from bot.ports.installs import Workspace
from bot.ports.store import Transaction
from storage.runner import open_runner
from storage.store import SqlStore
from storage.tables import group, log
from storage.vault import Vault
from tests.factories import (
    GROUP,
    NOW,
    OTTO,
    PIA,
    RITA,
    SAM,
    WORKSPACE,
    a_card,
    a_group,
    a_referral,
    an_asking_referral,
    an_event,
)
from tests.stores import keep, settled

WEEK = "2026-W46"
DAY = timedelta(days=1)
FAR = NOW + 15 * DAY
FULL = Tally(
    GROUP,
    WEEK,
    introductions=3,
    inside=2,
    outside=1,
    recommendations=1,
    leads=4,
    outcomes={Outcome.WON: 2, Outcome.TALKING: 1},
    worth=12_000,
    thanks=2,
    corrections=1,
    givers={RITA: Given(2, 1, 2), OTTO: Given(1)},
    thanked=((ReferralId("r"), Side.PROVIDER),),
)


def test_a_frozen_week_comes_back_as_it_was_and_stays_as_it_is(store: SqlStore) -> None:
    def work(tx: Transaction) -> None:
        first = tx.tallies.freeze(FULL, NOW)
        again = tx.tallies.freeze(Tally(GROUP, WEEK), NOW + DAY)
        assert first == again

    store.run_now(work)

    found = store.run_now(lambda tx: (tx.tallies.frozen(GROUP, WEEK), tx.tallies.frozen(GROUP, "2026-W45")))
    assert found[0] is not None
    assert ((found[0].number, found[0].frozen_at, found[0].tally), found[1]) == ((1, NOW, FULL), None)


def test_each_group_counts_its_weeks_up_and_gives_the_last_ones(store: SqlStore) -> None:
    other = GroupId("other")

    def work(tx: Transaction) -> tuple[list[tuple[int, str]], ...]:
        for number in (43, 44, 46, 45):
            tx.tallies.freeze(Tally(GROUP, f"2026-W{number}"), NOW)
        tx.tallies.freeze(Tally(other, WEEK), NOW)
        asked = (tx.tallies.last_weeks(GROUP, WEEK, 2), tx.tallies.last_weeks(other, "2027-W01", 8))
        return tuple([(one.number, one.tally.week) for one in found] for found in asked)

    assert store.run_now(work) == ([(4, "2026-W45"), (2, "2026-W44")], [(1, WEEK)])


def test_no_week_is_changed_or_removed_but_with_its_departed_workspace(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.tallies.freeze(FULL, NOW))

    for statement in ("UPDATE tally SET body = '{}'", "DELETE FROM tally"):
        with pytest.raises(IntegrityError):
            store._runner.run_now(lambda connection, sql=statement: connection.exec_driver_sql(sql))  # type: ignore[misc]
    store.run_now(lambda tx: tx.workspaces.save(Workspace(WORKSPACE, NOW, departed_at=NOW)))
    while store.run_now(lambda tx: tx.upkeep.forget_workspace(WORKSPACE, 100)):
        pass

    assert store.run_now(lambda tx: tx.tallies.frozen(GROUP, WEEK)) is None


def test_a_group_is_taken_when_it_is_due_or_not_known_or_impossibly_far_off(store: SqlStore) -> None:
    dues = {"late": NOW - DAY, "now": NOW, "later": NOW + DAY, "far": FAR + DAY}

    def fill(tx: Transaction) -> None:
        for name, due in dues.items():
            tx.groups.add(a_group(id=GroupId(name), channel=name))
            tx.tallies.set_due(GroupId(name), due)

    store.run_now(fill)

    def take(tx: Transaction, most: int = 9) -> list[GroupId]:
        taken = list(tx.tallies.take_due(NOW, FAR, most))
        for key in taken:
            tx.tallies.set_due(key, NOW + 7 * DAY)
        return taken

    found = [store.run_now(lambda tx: take(tx, 1)), *(store.run_now(take) for _ in range(4))]
    assert found == [["late"], ["now"], [GROUP], ["far"], []]
    dues_now = store.run_now(lambda tx: (tx.tallies.due_of(GroupId("later")), tx.tallies.next_due()))
    assert dues_now == (NOW + DAY, NOW + DAY)


def test_saving_a_group_leaves_its_due_alone(store: SqlStore) -> None:
    def work(tx: Transaction) -> datetime | None:
        tx.tallies.set_due(GROUP, NOW)
        tx.groups.save(replace(tx.groups.get(GROUP), organisers=frozenset({RITA})))
        return tx.tallies.due_of(GROUP)

    assert store.run_now(work) == NOW
    assert store.run_now(lambda tx: tx.groups.get(GROUP).version) == a_group().version + 2


@pytest.mark.postgres
def test_what_one_replica_takes_no_other_gets_at_the_same_tick(migrated_postgres: str, vault: Vault) -> None:
    first, second = settled(migrated_postgres, vault), SqlStore(open_runner(migrated_postgres), vault)
    barrier = Barrier(2)

    def fill(tx: Transaction) -> None:
        for number in range(40):
            tx.groups.add(a_group(id=GroupId(f"g{number:02}"), channel=str(number)))
            tx.tallies.set_due(GroupId(f"g{number:02}"), NOW)

    first.run_now(fill)

    def take(tx: Transaction) -> Sequence[GroupId]:
        taken = tx.tallies.take_due(NOW, FAR, 20)
        barrier.wait(10)  # both hold what they took
        return taken

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda store: store.run_now(take), (first, second))

    assert (len(one), len(two), len({*one, *two})) == (20, 20, 40)
    first.close_now()
    second.close_now()


def test_a_card_keeps_what_its_owner_agreed_to(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.members.save_card(a_card(named=True)))
    store.run_now(lambda tx: tx.members.save_card(replace(tx.members.card(PIA, GROUP), listened_for=True)))
    shown = store.run_now(lambda tx: tx.members.card(PIA, GROUP))
    store.run_now(lambda tx: tx.members.save_card(replace(tx.members.card(PIA, GROUP), named=False)))

    assert (shown.named, shown.listened_for, shown.accepts_leads) == (True, True, False)
    assert store.run_now(lambda tx: tx.members.card(PIA, GROUP).named) is False


def test_two_were_introduced_if_an_earlier_referral_of_the_group_says_so(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.groups.add(a_group(id=GroupId("other"), channel="other")))
    keep(
        store,
        an_asking_referral(id=ReferralId("earlier"), introduced_at=NOW),
        an_asking_referral(id=ReferralId("asked"), seeker=OTTO),
        an_asking_referral(id=ReferralId("elsewhere"), seeker=RITA, group=GroupId("other"), introduced_at=NOW),
    )
    asked = (a_referral(), a_referral(id=ReferralId("earlier")), a_referral(seeker=OTTO), a_referral(seeker=RITA))
    turned = a_referral(seeker=PIA, provider=SAM)

    found = [store.run_now(lambda tx, one=one: tx.referrals.were_introduced(one)) for one in (*asked, turned)]  # type: ignore[misc]

    assert found == [True, False, False, False, False]


# promise 3 and promise 4, through the store

_kinds = st.sampled_from(
    (EventKind.INTRODUCED, EventKind.RECLASSIFIED, EventKind.OUTCOME_REPORTED, EventKind.THANKED, EventKind.LEAD_SENT)
)
_facts = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("referral", "recommendation")),
        "seeker": st.sampled_from((SAM, OTTO, "guest/g")),
        "provider": st.sampled_from((PIA, RITA)),
        "outcome": st.sampled_from(("won", "talking", "lost")),
        "side": st.sampled_from(("seeker", "provider")),
        "amount": st.sampled_from(("0", "500", "2000")),
        "week": st.sampled_from((WEEK, "2026-W45")),
        "referrer": st.just(str(RITA)),
        "to": st.sampled_from((RITA, OTTO)),
    }
)
_entries = st.builds(
    lambda kind, by, referral, facts, week: Entry(week, Event(kind, GROUP, by, ReferralId(referral), facts)),
    _kinds,
    st.sampled_from((RITA, SAM, PIA, OTTO)),
    st.sampled_from("abcd"),
    _facts,
    st.sampled_from((WEEK, "2026-W45")),
)


class _UndoneError(Exception):
    """Takes everything back, so that the next example starts with an empty log."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(_entries, min_size=1, max_size=25), size=st.integers(1, 25), who=st.sampled_from((RITA, SAM)))
def test_a_log_written_in_any_batches_gives_the_same_tally_and_erasing_somebody_changes_nothing(
    store: SqlStore, entries: list[Entry], size: int, who: MemberId
) -> None:
    found: list[Tally] = []

    def work(tx: Transaction) -> None:
        for start in range(0, len(entries), size):
            for entry in entries[start : start + size]:
                tx.records.append([entry.event], NOW, entry.week)
            found.append(tally_of(GROUP, WEEK, tx.tallies.week_of(GROUP, WEEK)))
        tx.tallies.freeze(found[-1], NOW)
        tx.upkeep.erase(who, NOW)
        found.append(tally_of(GROUP, WEEK, tx.tallies.week_of(GROUP, WEEK)))
        kept = tx.tallies.frozen(GROUP, WEEK)
        assert kept is not None
        found.append(kept.tally)
        raise _UndoneError

    with pytest.raises(_UndoneError):
        store.run_now(work)

    whole = tally_of(GROUP, WEEK, entries)
    assert found[-3:] == [whole, whole, whole]


def test_entries_of_a_newer_program_are_not_counted(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.records.append([an_event()], NOW, WEEK))
    store._runner.run_now(
        lambda connection: connection.exec_driver_sql(
            "INSERT INTO log (at, week, group_id, kind, facts) SELECT at, week, group_id, 'of_tomorrow', facts FROM log"
        )
    )

    assert [entry.event.kind for entry in store.run_now(lambda tx: tx.tallies.week_of(GROUP, WEEK))] == ["introduced"]


def test_the_log_of_a_week_is_read_in_its_order(store: SqlStore) -> None:
    for name in "cab":
        store.run_now(lambda tx, name=name: tx.records.append([an_event(referral=ReferralId(name))], NOW, WEEK))  # type: ignore[misc]

    read = [entry.event.referral for entry in store.run_now(lambda tx: tx.tallies.week_of(GROUP, WEEK))]

    assert read == ["c", "a", "b"]
    assert store._runner.run_now(lambda connection: connection.execute(select(log.c.seq)).all())
    assert store._runner.run_now(lambda connection: connection.execute(select(group.c.tally_due)).scalar()) is None

"""Each closed week is counted once, at the group's instant, whatever the clock, the replicas and the settings do."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.app import tallying
from bot.domain.group import Group, Settings, TallyMode
from bot.domain.ids import ChannelId, GroupId
from bot.domain.local_time import last_closed_week
from bot.ports.installs import Workspace
from bot.ports.store import Transaction
from storage.runner import open_runner
from storage.store import SqlStore
from storage.tables import outbox
from storage.vault import Vault
from tests.app.town import DAY, DUE, FAR_OFF, HOUR, WEEK, Town, in_a_row
from tests.factories import GROUP, NOW, WORKSPACE, a_group
from tests.stores import settled


@pytest.fixture
def store(migrated_sqlite: str, vault: Vault) -> Iterator[SqlStore]:
    opened = settled(migrated_sqlite, vault)
    yield opened
    opened.close_now()


@pytest.fixture
async def town(store: SqlStore) -> Town:
    made = Town(store)
    await made.at(NOW)
    return made


async def test_a_week_is_frozen_and_its_post_queued_at_the_groups_instant_and_once(town: Town) -> None:
    await town.happens()
    assert await town.due() == DUE

    await town.at(DUE - timedelta(seconds=1))
    before = await town.frozen()
    await town.at(DUE)
    await town.happens()
    for instant in (DUE, DUE + HOUR, DUE - HOUR, DUE + 6 * DAY):
        await town.at(instant)

    assert (before, await town.frozen(), await town.posts()) == ([], [(1, "2026-W47")], ["2026-W47"])
    assert await town.due() == DUE + WEEK


async def test_an_empty_week_and_one_that_is_not_to_be_posted_are_counted_and_not_posted(town: Town) -> None:
    await town.at(DUE)
    await town.choose(tally_mode=TallyMode.OFF)
    await town.happens()
    await town.at(DUE + WEEK)
    await town.store.run(lambda tx: tx.workspaces.save(Workspace(WORKSPACE, NOW, departed_at=NOW)))
    await town.choose(tally_mode=TallyMode.FULL)
    await town.happens()
    await town.at(DUE + 2 * WEEK)

    assert [week for _, week in await town.frozen()] == ["2026-W47", "2026-W48", "2026-W49"]
    assert await town.posts() == []


async def test_after_weeks_off_the_last_closed_week_is_posted_once_and_then_it_goes_on(town: Town) -> None:
    for week in range(4):
        town.clock.at = NOW + week * WEEK
        await town.happens()

    await town.at(DUE + 3 * WEEK + DAY + HOUR)
    await town.happens()
    await town.at(DUE + 4 * WEEK)

    assert await town.posts() == ["2026-W50", "2026-W51"]
    assert [number for number, _ in await town.frozen()] == [1, 2]


async def test_a_restart_in_the_minute_of_the_post_posts_it_once(
    town: Town, migrated_sqlite: str, vault: Vault
) -> None:
    await town.happens()
    await town.at(DUE)
    town.store.close_now()

    again = Town(SqlStore(open_runner(migrated_sqlite), vault))
    await again.at(DUE + timedelta(seconds=20))

    assert (await again.posts(), await again.frozen()) == (["2026-W47"], [(1, "2026-W47")])
    again.store.close_now()


async def test_a_group_that_posts_at_the_end_of_the_week_gets_the_week_that_was_due_though_the_tick_is_late(
    town: Town,
) -> None:
    await town.choose(tally_weekday=6, tally_time=time(23, 59))
    await town.happens()
    late = datetime(2026, 11, 23, 0, 0, 5, tzinfo=UTC)

    await town.at(late)
    await town.happens()
    for week in range(1, 3):
        await town.at(late + week * WEEK)

    assert [week for _, week in await town.frozen()] == ["2026-W46", "2026-W47", "2026-W48"]
    assert await town.posts() == ["2026-W47", "2026-W48"]


async def test_a_new_group_has_nothing_to_tell_of_the_week_before_it_began(store: SqlStore) -> None:
    town = Town(store, NOW)
    young = a_group(id=GroupId("young"), channel=ChannelId("young"), started_at=DUE - HOUR)
    await store.run(lambda tx: tx.groups.add(young))

    await town.at(DUE - HOUR)
    await town.at(DUE)

    due = await store.run(lambda tx: tx.tallies.due_of(young.id))
    assert (due, await store.run(lambda tx: tx.tallies.frozen(young.id, "2026-W47"))) == (DUE + WEEK, None)
    assert await store.run(lambda tx: tallying.before(tx, young, "2026-W48")) == []


JUMPS = {
    "an hour ahead": (HOUR,),
    "an hour back": (-HOUR,),
    "a day ahead": (DAY,),
    "a day back": (-DAY,),
    "to and fro": (HOUR, -HOUR, DAY, -DAY, HOUR),
    "to 1970": (-timedelta(days=20_000),),
    "far ahead": (FAR_OFF,),
}


@pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS)
async def test_a_clock_that_jumps_loses_no_week_and_posts_none_twice(town: Town, jumps: tuple[timedelta, ...]) -> None:
    await town.happens()
    for jump in jumps:
        await town.at(DUE + jump)
        await town.at(DUE)
    for week in range(1, 3):
        town.clock.at = DUE + week * WEEK - DAY
        await town.happens()
        await town.at(DUE + week * WEEK)

    posts = await town.posts()
    assert sorted(posts) == ["2026-W47", "2026-W48", "2026-W49"]
    assert await town.due() == DUE + 3 * WEEK


ZONES = ("Australia/Lord_Howe", "America/New_York", "Europe/London", "Africa/Cairo", "America/Havana", "Asia/Kathmandu")


@pytest.mark.parametrize("zone", [ZONES[0], *(pytest.param(zone, marks=pytest.mark.long) for zone in ZONES[1:])])
async def test_through_three_years_of_changing_clocks_each_week_is_posted_once(store: SqlStore, zone: str) -> None:
    town = Town(store, datetime(2026, 1, 4, tzinfo=UTC))
    begun = town.clock.at
    settings = Settings(time_zone=zone, tally_weekday=6, tally_time=time(2, 15))
    await store.run(lambda tx: tx.groups.save(replace(tx.groups.get(GROUP), settings=settings, started_at=begun)))
    while town.clock.at < datetime(2029, 1, 10, tzinfo=UTC):
        await town.happens()
        for _ in range(7):
            await town.at(town.clock.at + 19 * HOUR)

    posts = await town.posts()
    assert posts == in_a_row("2026-W01", len(posts))
    assert posts[-1] == last_closed_week(town.clock.at - WEEK, zone) or posts[-1] == last_closed_week(
        town.clock.at, zone
    )
    assert len(posts) > 155


async def test_posts_of_one_minute_are_spread_and_the_first_one_goes_at_once(town: Town) -> None:
    def found(tx: Transaction) -> None:
        for number in range(25):
            tx.groups.add(a_group(id=GroupId(f"g{number}"), channel=ChannelId(str(number)), started_at=NOW))

    await town.store.run(found)
    await town.at(NOW)
    for number in range(25):
        await town.happens(GroupId(f"g{number}"))

    await town.at(DUE)

    dues = select(outbox.c.due).order_by(outbox.c.due)
    waits = [
        due - DUE for due in town.store._runner.run_now(lambda connection: connection.execute(dues).scalars().all())
    ]
    assert waits == [tallying.APART * n for n in range(25)]


async def test_the_week_so_far_and_the_weeks_before_come_from_the_log_where_nothing_is_frozen(town: Town) -> None:
    group: Group = await town.store.run(lambda tx: tx.groups.get(GROUP))
    await town.happens()
    so_far = await town.store.run(lambda tx: tallying.this_week(tx, group, NOW))
    await town.at(DUE)
    await town.happens()

    before = await town.store.run(lambda tx: tallying.before(tx, group, "2026-W49", 3))

    assert (so_far.week, so_far.introductions) == ("2026-W47", 1)
    assert [(one.week, one.introductions) for one in before] == [("2026-W46", 0), ("2026-W47", 1), ("2026-W48", 1)]


@pytest.mark.postgres
async def test_replicas_that_tick_together_count_each_group_once(migrated_postgres: str, vault: Vault) -> None:
    first = Town(settled(migrated_postgres, vault))
    towns = [first, *(Town(SqlStore(open_runner(migrated_postgres), vault)) for _ in range(2))]

    def found(tx: Transaction) -> None:
        for number in range(30):
            tx.groups.add(a_group(id=GroupId(f"g{number}"), channel=ChannelId(str(number)), started_at=NOW))

    await first.store.run(found)
    await first.at(NOW)
    for number in range(30):
        await first.happens(GroupId(f"g{number}"))

    for instant in (DUE, DUE + HOUR):
        await asyncio.gather(*(town.at(instant) for town in towns))

    numbers = await first.store.run(
        lambda tx: [[one.number for one in tx.tallies.last_weeks(GroupId(f"g{n}"), "9999", 9)] for n in range(30)]
    )
    assert numbers == [[1]] * 30
    assert await first.posts() == ["2026-W47"] * 30
    for town in towns:
        town.store.close_now()

"""Moving the day, the hour or the zone of the weekly post skips no closed week and posts none twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

import pytest

from bot.app.verbs import Verb
from bot.ports.inbound import Submit
from storage.store import SqlStore
from storage.vault import Vault
from tests.app.club import DAVID, Club
from tests.app.test_by_message import origin
from tests.app.town import DAY, DUE, HOUR, WEEK, Town, in_a_row
from tests.factories import GROUP, NOW
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


MOVES: dict[str, tuple[dict[str, Any], datetime]] = {
    "to later this week": ({"tally_weekday": 4}, datetime(2026, 12, 4, 9, tzinfo=UTC)),
    "to earlier in the week": ({"tally_weekday": 1}, datetime(2026, 12, 1, 9, tzinfo=UTC)),
    "to another hour": ({"tally_time": time(17, 30)}, datetime(2026, 11, 30, 17, 30, tzinfo=UTC)),
    "to another zone": ({"time_zone": "Pacific/Auckland"}, datetime(2026, 11, 29, 20, tzinfo=UTC)),
    "to nothing new": ({"language": "de"}, DUE + WEEK),
}


@pytest.mark.parametrize(("changes", "expected"), MOVES.values(), ids=MOVES)
async def test_after_a_change_the_next_instant_is_the_first_with_a_week_that_was_not_counted(
    town: Town, changes: dict[str, Any], expected: datetime
) -> None:
    await town.at(DUE)
    town.clock.at = DUE + 2 * DAY

    await town.choose(**changes)

    assert await town.due() == expected


async def test_a_week_that_still_waits_is_not_left_out_by_moving_the_day_before_it(town: Town) -> None:
    await town.choose(tally_weekday=4)
    for day in (20, 27):
        await town.at(datetime(2026, 11, day, 9, tzinfo=UTC))
    friday = datetime(2026, 12, 4, 9, tzinfo=UTC)
    town.clock.at = friday - 2 * DAY

    await town.choose(tally_weekday=0)
    kept = await town.due()
    await town.at(friday)

    assert (kept, await town.due()) == (friday, datetime(2026, 12, 7, 9, tzinfo=UTC))
    assert [week for _, week in await town.frozen()] == ["2026-W46", "2026-W47", "2026-W48"]


@pytest.mark.parametrize("seed", range(3))
async def test_however_settings_are_changed_every_week_is_counted_once_and_in_turn(town: Town, seed: int) -> None:
    zones = ("America/New_York", "Pacific/Auckland", "UTC", "Asia/Kathmandu", "Australia/Lord_Howe")
    town.clock.at = DUE - 3 * DAY
    for step in range(120):
        mixed = (step * 7 + seed * 13) % 11
        if mixed < 4:
            await town.choose(tally_weekday=(step + seed) % 7, tally_time=time((step * 5) % 24, 30))
        if mixed == 8:
            await town.choose(time_zone=zones[step % len(zones)])
        await town.at(town.clock.at + (HOUR * 8 if mixed % 2 else DAY))

    weeks = [week for _, week in await town.frozen()]
    assert len(weeks) > 9
    first = weeks[0]
    known = await town.store.run(lambda tx: tx.tallies.last_weeks(GROUP, "9999", 500))
    assert weeks == sorted({one.tally.week for one in known})
    assert weeks == in_a_row(first, len(weeks))


async def test_an_organisers_choice_in_the_form_moves_the_next_post(club: Club) -> None:
    (group,) = await club.bot.store.run(lambda tx: tx.groups.all())
    begun = await club.bot.store.run(lambda tx: tx.tallies.due_of(group.id))
    fields = {"tally_weekday": "4", "tally_time": "17:30"}

    await club.says(Submit(origin(club, DAVID, by_message=False), Verb.SETTINGS_TALLY, group.id, fields))

    moved = await club.bot.store.run(lambda tx: tx.tallies.due_of(group.id))
    assert (begun, moved) == (datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 20, 16, 30, tzinfo=UTC))

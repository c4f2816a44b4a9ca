"""A room is put away when nothing more is followed up, and only where the platform counts those that are open."""

from datetime import timedelta

from tests.app.club import Club
from tests.app.introductions import introduced


async def test_where_open_rooms_are_not_counted_the_end_leaves_nothing_over(club: Club) -> None:
    await introduced(club)

    await club.table.wait(timedelta(days=89))
    before = club.telemetry.counted.count("delivered close_room")
    await club.table.wait(timedelta(days=2))

    assert (before, club.telemetry.counted.count("delivered close_room")) == (0, 1)
    assert [what for what in club.telemetry.counted if what.startswith(("died", "retried"))] == []

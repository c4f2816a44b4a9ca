"""Local dates and nights as instants: days without an hour, with one twice, and zones off the full hour."""

from datetime import date, datetime, time

import pytest

from bot.domain.local_time import after_quiet, end_of_day, instant, iso_week
from tests.unit.rulebook import at

NEW_YORK, LONDON, LORD_HOWE = "America/New_York", "Europe/London", "Australia/Lord_Howe"
KATHMANDU, CAIRO = "Asia/Kathmandu", "Africa/Cairo"
INSTANTS = {
    "winter in New York": (date(2026, 11, 16), time(9), NEW_YORK, "2026-11-16 14:00"),
    "summer in New York": (date(2026, 7, 1), time(9), NEW_YORK, "2026-07-01 13:00"),
    "gap in New York": (date(2026, 3, 8), time(2, 30), NEW_YORK, "2026-03-08 07:00"),
    "start of the gap in New York": (date(2026, 3, 8), time(2), NEW_YORK, "2026-03-08 07:00"),
    "end of the gap in New York": (date(2026, 3, 8), time(3), NEW_YORK, "2026-03-08 07:00"),
    "overlap in New York": (date(2026, 11, 1), time(1, 30), NEW_YORK, "2026-11-01 05:30"),
    "gap in London": (date(2026, 3, 29), time(1, 30), LONDON, "2026-03-29 01:00"),
    "overlap in London": (date(2026, 10, 25), time(1, 30), LONDON, "2026-10-25 00:30"),
    "half an hour's gap on Lord Howe": (date(2026, 10, 4), time(2, 15), LORD_HOWE, "2026-10-03 15:30"),
    "half an hour's overlap on Lord Howe": (date(2026, 4, 5), time(1, 45), LORD_HOWE, "2026-04-04 14:45"),
    "Kathmandu": (date(2026, 11, 17), time(0), KATHMANDU, "2026-11-16 18:15"),
    "gap with seconds": (date(2026, 3, 8), time(2, 30, 30), NEW_YORK, "2026-03-08 07:00"),
}
DAYS = {
    "New York": (date(2026, 11, 16), NEW_YORK, "2026-11-17 05:00"),
    "New York, 23 hours": (date(2026, 3, 8), NEW_YORK, "2026-03-09 04:00"),
    "London, 25 hours": (date(2026, 10, 25), LONDON, "2026-10-26 00:00"),
    "Lord Howe": (date(2026, 10, 4), LORD_HOWE, "2026-10-04 13:00"),
    "Kathmandu": (date(2026, 11, 16), KATHMANDU, "2026-11-16 18:15"),
    "Cairo, before a day that starts at one": (date(2026, 4, 23), CAIRO, "2026-04-23 22:00"),
    "the last day there is": (date.max, "UTC", "9999-01-01 00:00"),
}
NIGHTS = {
    "New York, before the night": ("2026-11-17 02:59", NEW_YORK, "2026-11-17 02:59"),
    "New York, as the night begins": ("2026-11-17 03:00", NEW_YORK, "2026-11-17 12:00"),
    "New York, after midnight": ("2026-11-17 06:00", NEW_YORK, "2026-11-17 12:00"),
    "New York, just before the morning": ("2026-11-17 11:59", NEW_YORK, "2026-11-17 12:00"),
    "New York, as the night ends": ("2026-11-17 12:00", NEW_YORK, "2026-11-17 12:00"),
    "New York, the night of the gap": ("2026-03-08 04:00", NEW_YORK, "2026-03-08 11:00"),
    "New York, the night of the overlap": ("2026-11-01 03:00", NEW_YORK, "2026-11-01 12:00"),
    "London, the night of the gap": ("2026-03-29 00:30", LONDON, "2026-03-29 06:00"),
    "Lord Howe": ("2026-10-03 12:00", LORD_HOWE, "2026-10-03 20:00"),
    "Kathmandu": ("2026-11-16 16:15", KATHMANDU, "2026-11-17 01:15"),
}
SHAPES = {
    "no quiet hours": (time(9), time(9), "2026-11-16 09:30"),
    "in the middle of the day": (time(9), time(11), "2026-11-16 11:00"),
    "from this minute": (time(9, 30), time(10), "2026-11-16 10:00"),
    "until this minute": (time(9), time(9, 30), "2026-11-16 09:30"),
    "later today": (time(12), time(14), "2026-11-16 09:30"),
}
WEEKS = {
    "Monday in London": ("2026-11-16 00:30", LONDON, "2026-W47"),
    "still Sunday in New York": ("2026-11-16 00:30", NEW_YORK, "2026-W46"),
    "Monday already in Kathmandu": ("2026-11-15 18:15", KATHMANDU, "2026-W47"),
    "the first of January": ("2027-01-01 12:00", LONDON, "2026-W53"),
    "a week of one digit": ("2027-01-04 12:00", LONDON, "2027-W01"),
}


@pytest.mark.parametrize(("day", "hour", "zone", "expected"), INSTANTS.values(), ids=INSTANTS)
def test_a_local_time_is_the_first_valid_instant_of_that_name(day: date, hour: time, zone: str, expected: str) -> None:
    found = instant(day, hour, zone)

    assert found == at(expected)


@pytest.mark.parametrize(("day", "zone", "expected"), DAYS.values(), ids=DAYS)
def test_a_day_is_over_when_the_next_one_begins_there(day: date, zone: str, expected: str) -> None:
    found = end_of_day(day, zone)

    assert found == at(expected)


@pytest.mark.parametrize(("now", "zone", "expected"), NIGHTS.values(), ids=NIGHTS)
def test_what_falls_into_somebodys_night_waits_for_their_morning(now: str, zone: str, expected: str) -> None:
    found = after_quiet(at(now), zone, time(22), time(7))

    assert found == at(expected)


@pytest.mark.parametrize(("begin", "end", "expected"), SHAPES.values(), ids=SHAPES)
def test_quiet_hours_may_have_any_shape(begin: time, end: time, expected: str) -> None:
    now: datetime = at("2026-11-16 09:30")

    found = after_quiet(now, "UTC", begin, end)

    assert found == at(expected)


@pytest.mark.parametrize(("now", "zone", "expected"), WEEKS.values(), ids=WEEKS)
def test_a_week_is_the_one_of_the_groups_own_calendar(now: str, zone: str, expected: str) -> None:
    found = iso_week(at(now), zone)

    assert found == expected

"""When a week is closed and when it is posted: every zone, every year, whatever the clocks do that night."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.local_time import iso_week, last_closed_week, next_weekly, weeks_before
from tests.unit.rulebook import at

ZONES = (
    *("America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Asia/Kathmandu"),
    *("Pacific/Apia", "Pacific/Kiritimati", "America/Santiago"),
)
WEEK = timedelta(days=7)
MONDAY, TUESDAY, FRIDAY, SUNDAY = 0, 1, 4, 6
POSTS = {
    "later today": ("2026-11-16 08:59", "UTC", MONDAY, time(9), "2026-11-16 09:00"),
    "this very instant is over": ("2026-11-16 09:00", "UTC", MONDAY, time(9), "2026-11-23 09:00"),
    "later this week": ("2026-11-16 09:30", "UTC", FRIDAY, time(9), "2026-11-20 09:00"),
    "next week": ("2026-11-18 09:30", "UTC", TUESDAY, time(9), "2026-11-24 09:00"),
    "the leap day": ("2028-02-25 12:00", "UTC", TUESDAY, time(9), "2028-02-29 09:00"),
    "over New Year": ("2026-12-31 12:00", "UTC", FRIDAY, time(9), "2027-01-01 09:00"),
    "a gap, New York": ("2026-03-07 12:00", "America/New_York", SUNDAY, time(2, 30), "2026-03-08 07:00"),
    "an overlap, New York": ("2026-10-31 12:00", "America/New_York", SUNDAY, time(1, 30), "2026-11-01 05:30"),
    "in its second hour": ("2026-11-01 06:00", "America/New_York", SUNDAY, time(1, 30), "2026-11-08 06:30"),
    "half an hour, Lord Howe": ("2026-10-01 12:00", "Australia/Lord_Howe", SUNDAY, time(2, 15), "2026-10-03 15:30"),
    "no midnight, Cairo": ("2026-04-23 12:00", "Africa/Cairo", FRIDAY, time(0), "2026-04-23 22:00"),
    "no midnight, Havana": ("2026-03-07 12:00", "America/Havana", SUNDAY, time(0), "2026-03-08 05:00"),
    "no Friday at all, Apia": ("2011-12-28 12:00", "Pacific/Apia", FRIDAY, time(9), "2011-12-30 10:00"),
    "Kathmandu": ("2026-11-16 00:00", "Asia/Kathmandu", MONDAY, time(9), "2026-11-16 03:15"),
    "1970": ("1970-01-01 00:00", "UTC", MONDAY, time(9), "1970-01-05 09:00"),
}
CLOSED = {
    "52 weeks": ("2026-01-01 12:00", "UTC", "2025-W52"),
    "week 53": ("2027-01-04 00:00", "UTC", "2026-W53"),
    "the year's first": ("2027-01-11 00:00", "UTC", "2027-W01"),
    "the first of January belongs to the old year": ("2027-01-01 12:00", "UTC", "2026-W52"),
    "still Sunday in New York": ("2026-11-16 00:30", "America/New_York", "2026-W45"),
    "already Monday in Kiritimati": ("2026-11-15 12:00", "Pacific/Kiritimati", "2026-W46"),
    "after a leap day": ("2028-03-06 00:00", "UTC", "2028-W09"),
}


@pytest.mark.parametrize(("now", "zone", "weekday", "hour", "expected"), POSTS.values(), ids=POSTS)
def test_the_next_post_is_on_the_groups_day_and_hour(
    now: str, zone: str, weekday: int, hour: time, expected: str
) -> None:
    assert next_weekly(at(now), zone, weekday, hour) == at(expected)


@pytest.mark.parametrize(("now", "zone", "expected"), CLOSED.values(), ids=CLOSED)
def test_the_last_closed_week_is_the_one_before_this(now: str, zone: str, expected: str) -> None:
    found = last_closed_week(at(now), zone)

    assert found == expected
    assert weeks_before(iso_week(at(now), zone), 1) == [expected]


def test_the_weeks_before_one_go_back_over_the_turn_of_a_long_year() -> None:
    assert weeks_before("2027-W02", 4) == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]


@pytest.mark.parametrize("zone", ZONES)
def test_for_three_years_every_week_is_posted_once_and_in_turn_at_every_hour_of_the_week(zone: str) -> None:
    for weekday, hour in ((SUNDAY, time(2, 30)), (SUNDAY, time(0)), (FRIDAY, time(0)), (MONDAY, time(1, 45))):
        now, posted = datetime(2026, 1, 1, tzinfo=UTC), []
        while now < datetime(2029, 1, 1, tzinfo=UTC):
            now = next_weekly(now, zone, weekday, hour)
            posted.append((last_closed_week(now, zone), now.astimezone(ZoneInfo(zone))))

        weeks = [week for week, _ in posted]
        assert weeks == weeks_before(iso_week(now, zone), len(weeks))
        assert {local.weekday() for _, local in posted} == {weekday}
        assert all(hour <= local.time() <= time(hour.hour + 1, hour.minute) for _, local in posted)


instants = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
hours = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(now=instants, zone=st.sampled_from(ZONES), weekday=st.integers(0, 6), hour=hours)
def test_the_next_post_is_never_now_nor_more_than_a_week_and_a_day_off(
    now: datetime, zone: str, weekday: int, hour: time
) -> None:
    found = next_weekly(now, zone, weekday, hour)

    assert now < found <= now + WEEK + timedelta(days=1, hours=1)
    assert next_weekly(found - timedelta(microseconds=1), zone, weekday, hour) == found
    assert next_weekly(found, zone, weekday, hour) > found


@given(day=st.dates(date(1970, 1, 5), date(2100, 1, 1)), most=st.integers(1, 60))
def test_weeks_sort_as_text(day: date, most: int) -> None:
    year, week, _ = day.isocalendar()
    found = weeks_before(f"{year}-W{week:02d}", most)

    assert found == sorted(set(found))
    assert len(found) == most

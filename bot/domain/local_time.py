"""Instants from local calendar dates, and the quiet hours of somebody's night. Instants are always UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LAST_DAY = date(9998, 12, 31)
_STEP = timedelta(minutes=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def instant(day: date, at: time, zone: str) -> datetime:
    """Return the UTC instant of a local date and time: in a gap the first valid one after, in an overlap the first."""
    place = ZoneInfo(zone)
    local = datetime.combine(day, at, place)
    found = local.astimezone(UTC)
    if found.astimezone(place).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    return _end_of_gap(local.replace(fold=1).astimezone(UTC), found, place)


def _end_of_gap(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """Find the minute at which the clocks went forward between two readings of the same missing time."""
    offset = after.astimezone(place).utcoffset()
    moment = before.replace(second=0, microsecond=0)
    while moment.astimezone(place).utcoffset() != offset:
        moment += _STEP
    return moment


def end_of_day(day: date, zone: str) -> datetime:
    """Return the instant at which that local day is over; days after the year 9998 are taken as its last."""
    return instant(min(day, _LAST_DAY) + timedelta(days=1), time(0), zone)


def iso_week(now: datetime, zone: str) -> str:
    """Return the ISO week an instant lies in for that zone, such as `2026-W47`."""
    return _week(now.astimezone(ZoneInfo(zone)).date())


def last_closed_week(now: datetime, zone: str) -> str:
    """Return the last ISO week that is over in that zone."""
    return _week(now.astimezone(ZoneInfo(zone)).date() - _WEEK)


def next_weekly(now: datetime, zone: str, weekday: int, at: time) -> datetime:
    """Return the first instant after now at which it is this weekday (0 is Monday) and time of day in that zone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    day = today - _DAY * ((today.weekday() - weekday) % 7)
    while (found := instant(day, at, zone)) <= now:
        day += _WEEK
    return found


def weeks_before(week: str, most: int) -> list[str]:
    """Return the ISO weeks before one, oldest first."""
    year, number = week.split("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return [_week(monday - _WEEK * ago) for ago in range(most, 0, -1)]


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def after_quiet(now: datetime, zone: str, quiet_from: time, quiet_until: time) -> datetime:
    """Return now, or the end of the quiet hours now lies in. The same hour for both ends means none."""
    local = now.astimezone(ZoneInfo(zone))
    at = local.time()
    if quiet_from == quiet_until:
        return now
    overnight = quiet_from > quiet_until
    is_quiet = at >= quiet_from or at < quiet_until if overnight else quiet_from <= at < quiet_until
    if not is_quiet:
        return now
    day = local.date() + timedelta(days=1) if overnight and at >= quiet_from else local.date()
    return instant(day, quiet_until, zone)

"""Days, weeks and amounts in words, as a language writes them. Babel is loaded with the first, not at the start."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app.wording.canonical import text_of
from bot.app.wording.language import Voice

_REGIONS: Mapping[str, str] = {"en": "en_GB"}
"""Day before month, and 24 hours, as everywhere else in our English."""


def first_day(week: str) -> date:
    """Return the Monday of an ISO week such as `2026-W47`."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def number_of(week: str) -> int:
    """Return which week of its year it is."""
    return int(week.partition("-W")[2])


def days_of(t: Voice, week: str) -> str:
    """Return the days of an ISO week, as in *16–22 Nov 2026*."""
    from babel.dates import format_interval  # noqa: PLC0415 -- see above

    monday = first_day(week)
    return str(format_interval(monday, monday + timedelta(days=6), "yMMMMd", locale=_locale(t)))


def at_in_zone(t: Voice, at: datetime, zone: str) -> str:
    """Return an instant with its weekday, in a zone that is named."""
    from babel.dates import format_date  # noqa: PLC0415 -- see above

    local = at.astimezone(ZoneInfo(zone))
    day = format_date(local.date(), "full", locale=_locale(t))
    return text_of(t.spans("{day}, {time} ({zone})", day=day, time=f"{local:%H:%M}", zone=zone))


def amount(t: Voice, value: int) -> str:
    """Return a number with its thousands apart."""
    from babel.numbers import format_decimal  # noqa: PLC0415 -- see above

    return format_decimal(value, locale=_locale(t))


def _locale(t: Voice) -> str:
    return _REGIONS.get(t.language, t.language)

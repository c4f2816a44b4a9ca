"""Fields of forms, made short to write: words, choices, people, dates."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.domain.member import Party
from bot.domain.words import Slot, limit
from bot.ports.messages import Field, FieldKind

YES = "yes"
NO = "no"
ON = "on"
OFF = "off"


def words_field(
    cast: Cast, slot: Slot, label: str, hint: str = "", *, required: bool = False, most: int | None = None
) -> Field:
    """Return a field for a slot's words, filled with what was typed before."""
    value = cast.referral.words.get(slot, "") if cast.referral else ""
    longest = most or limit(slot)
    kind = FieldKind.TEXT if longest < limit(Slot.NEED) else FieldKind.LONG_TEXT
    return Field(slot, label, kind, hint, value, required=required, max_length=longest)


def choice(key: str, label: str, options: Iterable[tuple[str, str]], value: str, hint: str = "") -> Field:
    """Return a field with one of several answers, `value` chosen."""
    return Field(key, label, FieldKind.CHOICE, hint, value, tuple(options))


def yes_or_no(t: Voice, key: str, label: str, *, value: bool, hint: str = "") -> Field:
    """Return a field that takes `yes` or `no`."""
    options = ((NO, t.gettext("No")), (YES, t.gettext("Yes")))
    return choice(key, label, options, YES if value else NO, hint)


def on_or_off(t: Voice, key: str, label: str, *, value: bool, hint: str = "") -> Field:
    """Return a field that takes `on` or `off`, as settings do."""
    options = ((OFF, t.gettext("Off")), (ON, t.gettext("On")))
    return choice(key, label, options, ON if value else OFF, hint)


def member_field(key: str, label: str, value: str, hint: str = "", *, required: bool = True) -> Field:
    """Return a field for a person of the chat, filled with their user id."""
    return Field(key, label, FieldKind.MEMBER, hint, value, required=required)


def user_of(cast: Cast, who: Party | None) -> str:
    """Return the user id a member field is filled with, or nothing."""
    member = cast.people.get(who) if isinstance(who, str) else None
    return member.user or "" if member else ""


def day_in(at: datetime | None, zone: str) -> str:
    """Return the calendar day of an instant in a zone, as it is typed."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat() if at else ""


def last_minute(end: datetime | None) -> datetime | None:
    """Return the last minute before something ends: what ends with a day ends at midnight, on the day after."""
    return end - timedelta(minutes=1) if end else None

"""Starting a group and changing its settings, by those who may; a bad value names its field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain import member_commands as c
from bot.domain.decision import Decision, Say, Told
from bot.domain.effects import WelcomeGroup
from bot.domain.errors import DomainError
from bot.domain.events import Event, EventKind
from bot.domain.group import MAX_WINDOW, Group, Order, Reveal, TallyMode
from bot.domain.place import ORDINARY, Place

HOUR = timedelta(hours=1)
MAX_DIGITS = 20


class SettingFault(StrEnum):
    """What is wrong with a value typed for a setting."""

    NO_SUCH_ZONE = "no_such_zone"
    NO_SUCH_LANGUAGE = "no_such_language"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_TIME = "not_a_time"
    NOT_A_CHOICE = "not_a_choice"
    NO_SUCH_SETTING = "no_such_setting"
    NOT_ALLOWED_HERE = "not_allowed_here"


class BadSettingError(DomainError):
    """Some values cannot stand: a fault for each setting's name."""

    def __init__(self, faults: Mapping[str, SettingFault]) -> None:
        super().__init__(", ".join(f"{name}: {fault}" for name, fault in faults.items()))
        self.faults = faults


class _WrongValueError(Exception):
    def __init__(self, fault: SettingFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    least: int
    most: int

    def __call__(self, typed: str) -> int:
        """Return the number typed."""
        if not re.fullmatch(r"[+-]?\d+", typed.strip()):
            raise _WrongValueError(SettingFault.NOT_A_NUMBER)
        if len(typed) > MAX_DIGITS or not self.least <= int(typed) <= self.most:
            raise _WrongValueError(SettingFault.OUT_OF_RANGE)
        return int(typed)


def _hours(typed: str) -> timedelta:
    return Whole(1, int(MAX_WINDOW / HOUR))(typed) * HOUR


def _days(typed: str) -> timedelta:
    return timedelta(days=Whole(1, 3650)(typed))


def _zone(typed: str) -> str:
    try:
        return ZoneInfo(typed.strip()).key
    except (KeyError, ValueError, OSError):
        raise _WrongValueError(SettingFault.NO_SUCH_ZONE) from None


def _clock(typed: str) -> time:
    """Return a local time of day: hours and minutes, such as `9:00`."""
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::00)?", typed.strip())
    if found is None:
        raise _WrongValueError(SettingFault.NOT_A_TIME)
    return time(int(found[1]), int(found[2]))


def _flag(typed: str) -> bool:
    return _one_of("on", "off")(typed) == "on"


def _one_of(*choices: str) -> Callable[[str], str]:
    def choose(typed: str) -> str:
        if typed.strip() not in choices:
            raise _WrongValueError(SettingFault.NOT_A_CHOICE)
        return typed.strip()

    return choose


def _enum(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    choose = _one_of(*kind)
    return lambda typed: kind(choose(typed))


LANGUAGES = ("en", "de")


def language_of(locale: str) -> str:
    """Return the language a group starts with: the one its founder's locale (such as `de-AT`) names, if it has that."""
    language = locale.partition("-")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


def _language(typed: str) -> str:
    if typed.strip() not in LANGUAGES:
        raise _WrongValueError(SettingFault.NO_SUCH_LANGUAGE)
    return typed.strip()


READERS: Mapping[str, Callable[[str], object]] = {
    "language": _language,
    "time_zone": _zone,
    "order": _enum(Order),
    "reveal": _enum(Reveal),
    "window": _hours,
    "urgent_window": _hours,
    "closed_pair": _days,
    "asks_per_week": Whole(1, 50),
    "started_per_day": Whole(1, 100),
    "open_at_once": Whole(1, 1000),
    "newcomer_wait": lambda typed: Whole(0, 24 * 60)(typed) * HOUR,
    "young_group": lambda typed: timedelta(days=Whole(0, 3650)(typed)),
    "quiet_from": _clock,
    "quiet_until": _clock,
    "leads": _flag,
    "seats": _flag,
    "quotas": _flag,
    "amounts": _flag,
    "tally_mode": _enum(TallyMode),
    "tally_weekday": Whole(0, 6),
    "tally_time": _clock,
    "keep_drafts": _days,
    "keep_words": _days,
    "keep_receipts": _days,
}
"""How each setting is read from what was typed; hours for windows, days for what is kept."""


def start_group(group: Group) -> Decision[Group]:
    """Return a new group, welcomed in its channel."""
    event = Event(EventKind.GROUP_STARTED, group.id, by=group.started_by)
    return Decision(group, Told(Say.GROUP_STARTED), (WelcomeGroup(group.id),), (event,))


def change_settings(group: Group, command: c.ChangeSettings, place: Place = ORDINARY) -> Decision[Group]:
    """Change what was typed and nothing else. Raises BadSettingError with every fault; then nothing changes.

    What the platform's rules forbid is a fault too, whoever types it.

    Changes bind later referrals only: a referral copies what it uses when it is asked.
    """
    if not (command.is_admin or group.is_organiser(command.by)):
        return Decision(group, Told(Say.ORGANISERS_ONLY))
    settings = replace(group.settings, **_read(command.values, place))  # type: ignore[arg-type]
    organisers = group.organisers if command.organisers is None else command.organisers
    changed = replace(group, settings=settings, organisers=organisers)
    event = Event(EventKind.SETTINGS_CHANGED, group.id, by=command.by)
    return Decision(changed, Told(Say.SETTINGS_SAVED), events=() if changed == group else (event,))


def counts_amounts(group: Group, place: Place) -> bool:
    """Say whether people may be asked what business was worth: the group wants it and the platform's rules let them."""
    return group.settings.amounts and place.takes_amounts


def _read(values: Mapping[str, str], place: Place) -> dict[str, object]:
    read: dict[str, object] = {}
    faults: dict[str, SettingFault] = {}
    for name, typed in values.items():
        try:
            read[name] = READERS[name](typed)
        except KeyError:
            faults[name] = SettingFault.NO_SUCH_SETTING
        except _WrongValueError as wrong:
            faults[name] = wrong.fault
    if read.get("amounts") is True and not place.takes_amounts:
        faults["amounts"] = SettingFault.NOT_ALLOWED_HERE
    if faults:
        raise BadSettingError(faults)
    return read

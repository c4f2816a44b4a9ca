"""Every setting of a group, with values it takes and every kind of value it does not; and who may change them."""

from dataclasses import fields
from datetime import time, timedelta
from typing import Any

import pytest

from bot.domain.decision import Say
from bot.domain.effects import WelcomeGroup
from bot.domain.events import EventKind
from bot.domain.group import Order, Reveal, Settings, TallyMode
from bot.domain.groups import (
    READERS,
    BadSettingError,
    SettingFault,
    change_settings,
    counts_amounts,
    language_of,
    start_group,
)
from bot.domain.ids import MemberId
from bot.domain.member_commands import ChangeSettings
from bot.domain.place import ORDINARY, Place
from tests.factories import GROUP, OTTO, PIA, RITA, a_group
from tests.unit.rulebook import DAY, HOUR, group_with, said

F = SettingFault
NUMBERS = {"": F.NOT_A_NUMBER, "many": F.NOT_A_NUMBER, "1.5": F.NOT_A_NUMBER, "9" * 30: F.OUT_OF_RANGE}
CLOCKS = {"": F.NOT_A_TIME, "24:00": F.NOT_A_TIME, "9:60": F.NOT_A_TIME, "9": F.NOT_A_TIME, "9:00:30": F.NOT_A_TIME}
CHOICES = {"": F.NOT_A_CHOICE, "perhaps": F.NOT_A_CHOICE}


def whole(least: int, most: int, unit: timedelta | int = 1) -> tuple[dict[str, object], dict[str, SettingFault]]:
    good: dict[str, object] = {str(least): least * unit, f" {most} ": most * unit, f"+{most}": most * unit}
    return good, {**NUMBERS, str(least - 1): F.OUT_OF_RANGE, str(most + 1): F.OUT_OF_RANGE}


FLAG: tuple[dict[str, object], dict[str, SettingFault]] = (
    {"on": True, " off ": False},
    {**CHOICES, "On": F.NOT_A_CHOICE},
)
CLOCK: tuple[dict[str, object], dict[str, SettingFault]] = (
    {"9:00": time(9), "09.05": time(9, 5), " 23:59 ": time(23, 59), "00:00": time(0), "07:00:00": time(7)},
    CLOCKS,
)
TABLE: dict[str, tuple[dict[str, object], dict[str, SettingFault]]] = {
    "language": ({"en": "en", " de ": "de"}, {"": F.NO_SUCH_LANGUAGE, "xx": F.NO_SUCH_LANGUAGE}),
    "time_zone": (
        {"Europe/Berlin": "Europe/Berlin", " UTC ": "UTC"},
        dict.fromkeys(("", "Mars/Base", "../etc/passwd", "/UTC", "Europe", "UTC\0", "x" * 300), F.NO_SUCH_ZONE),
    ),
    "order": ({one.value: one for one in Order}, CHOICES),
    "reveal": ({one.value: one for one in Reveal}, CHOICES),
    "window": whole(1, 336, HOUR),
    "urgent_window": whole(1, 336, HOUR),
    "closed_pair": whole(1, 3650, DAY),
    "asks_per_week": whole(1, 50),
    "started_per_day": whole(1, 100),
    "open_at_once": whole(1, 1000),
    "newcomer_wait": whole(0, 1440, HOUR),
    "young_group": whole(0, 3650, DAY),
    "quiet_from": CLOCK,
    "quiet_until": CLOCK,
    "leads": FLAG,
    "seats": FLAG,
    "quotas": FLAG,
    "amounts": FLAG,
    "tally_mode": ({one.value: one for one in TallyMode}, CHOICES),
    "tally_weekday": whole(0, 6),
    "tally_time": CLOCK,
    "keep_drafts": whole(1, 3650, DAY),
    "keep_words": whole(1, 3650, DAY),
    "keep_receipts": whole(1, 3650, DAY),
}
GOOD = [(name, typed, value) for name, (good, _) in TABLE.items() for typed, value in good.items()]
BAD = [(name, typed, fault) for name, (_, bad) in TABLE.items() for typed, fault in bad.items()]
MAY = {
    "who started the group": (OTTO, False, True),
    "an organiser": (PIA, False, True),
    "an administrator of the workspace": (RITA, True, True),
    "anybody else": (RITA, False, False),
}


def change(by: MemberId = OTTO, *, is_admin: bool = False, **more: Any) -> ChangeSettings:  # noqa: ANN401 -- the rest
    return ChangeSettings(by, is_admin, **({"values": {}} | more))


def test_every_setting_is_in_this_table() -> None:
    names = {field.name for field in fields(Settings)}

    found = (set(TABLE), set(READERS))

    assert found == (names, names)


@pytest.mark.parametrize(("name", "typed", "value"), GOOD, ids=[f"{name}-{typed}" for name, typed, _ in GOOD])
def test_a_good_value_is_taken_and_nothing_else_changes(name: str, typed: str, value: object) -> None:
    command = change(values={name: typed})

    found = change_settings(a_group(), command)

    assert found.state == group_with(**{name: value})
    assert said(found) is Say.SETTINGS_SAVED


@pytest.mark.parametrize(("name", "typed", "fault"), BAD, ids=[f"{name}-{typed[:12]!r}" for name, typed, _ in BAD])
def test_a_bad_value_names_its_field_and_what_is_wrong(name: str, typed: str, fault: SettingFault) -> None:
    command = change(values={name: typed})

    with pytest.raises(BadSettingError) as refused:
        change_settings(a_group(), command)

    assert refused.value.faults == {name: fault}


@pytest.mark.parametrize("name", ["", "open_from_same", "id"], ids=["nothing", "a former one", "not a setting"])
def test_what_is_no_setting_is_refused_as_such(name: str) -> None:
    command = change(values={name: "1"})

    with pytest.raises(BadSettingError) as refused:
        change_settings(a_group(), command)

    assert refused.value.faults == {name: SettingFault.NO_SUCH_SETTING}


def test_amounts_stay_off_where_the_rules_of_the_platform_forbid_them() -> None:
    barred = Place(takes_amounts=False)

    with pytest.raises(BadSettingError) as refused:
        change_settings(a_group(), change(values={"amounts": "on", "quotas": "on"}), barred)

    assert refused.value.faults == {"amounts": SettingFault.NOT_ALLOWED_HERE}
    assert change_settings(a_group(), change(values={"amounts": "off"}), barred).state == a_group()
    wanted = group_with(amounts=True)
    assert [counts_amounts(group, place) for group in (wanted, a_group()) for place in (ORDINARY, barred)] == [
        True,
        False,
        False,
        False,
    ]


def test_every_fault_is_told_at_once_and_nothing_is_changed() -> None:
    command = change(values={"window": "0", "language": "de", "order": "any"})

    with pytest.raises(BadSettingError, match=r"window: out_of_range, order: not_a_choice") as refused:
        change_settings(a_group(), command)

    assert set(refused.value.faults) == {"window", "order"}


@pytest.mark.parametrize(("by", "is_admin", "may"), MAY.values(), ids=MAY)
def test_organisers_and_administrators_alone_change_settings(by: MemberId, *, is_admin: bool, may: bool) -> None:
    group = a_group(organisers=frozenset({PIA}))

    found = change_settings(group, change(by, is_admin=is_admin, values={"language": "de"}))

    assert said(found) is (Say.SETTINGS_SAVED if may else Say.ORGANISERS_ONLY)
    assert (found.state != group) is may


@pytest.mark.parametrize(
    ("more", "log"),
    [({"values": {"language": "de"}}, 1), ({"values": {"language": "en"}}, 0), ({"organisers": {PIA}}, 1), ({}, 0)],
    ids=["another value", "the same value", "another organiser", "nothing"],
)
def test_only_a_change_is_written_to_the_log(more: dict[str, Any], log: int) -> None:
    command = change(**more)

    found = change_settings(a_group(), command)

    assert [event.kind for event in found.events] == [EventKind.SETTINGS_CHANGED] * log


@pytest.mark.parametrize(
    ("organisers", "after"),
    [(None, {RITA}), (frozenset({PIA}), {PIA}), (frozenset(), set())],
    ids=["left alone", "another", "none"],
)
def test_organisers_are_named_anew_or_left_alone(organisers: frozenset[MemberId] | None, after: set[MemberId]) -> None:
    group = a_group(organisers=frozenset({RITA}))

    found = change_settings(group, change(organisers=organisers))

    assert found.state.organisers == after


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de", "de"), ("de-AT", "de"), ("DE-de", "de"), ("en-GB", "en"), ("pt-BR", "en"), ("", "en")],
)
def test_a_new_group_has_a_language_that_there_is(locale: str, language: str) -> None:
    assert language_of(locale) == language


def test_a_new_group_is_welcomed_in_its_channel() -> None:
    group = a_group()

    found = start_group(group)

    assert (found.state, found.effects) == (group, (WelcomeGroup(GROUP),))
    assert [(event.kind, event.by) for event in found.events] == [(EventKind.GROUP_STARTED, OTTO)]


@pytest.mark.parametrize(
    ("settings", "urgent", "window"),
    [
        ({}, False, 3 * DAY),
        ({}, True, DAY),
        ({"window": 14 * DAY}, False, 14 * DAY),
        ({"window": 15 * DAY}, False, 14 * DAY),
        ({"urgent_window": 2 * HOUR}, True, 2 * HOUR),
        ({"urgent_window": 30 * DAY}, True, 14 * DAY),
    ],
    ids=["default", "urgent", "two weeks", "over two weeks", "urgent of one's own", "urgent over two weeks"],
)
def test_a_window_is_at_most_two_weeks(settings: dict[str, Any], window: timedelta, *, urgent: bool) -> None:
    group = group_with(**settings)

    found = group.settings.window_for(urgent=urgent)

    assert found == window

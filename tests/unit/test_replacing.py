"""Replacing fields of a value gives what dataclasses.replace gives."""

import dataclasses
from typing import Any

import pytest

from bot.domain.referral import Status
from bot.domain.replacing import replace
from tests.factories import a_member, a_referral


def test_a_value_without_slots_is_replaced_as_dataclasses_would() -> None:
    before = a_referral()

    after = replace(before, status=Status.LEAD, urgent=True)

    assert after == dataclasses.replace(before, status=Status.LEAD, urgent=True)
    assert before.status is not Status.LEAD


def test_a_value_with_slots_is_replaced_as_dataclasses_would() -> None:
    before = a_member()

    assert replace(before, locale="de") == dataclasses.replace(before, locale="de")


def test_a_field_that_is_not_there_is_refused() -> None:
    unknown: dict[str, Any] = {"colour": "red", "taste": "sour"}

    with pytest.raises(TypeError, match="has no field colour, taste"):
        replace(a_referral(), **unknown)

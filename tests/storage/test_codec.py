"""Everything that is stored as JSON comes back as it was."""

from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from typing import get_args

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decision import Outcome
from bot.domain.effects import Effect
from bot.domain.group import Settings
from bot.ports.gateway import Receipt
from storage.codec import (
    EFFECTS,
    OUTCOMES,
    UnknownKindError,
    read_receipt,
    read_settings,
    read_texts,
    write_receipt,
    write_settings,
    write_texts,
)

INSTANTS = st.datetimes(timezones=st.just(UTC))
SPANS = st.timedeltas(timedelta(0), timedelta(days=4000))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SETTINGS = st.builds(
    Settings,
    language=TEXTS,
    window=SPANS,
    keep_words=SPANS,
    quiet_from=st.times(),
    tally_time=st.just(time(9, 30)),
)

st.register_type_strategy(str, TEXTS)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))
st.register_type_strategy(datetime, INSTANTS)
EVERY_EFFECT = st.one_of(*map(st.from_type, get_args(Effect)))
EVERY_OUTCOME = st.one_of(*map(st.from_type, get_args(Outcome)))


@given(EVERY_EFFECT)
def test_every_effect_comes_back(effect: Effect) -> None:
    assert EFFECTS.read(EFFECTS.write(effect)) == effect


@given(EVERY_OUTCOME)
def test_every_outcome_comes_back(outcome: Outcome) -> None:
    assert OUTCOMES.read(OUTCOMES.write(outcome)) == outcome


@given(SETTINGS)
def test_every_setting_comes_back(settings: Settings) -> None:
    assert read_settings(write_settings(settings)) == settings


@given(st.builds(Receipt), st.dictionaries(TEXTS, TEXTS))
def test_receipts_and_facts_come_back(receipt: Receipt, facts: dict[str, str]) -> None:
    assert read_receipt(write_receipt(receipt)) == receipt
    assert read_texts(write_texts(facts)) == facts


def test_every_kind_has_a_name_to_be_stored_under() -> None:
    assert set(EFFECTS._kinds.values()) == set(get_args(Effect))
    assert set(OUTCOMES._kinds.values()) == set(get_args(Outcome))


def test_what_a_newer_program_wrote_is_a_clear_error() -> None:
    with pytest.raises(UnknownKindError, match=r"sing_a_song.*newer twoyes"):
        EFFECTS.read('{"is":"sing_a_song","key":"C"}')


def test_a_setting_that_was_not_stored_yet_has_its_default_and_one_that_is_gone_is_ignored() -> None:
    stored = {"language": "de", "from_the_future": 1}

    settings = read_settings(orjson.dumps(stored).decode())

    assert asdict(settings) == asdict(Settings()) | {"language": "de"}

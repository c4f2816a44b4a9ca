"""`twoyes doctor` looks at everything, changes nothing, and says what to do."""

import os
import re
from pathlib import Path

import pytest

from storage.keys import new_key
from tests.e2e.commands import Operator, in_store, one_dead, welcome


def test_doctor_finds_nothing_to_fix_and_changes_nothing(settled: Operator) -> None:
    before = {path.name: path.read_bytes() for path in settled.home.iterdir()}

    ended = settled.does("doctor")

    assert ended.code == 0
    verdicts = dict(re.findall(r"^(?:ok|note|fix)\s+(\w+)\s+(.+)$", ended.out, re.MULTILINE))
    assert verdicts.keys() >= {"database", "tables", "key", "outbox", "disk", "clock", "operator", "platforms"}
    assert {path.name: path.read_bytes() for path in settled.home.iterdir()} == before


def test_doctor_makes_nothing_where_there_is_nothing(operator: Operator) -> None:
    ended = operator.does("doctor")

    assert ended.code == 0
    assert "`twoyes serve` makes it" in ended.out
    assert list(operator.home.iterdir()) == []


def test_doctor_needs_no_key_before_anything_is_sealed(operator: Operator, template: Path) -> None:
    operator.database.write_bytes(template.read_bytes())

    ended = operator.does("doctor")

    assert ended.code == 0
    assert not operator.key_file.exists()


def test_doctor_says_what_has_to_be_fixed(settled: Operator) -> None:
    settled.key_file.chmod(0o644)

    ended = settled.does("doctor")

    assert ended.code == 1
    assert re.search(r"^fix\s+key\s+others can read .* Run `chmod 600 ", ended.out, re.MULTILINE)


def test_doctor_says_honestly_what_tokens_are_good_for_and_what_is_misspelt(settled: Operator) -> None:
    ended = settled.setting(DISCORD_TOKEN="opens-discord", TWOYES_HEALT_PORT="1").does("doctor")

    assert "Discord, by the gateway." in ended.out
    assert "DISCORD_TOKEN is no bot's token" in ended.out
    assert "TWOYES_HEALT_PORT is no setting" in ended.out
    assert "opens-discord" not in ended.out + ended.err


def test_doctor_tells_of_dead_letters(settled: Operator) -> None:
    in_store(settled, welcome(1), one_dead)

    ended = settled.does("doctor")

    assert ended.code == 0
    assert re.search(r"^note\s+outbox\s+1 dead letter", ended.out, re.MULTILINE)


def test_doctor_finds_a_clock_that_was_set_back(settled: Operator) -> None:
    os.utime(settled.database, (4_000_000_000, 4_000_000_000))

    ended = settled.does("doctor")

    assert ended.code == 1
    assert re.search(r"^fix\s+clock\s+it says .* Set it", ended.out, re.MULTILINE)


def test_doctor_tells_a_person_who_runs_the_bot_and_how_to_reach_them(settled: Operator) -> None:
    named = settled.setting(TWOYES_OPERATOR_NAME="Ada", TWOYES_OPERATOR_CONTACT="ada@example.org")

    assert "members are told Ada, ada@example.org" in named.does("doctor").out


def test_doctor_says_that_a_directory_is_missing(operator: Operator) -> None:
    ended = operator.setting(DATABASE_URL="sqlite:///not/there.db").does("doctor")

    assert ended.code == 1
    assert re.search(r"^fix\s+disk\s+.*not cannot be written", ended.out, re.MULTILINE)


@pytest.mark.postgres
def test_doctor_looks_at_postgres_too(operator: Operator, postgres_url: str) -> None:
    on_postgres = operator.setting(DATABASE_URL=postgres_url)

    unmigrated = on_postgres.does("doctor")
    on_postgres.does("migrate")
    keyless = on_postgres.does("doctor")
    well = on_postgres.setting(TWOYES_ENCRYPTION_KEYS=new_key()).does("doctor")

    assert (unmigrated.code, keyless.code, well.code) == (1, 1, 0)
    assert "Run `twoyes migrate`" in unmigrated.out
    assert "There is no encryption key" in keyless.out

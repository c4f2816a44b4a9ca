"""The command line in real processes: help, exit codes, and one sentence for everything that is wrong."""

import json
import re
import sqlite3
import stat
from typing import get_args

import pytest

from adapters.local.story import Ending
from bot.cli import EndingName
from bot.domain.member import CardSlot
from bot.ports.store import Transaction
from storage.errors import WrongKeyError
from storage.keys import new_key
from storage.migrate import upgrade
from tests.e2e.commands import LONG_AGO, Operator, in_store, one_dead, welcome
from tests.factories import GROUP, PIA, a_referral

COMMANDS = (
    *("serve", "demo", "migrate", "doctor", "backup", "export", "erase", "tally", "purge", "version"),
    *("deadletters", "keys"),
)


def pias_name(tx: Transaction) -> str:
    """Return something that was sealed."""
    return tx.members.card(PIA, GROUP).lines[CardSlot.NAME_LINE]


# usage


def test_help_names_every_command_and_the_exit_codes(operator: Operator) -> None:
    ended = operator.types("--help")

    assert ended.code == 0
    assert all(re.search(rf"^\W*{command}\s", ended.out, re.MULTILINE) for command in COMMANDS)
    assert "Exit codes: 0 done, 1 failed, 2 wrong usage" in " ".join(ended.out.split())


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("backup",),
        ("demo", "--ending", "happily"),
        ("deadletters", "show", "many"),
        ("serve", "--port", "80"),
    ],
)
def test_wrong_usage_is_exit_code_2(operator: Operator, words: tuple[str, ...]) -> None:
    assert operator.does(*words).code == 2


def test_a_word_that_is_no_command_is_exit_code_2_for_a_shell_too(operator: Operator) -> None:
    assert operator.types("nonsense").code == 2


def test_help_and_version_work_whatever_is_set(operator: Operator) -> None:
    confused = operator.setting(DATABASE_URL="nonsense", TWOYES_HEALTH_PORT="nonsense")

    assert confused.does("serve", "--help").code == 0
    assert confused.does("version").out.startswith("twoyes ")


def test_a_bad_setting_is_a_sentence_that_names_it(operator: Operator) -> None:
    ended = operator.setting(TWOYES_HEALTH_PORT="eighty").types("serve")

    assert (ended.code, ended.sentence) == (2, "TWOYES_HEALTH_PORT must be a number from 0 to 65535.")


def test_the_endings_on_offer_are_those_of_the_stories() -> None:
    assert get_args(EndingName) == tuple(ending.value for ending in Ending)


# the demo


def test_the_demo_needs_nothing_touches_nothing_and_speaks_json(operator: Operator) -> None:
    confused = operator.setting(DATABASE_URL="nonsense", TWOYES_HEALTH_PORT="nonsense")

    ended = confused.does("demo", "--ending", "declined", "--json")

    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert (ended.code, ended.err) == (0, "")
    assert {"at", "to", "kind", "text", "buttons"} in map(set, lines)
    assert list(operator.home.iterdir()) == []


def test_the_demo_can_be_played_by_whoever_types(operator: Operator) -> None:
    ended = operator.types("demo", "--interactive", answers="as ben\n/intros help\nquit\n")

    assert (ended.code, ended.err) == (0, "")
    assert "ben> quit" in ended.out


# the database


@pytest.mark.parametrize(
    "words", [("backup", "copy.db"), ("export", "ana"), ("deadletters", "list"), ("keys", "rotate")]
)
def test_a_database_that_is_not_there_is_not_made_by_asking(operator: Operator, words: tuple[str, ...]) -> None:
    ended = operator.does(*words)

    assert ended.code == 1
    assert ended.sentence.startswith("There is no database at twoyes.db.")
    assert list(operator.home.iterdir()) == []


def test_migrate_goes_up_and_down_and_says_where_it_is(operator: Operator) -> None:
    up = operator.types("migrate")
    down = operator.does("migrate", "--to", "0001")
    again = operator.does("migrate", "--to", "0001")
    unknown = operator.does("migrate", "--to", "9999")

    assert (up.code, down.code, again.code, unknown.code) == (0, 0, 0, 1)
    assert up.out.startswith("The database went from version none to ")
    assert "already" in again.out
    assert down.out.splitlines()[-1].endswith("to 0001.")
    assert len(list(operator.home.glob("twoyes.db.at-*"))) == 1
    assert unknown.sentence.startswith("There is no version '9999'")


def test_an_unmigrated_database_is_refused(operator: Operator) -> None:
    upgrade(f"sqlite:///{operator.database}", "0001")

    ended = operator.types("serve")

    assert ended.code == 1
    assert "Run `twoyes migrate`" in ended.sentence


def test_a_newer_database_is_refused(settled: Operator) -> None:
    with sqlite3.connect(settled.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    connection.close()

    for command in ("serve", "migrate"):
        ended = settled.types(command)
        assert ended.code == 1
        assert "Install the newer twoyes" in ended.sentence


def test_a_file_that_is_no_database_is_refused(operator: Operator) -> None:
    operator.database.write_text("Dear diary, " * 1000)

    ended = operator.types("serve")

    assert ended.code == 1
    assert ended.sentence.startswith("The database cannot be reached or written to.")


def test_a_directory_that_cannot_be_written_is_a_sentence(operator: Operator) -> None:
    """Not even root writes there."""
    ended = operator.setting(DATABASE_URL="sqlite:////proc/twoyes.db").types("serve")

    assert ended.code == 1
    assert ended.sentence.startswith("The database cannot be reached or written to.")


# keys


def test_a_wrong_key_is_refused_without_being_shown(settled: Operator) -> None:
    wrong = new_key()

    ended = settled.setting(TWOYES_ENCRYPTION_KEYS=wrong).types("serve")

    assert ended.code == 1
    assert ended.sentence.startswith("None of the encryption keys given opens this database.")
    assert wrong not in ended.err + ended.out


def test_a_lost_key_is_not_replaced_by_a_new_one(settled: Operator) -> None:
    settled.key_file.unlink()

    ended = settled.types("serve")

    assert ended.code == 1
    assert ended.sentence.startswith("There is no encryption key for this database.")
    assert not settled.key_file.exists()


def test_something_that_is_no_key_is_refused(settled: Operator) -> None:
    ended = settled.setting(TWOYES_ENCRYPTION_KEYS="password").does("doctor")

    assert ended.code == 1
    assert "TWOYES_ENCRYPTION_KEYS holds no key" in ended.out
    assert "password" not in ended.out + ended.err


def test_rotating_a_key_file_makes_a_new_key_and_the_old_one_opens_nothing_any_more(settled: Operator) -> None:
    old = settled.key_file.read_text().strip()

    ended = settled.does("keys", "rotate")

    new = settled.key_file.read_text().strip()
    assert (ended.code, len(new.split())) == (0, 1)
    assert new != old
    assert stat.S_IMODE(settled.key_file.stat().st_mode) == 0o600
    assert in_store(settled, pias_name) == ["Pia Park, tax adviser"]
    with pytest.raises(WrongKeyError):
        in_store(settled, pias_name, keys=(old,))


def test_rotating_keys_that_are_set_takes_the_new_one_in_front_of_the_old_one(settled: Operator) -> None:
    old, new = settled.key_file.read_text().strip(), settled.does("keys", "new").out.strip()
    settled.key_file.unlink()

    alone = settled.setting(TWOYES_ENCRYPTION_KEYS=old).does("keys", "rotate")
    both = settled.setting(TWOYES_ENCRYPTION_KEYS=f"{new},{old}").does("keys", "rotate")

    assert (alone.code, both.code) == (1, 0)
    assert "holds one key only" in alone.sentence
    assert in_store(settled, pias_name, keys=(new,)) == ["Pia Park, tax adviser"]


# what operators do


def test_a_backup_can_be_used_in_place_of_the_database(settled: Operator) -> None:
    ended = settled.does("backup", "monday.db")
    again = settled.does("backup", "monday.db")

    assert (ended.code, again.code) == (0, 1)
    assert "exists already" in again.sentence
    settled.database.unlink()
    (settled.home / "monday.db").rename(settled.database)
    assert in_store(settled, pias_name) == ["Pia Park, tax adviser"]


def test_a_dead_letter_can_be_listed_shown_replayed_and_dropped(settled: Operator) -> None:
    _, number = in_store(settled, welcome(1), one_dead)

    listed = settled.does("deadletters", "list")
    shown = settled.does("deadletters", "show", str(number))
    replayed = settled.does("deadletters", "replay", "--all")
    gone = settled.does("deadletters", "show", str(number))
    in_store(settled, one_dead)
    kept = settled.does("deadletters", "drop", str(number), answers="n\n")
    dropped = settled.does("deadletters", "drop", str(number), "--yes")

    assert "welcome" in listed.out
    assert "unreachable" in listed.out
    assert re.search(r"^key\s+welcome/1$", shown.out, re.MULTILINE)
    assert (listed.code, shown.code, replayed.code, gone.code) == (0, 0, 0, 1)
    assert (kept.code, dropped.code) == (1, 0)
    assert in_store(settled, lambda tx: tx.outbox.dead_letters()) == [[]]
    assert gone.sentence.startswith(f"There is no dead letter {number}.")


def test_which_letters_to_replay_has_to_be_said(settled: Operator) -> None:
    assert settled.does("deadletters", "replay").code == 2


def test_a_person_can_be_exported_and_erased(settled: Operator) -> None:
    before = settled.does("export", "U-m-pia")
    kept = settled.does("erase", "U-m-pia", answers="n\n")
    erased = settled.does("erase", "U-m-pia", "--yes")
    after = settled.does("export", "U-m-pia")

    assert "tax adviser" in before.out
    assert (before.code, kept.code, erased.code, after.code) == (0, 1, 0, 1)
    assert after.sentence.startswith("Nobody known here is U-m-pia.")
    assert b"U-m-pia" not in settled.database.read_bytes()


def test_what_was_kept_for_too_long_can_be_looked_at_and_then_forgotten(settled: Operator) -> None:
    in_store(settled, lambda tx: tx.referrals.add(a_referral(created_at=LONG_AGO)))

    looked, looked_again = settled.does("purge", "--dry-run"), settled.does("purge", "--dry-run")
    done, nothing = settled.does("purge"), settled.does("purge")

    line = f"group {GROUP} of local:room".ljust(40) + "         1 drafts and kept leads"
    assert looked.out.splitlines() == looked_again.out.splitlines() == [line, "Nothing was changed."]
    assert (done.out.splitlines(), done.code) == ([line], 0)
    assert nothing.out.splitlines() == ["Nothing has been kept for too long."]


def test_a_person_can_be_named_with_their_workspace(settled: Operator) -> None:
    there = settled.does("export", "U-m-sam", "--workspace", "local:room")
    elsewhere = settled.does("export", "U-m-sam", "--workspace", "slack:T0")

    assert (there.code, elsewhere.code) == (0, 1)

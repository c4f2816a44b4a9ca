"""The right key opens a database, a wrong or missing one is a sentence, and a key is made only for an empty one."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Barrier, Thread

import pytest

from storage.errors import KeyMissingError, MalformedKeyError, WrongKeyError
from storage.keys import Keyring, Unlocked, key_file_of, new_key, read_keys, unlock, write_keys
from storage.meta import meta, metadata
from storage.runner import Runner, open_runner

KEY, OTHER = new_key(), new_key()


def opened(runner: Runner, *keys: str, key_file: Path | None = None) -> Unlocked:
    return runner.run_now(partial(unlock, configured=keys, key_file=key_file))


@pytest.fixture(autouse=True)
def table(runner: Runner) -> None:
    runner.run_now(partial(metadata.create_all, tables=[meta]))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return key_file_of(tmp_path / "twoyes.db")


def test_a_key_from_the_settings_opens_what_it_sealed(runner: Runner) -> None:
    sealed = opened(runner, KEY).vault.seal("words")

    assert opened(runner, KEY).vault.open(sealed) == "words"


def test_values_looked_up_are_found_again_after_a_restart(runner: Runner) -> None:
    before = opened(runner, KEY).vault.lookup_hash("token")

    assert opened(runner, OTHER, KEY).vault.lookup_hash("token") == before


def test_a_wrong_key_is_refused(runner: Runner) -> None:
    opened(runner, KEY)

    with pytest.raises(WrongKeyError):
        opened(runner, OTHER)


def test_a_database_without_a_file_beside_it_requires_a_key(runner: Runner) -> None:
    with pytest.raises(KeyMissingError):
        opened(runner)


def test_an_empty_database_gets_a_key_of_its_own_and_the_caller_is_told(runner: Runner, key_file: Path) -> None:
    first = opened(runner, key_file=key_file)
    sealed = first.vault.seal("words")

    second = opened(runner, key_file=key_file)

    assert (first.made, second.made) == (key_file, None)
    assert second.vault.open(sealed) == "words"


def test_only_its_owner_may_read_a_key_file(runner: Runner, key_file: Path) -> None:
    opened(runner, key_file=key_file)

    assert key_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_file.parent.glob("*.key*")] == [key_file.name]


def test_no_key_is_made_for_a_database_that_has_sealed_something(runner: Runner, key_file: Path) -> None:
    opened(runner, KEY)

    with pytest.raises(KeyMissingError) as caught:
        opened(runner, key_file=key_file)

    assert str(key_file) in str(caught.value)
    assert not key_file.exists()


def test_the_settings_win_over_the_file(runner: Runner, key_file: Path) -> None:
    write_keys(key_file, Keyring((OTHER,)))
    sealed = opened(runner, KEY, key_file=key_file).vault.seal("words")

    assert opened(runner, KEY).vault.open(sealed) == "words"


def test_a_key_file_may_hold_several_keys_newest_first(key_file: Path) -> None:
    write_keys(key_file, Keyring((KEY,)))
    write_keys(key_file, Keyring((OTHER, KEY)))

    assert read_keys(key_file).keys == (OTHER, KEY)
    assert key_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("keys", [["short"], [KEY, ""], ["ü" * 44], ["\ud800"], [KEY[:-1]]])
def test_something_that_is_no_key_is_refused_without_being_shown(runner: Runner, keys: Sequence[str]) -> None:
    with pytest.raises(MalformedKeyError) as caught:
        opened(runner, *keys)

    assert not any(key in str(caught.value) for key in keys if key)


def test_an_empty_key_file_is_refused_by_name(runner: Runner, key_file: Path) -> None:
    key_file.touch()

    with pytest.raises(MalformedKeyError) as caught:
        opened(runner, key_file=key_file)

    assert str(key_file) in str(caught.value)


def test_a_keyring_shows_no_key() -> None:
    assert KEY not in repr(Keyring((KEY,)))


def test_two_that_start_at_once_on_an_empty_database_agree(runner: Runner, database_url: str) -> None:
    other = open_runner(database_url)
    barrier = Barrier(2)
    hashes: list[bytes] = []

    def start(mine: Runner) -> None:
        barrier.wait(10)
        hashes.append(opened(mine, KEY).vault.lookup_hash("token"))

    threads = [Thread(target=start, args=[each]) for each in (runner, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    other.close()
    assert len(hashes) == 2
    assert len(set(hashes)) == 1

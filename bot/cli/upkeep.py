"""`twoyes migrate`, `backup` and `keys rotate`."""

from pathlib import Path

from bot.cli.database import existing, running
from bot.cli.failing import FailedError
from bot.cli.terminal import bar, tell
from bot.settings import Settings
from storage.backup import back_up
from storage.engine import database_file
from storage.keys import Keyring, key_file_of, new_key, unlock, write_keys
from storage.lock import serving
from storage.revisions import REVISIONS, check, current
from storage.rotation import rotate as seal_anew
from storage.runner import Runner
from storage.sealed_columns import SEALED_COLUMNS

VERSIONS = ("base", *REVISIONS)


def migrate(settings: Settings, to: str) -> None:
    """Move the tables up or down to a version."""
    from storage.migrate import downgrade, upgrade  # these load Alembic

    wanted = VERSIONS[-1] if to == "head" else to
    if wanted not in VERSIONS:
        raise FailedError(f"There is no version {to!r} of the tables. There are: {', '.join(VERSIONS)}.")
    move = downgrade if wanted in VERSIONS[: _place_of(settings)] else upgrade
    with bar("migrating the database") as report:
        moved = move(settings.database_url, wanted, progress=report)
    if moved.copy:
        tell(f"The database as it was is in {moved.copy}.")
    if moved.before == moved.after:
        tell(f"The database is at version {moved.after or 'none'} already.")
    else:
        tell(f"The database went from version {moved.before or 'none'} to {moved.after or 'none'}.")


def _place_of(settings: Settings) -> int:
    """Return the place of the database's version among all of ours; 0 for none, or one we do not know."""
    file = database_file(settings.database_url)
    if file is not None and not file.exists():
        return 0
    with running(settings) as runner:
        found = runner.run_now(current)
    return VERSIONS.index(found) if found in VERSIONS else 0


def backup(settings: Settings, file: Path) -> None:
    """Copy the database."""
    existing(settings)
    with bar("copying the database") as report:
        back_up(settings.database_url, file, report)
    tell(f"The database was copied to {file}. Its key is not in it.")


def rotate(settings: Settings) -> None:
    """Seal everything with the newest key; a key file gets that key made."""
    file = existing(settings)
    with running(settings) as runner:
        runner.run_now(check)
        if settings.encryption_keys or file is None:
            done = _with_settings(runner, settings)
        else:
            with serving(file):
                done = _with_file(runner, key_file_of(file))
    tell(f"{done} values were sealed anew with the newest key.")


def _with_settings(runner: Runner, settings: Settings) -> int:
    unlocked = runner.run_now(lambda tx: unlock(tx, settings.secret_keys(), key_file=None))
    if len(unlocked.keyring.keys) == 1:
        raise FailedError(
            "TWOYES_ENCRYPTION_KEYS holds one key only. Put a new one in front of it (`twoyes keys new` makes one; "
            "a comma goes between), restart every bot, and run this again."
        )
    return _sealed_anew(runner, unlocked.keyring)


def _with_file(runner: Runner, key_file: Path) -> int:
    """Keep the old key in the file until nothing needs it."""
    old = runner.run_now(lambda tx: unlock(tx, (), key_file=key_file)).keyring
    both = Keyring.of((new_key(), *old.keys), str(key_file))
    write_keys(key_file, both)
    done = _sealed_anew(runner, both)
    write_keys(key_file, Keyring.of(both.keys[:1], str(key_file)))
    return done


def _sealed_anew(runner: Runner, keyring: Keyring) -> int:
    with bar("sealing everything anew") as report:
        return seal_anew(runner, keyring, SEALED_COLUMNS, report)

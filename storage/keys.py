"""Finds, makes and checks the keys that seal a database."""

import os
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql

from storage.errors import KeyMissingError, MalformedKeyError, WrongKeyError
from storage.meta import meta
from storage.vault import Vault

LOOKUP_KEY = "lookup_key"
"""The row that proves a key: the secret for look-ups, sealed. Without it, nothing has been sealed yet."""

_SETTING = "TWOYES_ENCRYPTION_KEYS"
_FIND = select(meta.c.value).where(meta.c.key == LOOKUP_KEY)
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
_ADD = postgresql.insert(meta).values(key=LOOKUP_KEY, value=bindparam("sealed")).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class Keyring:
    """Fernet keys, newest first; never empty, never shown."""

    keys: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, keys: Sequence[str], place: str) -> "Keyring":
        """Check the keys; MalformedKeyError names the `place` they came from."""
        try:
            for key in keys:
                Fernet(key)
        except ValueError as error:
            raise MalformedKeyError(place) from error
        if not keys:
            raise MalformedKeyError(place)
        return cls(tuple(keys))

    @property
    def fernet(self) -> MultiFernet:
        """Return what encrypts with the newest key and decrypts with any."""
        return MultiFernet([Fernet(key) for key in self.keys])


@dataclass(frozen=True, slots=True)
class Unlocked:
    """An open database: its vault, the keys that opened it, and the key file if one was made just now."""

    vault: Vault
    keyring: Keyring
    made: Path | None = None


def new_key() -> str:
    """Make a key from the system's randomness."""
    return Fernet.generate_key().decode("ascii")


def key_file_of(database: Path) -> Path:
    """Return where the key of a SQLite file lies when the settings give none."""
    return database.with_name(f"{database.name}.key")


def unlock(connection: Connection, configured: Sequence[str], *, key_file: Path | None) -> Unlocked:
    """Open the database with the keys in the settings (newest first), else with those in `key_file`.

    With neither, a database that has sealed nothing yet gets a new key in `key_file`; otherwise
    KeyMissingError. Keys that do not open it are a WrongKeyError. PostgreSQL has no file beside it: give
    None.
    """
    if configured:
        return _opened(connection, Keyring.of(configured, _SETTING))
    if key_file is not None and key_file.exists():
        return _opened(connection, read_keys(key_file))
    if key_file is None or connection.scalar(_FIND) is not None:
        raise KeyMissingError(key_file)
    _create(key_file, new_key())
    return _opened(connection, read_keys(key_file), made=key_file)


def read_keys(key_file: Path) -> Keyring:
    """Read a key file: one key a line, newest first."""
    return Keyring.of(key_file.read_text("ascii", errors="replace").split(), str(key_file))


def write_keys(key_file: Path, keyring: Keyring) -> None:
    """Put these keys into the file in one step, readable by its owner alone."""
    written = _written(key_file, keyring.keys)
    written.replace(key_file)
    _sync_directory(key_file.parent)


def _opened(connection: Connection, keyring: Keyring, made: Path | None = None) -> Unlocked:
    sealed = connection.scalar(_FIND)
    if sealed is None:
        connection.execute(_ADD, {"sealed": keyring.fernet.encrypt(secrets.token_bytes(32))})
        sealed = connection.scalar(_FIND)  # another replica's, if it was first
    try:
        lookup_key = keyring.fernet.decrypt(sealed or b"")
    except InvalidToken as error:
        raise WrongKeyError from error
    return Unlocked(Vault(keyring.keys, lookup_key), keyring, made)


def _create(key_file: Path, key: str) -> None:
    """Make the file whole or not at all; keep the one that another process made meanwhile."""
    written = _written(key_file, (key,))
    try:
        key_file.hardlink_to(written)
    except FileExistsError:
        pass
    finally:
        written.unlink()
    _sync_directory(key_file.parent)


def _written(key_file: Path, keys: Sequence[str]) -> Path:
    """Write to a new file of mode 0600 beside the key file, and wait for the disk."""
    descriptor, path = tempfile.mkstemp(dir=key_file.parent, prefix=f"{key_file.name}.")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return Path(path)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""What can be wrong with a database, each as a fact with a sentence that says what to do."""

from pathlib import Path


class StorageError(Exception):
    """The database could not do what was asked; the text is for the operator."""


class DatabaseUnavailableError(StorageError):
    """Nothing was saved; the same work may be tried again later."""

    def __init__(
        self,
        sentence: str = "The database cannot be reached or written to. Check that it is running, "
        "that its disk is not full and that this user may write to it, then try again.",
    ) -> None:
        """Say the general sentence unless a better one is known."""
        super().__init__(sentence)


class DatabaseBusyError(DatabaseUnavailableError):
    """Somebody else held the database for too long; nothing was saved, and trying again is likely to work."""

    def __init__(self) -> None:
        super().__init__("The database is busy with something else. Wait a moment and try again.")


class HiddenFailureError(StorageError):
    """The work went on after a statement had failed and taken the transaction with it; nothing was saved."""

    def __init__(self) -> None:
        super().__init__(
            "A statement failed, the work went on as if it had not, and nothing was saved. "
            "This is a mistake in the program: please report it."
        )


class StoreClosedError(StorageError):
    """Work was handed over after the store had been closed; it was not done."""

    def __init__(self) -> None:
        super().__init__("The bot is stopping and takes no more work. Try again when it is running.")


class UnsupportedDatabaseError(StorageError):
    """DATABASE_URL names no database we can use."""

    def __init__(self, scheme: str) -> None:
        """`scheme` is all that is shown of the address, since the rest may hold a password."""
        super().__init__(
            f"DATABASE_URL begins with {scheme!r}. Give sqlite:///path/to/file.db or postgresql://user@host/name."
        )
        self.scheme = scheme


class NotMigratedError(StorageError):
    """The database's tables are older than the program."""

    def __init__(self, current: str | None, wanted: str | None) -> None:
        super().__init__(
            f"The database is at version {current or 'none'} and this program needs {wanted or 'none'}. "
            "Run `twoyes migrate`, then start again."
        )
        self.current = current
        self.wanted = wanted


class NewerDatabaseError(StorageError):
    """The database's tables are newer than the program."""

    def __init__(self, current: str | None, wanted: str | None) -> None:
        """`wanted` is the newest version the program knows."""
        super().__init__(
            f"The database is at version {current}, which this program does not know; the newest it knows is "
            f"{wanted or 'none'}. Install the newer twoyes, or restore a backup made before the upgrade."
        )
        self.current = current
        self.wanted = wanted


class BrokenReferencesError(StorageError):
    """A migration would have left rows that point at nothing; it was undone."""

    def __init__(self, tables: tuple[str, ...]) -> None:
        """`tables` hold the rows that point at nothing."""
        super().__init__(
            f"The migration was undone because rows in {', '.join(tables)} would point at nothing. "
            "The database is as it was: keep the old version running and report this."
        )
        self.tables = tables


class KeyMissingError(StorageError):
    """The database holds sealed text and no key was given, or one is required."""

    def __init__(self, key_file: Path | None) -> None:
        """`key_file` is where the key was looked for besides the settings."""
        place = f" or put the key file back at {key_file}" if key_file else ""
        super().__init__(
            f"There is no encryption key for this database. Set TWOYES_ENCRYPTION_KEYS{place}. "
            "Without its key the text in a database cannot be read by anybody."
        )
        self.key_file = key_file


class WrongKeyError(StorageError):
    """None of the keys given opens this database."""

    def __init__(self) -> None:
        super().__init__(
            "None of the encryption keys given opens this database. Set TWOYES_ENCRYPTION_KEYS to the key it "
            "was made with (if `twoyes keys rotate` did not finish: the new key and the old one)."
        )


class MalformedKeyError(StorageError):
    """Something given as an encryption key is not one."""

    def __init__(self, place: str) -> None:
        """`place` is the setting or file it came from; the key itself is never shown."""
        super().__init__(
            f"{place} holds no key, or something that is not one. A key is 44 characters; `twoyes keys new` makes one."
        )
        self.place = place


class DatabaseInUseError(StorageError):
    """Another process is serving from the same file."""

    def __init__(self, path: Path) -> None:
        """`path` is the database file."""
        super().__init__(
            f"Another twoyes is already serving from {path}. Stop it first, or give this one its own "
            "DATABASE_URL (several at once need PostgreSQL)."
        )
        self.path = path


class BackupExistsError(StorageError):
    """A backup never overwrites a file."""

    def __init__(self, path: Path) -> None:
        """`path` is the file that is there."""
        super().__init__(f"{path} exists already. Choose another name for the backup.")
        self.path = path


class BackupFailedError(StorageError):
    """No backup was made."""

    def __init__(self, path: Path, reason: str) -> None:
        """`reason` is what the tool that failed had to say, or what is missing."""
        super().__init__(f"No backup was written to {path}: {reason}")
        self.path = path
        self.reason = reason

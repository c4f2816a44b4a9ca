"""What went wrong, as a sentence for the operator and an exit code for a script."""

from adapters.telemetry import where
from bot.settings import SettingsError
from storage.errors import StorageError

FAILED, WRONG_USAGE = 1, 2


class FailedError(Exception):
    """A command could not do what was asked; the text is for the operator."""


def sentence_of(error: BaseException) -> str:
    """Say what went wrong. The text of an error that nobody foresaw may quote people, and is not shown."""
    error = _innermost(error)
    if isinstance(error, FailedError | SettingsError | StorageError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}." if error.filename else f"{error.strerror}."
    return f"Something went wrong that should not have: {where(error)}. Please report this."


def code_of(error: BaseException) -> int:
    """Return 2 for what the operator can set right, 1 for everything else."""
    return WRONG_USAGE if isinstance(_innermost(error), SettingsError) else FAILED


def _innermost(error: BaseException) -> BaseException:
    """Return the first of the errors that a group of tasks ended with."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error

"""`twoyes version`."""

import platform
import sqlite3
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from bot.cli.terminal import tell
from storage.revisions import head


def version() -> None:
    """Print what a report of a mistake has to begin with."""
    tell(f"twoyes {_own()}, tables {head() or 'none'}")
    tell(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}")


def _own() -> str:
    try:
        return installed("twoyes")
    except PackageNotFoundError:
        return "from a directory that is not installed"

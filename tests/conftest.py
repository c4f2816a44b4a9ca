"""Fixtures that every test may ask for."""

import gc
from pathlib import Path

import pytest

from tests.databases import database_url, postgres_server, postgres_url, runner, sqlite_url
from tests.stores import emptied_postgres, postgres_template, sqlite_template

# Made once for a whole run, hence here: a folder that imports them again would make them again.
__all__ = [
    "database_url",
    "emptied_postgres",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "runner",
    "sqlite_template",
    "sqlite_url",
]

UNMEASURED = tuple(
    Path(__file__).parent / name for name in ("browser", "discord", "e2e/discord", "e2e/slack", "faults", "slack")
)
"""What pulls at the whole bot from outside. All that it passes is measured in other tests, and measuring takes time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure the coverage of some tests only."""
    for item in items:
        if any(map(item.path.is_relative_to, UNMEASURED)):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Let the collector look at what the tests make, and not again and again at thousands of tests and modules."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)

"""A club for each test of a use case."""

from collections.abc import AsyncIterator

import pytest

from tests.app.club import Club, open_club
from tests.stores import key, migrated_postgres, migrated_sqlite, vault

__all__ = ["club", "key", "migrated_postgres", "migrated_sqlite", "vault"]


@pytest.fixture
async def club(migrated_sqlite: str) -> AsyncIterator[Club]:
    """The sample group, everybody joined, on a fresh SQLite file."""
    opened = await open_club(migrated_sqlite)
    yield opened
    await opened.bot.close()

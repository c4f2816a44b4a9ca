"""Fixtures for the fault tests: a furnished database of each kind, and a courier's bench on it."""

from collections.abc import AsyncIterator

import pytest

from bot.bootstrap import open_store
from tests.faults.bench import Bench, bench_on
from tests.faults.places import move_in, settings_for
from tests.stores import migrated_postgres, migrated_sqlite, migrated_url

__all__ = ["migrated_postgres", "migrated_sqlite", "migrated_url"]


@pytest.fixture
def furnished_url(migrated_url: str) -> str:
    """A database with the sample group in it, of each kind in turn."""
    move_in(migrated_url)
    return migrated_url


@pytest.fixture
def furnished_postgres(migrated_postgres: str) -> str:
    """A PostgreSQL database with the sample group in it."""
    move_in(migrated_postgres)
    return migrated_postgres


@pytest.fixture
async def bench(furnished_url: str) -> AsyncIterator[Bench]:
    """A courier's bench on each database in turn."""
    bench = bench_on(furnished_url, open_store(settings_for(furnished_url)).store)
    yield bench
    await bench.store.close()

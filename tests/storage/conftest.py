"""Fixtures for the tests that need a migrated database."""

from tests.stores import (
    key,
    migrated_postgres,
    migrated_sqlite,
    migrated_url,
    store,
    vault,
)

__all__ = [
    "key",
    "migrated_postgres",
    "migrated_sqlite",
    "migrated_url",
    "store",
    "vault",
]

"""A migrated database to be copied, for the tests of the conversation on Discord."""

from tests.stores import sqlite_template

__all__ = ["sqlite_template"]

"""Fixtures that every test may ask for."""

from tests.databases import database_url, postgres_server, postgres_url, runner, sqlite_url

__all__ = ["database_url", "postgres_server", "postgres_url", "runner", "sqlite_url"]

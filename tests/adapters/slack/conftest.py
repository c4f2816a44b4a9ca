"""A Slack for tests, and the whole bot in it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.local.clock import StoryClock
from tests.adapters.slack.posting import office
from tests.e2e.commands import make_template
from tests.slack.club import Club, open_club
from tests.slack.fixtures import slack, slack_client, slack_clock, slack_session, slack_transport
from tests.slack.server import SlackServer
from tests.stores import key, migrated_sqlite, vault

__all__ = [
    "key",
    "migrated_sqlite",
    "office",
    "slack",
    "slack_client",
    "slack_clock",
    "slack_session",
    "slack_transport",
    "vault",
]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    return make_template(tmp_path_factory.mktemp("template") / "twoyes.db")


@pytest.fixture
def database_url(migrated: Path, tmp_path: Path) -> str:
    """A database of this test's own, with nothing in it."""
    return f"sqlite:///{shutil.copyfile(migrated, tmp_path / 'twoyes.db')}"


@pytest.fixture
async def club(
    slack: SlackServer, slack_clock: StoryClock, slack_transport: str, database_url: str
) -> AsyncIterator[Club]:
    """The bot in the sample workspace, over both transports in turn."""
    async with open_club(slack, slack_clock, database_url, slack_transport, upgraded=True) as opened:
        yield opened


@pytest.fixture
async def http_club(slack: SlackServer, slack_clock: StoryClock, database_url: str) -> AsyncIterator[Club]:
    """The same over HTTP."""
    async with open_club(slack, slack_clock, database_url, "http", upgraded=True) as opened:
        yield opened


@pytest.fixture
async def socket_club(slack: SlackServer, slack_clock: StoryClock, database_url: str) -> AsyncIterator[Club]:
    """The same by Socket Mode."""
    async with open_club(slack, slack_clock, database_url, "socket", upgraded=True) as opened:
        yield opened

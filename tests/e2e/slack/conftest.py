"""The sample workspace with the whole bot in it, for the tests of the conversation on Slack."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.local.clock import StoryClock
from tests.e2e.slack.town import Town, open_town
from tests.slack.fixtures import slack, slack_clock
from tests.slack.server import SlackServer

__all__ = ["slack", "slack_clock"]


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated database with nothing in it."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'twoyes.db')}"


@pytest.fixture
async def town(slack: SlackServer, slack_clock: StoryClock, database: str) -> AsyncIterator[Town]:
    """The sample workspace, in which no group was started yet; nobody may have seen an error of Slack's at the end."""
    async with open_town(slack, slack_clock, database) as opened:
        yield opened
    assert slack.world.complaints == []

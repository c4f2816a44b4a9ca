"""Fixtures for any folder of tests that needs a Slack: import them in its conftest."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.local.clock import StoryClock
from tests.slack.cast import BOT_TOKEN
from tests.slack.server import SlackServer


@pytest.fixture
def slack_clock() -> StoryClock:
    """A clock that stands still until a test moves it."""
    return StoryClock()


@pytest.fixture
async def slack(slack_clock: StoryClock) -> AsyncIterator[SlackServer]:
    """A Slack with the sample world; at the end nothing that was sent may have broken its rules."""
    async with SlackServer.started(slack_clock) as server:
        yield server
    assert server.world.violations == []


@pytest.fixture
async def slack_session() -> AsyncIterator[aiohttp.ClientSession]:
    """The one session all calls share, with a time-out of its own."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
def slack_client(slack: SlackServer, slack_session: aiohttp.ClientSession) -> AsyncWebClient:
    """Slack's own client, with the bot's token."""
    return AsyncWebClient(BOT_TOKEN, base_url=slack.api_url, session=slack_session, retry_handlers=[])


@pytest.fixture(params=["http", "socket"])
def slack_transport(request: pytest.FixtureRequest) -> str:
    """Both ways in which Slack reaches an app."""
    return str(request.param)

"""`twoyes` as real processes beside a Slack for tests, which lives in the test's own loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.system import SystemClock
from tests.e2e.commands import Ended, Operator, Server
from tests.slack.cast import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from tests.slack.server import SlackServer

PUBLIC = "https://bot.example.org"
TOLD = {"TWOYES_OPERATOR_NAME": "Ada", "TWOYES_OPERATOR_CONTACT": "ada@example.org"}
BY_SOCKET = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, **TOLD}
OVER_HTTP = {
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    "SLACK_CLIENT_ID": CLIENT_ID,
    "SLACK_CLIENT_SECRET": CLIENT_SECRET,
    "TWOYES_PUBLIC_URL": PUBLIC,
    "TWOYES_HTTP_PORT": "0",
    **TOLD,
}


@asynccontextmanager
async def a_slack() -> AsyncIterator[SlackServer]:
    """Start a Slack that goes by the machine's clock, as processes do."""
    async with SlackServer.started(SystemClock()) as slack:
        yield slack
    assert slack.world.violations == []


async def does(operator: Operator, *words: str) -> Ended:
    """Run a command to its end, in a thread, while Slack goes on answering."""
    return await asyncio.to_thread(operator.does, *words)


@asynccontextmanager
async def serving(operator: Operator) -> AsyncIterator[Server]:
    """Run `twoyes serve` beside the test."""
    process = operator.serving()
    server = await asyncio.to_thread(process.__enter__)
    try:
        yield server
    finally:
        await asyncio.to_thread(process.__exit__, None, None, None)

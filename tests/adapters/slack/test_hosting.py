"""Slack as `twoyes serve` runs it, in this process: what it finds out at the start, and when it calls itself ready."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import structlog
from cryptography.fernet import Fernet
from pydantic import SecretStr

from adapters.telemetry import Observed
from bot.bootstrap import Bot, build, open_store
from bot.cli import hosting_slack
from bot.cli.hosting import choose
from bot.cli.hosting_slack import SlackHost
from bot.cli.voice import Voice
from bot.settings import Settings
from tests.slack.cast import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from tests.slack.club import WORKSPACE
from tests.slack.faults import error, status
from tests.slack.server import SlackServer


@asynccontextmanager
async def hosted(server: SlackServer, database_url: str, **sets: object) -> AsyncIterator[tuple[SlackHost, Bot]]:
    """Open what `serve` would for these settings."""
    settings = Settings(
        database_url=database_url,
        encryption_keys=(SecretStr(Fernet.generate_key().decode()),),
        operator_name="Ada",
        operator_contact="ada@example.org",
        slack_api_url=server.api_url,
        **sets,  # type: ignore[arg-type] # any of the fields
    )
    telemetry = Observed(structlog.get_logger())  # what is logged, and how, is not changed for other tests
    opened = open_store(settings)
    (host,) = choose(settings, opened, Voice(telemetry, in_sentences=False))
    assert isinstance(host, SlackHost)
    bot = build(settings, opened.store, {host.name: host.platform}, telemetry=telemetry)
    try:
        yield host, bot
    finally:
        await host.close()
        await bot.close()


async def test_by_socket_mode_it_finds_its_workspace_even_if_slack_is_away_at_first(
    slack: SlackServer, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosting_slack, "TRY_AGAIN", 0.01)
    slack.faults.next("auth.test", status(502))
    slack.faults.next("auth.test", error("service_unavailable"))
    stop, tokens = asyncio.Event(), {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}

    async with hosted(slack, database_url, **tokens) as (host, bot), asyncio.TaskGroup() as tasks:
        assert host.readiness() == {"slack": False}
        assert host.routes(bot) == ()
        tasks.create_task(host.run(bot, stop))
        await _until(lambda: host.readiness()["slack"])
        await _until(lambda: len(slack.world.called("auth.test")) == 3)
        while await bot.store.run(lambda tx: tx.workspaces.get(WORKSPACE)) is None:  # noqa: ASYNC110 -- as below
            await asyncio.sleep(0.01)
        stop.set()

    assert slack.sockets.connections == 0


async def test_over_http_it_answers_at_three_addresses_and_needs_nothing(slack: SlackServer, database_url: str) -> None:
    secrets = {
        "slack_signing_secret": SIGNING_SECRET,
        "slack_client_id": CLIENT_ID,
        "slack_client_secret": CLIENT_SECRET,
        "public_url": "https://bot.example.org",
    }

    async with hosted(slack, database_url, **secrets) as (host, bot):
        paths = [getattr(route, "path", "") for route in host.routes(bot)]

    assert paths == ["/slack/events", "/slack/install", "/slack/oauth_redirect"]
    assert host.readiness() == {}


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 -- the host tells nobody of its state
            await asyncio.sleep(0.01)

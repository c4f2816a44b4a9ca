"""Discord as `twoyes serve` runs it, in this process: what is chosen, what it answers, and when it is ready."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import structlog
from cryptography.fernet import Fernet
from pydantic import SecretStr

from adapters.discord import connection, looking_after
from adapters.discord.connection import Pace
from adapters.telemetry import Observed
from bot.bootstrap import Bot, build, open_store
from bot.cli.failing import sentence_of
from bot.cli.hosting import choose
from bot.cli.hosting_discord import DiscordHost
from bot.cli.voice import Voice
from bot.settings import Settings
from tests.discord.cast import ANA, INTRODUCTIONS, TOKEN
from tests.discord.faults import status
from tests.discord.server import DiscordServer

SYNC = "PUT /applications/{application_id}/commands"


def settings_of(server: DiscordServer, database_url: str, **sets: object) -> Settings:
    """Return what an operator would have set."""
    return Settings(
        database_url=database_url,
        encryption_keys=(SecretStr(Fernet.generate_key().decode()),),
        operator_name="Ada",
        operator_contact="ada@example.org",
        discord_token=SecretStr(TOKEN),
        discord_api_url=server.api_url,
        **sets,  # type: ignore[arg-type] # any of the fields
    )


@asynccontextmanager
async def hosted(server: DiscordServer, database_url: str, **sets: object) -> AsyncIterator[tuple[DiscordHost, Bot]]:
    """Open what `serve` would for these settings."""
    settings = settings_of(server, database_url, **sets)
    telemetry = Observed(structlog.get_logger())  # what is logged, and how, is not changed for other tests
    opened = open_store(settings)
    (host,) = choose(settings, opened, Voice(telemetry, in_sentences=False))
    assert isinstance(host, DiscordHost)
    bot = build(settings, opened.store, {host.name: host.platform}, telemetry=telemetry)
    try:
        yield host, bot
    finally:
        await host.close()
        await bot.close()


async def test_by_the_gateway_it_is_ready_when_it_is_connected_and_not_when_it_stopped(
    discord_pointed: DiscordServer, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_after, "TRY_AGAIN", 0.01)
    discord_pointed.faults.next("GET /applications/@me", status(503))
    stop = asyncio.Event()

    async with hosted(discord_pointed, database_url) as (host, bot):
        assert host.readiness() == {"discord": False}
        assert host.routes(bot) == ()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(host.run(bot, stop))
            await _until(lambda: host.readiness()["discord"])
            await discord_pointed.world.pulse.until(lambda: bool(discord_pointed.world.commands.get(None)))
            answered = await discord_pointed.people.slash(ANA, INTRODUCTIONS, "intros help")
            stop.set()

        assert answered.error is None
        assert host.readiness() == {"discord": False}


async def test_when_the_token_is_reset_the_process_ends_with_a_sentence(
    discord_pointed: DiscordServer, database_url: str
) -> None:
    async with hosted(discord_pointed, database_url) as (host, bot):

        async def resets() -> None:
            await _until(lambda: host.readiness()["discord"])
            await discord_pointed.gateway.close(4004)

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(resets())
            with pytest.raises(ExceptionGroup) as ended:
                await host.run(bot, asyncio.Event())

    assert sentence_of(ended.value).startswith("Discord does not know DISCORD_TOKEN.")


async def test_when_there_is_no_connection_the_process_ends_for_a_supervisor_to_start_it_anew(
    discord_pointed: DiscordServer, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "Pace", lambda: Pace(look=0.02, give_up=0.1))
    discord_pointed.gateway.refuse(1_000)

    async with hosted(discord_pointed, database_url) as (host, bot):
        with pytest.raises(ExceptionGroup) as ended:
            await host.run(bot, asyncio.Event())

    assert sentence_of(ended.value).startswith("There was no connection to Discord for some minutes.")


async def test_what_is_in_hand_when_it_is_told_to_stop_is_answered(
    discord_pointed: DiscordServer, database_url: str
) -> None:
    stop = asyncio.Event()

    async with hosted(discord_pointed, database_url) as (host, bot), asyncio.TaskGroup() as tasks:
        tasks.create_task(host.run(bot, stop))
        await _until(lambda: host.readiness()["discord"])
        await discord_pointed.world.pulse.until(lambda: bool(discord_pointed.world.commands.get(None)))
        discord_pointed.people.patience = 5
        asked = tasks.create_task(discord_pointed.people.slash(ANA, INTRODUCTIONS, "intros help"))
        await _until(lambda: host._discord.background._busy > 0)
        stop.set()
        answered = await asked

    assert answered.error is None


async def test_with_a_public_key_interactions_come_to_an_address_and_no_gateway_is_opened(
    discord_pointed: DiscordServer, database_url: str
) -> None:
    stop = asyncio.Event()

    async with hosted(discord_pointed, database_url, discord_public_key=discord_pointed.public_key) as (host, bot):
        paths = [getattr(route, "path", "") for route in host.routes(bot)]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(host.run(bot, stop))
            await discord_pointed.world.pulse.until(lambda: bool(discord_pointed.world.called(SYNC)))
            stop.set()

    assert paths == ["/discord/interactions"]
    assert host.readiness() == {}
    assert discord_pointed.gateway.identifies == []


async def test_beside_slack_both_are_served(discord_pointed: DiscordServer, database_url: str) -> None:
    tokens = {"slack_bot_token": SecretStr("xoxb-1"), "slack_app_token": SecretStr("xapp-1")}
    settings = settings_of(discord_pointed, database_url, **tokens)
    opened = open_store(settings)

    hosts = choose(settings, opened, Voice(Observed(structlog.get_logger()), in_sentences=False))

    assert [host.name for host in hosts] == ["slack", "discord"]
    for host in hosts:
        await host.close()
    await opened.store.close()


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 -- the host tells nobody of its state
            await asyncio.sleep(0.001)

"""`twoyes serve` as a real process beside Discord, each way once; what it refuses to serve, and what it ends with."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest

from tests.discord.cast import ANA, DAVID, INTRODUCTIONS, TOKEN
from tests.discord.server import DiscordServer
from tests.e2e.commands import Operator
from tests.e2e.discord_processes import BY_GATEWAY, TOLD, a_discord, over_http
from tests.e2e.slack_processes import serving

SYNC = "PUT /applications/{application_id}/commands"


async def test_by_the_gateway_a_group_is_started_and_joined_as_the_readme_says(operator: Operator) -> None:
    (operator.home / ".env").write_text("".join(f"{name}={value}\n" for name, value in BY_GATEWAY.items()))
    async with a_discord() as discord, serving(operator.setting(TWOYES_DISCORD_API_URL=discord.api_url)) as server:
        await discord.gateway.connected(patience=30)
        await _a_group_begins(discord)
        ready = await asyncio.to_thread(server.ask, "/readyz")
        code = await asyncio.to_thread(server.stop)

    assert code == 0
    assert ready.json()["discord"] == "ok"
    _nothing_private_is_logged(server.logged)


async def test_over_http_a_group_is_started_and_joined(operator: Operator) -> None:
    async with (
        a_discord() as discord,
        serving(operator.setting(**over_http(discord), TWOYES_DISCORD_API_URL=discord.api_url)) as server,
    ):
        address = next(line["public"] for line in server.logged if line["event"] == "serve.started")
        by_http = discord.deliver_by_http(f"{address}/discord/interactions")
        assert await by_http.verify() == []
        await _a_group_begins(discord)
        forged = await asyncio.to_thread(_forged, address)
        code = await asyncio.to_thread(server.stop)

    assert code == 0
    assert forged == 401
    assert discord.gateway.connections == 0
    _nothing_private_is_logged(server.logged)


async def test_a_token_that_discord_does_not_know_ends_it_with_a_sentence(operator: Operator) -> None:
    wrong = TOKEN.replace("opens", "closes")
    async with a_discord() as discord:
        sets = {**BY_GATEWAY, "DISCORD_TOKEN": wrong, "TWOYES_DISCORD_API_URL": discord.api_url}
        ended = await asyncio.to_thread(operator.setting(**sets, TWOYES_LOG_FORMAT="json").types, "serve")

    assert ended.code == 1
    assert "Discord does not know DISCORD_TOKEN" in ended.err
    assert wrong not in ended.out + ended.err


@pytest.mark.parametrize(
    ("sets", "says"),
    [
        ({"DISCORD_TOKEN": "nonsense", **TOLD}, "DISCORD_TOKEN is no bot's token"),
        ({"DISCORD_TOKEN": TOKEN}, "TWOYES_OPERATOR_NAME and"),
        ({"DISCORD_PUBLIC_KEY": "0a" * 32, **TOLD}, "DISCORD_TOKEN is missing"),
        ({**BY_GATEWAY, "DISCORD_PUBLIC_KEY": "short"}, "DISCORD_PUBLIC_KEY is none"),
        ({**BY_GATEWAY, "TWOYES_DISCORD_SHARD_IDS": "0,1"}, "TWOYES_DISCORD_SHARD_COUNT is missing"),
        (
            {**BY_GATEWAY, "TWOYES_DISCORD_SHARD_IDS": "2", "TWOYES_DISCORD_SHARD_COUNT": "2"},
            "SHARD_IDS must be smaller",
        ),
    ],
)
def test_settings_that_are_not_whole_are_refused_with_a_sentence(
    settled: Operator, sets: Mapping[str, str], says: str
) -> None:
    ended = settled.setting(**sets, TWOYES_LOG_FORMAT="json").does("serve")

    assert ended.code == 1
    assert ended.sentence.startswith("Discord cannot be served.")
    assert says in ended.sentence


async def _a_group_begins(discord: DiscordServer) -> None:
    await discord.world.pulse.until(lambda: bool(discord.world.called(SYNC)), 30)
    await discord.world.pulse.until(lambda: bool(discord.world.commands.get(None)), 30)
    started = await discord.people.slash(DAVID, INTRODUCTIONS, "intros settings")
    joined = await discord.people.slash(ANA, INTRODUCTIONS, "intros join")
    assert [started.error, joined.error] == [None, None]
    await discord.world.pulse.until(lambda: bool(discord.view.dm_of(ANA)), 30)


def _forged(address: str) -> int:
    return httpx.post(f"{address}/discord/interactions", content=b'{"type":1}', trust_env=False).status_code


def _nothing_private_is_logged(logged: object) -> None:
    said = str(logged)
    for secret in (TOKEN, ANA, DAVID, "Ana Duarte"):
        assert secret not in said

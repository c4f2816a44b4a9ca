"""`twoyes doctor` says in one line each what is missing for Discord, and `twoyes invite discord` asks for just that."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping

import pytest

from adapters.discord.permissions import NAMES, WANTED
from bot.domain.ids import ChannelId, GroupId, WorkspaceId
from tests.discord.cast import BOT, GUILD, INTRODUCTIONS, TOKEN
from tests.discord.faults import status
from tests.discord.server import DiscordServer
from tests.discord.state import Permission
from tests.e2e.commands import Operator, in_store
from tests.e2e.discord_processes import BY_GATEWAY, a_discord, over_http
from tests.factories import a_group

GOOD = ["ok: the bot token is good: twoyes.", "ok: interactions arrive by the gateway; no privileged intent is needed."]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with a_discord() as discord:
        discord.world.guilds[GUILD].roles[GUILD].permissions |= Permission(int(WANTED))
        yield discord


async def examined(operator: Operator, server: DiscordServer, sets: Mapping[str, str]) -> tuple[int, list[str]]:
    """Return the exit code, and what is said of Discord."""
    setting = operator.setting(**{"TWOYES_DISCORD_API_URL": server.api_url, **sets})
    ended = await asyncio.to_thread(setting.does, "doctor")
    assert TOKEN not in ended.out
    found = re.finditer(r"^(ok|note|fix)\s+discord\s+(.+)$", ended.out, re.MULTILINE)
    return ended.code, [f"{one[1]}: {one[2]}" for one in found]


async def test_a_right_token_is_found_good(settled: Operator, server: DiscordServer) -> None:
    assert await examined(settled, server, BY_GATEWAY) == (0, GOOD)


async def test_each_permission_the_bots_role_lacks_is_named(settled: Operator, server: DiscordServer) -> None:
    for role in server.world.guilds[GUILD].roles.values():
        role.permissions &= ~(Permission.CREATE_PRIVATE_THREADS | Permission.ATTACH_FILES)

    code, lines = await examined(settled, server, BY_GATEWAY)

    assert code == 1
    (fix,) = lines[2:]
    assert fix.startswith(
        "fix: in The Chapter the bot lacks Attach Files, Create Private Threads. Add that to its role"
    )


async def test_each_permission_that_is_missing_in_a_groups_channel_is_named(
    settled: Operator, server: DiscordServer
) -> None:
    group = a_group(
        id=GroupId("on-discord"), workspace=WorkspaceId(f"discord:{GUILD}"), channel=ChannelId(INTRODUCTIONS)
    )
    in_store(settled, lambda tx: tx.groups.add(group))
    server.world.overwrite(INTRODUCTIONS, BOT, deny=Permission.SEND_MESSAGES_IN_THREADS)

    code, lines = await examined(settled, server, BY_GATEWAY)

    assert code == 1
    (fix,) = [line for line in lines if line.startswith("fix")]
    assert INTRODUCTIONS in fix
    assert "the bot lacks Send Messages in Threads." in fix


async def test_a_bot_in_no_server_gets_the_link_that_adds_it(settled: Operator, server: DiscordServer) -> None:
    server.servers.remove_bot(GUILD)

    code, lines = await examined(settled, server, BY_GATEWAY)

    assert code == 0
    assert lines[-1].startswith("note: the bot is in no server yet. Add it: https://discord.com/oauth2/authorize?")


async def test_over_http_the_key_and_the_address_are_compared(settled: Operator, server: DiscordServer) -> None:
    no_address = await examined(settled, server, over_http(server))
    server.deliver_by_http("https://bot.example.org/discord/interactions")
    good = await examined(settled, server, over_http(server))
    other_key = await examined(settled, server, {**over_http(server), "DISCORD_PUBLIC_KEY": "0a" * 32})
    not_by_gateway = await examined(settled, server, BY_GATEWAY)

    assert no_address[1][1].startswith("fix: Discord is not told where to send interactions.")
    assert good == (0, [GOOD[0], "ok: interactions arrive at https://bot.example.org/discord/interactions."])
    assert other_key[1][1].startswith("fix: DISCORD_PUBLIC_KEY is not this app's.")
    assert not_by_gateway[1][1].startswith("fix: Discord sends everything to https://bot.example.org")


async def test_a_token_discord_does_not_know_and_a_silent_discord_are_told_apart(
    settled: Operator, server: DiscordServer
) -> None:
    unknown = await examined(settled, server, {**BY_GATEWAY, "DISCORD_TOKEN": TOKEN.replace("opens", "shuts")})
    server.faults.next("GET /users/@me", status(502))
    broken = await examined(settled, server, BY_GATEWAY)
    away = await examined(settled, server, {**BY_GATEWAY, "TWOYES_DISCORD_API_URL": "http://127.0.0.1:9/api/v10"})

    assert unknown[1][0].startswith("fix: Discord does not know DISCORD_TOKEN.")
    assert broken[1] == [f"fix: no answer from {server.api_url}. Look at this machine's network, firewall and proxy."]
    assert away[1][0].startswith("fix: no answer from http://127.0.0.1:9/api/v10.")


def test_the_invite_asks_for_exactly_what_is_needed(operator: Operator) -> None:
    ended = operator.setting(DISCORD_TOKEN=TOKEN).does("invite", "discord")

    assert ended.code == 0
    assert ended.out.strip() == (
        "https://discord.com/oauth2/authorize?client_id=100000000000000001&scope=bot+applications.commands"
        f"&permissions={int(WANTED)}"
    )
    assert {NAMES[right] for right in NAMES if right & WANTED} == {
        "View Channel",
        "Send Messages",
        "Attach Files",
        "Read Message History",
        "Create Private Threads",
        "Send Messages in Threads",
    }


def test_without_a_bots_token_there_is_no_invite(operator: Operator) -> None:
    ended = operator.does("invite", "discord")

    assert ended.code == 1
    assert "Set DISCORD_TOKEN" in ended.sentence

"""What `twoyes doctor` finds out about Discord: from the settings alone, then by asking Discord. It changes nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import aiohttp
import orjson

from adapters.discord.client import point_at
from adapters.discord.errors import NotTakenError
from adapters.discord.ids import PLATFORM
from adapters.discord.interactions_http import ADDRESS
from adapters.discord.invite import invite_link
from adapters.discord.line import USER_AGENT, Line
from adapters.discord.permissions import ALL, WANTED, Right, missing
from adapters.discord.rights import TEXT_CHANNEL, Rights
from adapters.system import SystemClock
from bot.cli.database import opened
from bot.cli.discord_settings import DiscordWay, discord_problems, discord_way_of, token_of
from bot.cli.examining import Finding, Verdict
from bot.cli.failing import FailedError
from bot.domain.group import Group
from bot.ports.gateway import DeliveryError
from bot.settings import Settings
from storage.errors import StorageError

_PATIENCE: Final = 5
"""Seconds for one question."""
_MOST_LINES: Final = 20
_UNAUTHORIZED: Final = 401
_OK: Final = 200

_Told = Mapping[str, Any]


class _UnreachableError(Exception):
    """Discord gave no answer that can be read."""


class _Silent:
    """A Telemetry for one who looks and says what they saw themselves."""

    def event(self, name: str, **facts: str | float) -> None: ...

    def handled(self, kind: str, seconds: float) -> None: ...

    def delivered(self, kind: str) -> None: ...

    def retried(self, kind: str) -> None: ...

    def died(self, kind: str) -> None: ...

    def depth(self, depth: object, now: object) -> None: ...


def discord(settings: Settings) -> Iterator[Finding]:
    """Look at what is set, and, if that is whole, whether Discord agrees."""
    wrong = discord_problems(settings)
    yield from map(_fix, wrong)
    if wrong:
        return
    point_at(settings.discord_api_url)
    yield from asyncio.run(_listed(settings, _groups(settings)))


def _groups(settings: Settings) -> Sequence[Group]:
    """Return the groups there are on Discord; none if the database is not there, or not to be read."""
    with suppress(StorageError, FailedError), opened(settings) as store:
        return [group for group in store.run_now(lambda tx: tx.groups.all()) if group.workspace.startswith(PLATFORM)]
    return ()


async def _listed(settings: Settings, groups: Sequence[Group]) -> list[Finding]:
    try:
        return [finding async for finding in _asked(settings, groups)]
    except _UnreachableError:
        where = settings.discord_api_url.rstrip("/")
        return [_fix(f"no answer from {where}. Look at this machine's network, firewall and proxy.")]


async def _asked(settings: Settings, groups: Sequence[Group]) -> AsyncIterator[Finding]:
    headers = {"Authorization": f"Bot {token_of(settings)}", "User-Agent": USER_AGENT}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE), headers=headers) as session:
        status, me = await _get(session, settings, "/users/@me")
        if status == _UNAUTHORIZED:
            yield _fix("Discord does not know DISCORD_TOKEN. Reset it on the app's page Bot, and set the new one.")
            return
        yield Finding(Verdict.OK, "discord", f"the bot token is good: {_text(me, 'username')}.")
        _, application = await _get(session, settings, "/applications/@me")
        yield _application(settings, application)
        _, servers = await _get(session, settings, "/users/@me/guilds")
        for finding in _servers(application, servers):
            yield finding
    async for finding in _channels(settings, groups):
        yield finding


def _application(settings: Settings, told: object) -> Finding:
    """Compare where Discord sends interactions with where the bot waits for them. No privileged intent is needed."""
    endpoint = _text(told, "interactions_endpoint_url")
    if discord_way_of(settings) is DiscordWay.GATEWAY:
        if endpoint:
            return _fix(
                f"Discord sends everything to {endpoint}, and nothing by the gateway. Empty Interactions Endpoint URL "
                "under General Information, or set DISCORD_PUBLIC_KEY."
            )
        return Finding(Verdict.OK, "discord", "interactions arrive by the gateway; no privileged intent is needed.")
    if _text(told, "verify_key").lower() != settings.discord_public_key.strip().lower():
        return _fix("DISCORD_PUBLIC_KEY is not this app's. Copy it from the page General Information.")
    if not endpoint:
        return _fix(
            f"Discord is not told where to send interactions. Set Interactions Endpoint URL under General Information "
            f"to {settings.public_url or 'https://…'}{ADDRESS} while the bot serves."
        )
    return Finding(Verdict.OK, "discord", f"interactions arrive at {endpoint}.")


def _servers(application: object, told: object) -> Iterator[Finding]:
    """Name what the bot's roles lack in each server as a whole."""
    servers = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    if not servers:
        link = invite_link(_text(application, "id"))
        yield Finding(Verdict.NOTE, "discord", f"the bot is in no server yet. Add it: {link}")
        return
    for server in servers[:_MOST_LINES]:
        lacks = missing(_held(server), WANTED)
        if lacks:
            name = _text(server, "name")
            yield _fix(f"in {name} the bot lacks {', '.join(lacks)}. Add that to its role there, or invite it again.")


def _held(server: _Told) -> Right:
    bits = str(server.get("permissions", "0"))
    held = Right(int(bits) & int(ALL) if bits.isdecimal() else 0)
    return ALL if held & Right.ADMINISTRATOR or server.get("owner") is True else held


async def _channels(settings: Settings, groups: Sequence[Group]) -> AsyncIterator[Finding]:
    """Name what is lacking in the channels in which there are groups."""
    line = Line(token_of(settings), _Silent(), within=_PATIENCE)
    rights = Rights(line, SystemClock())
    try:
        for group in groups[:_MOST_LINES]:
            if says := await _lacking(rights, group):
                yield _fix(f"in the channel {group.channel} of the server {group.workspace}, {says}")
    finally:
        await line.close()


async def _lacking(rights: Rights, group: Group) -> str:
    try:
        standing = await rights.in_channel(group.workspace, group.channel)
    except NotTakenError:
        return "which has a group, the bot sees nothing. Give it View Channel there, if the channel still exists."
    except DeliveryError:
        return ""
    lacks = missing(standing.bot, WANTED)
    if lacks:
        return f"the bot lacks {', '.join(lacks)}. Allow it in the channel's settings, under Permissions."
    if standing.kind != TEXT_CHANNEL:
        return "there can be no private threads: people are introduced by a message to each. A text channel has them."
    return ""


async def _get(session: aiohttp.ClientSession, settings: Settings, path: str) -> tuple[int, object]:
    """Return the answer. Raises _UnreachableError for anything but an answer of Discord's."""
    try:
        async with session.get(f"{settings.discord_api_url.rstrip('/')}{path}") as response:
            told = orjson.loads(await response.read())
    except (aiohttp.ClientError, OSError, TimeoutError, orjson.JSONDecodeError):
        raise _UnreachableError from None
    if response.status not in (_OK, _UNAUTHORIZED):
        raise _UnreachableError
    return response.status, told


def _text(told: object, key: str) -> str:
    found = told.get(key) if isinstance(told, dict) else None
    return found if isinstance(found, str) else ""


def _fix(says: str) -> Finding:
    return Finding(Verdict.FIX, "discord", says)

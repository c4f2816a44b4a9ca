"""What the settings for Discord amount to: which way it is reached, and what is missing or in the wrong place."""

import re
from base64 import b64decode
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from bot.settings import Settings

_TOKEN: Final = re.compile(r"(?P<id>[A-Za-z0-9_-]{18,40})\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_ID: Final = re.compile(r"[1-9][0-9]{5,19}")
_KEY: Final = re.compile(r"[0-9a-fA-F]{64}")
_WHERE: Final = "Copy it from the app's page Bot, under Token (Reset Token shows a new one)."


class DiscordWay(StrEnum):
    """How interactions arrive from Discord."""

    GATEWAY = "the gateway"
    HTTP = "HTTP"


def discord_way_of(settings: Settings) -> DiscordWay | None:
    """Return the way that was meant, complete or not; None if nothing is set for Discord."""
    if settings.discord_public_key:
        return DiscordWay.HTTP
    return DiscordWay.GATEWAY if settings.discord_token else None


def token_of(settings: Settings) -> str:
    """Return the token as Discord takes it."""
    return settings.discord_token.get_secret_value().strip() if settings.discord_token else ""


def application_of(token: str) -> str | None:
    """Return the application's id, which a token begins with; None for what is no bot's token."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    try:
        named = b64decode(found["id"] + "=" * (-len(found["id"]) % 4), altchars=b"-_").decode("ascii")
    except ValueError:
        return None
    return named if _ID.fullmatch(named) else None


def discord_problems(settings: Settings) -> tuple[str, ...]:
    """Return a sentence for each thing that has to be set right before Discord can be served."""
    return tuple(_problems(settings)) if discord_way_of(settings) else ()


def _problems(settings: Settings) -> Iterator[str]:
    token = token_of(settings)
    if not token:
        yield f"DISCORD_TOKEN is missing. {_WHERE}"
    elif application_of(token) is None:
        yield f"DISCORD_TOKEN is no bot's token: three parts with a point between them. {_WHERE}"
    if settings.discord_public_key and not _KEY.fullmatch(settings.discord_public_key.strip()):
        yield "DISCORD_PUBLIC_KEY is none: 64 hexadecimal signs. Copy it from the app's page General Information."
    yield from _of_shards(settings)
    told = {"TWOYES_OPERATOR_NAME": settings.operator_name, "TWOYES_OPERATOR_CONTACT": settings.operator_contact}
    untold = [name for name, value in told.items() if not value.strip()]
    if untold:
        are = "is" if len(untold) == 1 else "are"
        names = " and ".join(untold)
        yield f"{names} {are} missing: on Discord people are told who keeps their data, and how to reach you."


def _of_shards(settings: Settings) -> Iterator[str]:
    count = settings.discord_shard_count
    if not settings.discord_shard_ids:
        return
    if count is None:
        yield "TWOYES_DISCORD_SHARD_COUNT is missing: with shard ids it has to be said how many there are in all."
    elif max(settings.discord_shard_ids) >= count:
        yield "TWOYES_DISCORD_SHARD_IDS must be smaller than TWOYES_DISCORD_SHARD_COUNT."

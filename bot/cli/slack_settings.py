"""What the settings for Slack amount to: which way it is reached, and what is missing or in the wrong place."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from pydantic import SecretStr

from bot.settings import Settings

_KINDS: Final = {
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a person's token",
    "xoxe": "a token that expires",
}
_HOME_OF: Final = {"xoxb-": "SLACK_BOT_TOKEN", "xapp-": "SLACK_APP_TOKEN"}
_WHERE: Final = {
    "SLACK_BOT_TOKEN": "Copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions.",
    "SLACK_APP_TOKEN": "Make an app-level token (xapp-…) with connections:write under Basic Information.",
}


class Way(StrEnum):
    """How Slack is reached."""

    SOCKET = "Socket Mode"
    HTTP = "HTTP"


def way_of(settings: Settings) -> Way | None:
    """Return the way that was meant, complete or not; None if nothing is set for Slack."""
    if settings.slack_app_token:
        return Way.SOCKET
    if settings.slack_signing_secret or settings.slack_client_id or settings.slack_client_secret:
        return Way.HTTP
    return Way.SOCKET if settings.slack_bot_token else None


def commands(settings: Settings) -> Mapping[str, str]:
    """Return what the bot's commands are called in this Slack."""
    return {
        "refer": settings.slack_command_refer,
        "ask": settings.slack_command_ask,
        "intros": settings.slack_command_intros,
    }


def problems(settings: Settings) -> tuple[str, ...]:
    """Return what has to be set right before Slack can be served, a sentence each."""
    way = way_of(settings)
    if way is None:
        return ()
    found = _of_sockets(settings) if way is Way.SOCKET else _of_http(settings)
    return (*found, *_of_both(settings))


def unused(settings: Settings) -> tuple[str, ...]:
    """Return the names of variables that are set for the way that is not taken."""
    if way_of(settings) is Way.SOCKET:
        spare = {
            "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
            "SLACK_CLIENT_ID": settings.slack_client_id,
            "SLACK_CLIENT_SECRET": settings.slack_client_secret,
        }
    else:
        spare = {"SLACK_BOT_TOKEN": settings.slack_bot_token}
    return tuple(name for name, value in spare.items() if value)


def revealed(secret: SecretStr | None) -> str:
    """Return a secret's value, or nothing."""
    return secret.get_secret_value() if secret else ""


def _of_sockets(settings: Settings) -> Iterator[str]:
    bot, app = revealed(settings.slack_bot_token), revealed(settings.slack_app_token)
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        yield "SLACK_BOT_TOKEN and SLACK_APP_TOKEN hold each other's token. Swap them."
        return
    yield from _token("SLACK_BOT_TOKEN", bot, "xoxb-")
    yield from _token("SLACK_APP_TOKEN", app, "xapp-")


def _token(variable: str, value: str, starts: str) -> Iterator[str]:
    if not value:
        yield f"{variable} is missing. {_WHERE[variable]}"
    elif not value.startswith(starts):
        kind = next((words for start, words in _KINDS.items() if value.startswith(start)), "something else")
        home = next((name for start, name in _HOME_OF.items() if value.startswith(start)), "")
        hint = f" That belongs in {home}." if home else ""
        yield f"{variable} holds {kind}.{hint} {_WHERE[variable]}"


def _of_http(settings: Settings) -> Iterator[str]:
    needed = {
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
        "SLACK_CLIENT_ID": settings.slack_client_id,
        "SLACK_CLIENT_SECRET": settings.slack_client_secret,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        yield (
            f"{_listed(missing)} missing, without which Slack cannot be served over HTTP. Copy from the app's page "
            "Basic Information, or set SLACK_BOT_TOKEN and SLACK_APP_TOKEN instead: one workspace, no public address."
        )
    if not settings.public_url:
        yield "TWOYES_PUBLIC_URL is missing: the address under which Slack reaches this bot, such as https://bot.example.org."


def _of_both(settings: Settings) -> Iterator[str]:
    told = {"TWOYES_OPERATOR_NAME": settings.operator_name, "TWOYES_OPERATOR_CONTACT": settings.operator_contact}
    untold = [name for name, value in told.items() if not value.strip()]
    if untold:
        yield f"{_listed(untold)} missing: on Slack people are told who keeps their data, and how to reach you."
    if len(set(commands(settings).values())) < len(commands(settings)):
        yield "Two of TWOYES_SLACK_COMMAND_REFER, …_ASK and …_INTROS are the same. Give each a name of its own."


def _listed(names: list[str]) -> str:
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"

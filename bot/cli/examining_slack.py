"""What `twoyes doctor` finds out about Slack: from the settings alone, then by asking Slack. It changes nothing."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from adapters.slack.installing import SCOPES
from adapters.system import SystemClock
from bot.cli.examining import Finding, Verdict
from bot.cli.slack_settings import Way, problems, revealed, unused, way_of
from bot.settings import Settings

_PATIENCE: Final = 5
"""Seconds for one question; the doctor asks three at the most."""

_MOST_SKEW: Final = 120
"""Seconds between our clock and Slack's. Requests are refused from five minutes on."""

_GONE: Final = ("token_revoked", "account_inactive", "token_expired")
_UNKNOWN: Final = ("invalid_auth", "not_authed")
_NAME: Final = re.compile(r"[a-z0-9_]+")
_NO_ANSWER: Final = (SlackClientError, OSError, ValueError)


class _UnreachableError(Exception):
    """Slack gave no answer that can be read."""


def slack(settings: Settings) -> Iterator[Finding]:
    """Look at what is set, and, if that is whole, whether Slack agrees."""
    way = way_of(settings)
    if way is None:
        return
    wrong = problems(settings)
    for sentence in wrong:
        yield _fix(sentence)
    if spare := unused(settings):
        yield Finding(Verdict.NOTE, "slack", f"{', '.join(spare)} not used: Slack is served by {way}.")
    if wrong:
        return
    try:
        yield from _by_socket(settings) if way is Way.SOCKET else _over_http(settings)
    except _UnreachableError:
        yield _fix(f"no answer from {settings.slack_api_url}. Look at this machine's network, firewall and proxy.")


def _by_socket(settings: Settings) -> Iterator[Finding]:
    answer = _asked(settings, "auth.test", revealed(settings.slack_bot_token))
    yield _bot_token(answer)
    yield from _clock(answer.headers)
    yield _app_token(_asked(settings, "apps.connections.open", revealed(settings.slack_app_token)))


def _bot_token(answer: SlackResponse) -> Finding:
    error = answer.get("error", "")
    if error in _GONE:
        return _fix(
            "SLACK_BOT_TOKEN was revoked: the app was removed from the workspace. Install it again under Install App, "
            "and copy the new Bot User OAuth Token."
        )
    if error in _UNKNOWN:
        return _fix(
            "Slack does not know SLACK_BOT_TOKEN. Copy the Bot User OAuth Token once more, from the app's page OAuth & "
            "Permissions."
        )
    if error:
        return _fix(f"Slack refuses SLACK_BOT_TOKEN: {error}.")
    return _scopes(answer)


def _scopes(answer: SlackResponse) -> Finding:
    granted = {scope.strip() for scope in _header(answer.headers, "x-oauth-scopes").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        return _fix(
            f"the bot token misses {', '.join(missing)}. Add that to the Bot Token Scopes under OAuth & Permissions, "
            "and reinstall the app."
        )
    return Finding(Verdict.OK, "slack", f"the bot token is good, in the workspace {answer.get('team', '')}.")


def _app_token(answer: SlackResponse) -> Finding:
    error = answer.get("error", "")
    if error == "missing_scope":
        return _fix(
            "SLACK_APP_TOKEN misses connections:write. Make another under Basic Information, App-Level Tokens, with "
            "that scope."
        )
    if error in (*_GONE, *_UNKNOWN, "not_allowed_token_type"):
        return _fix("Slack does not know SLACK_APP_TOKEN. Make one under Basic Information, App-Level Tokens.")
    if error:
        return _fix(f"Slack refuses SLACK_APP_TOKEN: {error}. Is Socket Mode switched on, on the app's page?")
    return Finding(Verdict.OK, "slack", "the app-level token opens Socket Mode.")


def _over_http(settings: Settings) -> Iterator[Finding]:
    """Ask for a token with a code that nobody was given: what Slack says to it tells whether it knows the app."""
    app = {
        "client_id": settings.slack_client_id,
        "client_secret": revealed(settings.slack_client_secret),
        "code": "twoyes-doctor",
    }
    answer = _asked(settings, "oauth.v2.access", "", app)
    match answer.get("error", ""):
        case "invalid_client_id":
            yield _fix("Slack does not know SLACK_CLIENT_ID. Copy it once more, from the app's page Basic Information.")
        case "bad_client_secret":
            yield _fix(
                "SLACK_CLIENT_SECRET is not that of SLACK_CLIENT_ID. Copy it from the app's page Basic Information."
            )
        case _:
            yield Finding(
                Verdict.OK, "slack", f"Slack knows the app. It is added at {settings.public_url}/slack/install."
            )
    yield from _clock(answer.headers)


def _clock(headers: Mapping[str, str]) -> Iterator[Finding]:
    told = _header(headers, "date")
    try:
        theirs = parsedate_to_datetime(told).astimezone(UTC)
    except ValueError:
        return
    skew = abs((_now() - theirs).total_seconds())
    if skew > _MOST_SKEW:
        yield Finding(
            Verdict.FIX,
            "clock",
            f"this machine's clock and Slack's are {skew:.0f} seconds apart. Set it, and keep it with NTP: requests "
            "that seem older than five minutes are refused.",
        )


def _asked(settings: Settings, method: str, token: str, arguments: Mapping[str, Any] | None = None) -> SlackResponse:
    """Return Slack's answer, also where it refuses. Raises _UnreachableError."""
    client = WebClient(base_url=settings.slack_api_url, timeout=_PATIENCE, retry_handlers=[])
    try:
        return client.api_call(method, data={**(arguments or {}), **({"token": token} if token else {})})
    except SlackApiError as error:
        if isinstance(error.response, SlackResponse) and _NAME.fullmatch(str(error.response.get("error", ""))):
            return error.response
        raise _UnreachableError from None  # a page of some proxy's
    except _NO_ANSWER:
        raise _UnreachableError from None


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((str(value) for name, value in headers.items() if name.lower() == wanted), "")


def _now() -> datetime:
    return SystemClock().now()


def _fix(says: str) -> Finding:
    return Finding(Verdict.FIX, "slack", says)

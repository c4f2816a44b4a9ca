"""How payloads reach the app: by signed requests to its URL. The other way is in sockets.py; both look the same."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from bot.ports.edges import Clock
from tests.slack.state import JSON

EVENTS = "events_api"
COMMANDS = "slash_commands"
INTERACTIVE = "interactive"
RETRY_REASON = "http_timeout"


@dataclass(frozen=True)
class Delivery:
    """A payload on its way. `retry` counts from 1 when it is sent again."""

    kind: str
    payload: JSON
    retry: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Ack:
    """What came back: a status and a body, or a problem: `timeout` or `connection`."""

    status: int = 0
    body: Any = None
    problem: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """A way to the app. Implementations: Http here and Sockets."""

    async def send(self, delivery: Delivery, patience: float) -> Ack:
        """Bring a payload to the app and wait so many seconds for what it says."""


class NoTransport:
    """Where nobody has said yet how the app is reached."""

    async def send(self, delivery: Delivery, patience: float) -> Ack:
        """Refuse."""
        raise AssertionError("call slack.deliver_by_http(url) or slack.deliver_by_socket() first")


class Http:
    """Signed requests to the app's URL."""

    def __init__(self, url: str, secret: str, clock: Clock) -> None:
        self.url = url
        self._secret = secret
        self._clock = clock

    async def send(self, delivery: Delivery, patience: float) -> Ack:
        """Send one request; connections are not kept, as between Slack and an app."""
        body, kind = _encoded(delivery)
        headers = {"Content-Type": kind, **self.signed(body), **_retried(delivery)}
        return await self.post(body, headers, patience)

    async def post(self, body: bytes, headers: Mapping[str, str], patience: float) -> Ack:
        """Send these bytes with these headers."""
        timeout = aiohttp.ClientTimeout(total=patience)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.url, data=body, headers=headers) as response,
            ):
                return Ack(response.status, _decoded(await response.text()), headers=dict(response.headers))
        except TimeoutError:
            return Ack(problem="timeout")
        except aiohttp.ClientError:
            return Ack(problem="connection")

    def signed(self, body: bytes, *, at: int | None = None) -> dict[str, str]:
        """Return the headers Slack signs a request with."""
        seconds = str(int(self._clock.now().timestamp()) if at is None else at)
        digest = hmac.new(self._secret.encode(), b"v0:" + seconds.encode() + b":" + body, hashlib.sha256)
        return {"X-Slack-Request-Timestamp": seconds, "X-Slack-Signature": f"v0={digest.hexdigest()}"}


def _encoded(delivery: Delivery) -> tuple[bytes, str]:
    if delivery.kind == EVENTS:
        return json.dumps(delivery.payload).encode(), "application/json"
    form = delivery.payload if delivery.kind == COMMANDS else {"payload": json.dumps(delivery.payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _retried(delivery: Delivery) -> dict[str, str]:
    if not delivery.retry:
        return {}
    return {"x-slack-retry-num": str(delivery.retry), "x-slack-retry-reason": delivery.reason}


def _decoded(text: str) -> object:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


async def waited(future: asyncio.Future[Any], patience: float) -> Any:  # noqa: ANN401 -- what an envelope carries back
    """Return a future's result, or raise TimeoutError."""
    async with asyncio.timeout(patience):
        return await future

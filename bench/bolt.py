"""The yardstick: signed slash commands through Slack's own Bolt, to a listener that acknowledges them."""

import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from time import process_time
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier

from bot.ports.inbound import Inbound
from bot.ports.messages import Reply

_SECRET = "a secret for nothing"  # noqa: S105 - opens nothing
_BODY = urlencode(
    {
        "token": "none",
        "team_id": "T0001",
        "team_domain": "example",
        "channel_id": "C2147483705",
        "channel_name": "introductions",
        "user_id": "U2147483697",
        "user_name": "ana",
        "command": "/refer",
        "text": "<@U0001|ben> <@U0002|carla>",
        "api_app_id": "A123456",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.example/commands/1234/5678",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
    }
)
Handle = Callable[[Inbound], Awaitable[Reply]]


class Bolt:
    """Slack's framework as speed asks for it: acknowledged when the work is done, one listener for all commands."""

    def __init__(self, handle: Handle | None = None) -> None:
        """`handle` is what the listener does before it acknowledges; without one, nothing."""
        self._handle = handle
        self._inbound: ContextVar[Inbound] = ContextVar("inbound")
        self._reply: dict[str, Reply] = {}
        self._app = AsyncApp(signing_secret=_SECRET, authorize=_authorize, process_before_response=True)
        self._app.command(re.compile(".*"))(self._on_command)
        self._signed = _signed()

    async def _on_command(self, ack: AsyncAck) -> None:
        if self._handle is not None:
            inbound = self._inbound.get()
            self._reply[inbound.origin.event] = await self._handle(inbound)
        await ack()

    async def act(self, inbound: Inbound) -> Reply:
        """Send a signed command whose listener handles this."""
        self._inbound.set(inbound)
        await self.dispatch()
        return self._reply.pop(inbound.origin.event)

    async def dispatch(self) -> None:
        """Send one signed command."""
        response = await self._app.async_dispatch(AsyncBoltRequest(body=_BODY, headers=self._signed))
        assert response.status == 200, response.body


async def cpu_of_a_dispatch(dispatches: int) -> float:
    """Return the CPU seconds of one no-op dispatch."""
    bolt = Bolt()
    for _ in range(50):
        await bolt.dispatch()
    began = process_time()
    for _ in range(dispatches):
        await bolt.dispatch()
    return (process_time() - began) / dispatches


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0001", bot_token="xoxb-none", bot_id="B1", bot_user_id="U1")  # noqa: S106


def _signed() -> dict[str, str | Sequence[str]]:
    stamp = str(int(time.time()))
    signature = SignatureVerifier(_SECRET).generate_signature(timestamp=stamp, body=_BODY)
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature or "",
    }

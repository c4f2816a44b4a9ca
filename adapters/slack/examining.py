"""What the bot was added without, as Slack tells it with every answer.

Whether it is in a channel Slack tells no bot with these scopes: that shows when it posts, and whoever caused that hears
of it.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.clients import Calls
from adapters.slack.installing import SCOPES
from bot.domain.ids import ChannelId, WorkspaceId
from bot.ports.edges import Hindered, Lack
from bot.ports.gateway import DeliveryError

WITHIN: Final = 0.9
"""Seconds: a command has three, of which looking people up may take half."""
_GRANTED: Final = "x-oauth-scopes"


class SlackExaminer:
    """An Examiner."""

    def __init__(self, calls: Calls, *, within: float = WITHIN) -> None:
        """Ask through `calls`, and wait no longer than this."""
        self._calls = calls
        self._within = within

    async def missing(self, workspace: WorkspaceId, channel: ChannelId) -> Sequence[Lack] | None:
        """Return what the bot was added without, or None if that cannot be found out in time."""
        del channel
        headers: dict[str, str] = {}

        async def ask(client: AsyncWebClient) -> AsyncSlackResponse:
            answer = await client.auth_test()
            headers.update({name.lower(): value for name, value in answer.headers.items()})
            return answer

        try:
            async with asyncio.timeout(self._within):
                await self._calls.make(workspace, "auth.test", ask)
        except (DeliveryError, TimeoutError):
            return None
        granted = {scope.strip() for scope in headers.get(_GRANTED, "").split(",")}
        return tuple(Lack(Hindered.ALL, scope) for scope in SCOPES if scope not in granted)

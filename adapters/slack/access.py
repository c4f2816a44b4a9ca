"""Where tokens come from: the one that was set for a single workspace, or the installations in the store."""

import asyncio

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.authorising import Access, Find
from adapters.slack.clients import Line
from adapters.slack.errors import FAILURES, undelivered
from adapters.slack.ids import OrgWideInstallError, workspace_of
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.store import Store


class OneWorkspace:
    """Has one bot token, and asks Slack once whose it is."""

    def __init__(self, line: Line, token: str) -> None:
        self._line = line
        self._token = token
        self._home: tuple[WorkspaceId, Access] | None = None
        self._asking = asyncio.Lock()

    async def home(self) -> tuple[WorkspaceId, Access]:
        """Return the workspace of the token. Raises DeliveryError, and asks again the next time.

        Raises OrgWideInstallError for the token of a whole Enterprise organisation.
        """
        async with self._asking:
            if self._home is None:
                self._home = _home(self._token, await self._asked())
            return self._home

    async def find(self, workspace: WorkspaceId) -> Access | None:
        """Return the access to that workspace, or None if the token is another's."""
        home, access = await self.home()
        return access if workspace == home else None

    async def _asked(self) -> AsyncSlackResponse:
        try:
            return await self._line.client(self._token).auth_test()
        except FAILURES as failed:
            raise undelivered("auth.test", failed) from failed


def _home(token: str, answer: AsyncSlackResponse) -> tuple[WorkspaceId, Access]:
    if answer.get("is_enterprise_install"):
        raise OrgWideInstallError("is_enterprise_install")
    return workspace_of(str(answer["team_id"])), Access(token, UserId(str(answer["user_id"])))


def stored_in(store: Store) -> Find:
    """Return what looks a workspace's access up among the installations."""

    async def find(workspace: WorkspaceId) -> Access | None:
        found = await store.run(lambda tx: tx.installations.get(workspace))
        return Access(found.token, found.bot_user) if found else None

    return find

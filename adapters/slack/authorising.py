"""Which token belongs to a workspace: asked of the store, kept for a minute, dropped when Slack says it is gone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.ids import workspace_of
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock

KEPT: Final = timedelta(seconds=60)
"""How long another process's install or removal may go unnoticed."""

MOST_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Access:
    """How the bot speaks in one workspace."""

    token: str = field(repr=False)
    bot_user: UserId


Find = Callable[[WorkspaceId], Awaitable[Access | None]]


class NotAddedError(Exception):
    """Something came from a workspace that removed the bot, or never added it."""


class Authorising(AsyncAuthorize):
    """What Bolt asks for a token, and what the gateway asks too. No request makes an `auth.test`."""

    def __init__(self, find: Find, clock: Clock) -> None:
        """Look workspaces up with `find`."""
        self._find = find
        self._clock = clock
        self._kept: dict[WorkspaceId, tuple[Access, datetime]] = {}

    async def access_to(self, workspace: WorkspaceId) -> Access | None:
        """Return the access, at most a minute old, or None if the bot is not there."""
        now = self._clock.now()
        kept = self._kept.get(workspace)
        if kept is not None and now < kept[1]:
            return kept[0]
        found = await self._find(workspace)
        self._kept.pop(workspace, None)
        if found is not None:
            self._make_room()
            self._kept[workspace] = (found, now + KEPT)
        return found

    async def token_of(self, workspace: WorkspaceId) -> str | None:
        """Return the token alone."""
        access = await self.access_to(workspace)
        return access.token if access else None

    def drop(self, workspace: WorkspaceId) -> None:
        """Forget what was kept."""
        self._kept.pop(workspace, None)

    def _make_room(self) -> None:
        if len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_actor: Any,  # noqa: ANN401 -- Bolt's own signature; what it tells of actors is not used
    ) -> AuthorizeResult:
        """Answer Bolt. Raises NotAddedError, and NotUnderstoodError for what is no team's id."""
        del context
        if enterprise_id and not team_id:  # an installation for a whole organisation, which is not kept
            raise NotAddedError
        access = await self.access_to(workspace_of(team_id or ""))
        if access is None:
            raise NotAddedError
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=access.bot_user,
            bot_token=access.token,
            user_id=user_id,
        )

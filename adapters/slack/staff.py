"""Who runs a workspace."""

from typing import Protocol

from bot.domain.ids import UserId, WorkspaceId


class Staff(Protocol):
    """Knows the administrators and owners of a workspace."""

    async def is_admin(self, workspace: WorkspaceId, user: UserId) -> bool:
        """Say whether this is one of them."""

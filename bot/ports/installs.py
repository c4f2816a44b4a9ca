"""Where the bot was added, and with which token it speaks there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.ids import UserId, WorkspaceId


@dataclass(frozen=True, slots=True)
class Installation:
    """One workspace that added the bot. `facts` are what the platform's own library wants back, beside the token."""

    workspace: WorkspaceId
    token: str = field(repr=False)
    bot_user: UserId
    installed_by: UserId | None
    installed_at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)


class Installations(Protocol):
    """Keeps installations, their tokens sealed, and the one-time states of installs that are under way."""

    def get(self, workspace: WorkspaceId) -> Installation | None:
        """Return the workspace's installation, or None if the bot was never added or has been removed."""

    def save(self, installation: Installation) -> None:
        """Keep it in the place of an earlier one of that workspace."""

    def remove(self, workspace: WorkspaceId) -> bool:
        """Forget the token and all that came with it; False if there was nothing."""

    def issue(self, state: str, until: datetime) -> None:
        """Keep the hash of a one-time state."""

    def spend(self, state: str, now: datetime) -> bool:
        """Use a state up; False if it was never issued, is too old, or was spent before."""

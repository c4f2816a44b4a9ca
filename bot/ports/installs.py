"""Where the bot was added, and with which token it speaks there."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace the bot was added to. `greeted` says that somebody was told how to begin since it arrived last.

    `departed_at` stands from the bot's removal until it is added again.
    """

    id: WorkspaceId
    arrived_at: datetime
    arrivals: int = 1
    greeted: bool = False
    departed_at: datetime | None = None


class Workspaces(Protocol):
    """Keeps where the bot was added, and since when it has been gone from there."""

    def get(self, workspace: WorkspaceId, *, to_change: bool = False) -> Workspace | None:
        """Return it, locked against other writers if it is to be changed; None for one that was never noted."""

    def save(self, workspace: Workspace) -> None:
        """Keep it in the place of what was noted before."""

    def present(self) -> Sequence[WorkspaceId]:
        """Return those that have not removed the bot."""

    def departed_by(self, instant: datetime) -> Sequence[WorkspaceId]:
        """Return those that have been gone since then or longer, the longest first."""


class Installations(Protocol):
    """Keeps installations, their tokens and facts sealed, and the one-time states of installs that are under way.

    `facts` hold nobody's id or name: who installed it stands in `installed_by`, which goes when they are erased.
    """

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

    def forget_states(self, instant: datetime) -> int:
        """Drop states that could be spent until before that; return how many."""

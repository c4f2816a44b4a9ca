"""Keeps where the bot was added, and since when it has been gone from there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql

from bot.domain.ids import WorkspaceId
from bot.ports.installs import Workspace
from storage.database import Database
from storage.tables import workspace

_GET = select(workspace).where(workspace.c.id == bindparam("key"))
_GET_TO_CHANGE = _GET.with_for_update()
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
_ADD = postgresql.insert(workspace)
_SAVE = _ADD.on_conflict_do_update(
    index_elements=[workspace.c.id], set_={c.name: _ADD.excluded[c.name] for c in workspace.c if c.name != "id"}
)
_PRESENT = select(workspace.c.id).where(workspace.c.departed_at.is_(None)).order_by(workspace.c.id)
_DEPARTED = select(workspace.c.id).where(workspace.c.departed_at <= bindparam("by")).order_by(workspace.c.departed_at)


class SqlWorkspaces:
    """One row for each workspace that ever added the bot, until it is purged."""

    __slots__ = ("_db",)

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, workspace: WorkspaceId, *, to_change: bool = False) -> Workspace | None:
        """Return it, locked against other writers if it is to be changed; None for one that was never noted."""
        row = self._db.first(_GET_TO_CHANGE if to_change else _GET, {"key": workspace})
        if row is None:
            return None
        return Workspace(row.id, row.arrived_at, row.arrivals, greeted=row.greeted, departed_at=row.departed_at)

    def save(self, workspace: Workspace) -> None:
        """Keep it in the place of what was noted before."""
        row = {
            "id": workspace.id,
            "arrived_at": workspace.arrived_at,
            "arrivals": workspace.arrivals,
            "greeted": workspace.greeted,
            "departed_at": workspace.departed_at,
        }
        self._db.run(_SAVE, row)

    def present(self) -> Sequence[WorkspaceId]:
        """Return those that have not removed the bot."""
        return self._db.scalars(_PRESENT)

    def departed_by(self, instant: datetime) -> Sequence[WorkspaceId]:
        """Return those that have been gone since then or longer, the longest first."""
        return self._db.scalars(_DEPARTED, {"by": instant})

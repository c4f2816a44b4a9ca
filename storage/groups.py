"""Keeps groups, their organisers and their settings."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.group import Group, Settings
from bot.domain.ids import ChannelId, GroupId, MemberId, WorkspaceId
from storage.codec import read_settings, write_settings
from storage.database import Database, Row
from storage.seen import Seen
from storage.tables import group, organiser

_ALL = select(group, organiser.c.member_id).outerjoin(organiser).order_by(group.c.id)
_GET = _ALL.where(group.c.id == bindparam("key"))
_IN_CHANNEL = _ALL.where(group.c.workspace == bindparam("in"), group.c.channel == bindparam("where"))
_OF_WORKSPACE = _ALL.where(group.c.workspace == bindparam("in"))
_ADD = insert(group)
_SAVE = (
    update(group)
    .where(group.c.id == bindparam("key"), group.c.version == bindparam("expected"))
    .values({c.name: bindparam(c.name) for c in group.c if c.name not in ("id", "tally_due")})
    .returning(group.c.version)
)
_APPOINT = insert(organiser)
_DISMISS = delete(organiser).where(
    organiser.c.group_id == bindparam("group"), organiser.c.member_id == bindparam("member")
)

# Groups are read in every transaction and hardly ever change.
_settings = lru_cache(maxsize=1024)(read_settings)


class SqlGroups:
    """Groups, each read at most once in a transaction."""

    __slots__ = ("_db", "_seen")

    def __init__(self, database: Database, seen: Seen) -> None:
        self._db = database
        self._seen = seen

    def get(self, group: GroupId) -> Group:
        """Return a group. Raises NotFoundError."""
        seen = self._seen.groups.get_value(group)
        if seen is not None:
            return seen
        found = self._read(self._db.all(_GET, {"key": group}))
        if not found:
            raise NotFoundError(f"group {group}")
        return found[0]

    def in_channel(self, workspace: WorkspaceId, channel: ChannelId) -> Group | None:
        """Return the channel's group, if one was started there."""
        found = self._read(self._db.all(_IN_CHANNEL, {"in": workspace, "where": channel}))
        return found[0] if found else None

    def all(self) -> Sequence[Group]:
        """Return every group."""
        return self._read(self._db.all(_ALL))

    def of_workspace(self, workspace: WorkspaceId) -> Sequence[Group]:
        """Return the groups of one workspace."""
        return self._read(self._db.all(_OF_WORKSPACE, {"in": workspace}))

    def add(self, group: Group) -> None:
        """Store a new one."""
        stored = replace(group, version=max(group.version, 1))
        self._db.run(_ADD, {"id": stored.id, **_values(stored)})
        self._write_organisers(stored, frozenset())
        self._seen.groups.wrote(stored.id, stored, read=group.version, version=stored.version)

    def save(self, group: Group) -> None:
        """Write over the version that was read, or raise StaleWriteError."""
        before = self.get(group.id)
        expected = self._seen.groups.expected(group.id, group.version)
        stored = replace(group, version=expected + 1)
        values = {"key": group.id, "expected": expected, **_values(stored)}
        if self._db.scalar(_SAVE, values) is None:
            raise StaleWriteError(f"group {group.id}")
        self._write_organisers(stored, before.organisers)
        self._seen.groups.wrote(stored.id, stored, read=group.version, version=stored.version)

    def _write_organisers(self, after: Group, before: frozenset[MemberId]) -> None:
        appointed = [{"group_id": after.id, "member_id": who} for who in sorted(after.organisers - before)]
        dismissed = [{"group": after.id, "member": who} for who in sorted(before - after.organisers)]
        self._db.run_each(_APPOINT, appointed)
        self._db.run_each(_DISMISS, dismissed)

    def _read(self, rows: Sequence[Row]) -> list[Group]:
        """Make groups of rows, one row for each organiser, and keep those not seen before."""
        organisers: dict[GroupId, set[MemberId]] = {}
        for row in rows:
            organisers.setdefault(row.id, set()).update({row.member_id} - {None})
        for row in {row.id: row for row in rows}.values():
            if row.id not in self._seen.groups:
                found = _group(row, frozenset(organisers[row.id]))
                self._seen.groups.read(found.id, found, found.version, locked=False)
        return [self._seen.groups[key].value for key in organisers]


def _group(row: Row, organisers: frozenset[MemberId]) -> Group:
    settings: Settings = _settings(row.settings)
    return Group(
        id=row.id,
        workspace=row.workspace,
        channel=row.channel,
        started_at=row.started_at,
        started_by=row.started_by_id,
        organisers=organisers,
        settings=settings,
        version=row.version,
    )


def _values(group: Group) -> dict[str, Any]:
    return {
        "workspace": group.workspace,
        "channel": group.channel,
        "started_at": group.started_at,
        "started_by_id": group.started_by,
        "settings": write_settings(group.settings),
        "version": group.version,
    }

"""Keeps closed weeks as they were counted, and when each group's next one is due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql

from bot.domain.events import Event, EventKind
from bot.domain.ids import GroupId
from bot.domain.tally import Entry, Tally
from bot.ports.tallies import Frozen
from storage.codec import read_tally, read_texts, write_tally
from storage.database import Database, Row
from storage.tables import group, log, tally

_KINDS = frozenset(EventKind)
"""A newer program may have logged what this one does not know, and does not count."""

_OF_GROUP = tally.c.group_id == bindparam("group")
_WEEK_OF = select(log).where(log.c.group_id == bindparam("group"), log.c.week == bindparam("week")).order_by(log.c.seq)
_SO_FAR = select(func.count()).select_from(tally).where(_OF_GROUP).scalar_subquery()
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
_FREEZE = (
    postgresql.insert(tally)
    .values({c.name: bindparam(c.name) for c in tally.c if c.name not in ("seq", "number")} | {"number": _SO_FAR + 1})
    .on_conflict_do_nothing(index_elements=[tally.c.group_id, tally.c.week])
)
_FROZEN = select(tally).where(_OF_GROUP, tally.c.week == bindparam("week"))
_BEFORE = (
    select(tally)
    .where(_OF_GROUP, tally.c.week < bindparam("week"))
    .order_by(tally.c.week.desc())
    .limit(bindparam("most"))
)
_SOME = (
    select(group.c.id)
    .order_by(group.c.tally_due, group.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
# Three ranges of one index: as one condition, PostgreSQL would go through all the groups that are not due.
_TAKE = (
    _SOME.where(group.c.tally_due <= bindparam("now")),
    _SOME.where(group.c.tally_due.is_(None)),
    _SOME.where(group.c.tally_due > bindparam("far")),
)
_DUE_OF = select(group.c.tally_due).where(group.c.id == bindparam("key"))
_SET_DUE = update(group).where(group.c.id == bindparam("key")).values(tally_due=bindparam("due"))
_NEXT_DUE = select(group.c.tally_due).where(group.c.tally_due.is_not(None)).order_by(group.c.tally_due).limit(1)


class SqlTallies:
    """Weeks that were counted, and the log they were counted from."""

    __slots__ = ("_db",)

    def __init__(self, database: Database) -> None:
        self._db = database

    def week_of(self, group: GroupId, week: str) -> Sequence[Entry]:
        """Return the log's entries of one ISO week, oldest first, however long the log is."""
        return [_entry(row) for row in self._db.all(_WEEK_OF, {"group": group, "week": week}) if row.kind in _KINDS]

    def freeze(self, tally: Tally, now: datetime) -> Frozen:
        """Keep a week's numbers under the group's next number; a week that is kept already stays as it is."""
        body = write_tally(tally)
        values = {"group": tally.group, "group_id": tally.group, "week": tally.week, "frozen_at": now, "body": body}
        self._db.run(_FREEZE, values)
        return _frozen(self._db.all(_FROZEN, {"group": tally.group, "week": tally.week})[0])

    def frozen(self, group: GroupId, week: str) -> Frozen | None:
        """Return that week as it was frozen, or None."""
        row = self._db.first(_FROZEN, {"group": group, "week": week})
        return _frozen(row) if row else None

    def last_weeks(self, group: GroupId, before: str, most: int) -> Sequence[Frozen]:
        """Return the frozen weeks before one, newest first."""
        return [_frozen(row) for row in self._db.all(_BEFORE, {"group": group, "week": before, "most": most})]

    def take_due(self, now: datetime, far: datetime, most: int) -> Sequence[GroupId]:
        """Return groups whose instant has come, is not known, or is further off than `far`, oldest first."""
        values = {"now": now, "far": far, "most": most}
        found = (self._db.scalars(statement, values) for statement in _TAKE)
        return next((groups for groups in found if groups), ())

    def due_of(self, group: GroupId) -> datetime | None:
        """Return when the group's next week is counted, or None where that is not known yet."""
        due: datetime | None = self._db.scalar(_DUE_OF, {"key": group})
        return due

    def set_due(self, group: GroupId, due: datetime) -> None:
        """Write down when that is."""
        self._db.run(_SET_DUE, {"key": group, "due": due})

    def next_due(self) -> datetime | None:
        """Return when the next week of any group is counted."""
        due: datetime | None = self._db.scalar(_NEXT_DUE)
        return due


def _entry(row: Row) -> Entry:
    facts = read_texts(row.facts)
    return Entry(row.week, Event(EventKind(row.kind), row.group_id, row.by_id, row.referral_id, facts))


def _frozen(row: Row) -> Frozen:
    return Frozen(row.number, row.frozen_at, read_tally(row.body))

"""Remembers the events that arrived, and what was answered."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql

from bot.domain.ids import EventId
from bot.ports.rows import Remembered
from storage.codec import OUTCOMES
from storage.database import Database
from storage.tables import inbox

_FIND = select(inbox.c.outcome, inbox.c.view, inbox.c.ref).where(inbox.c.event_id == bindparam("event"))
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
_ADD = postgresql.insert(inbox).on_conflict_do_nothing().returning(inbox.c.event_id)
_FORGET = delete(inbox).where(inbox.c.at < bindparam("before"))


class SqlInbox:
    """Events by the platform's own names for them."""

    __slots__ = ("_db",)

    def __init__(self, database: Database) -> None:
        self._db = database

    def first_answer(self, event: EventId) -> Remembered | None:
        """Return what was answered the first time, or None if it is new."""
        row = self._db.first(_FIND, {"event": event})
        return Remembered(OUTCOMES.read(row.outcome), row.view, row.ref) if row else None

    def remember(self, event: EventId, answer: Remembered, now: datetime) -> bool:
        """Store the first answer; False if another transaction was first."""
        row = {"event_id": event, "outcome": OUTCOMES.write(answer.outcome), "view": answer.view, "ref": answer.ref}
        return self._db.scalar(_ADD, {**row, "at": now}) is not None

    def forget_before(self, instant: datetime) -> int:
        """Drop what is older; return how many."""
        return self._db.run(_FORGET, {"before": instant})

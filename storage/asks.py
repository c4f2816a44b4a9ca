"""Keeps asks: what was typed is sealed, and goes when its owner is erased."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, literal_column, select, update

from bot.domain.ask import Ask, AskStatus
from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.ids import AskId, GroupId, MemberId
from storage.database import Database, Row
from storage.sealed import SealedTexts, seal
from storage.seen import Seen
from storage.tables import ask
from storage.vault import Vault

_GET = select(ask).where(ask.c.id == bindparam("key"))
_GET_TO_CHANGE = _GET.with_for_update()
_ADD = insert(ask)
_SAVE = (
    update(ask)
    .where(ask.c.id == bindparam("key"), ask.c.version == bindparam("expected"))
    .values({c.name: bindparam(c.name) for c in ask.c if c.name != "id"})
    .returning(ask.c.version)
)
# The status is a literal, so that the partial index of the open ones is used.
_DUE = (
    select(ask.c.id)
    .where(ask.c.status == literal_column("'open'"), ask.c.ends_at <= bindparam("now"))
    .order_by(ask.c.ends_at, ask.c.id)
    .limit(bindparam("most"))
)
_NEXT_DUE = (
    select(ask.c.ends_at)
    .where(ask.c.status == literal_column("'open'"), ask.c.ends_at.is_not(None))
    .order_by(ask.c.ends_at, ask.c.id)
    .limit(1)
)
_OF_MEMBER = (
    select(ask)
    .where(
        ask.c.group_id == bindparam("group"),
        ask.c.owner_id == bindparam("owner"),
        ask.c.status != literal_column("'closed'"),
    )
    .order_by(ask.c.created_at.desc(), ask.c.id)
)


class SqlAsks:
    """Asks, each read at most once in a transaction unless it must be locked."""

    __slots__ = ("_db", "_seen", "_vault")

    def __init__(self, database: Database, vault: Vault, seen: Seen) -> None:
        self._db = database
        self._vault = vault
        self._seen = seen

    def get(self, ask: AskId, *, to_change: bool = False) -> Ask:
        """Return an ask. Raises NotFoundError."""
        seen = self._seen.asks.get_value(ask, locked=to_change)
        if seen is not None:
            return seen
        row = self._db.first(_GET_TO_CHANGE if to_change else _GET, {"key": ask})
        if row is None:
            raise NotFoundError(f"ask {ask}")
        return self._seen.asks.read(ask, self._ask(row), row.version, locked=to_change or self._seen.alone)

    def add(self, ask: Ask) -> None:
        """Store a new one."""
        stored = replace(ask, version=max(ask.version, 1))
        self._db.run(_ADD, {"id": stored.id, **self._values(stored)})
        self._seen.asks.wrote(stored.id, stored, read=ask.version, version=stored.version)

    def save(self, ask: Ask) -> None:
        """Write over the version that was read, or raise StaleWriteError."""
        expected = self._seen.asks.expected(ask.id, ask.version)
        stored = replace(ask, version=expected + 1)
        values = {"key": ask.id, "expected": expected, **self._values(stored)}
        if self._db.scalar(_SAVE, values) is None:
            raise StaleWriteError(f"ask {ask.id}")
        self._seen.asks.wrote(stored.id, stored, read=ask.version, version=stored.version)

    def due(self, now: datetime, most: int) -> Sequence[AskId]:
        """Return open asks whose end date is over."""
        return self._db.scalars(_DUE, {"now": now, "most": most})

    def next_due(self) -> datetime | None:
        """Return when the next open ask ends."""
        due: datetime | None = self._db.scalar(_NEXT_DUE)
        return due

    def of_member(self, group: GroupId, owner: MemberId) -> Sequence[Ask]:
        """Return a member's asks that are in preview or open, newest first."""
        rows = self._db.all(_OF_MEMBER, {"group": group, "owner": owner})
        return [self._ask(row) for row in rows]

    def _ask(self, row: Row) -> Ask:
        texts = SealedTexts(self._vault, str, row.words) if row.words else {}
        return Ask(
            id=row.id,
            group=row.group_id,
            owner=row.owner_id,
            need=texts.get("need", ""),
            created_at=row.created_at,
            category=texts.get("category", ""),
            urgent=row.urgent,
            ends_at=row.ends_at,
            status=AskStatus(row.status),
            edits=row.edits,
            version=row.version,
        )

    def _values(self, ask: Ask) -> dict[str, Any]:
        return {
            "group_id": ask.group,
            "owner_id": ask.owner,
            "words": seal(self._vault, {"need": ask.need, "category": ask.category}),
            "created_at": ask.created_at,
            "urgent": ask.urgent,
            "ends_at": ask.ends_at,
            "status": ask.status.value,
            "edits": ask.edits,
            "version": ask.version,
        }

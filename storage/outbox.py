"""Keeps what is owed to people until it is delivered, given up or no longer wanted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.effects import Effect
from bot.domain.ids import WorkspaceId
from bot.ports.gateway import DeliveryKey, Receipt
from bot.ports.rows import Claimed, DeadLetter, Depth, Intent
from storage import outbox_queries as q
from storage.codec import EFFECTS, UnreadableError, read_receipt, read_texts, write_receipt, write_texts
from storage.database import Database, Row

NOTHING = write_texts({})
UNREADABLE = "unreadable"


class SqlOutbox:
    """A claim holds a row by a token until its lease ends; whoever comes with an older token changes nothing."""

    __slots__ = ("_db",)

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, intents: Sequence[Intent], now: datetime) -> None:
        """Queue them; a key that is there already is left alone."""
        self._db.run_each(q.ADD, [_row(intent, now) for intent in intents])

    def claim(self, now: datetime, lease_until: datetime, lease: str, most: int) -> Sequence[Claimed]:
        """Take due rows, at most the first one of each lane, for as long as the lease runs; oldest first.

        A row that cannot be read becomes a dead letter, so that it stops no other.
        """
        values = {"now": now, "until": lease_until, "token": lease, "most": most}
        rows = self._db.all(q.CLAIM, values)
        readable = (self._read(row, lease, now) for row in rows)
        return sorted((claimed for claimed in readable if claimed), key=lambda claimed: claimed.id)

    def _read(self, row: Row, lease: str, now: datetime) -> Claimed | None:
        try:
            return _claimed(row, lease)
        except UnreadableError:
            self._db.run(q.GIVE_UP, {"row": row.id, "token": lease, "why": UNREADABLE, "now": now})
            return None

    def next_due(self) -> datetime | None:
        """Return when the next row that nobody holds becomes due; one that is held, at the end of its lease."""
        due: datetime | None = self._db.scalar(q.NEXT_DUE)
        return due

    def record(self, claimed: Claimed, step: str, result: str) -> None:
        """Keep a platform call's result with the row."""
        made = self._db.scalar(q.PROGRESS, _held(claimed))
        if made is not None:
            values = _held(claimed) | {"made": write_texts(read_texts(made) | {step: result})}
            self._db.run(q.RECORD, values)

    def settle(self, claimed: Claimed, receipt: Receipt | None, now: datetime) -> bool:
        """Mark it delivered (or obsolete, without a receipt); False if the lease was lost."""
        becomes, where = (q.DELIVERED, write_receipt(receipt)) if receipt else (q.OBSOLETE, None)
        values = _held(claimed) | {"becomes": becomes, "where": where, "now": now}
        return self._db.scalar(q.SETTLE, values) is not None

    def delay(self, claimed: Claimed, until: datetime, reason: str, *, counts: bool = True) -> None:
        """Let it wait; `counts` says whether this was a try."""
        values = _held(claimed) | {"until": until, "why": reason, "tries": int(counts)}
        self._db.run(q.DELAY, values)

    def hold_back(self, until: datetime, *, workspace: WorkspaceId, destination: str | None) -> None:
        """Move everything for a destination, or for a whole workspace, to no earlier than that."""
        statement = q.HOLD_WORKSPACE if destination is None else q.HOLD_DESTINATION
        values: dict[str, Any] = {"until": until, "in": workspace}
        self._db.run(statement, values if destination is None else values | {"to": destination})

    def give_up(self, claimed: Claimed, reason: str, now: datetime) -> bool:
        """Make it a dead letter; False if the lease was lost."""
        return self._db.run(q.GIVE_UP, _held(claimed) | {"why": reason, "now": now}) > 0

    def receipt_of(self, key: DeliveryKey) -> Receipt | None:
        """Return where an earlier delivery is."""
        where = self._db.scalar(q.RECEIPT_OF, {"which": key})
        return read_receipt(where) if where else None

    def dead_letters(self) -> Sequence[DeadLetter]:
        """Return the dead letters, oldest first."""
        return [
            DeadLetter(
                id=row.id,
                key=row.key,
                effect=_effect(row.effect),
                destination=row.destination,
                attempts=row.attempts,
                reason=row.reason,
                died_at=row.settled_at,
            )
            for row in self._db.all(q.DEAD_LETTERS)
        ]

    def replay(self, row: int, now: datetime) -> bool:
        """Queue a dead letter again; False if there is none of that number."""
        return self._db.scalar(q.REPLAY, {"row": row, "now": now}) is not None

    def revive(self, key: DeliveryKey, now: datetime) -> bool:
        """Queue the dead letter of this key again; False if there is none."""
        return self._db.scalar(q.REVIVE, {"which": key, "now": now}) is not None

    def drop(self, row: int) -> bool:
        """Throw a dead letter away; False if there is none of that number. Its key stays taken for a while."""
        return self._db.scalar(q.DROP, {"row": row}) is not None

    def depth(self, now: datetime) -> Depth:
        """Return how much is waiting."""
        return Depth(
            open=self._db.scalar(q.COUNT_OPEN) or 0,
            oldest_due=self._db.scalar(q.OLDEST_DUE, {"now": now}),
            dead=self._db.scalar(q.COUNT_DEAD) or 0,
        )

    def forget_before(self, instant: datetime) -> int:
        """Drop delivered rows that are older; return how many."""
        return self._db.run(q.FORGET, {"before": instant})


def _row(intent: Intent, now: datetime) -> dict[str, Any]:
    return {
        "key": intent.key,
        "effect": EFFECTS.write(intent.effect),
        "lane": intent.lane,
        "workspace": intent.workspace,
        "destination": intent.destination,
        "member_id": getattr(intent.effect, "to", None),
        "status": q.OPEN,
        "due": intent.due,
        "attempts": 0,
        "progress": NOTHING,
        "queued_at": now,
    }


def _claimed(row: Row, lease: str) -> Claimed:
    intent = Intent(
        key=row.key,
        effect=EFFECTS.read(row.effect),
        lane=row.lane,
        workspace=row.workspace,
        destination=row.destination,
        due=row.due,
    )
    return Claimed(row.id, intent, row.attempts, lease, row.queued_at, read_texts(row.progress))


def _effect(text: str) -> Effect | None:
    try:
        return EFFECTS.read(text)
    except UnreadableError:
        return None


def _held(claimed: Claimed) -> dict[str, Any]:
    return {"row": claimed.id, "token": claimed.lease}

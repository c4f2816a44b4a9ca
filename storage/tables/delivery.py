"""What arrived and what is owed: the inbox and the outbox."""

from sqlalchemy import CheckConstraint, Column, Index, SmallInteger, Table, UniqueConstraint
from sqlalchemy import text as sql

from storage.meta import metadata
from storage.tables.columns import counted, identity, instant, number, words

inbox = Table(
    "inbox",
    metadata,
    identity("event_id"),
    words("outcome"),
    words("view"),
    words("ref"),
    instant("at"),
    Index(None, "at"),
)

# `status`: 0 open, 1 delivered, 2 dead, 3 obsolete. A claim moves `due` to the end of its lease. `member_id` is the one
# person it is for, if there is one. The indexes of what is open hold the status as a literal, and so do the queries:
# with a parameter, PostgreSQL's generic plan would read everything that was ever delivered.
_IS_OPEN = sql("status = 0")
outbox = Table(
    "outbox",
    metadata,
    counted("id"),
    words("key"),
    words("effect"),
    words("lane"),
    words("workspace"),
    words("destination"),
    words("member_id", nullable=True),
    Column("status", SmallInteger, nullable=False),
    instant("due"),
    number("attempts"),
    words("lease", nullable=True),
    words("progress"),
    words("reason", nullable=True),
    words("receipt", nullable=True),
    instant("queued_at"),
    instant("settled_at", nullable=True),
    CheckConstraint("status BETWEEN 0 AND 3", name="known_status"),
    UniqueConstraint("key"),
    Index("ix_outbox_due", "due", "id", postgresql_where=_IS_OPEN, sqlite_where=_IS_OPEN),
    Index("ix_outbox_lane", "lane", "id", postgresql_where=_IS_OPEN, sqlite_where=_IS_OPEN),
    Index("ix_outbox_dead", "id", postgresql_where=sql("status = 2"), sqlite_where=sql("status = 2")),
    Index(
        "ix_outbox_settled",
        "settled_at",
        postgresql_where=sql("status IN (1, 3)"),
        sqlite_where=sql("status IN (1, 3)"),
    ),
)

"""What comes after an introduction, for those of before too; and where a draft came from."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ASKED_AFTER = timedelta(days=7)
ASKED_UNTIL = timedelta(days=30)


def upgrade() -> None:
    """Make the tables, and follow up every introduction so far: nobody is nudged, and the newer ones are asked."""
    op.add_column("referral", sa.Column("came_from", sa.Text(), nullable=True))
    _make_follow_up()
    _make_texts()
    connection = op.get_bind()
    rows = list(_introduced(connection))
    if rows:
        connection.execute(sa.insert(FOLLOW_UP), rows)


def _make_follow_up() -> None:
    member = ("referrer_id", "seeker_id", "provider_id")
    op.create_table(
        "follow_up",
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("introduced_at", UtcDateTime(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("referrer_id", sa.Text(), nullable=True),
        sa.Column("seeker_id", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("first_move", sa.Text(), nullable=False),
        sa.Column("nudged", sa.Boolean(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("little_left", sa.Boolean(), nullable=True),
        sa.Column("reclassified_at", UtcDateTime(), nullable=True),
        sa.Column("thanks", sa.Text(), nullable=False),
        sa.Column("testimonial_at", UtcDateTime(), nullable=True),
        sa.Column("testimonial_edition", sa.Integer(), nullable=False),
        sa.Column("testimonial_may_show", sa.Boolean(), nullable=False),
        sa.Column("testimonial_hidden", sa.Boolean(), nullable=False),
        sa.Column("testimonial_asked", sa.Boolean(), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.ForeignKeyConstraint([name], ["member.id"], name=f"fk_follow_up_{name}_member") for name in member),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_follow_up_group_id_group", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name="fk_follow_up_referral_id_referral", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("referral_id", name="pk_follow_up"),
    )
    for name in member:
        op.create_index(f"ix_follow_up_{name}", "follow_up", [name])
    for name, columns, only in (
        ("ix_follow_up_due", ["due", "referral_id"], "due IS NOT NULL"),
        ("ix_follow_up_testimonial", ["provider_id"], "testimonial_at IS NOT NULL"),
    ):
        op.create_index(name, "follow_up", columns, postgresql_where=sa.text(only), sqlite_where=sa.text(only))


def _make_texts() -> None:
    op.create_table(
        "follow_up_text",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name="fk_follow_up_text_author_id_member"),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["follow_up.referral_id"],
            name="fk_follow_up_text_referral_id_follow_up",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up_text"),
    )
    op.create_index("ix_follow_up_text_author_id", "follow_up_text", ["author_id"])
    op.create_index("ix_follow_up_text_referral_id", "follow_up_text", ["referral_id"])
    op.create_table(
        "follow_up_text_about",
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_follow_up_text_about_member_id_member"),
        sa.ForeignKeyConstraint(
            ["text_id"],
            ["follow_up_text.id"],
            name="fk_follow_up_text_about_text_id_follow_up_text",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("text_id", "member_id", name="pk_follow_up_text_about"),
    )
    op.create_index("ix_follow_up_text_about_member_id", "follow_up_text_about", ["member_id"])


# The tables as they are at this step, for what is copied.
_COLUMNS = (
    *("referral_id", "group_id", "week", "kind", "referrer_id", "seeker_id", "provider_id", "first_move"),
    *("parts", "thanks", "nudged", "testimonial_edition", "testimonial_may_show"),
    *("testimonial_hidden", "testimonial_asked", "version"),
)
FOLLOW_UP = sa.table(
    "follow_up",
    *(sa.column(name) for name in _COLUMNS),
    sa.column("introduced_at", UtcDateTime()),
    sa.column("due", UtcDateTime()),
)
REFERRAL = sa.table(
    "referral",
    *(sa.column(n) for n in ("id", "group_id", "starter_id", "seeker_member_id", "provider_id", "helper")),
    *(sa.column(name) for name in ("first_move", "status")),
    sa.column("introduced_at", UtcDateTime()),
)
LOG = sa.table(
    "log",
    *(sa.column(name) for name in ("seq", "kind", "week", "referral_id", "facts")),
    sa.column("at", UtcDateTime()),
)


def _introduced(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield a row for each introduction on record. The log's last entry says about what time it is."""
    now = connection.scalar(sa.select(LOG.c.at).order_by(LOG.c.seq.desc()).limit(1))
    entry = sa.and_(LOG.c.referral_id == REFERRAL.c.id, LOG.c.kind == "introduced")
    found = sa.select(REFERRAL, LOG.c.week, LOG.c.facts).join_from(REFERRAL, LOG, entry)
    is_whole = sa.and_(REFERRAL.c.introduced_at.is_not(None), REFERRAL.c.provider_id.is_not(None))
    seen: set[str] = set()
    for row in connection.execute(found.where(is_whole).order_by(LOG.c.seq)):
        if row.id not in seen:
            seen.add(row.id)
            yield _followed(row, now)


def _followed(row: sa.Row[Any], now: datetime | None) -> dict[str, Any]:
    is_new = now is not None and row.introduced_at + ASKED_UNTIL > now
    return {
        "referral_id": row.id,
        "group_id": row.group_id,
        "introduced_at": row.introduced_at,
        "week": row.week,
        "kind": json.loads(row.facts).get("kind") or "referral",
        "referrer_id": None if row.helper else row.starter_id,
        "seeker_id": row.seeker_member_id,
        "provider_id": row.provider_id,
        "first_move": row.first_move,
        "nudged": True,
        "parts": "{}",
        "thanks": "{}",
        "testimonial_edition": 0,
        "testimonial_may_show": False,
        "testimonial_hidden": False,
        "testimonial_asked": False,
        "due": row.introduced_at + ASKED_AFTER if is_new else None,
        "version": 1,
    }


def downgrade() -> None:
    """Drop them, children first."""
    for table in ("follow_up_text_about", "follow_up_text", "follow_up"):
        op.drop_table(table)
    op.drop_column("referral", "came_from")

"""Weeks that were counted, when each group's next one is, and who agreed to be named in it."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# As with the log: a week that was counted stays as it is, and goes with its whole workspace after the bot left it.
DEPARTED = (
    'SELECT 1 FROM "group" AS owner JOIN workspace ON workspace.id = owner.workspace '
    "WHERE owner.id = OLD.group_id AND workspace.departed_at IS NOT NULL"
)
REFUSE_REMOVAL = f"""
CREATE FUNCTION refuse_removal_from_tally() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF EXISTS ({DEPARTED}) THEN RETURN OLD; END IF;
RAISE EXCEPTION 'tally only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
AGREED = ("named", "listened_for")


def upgrade() -> None:
    """Make the table and the columns. Nobody has agreed to be named; each group's due is found at the first sweep."""
    counted = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "tally",
        sa.Column("seq", counted, autoincrement=True, nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_tally"),
        sa.UniqueConstraint("group_id", "week", name="uq_tally_group_id_week"),
        sa.UniqueConstraint("group_id", "number", name="uq_tally_group_id_number"),
    )
    # Not in a batch: SQLite refuses to rename a table that another one's trigger looks into.
    op.add_column("group", sa.Column("tally_due", UtcDateTime(), nullable=True))
    op.create_index("ix_group_tally_due_id", "group", ["tally_due", "id"])
    for name in AGREED:
        op.add_column("card", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(REFUSE_REMOVAL)
        op.execute(
            "CREATE TRIGGER tally_only_grows BEFORE UPDATE OR TRUNCATE ON tally "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER tally_refuses_removal BEFORE DELETE ON tally "
            "FOR EACH ROW EXECUTE FUNCTION refuse_removal_from_tally()"
        )
        return
    refuse = "SELECT RAISE(ABORT, 'tally only grows'); END"
    op.execute(f"CREATE TRIGGER tally_refuses_update BEFORE UPDATE ON tally BEGIN {refuse}")
    op.execute(
        f"CREATE TRIGGER tally_refuses_delete BEFORE DELETE ON tally WHEN NOT EXISTS ({DEPARTED}) BEGIN {refuse}"
    )


def downgrade() -> None:
    """Drop the table and the columns."""
    op.drop_table("tally")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_removal_from_tally()")
    for name in AGREED:
        op.drop_column("card", name)
    op.drop_index("ix_group_tally_due_id", "group")
    op.drop_column("group", "tally_due")

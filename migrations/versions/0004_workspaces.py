"""Where the bot was added, with its tokens; and the log of a workspace that removed it may be forgotten."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A row of the log or a receipt may go with its whole workspace, after the bot was removed from it, and not otherwise.
DEPARTED = {
    "log": 'SELECT 1 FROM "group" AS owner JOIN workspace ON workspace.id = owner.workspace '
    "WHERE owner.id = OLD.group_id AND workspace.departed_at IS NOT NULL",
    "receipt": "SELECT 1 FROM member AS owner JOIN workspace ON workspace.id = owner.workspace "
    "WHERE owner.id = OLD.by_id AND workspace.departed_at IS NOT NULL",
}
REFUSE_REMOVAL = """
CREATE FUNCTION refuse_removal_from_{table}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF EXISTS ({departed}) THEN RETURN OLD; END IF;
RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def upgrade() -> None:
    """Make the tables, and let the log go with its workspace."""
    op.create_table(
        "workspace",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("arrived_at", UtcDateTime(), nullable=False),
        sa.Column("arrivals", sa.Integer(), nullable=False),
        sa.Column("greeted", sa.Boolean(), nullable=False),
        sa.Column("departed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_workspace"),
    )
    op.create_table(
        "installation",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("bot_user", sa.Text(), nullable=False),
        sa.Column("installed_by", sa.Text(), nullable=True),
        sa.Column("installed_at", UtcDateTime(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_installation"),
    )
    op.create_table(
        "install_state",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_install_state"),
    )
    op.create_index("ix_install_state_until", "install_state", ["until"])
    for table, departed in DEPARTED.items():
        _refuse_removal_while_there(table, departed)


def _refuse_removal_while_there(table: str, departed: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(REFUSE_REMOVAL.format(table=table, departed=departed))
        op.execute(
            f"CREATE TRIGGER {table}_refuses_removal BEFORE DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_removal_from_{table}()"
        )
        return
    op.execute(f"DROP TRIGGER {table}_refuses_delete")
    op.execute(
        f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} WHEN NOT EXISTS ({departed}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
    )


def downgrade() -> None:
    """Let the log stay whatever happens, and drop the tables."""
    for table in DEPARTED:
        _refuse_every_removal(table)
    for table in ("install_state", "installation", "workspace"):
        op.drop_table(table)


def _refuse_every_removal(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_refuses_removal ON {table}")
        op.execute(f"DROP FUNCTION refuse_removal_from_{table}()")
        op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute(f"DROP TRIGGER {table}_refuses_delete")
    op.execute(
        f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
    )

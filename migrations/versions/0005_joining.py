"""Joining waits for a hello; and where somebody's direct messages go is remembered."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a membership wait for its hello, and make the table."""
    with op.batch_alter_table("membership") as membership:
        membership.alter_column("joined_at", existing_type=UtcDateTime(), nullable=True)
        membership.add_column(sa.Column("hello_at", UtcDateTime(), nullable=True))
    op.create_index("ix_member_platform_user", "member", ["platform_user"])
    op.create_table(
        "conversation",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_conversation_member_id_member"),
        sa.PrimaryKeyConstraint("member_id", name="pk_conversation"),
    )


def downgrade() -> None:
    """Forget those who wait: they are in no group yet; and drop the table."""
    op.drop_table("conversation")
    op.drop_index("ix_member_platform_user", "member")
    op.execute("DELETE FROM membership WHERE joined_at IS NULL")
    with op.batch_alter_table("membership") as membership:
        membership.drop_column("hello_at")
        membership.alter_column("joined_at", existing_type=UtcDateTime(), nullable=False)

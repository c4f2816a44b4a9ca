"""Asks, referrals, their questions and their words."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ask",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_ask_group_id_group", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name="fk_ask_owner_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_ask"),
    )
    op.create_index(
        "ix_ask_due",
        "ask",
        ["ends_at", "id"],
        postgresql_where=sa.text("status = 'open'"),
        sqlite_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_ask_group_id_owner_id", "ask", ["group_id", "owner_id"])
    op.create_table(
        "referral",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("starter_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("seeker_member_id", sa.Text(), nullable=True),
        sa.Column("seeker_guest_id", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("ask_id", sa.Text(), nullable=True),
        sa.Column("helper", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("may_use_name", sa.Boolean(), nullable=False),
        sa.Column("loop_me_in", sa.Boolean(), nullable=False),
        sa.Column("first_move", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=True),
        sa.Column("fit", sa.Text(), nullable=True),
        sa.Column("asking_order", sa.Text(), nullable=False),
        sa.Column("reveal", sa.Text(), nullable=False),
        sa.Column("window_us", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.Column("asks_nobody", sa.Boolean(), nullable=False),
        sa.Column("over_limit", sa.Text(), nullable=False),
        sa.Column("told_by", sa.Integer(), nullable=True),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("posting_at", UtcDateTime(), nullable=True),
        sa.Column("postings", sa.Integer(), nullable=False),
        sa.Column("too_late", sa.Boolean(), nullable=False),
        sa.Column("introduced_at", UtcDateTime(), nullable=True),
        sa.Column("got_it", sa.Text(), nullable=False),
        sa.Column("lead_sent_at", UtcDateTime(), nullable=True),
        sa.Column("pair_low", sa.Text(), nullable=True),
        sa.Column("pair_high", sa.Text(), nullable=True),
        sa.Column("due", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("pair_low <> pair_high", name=op.f("ck_referral_two_people")),
        sa.CheckConstraint("seeker_member_id IS NULL OR seeker_guest_id IS NULL", name=op.f("ck_referral_one_seeker")),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name="fk_referral_ask_id_ask"),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_referral_group_id_group", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["provider_id"], ["member.id"], name="fk_referral_provider_id_member"),
        sa.ForeignKeyConstraint(["seeker_guest_id"], ["guest.id"], name="fk_referral_seeker_guest_id_guest"),
        sa.ForeignKeyConstraint(["seeker_member_id"], ["member.id"], name="fk_referral_seeker_member_id_member"),
        sa.ForeignKeyConstraint(["starter_id"], ["member.id"], name="fk_referral_starter_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_referral"),
    )
    op.create_index(
        "ix_referral_due",
        "referral",
        ["due", "id"],
        postgresql_where=sa.text("due IS NOT NULL"),
        sqlite_where=sa.text("due IS NOT NULL"),
    )
    op.create_index(
        "ix_referral_pair",
        "referral",
        ["pair_low", "pair_high"],
        postgresql_where=sa.text("pair_low IS NOT NULL"),
        sqlite_where=sa.text("pair_low IS NOT NULL"),
    )
    op.create_index("ix_referral_provider_id", "referral", ["provider_id"])
    op.create_index("ix_referral_seeker_member_id", "referral", ["seeker_member_id"])
    op.create_index("ix_referral_starter_id_created_at", "referral", ["starter_id", "created_at"])
    op.create_table(
        "question",
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("deadline", UtcDateTime(), nullable=False),
        sa.Column("swallowed", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("no_introduction", sa.Boolean(), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_question_member_id_member"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name="fk_question_referral_id_referral", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("referral_id", "number", name="pk_question"),
    )
    op.create_index("ix_question_member_id_asked_at", "question", ["member_id", "asked_at"])
    op.create_table(
        "text",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name="fk_text_author_id_member"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name="fk_text_referral_id_referral", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_text"),
    )
    op.create_index("ix_text_author_id", "text", ["author_id"])
    op.create_index("ix_text_referral_id", "text", ["referral_id"])
    op.create_table(
        "text_about",
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_text_about_member_id_member"),
        sa.ForeignKeyConstraint(["text_id"], ["text.id"], name="fk_text_about_text_id_text", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("text_id", "member_id", name="pk_text_about"),
    )
    op.create_index("ix_text_about_member_id", "text_about", ["member_id"])


def downgrade() -> None:
    """Drop them, children first."""
    for table in ("text_about", "text", "question", "referral", "ask"):
        op.drop_table(table)

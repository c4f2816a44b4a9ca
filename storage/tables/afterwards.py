"""What comes after an introduction: who was asked, what they said, and their words, sealed and apart."""

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table
from sqlalchemy import text as sql

from storage.meta import metadata
from storage.tables.columns import flag, identity, instant, link, number, words

# `parts` and `thanks` are JSON: choices and instants by side. `testimonial_at` is NULL while there is none.
_IS_SHOWN = sql("testimonial_at IS NOT NULL")
follow_up = Table(
    "follow_up",
    metadata,
    link("referral_id", "referral.id", key=True, cascade=True),
    link("group_id", "group.id", cascade=True),
    instant("introduced_at"),
    words("week"),
    words("kind"),
    link("referrer_id", "member.id", nullable=True),
    link("seeker_id", "member.id", nullable=True),
    link("provider_id", "member.id"),
    words("first_move"),
    flag("nudged"),
    words("parts"),
    Column("little_left", Boolean),
    instant("reclassified_at", nullable=True),
    words("thanks"),
    instant("testimonial_at", nullable=True),
    number("testimonial_edition"),
    flag("testimonial_may_show"),
    flag("testimonial_hidden"),
    flag("testimonial_asked"),
    instant("due", nullable=True),
    number("version"),
    Index(
        "ix_follow_up_due",
        "due",
        "referral_id",
        postgresql_where=sql("due IS NOT NULL"),
        sqlite_where=sql("due IS NOT NULL"),
    ),
    Index("ix_follow_up_testimonial", "provider_id", postgresql_where=_IS_SHOWN, sqlite_where=_IS_SHOWN),
    Index(None, "referrer_id"),
    Index(None, "seeker_id"),
    Index(None, "provider_id"),
)

# Thanks by a side, or the testimonial; in `follow_up_text_about` everybody it is about.
follow_up_text = Table(
    "follow_up_text",
    metadata,
    identity(),
    link("referral_id", "follow_up.referral_id", cascade=True),
    words("part"),
    link("author_id", "member.id"),
    Column("body", LargeBinary, nullable=False),
    Index(None, "referral_id"),
    Index(None, "author_id"),
)

follow_up_text_about = Table(
    "follow_up_text_about",
    metadata,
    link("text_id", "follow_up_text.id", key=True, cascade=True),
    link("member_id", "member.id", key=True),
    Index(None, "member_id"),
)

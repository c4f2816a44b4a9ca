"""Asks and referrals: choices and instants in rows of their own, what people typed sealed and apart."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, Table
from sqlalchemy import text as sql

from storage.meta import metadata
from storage.tables.columns import flag, identity, instant, link, number, words

# `words` is sealed JSON, NULL once it was erased.
ask = Table(
    "ask",
    metadata,
    identity(),
    link("group_id", "group.id", cascade=True),
    link("owner_id", "member.id"),
    Column("words", LargeBinary),
    instant("created_at"),
    flag("urgent"),
    instant("ends_at", nullable=True),
    words("status"),
    number("edits"),
    number("version"),
    Index(None, "group_id", "owner_id"),
    Index("ix_ask_due", "ends_at", "id", postgresql_where=sql("status = 'open'"), sqlite_where=sql("status = 'open'")),
)

# The seeker is a member or a guest. `pair_low` and `pair_high` are the two members, smaller key first.
referral = Table(
    "referral",
    metadata,
    identity(),
    link("group_id", "group.id", cascade=True),
    instant("created_at"),
    link("starter_id", "member.id"),
    words("status"),
    link("seeker_member_id", "member.id", nullable=True),
    link("seeker_guest_id", "guest.id", nullable=True),
    link("provider_id", "member.id", nullable=True),
    link("ask_id", "ask.id", nullable=True),
    flag("helper"),
    words("purpose"),
    flag("urgent"),
    words("basis"),
    flag("may_use_name"),
    flag("loop_me_in"),
    words("first_move"),
    words("need", nullable=True),
    words("fit", nullable=True),
    words("asking_order"),
    words("reveal"),
    Column("window_us", BigInteger, nullable=False),
    words("language"),
    instant("asked_at", nullable=True),
    instant("closes_at", nullable=True),
    flag("asks_nobody"),
    words("over_limit"),
    number("told_by", nullable=True),
    words("heard"),
    instant("posting_at", nullable=True),
    number("postings"),
    flag("too_late"),
    instant("introduced_at", nullable=True),
    words("got_it"),
    instant("lead_sent_at", nullable=True),
    words("came_from", nullable=True),
    words("pair_low", nullable=True),
    words("pair_high", nullable=True),
    instant("due", nullable=True),
    number("version"),
    CheckConstraint("seeker_member_id IS NULL OR seeker_guest_id IS NULL", name="one_seeker"),
    CheckConstraint("pair_low <> pair_high", name="two_people"),
    Index("ix_referral_due", "due", "id", postgresql_where=sql("due IS NOT NULL"), sqlite_where=sql("due IS NOT NULL")),
    Index(
        "ix_referral_pair",
        "pair_low",
        "pair_high",
        postgresql_where=sql("pair_low IS NOT NULL"),
        sqlite_where=sql("pair_low IS NOT NULL"),
    ),
    Index(None, "starter_id", "created_at"),
    Index(None, "seeker_member_id"),
    Index(None, "provider_id"),
)

# `member_id` is who was asked, as it was then: the parties of a draft may change after a fit check.
question = Table(
    "question",
    metadata,
    link("referral_id", "referral.id", key=True, cascade=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    link("member_id", "member.id", nullable=True),
    words("stage"),
    instant("asked_at"),
    instant("deadline"),
    words("swallowed", nullable=True),
    words("answer", nullable=True),
    instant("answered_at", nullable=True),
    flag("no_introduction"),
    flag("reminded"),
    flag("closed"),
    number("edits"),
    flag("told"),
    Index(None, "member_id", "asked_at"),
)

# One part of a referral's words (storage/words.py), sealed: its author, and in `text_about` everybody it is about.
text = Table(
    "text",
    metadata,
    identity(),
    link("referral_id", "referral.id", cascade=True),
    words("part"),
    link("author_id", "member.id", nullable=True),
    Column("body", LargeBinary, nullable=False),
    Index(None, "referral_id"),
    Index(None, "author_id"),
)

text_about = Table(
    "text_about",
    metadata,
    link("text_id", "text.id", key=True, cascade=True),
    link("member_id", "member.id", key=True),
    Index(None, "member_id"),
)

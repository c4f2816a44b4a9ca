"""What stays: the log and the receipts, which only grow and hold random keys, and the texts that were shown."""

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from storage.meta import metadata
from storage.tables.columns import counted, identity, instant, link, number, words

# Triggers refuse every change and deletion (migrations/versions/0003_records_and_delivery.py).
log = Table(
    "log",
    metadata,
    counted("seq"),
    instant("at"),
    words("week"),
    words("group_id"),
    words("kind"),
    words("by_id", nullable=True),
    words("referral_id", nullable=True),
    words("facts"),
    Index(None, "group_id", "week", "kind"),
)

# Append-only too (migrations/versions/0007_tally.py). `body` is JSON of numbers and member keys.
tally = Table(
    "tally",
    metadata,
    counted("seq"),
    words("group_id"),
    words("week"),
    number("number"),
    instant("frozen_at"),
    words("body"),
    UniqueConstraint("group_id", "week"),
    UniqueConstraint("group_id", "number"),
)

# Append-only too. `sha256` is of the salt and the text shown; both are in `shown`, sealed, and may go from there.
receipt = Table(
    "receipt",
    metadata,
    counted("seq"),
    words("referral_id"),
    number("number"),
    words("by_id"),
    words("answer"),
    instant("at"),
    words("fields"),
    words("shown_to_id", nullable=True),
    number("version", nullable=True),
    words("locale", nullable=True),
    words("sha256", nullable=True),
    Index(None, "by_id"),
)

# The salt is sealed together with the text, so that it goes when the text goes and nobody can try texts without a key.
# A draft may go before the text of its fit check does, so this table does not hang on the referral.
shown = Table(
    "shown",
    metadata,
    identity(),
    words("referral_id"),
    number("number"),
    link("member_id", "member.id"),
    link("group_id", "group.id", cascade=True),
    Column("body", LargeBinary, nullable=False),
    words("sha256"),
    number("version"),
    words("locale"),
    instant("at"),
    Index(None, "member_id"),
    Index(None, "group_id", "at"),
)

shown_about = Table(
    "shown_about",
    metadata,
    link("shown_id", "shown.id", key=True, cascade=True),
    link("member_id", "member.id", key=True),
    Index(None, "member_id"),
)

"""Groups, and the people in and around them."""

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from storage.meta import metadata
from storage.tables.columns import agreed, counted, flag, identity, instant, link, number, words

# The platform's id of a person stands here and nowhere else; erasing them sets it to NULL and keeps the key.
member = Table(
    "member",
    metadata,
    identity(),
    words("workspace"),
    words("platform_user", nullable=True),
    words("locale"),
    words("time_zone"),
    instant("paused_until", nullable=True),
    flag("pause_is_quiet"),
    number("silences"),
    flag("direct_messages_closed"),
    flag("has_blocks"),
    instant("erased_at", nullable=True),
    number("version"),
    UniqueConstraint("workspace", "platform_user"),
    Index(None, "platform_user"),
)

# Somebody outside the chat.
guest = Table("guest", metadata, identity(), instant("created_at"))

# `tally_due` is when its week is counted next; NULL, until the first sweep has found that.
group = Table(
    "group",
    metadata,
    identity(),
    words("workspace"),
    words("channel"),
    instant("started_at"),
    link("started_by_id", "member.id"),
    words("settings"),
    number("version"),
    instant("tally_due", nullable=True),
    UniqueConstraint("workspace", "channel"),
    Index(None, "tally_due", "id"),
)

organiser = Table(
    "organiser",
    metadata,
    link("group_id", "group.id", key=True, cascade=True),
    link("member_id", "member.id", key=True),
)

# Without `joined_at` they only asked to join, and wait for a hello; `hello_at` names the one that is on its way.
membership = Table(
    "membership",
    metadata,
    link("member_id", "member.id", key=True),
    link("group_id", "group.id", key=True, cascade=True),
    instant("joined_at", nullable=True),
    instant("hello_at", nullable=True),
    Index(None, "group_id"),
)

# Where somebody's direct messages go, on platforms that give a conversation an address of its own.
conversation = Table(
    "conversation",
    metadata,
    link("member_id", "member.id", key=True),
    words("channel"),
)

block = Table(
    "block",
    metadata,
    link("member_id", "member.id", key=True),
    link("other_id", "member.id", key=True),
)

# `lines` is sealed JSON: a card is written by its owner about its owner, and goes with them.
card = Table(
    "card",
    metadata,
    counted("id"),
    link("member_id", "member.id"),
    link("group_id", "group.id", cascade=True),
    flag("accepts_leads"),
    agreed("named"),
    agreed("listened_for"),
    Column("lines", LargeBinary, nullable=False),
    number("version"),
    UniqueConstraint("member_id", "group_id"),
)

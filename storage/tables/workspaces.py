"""Where the bot was added: workspaces, the tokens it speaks with there, and installs that are under way."""

from sqlalchemy import Column, Index, LargeBinary, Table

from storage.meta import metadata
from storage.tables.columns import flag, identity, instant, number, words

# `departed_at` stands while the bot is removed; then nothing is delivered there, and the purge waits for its day.
workspace = Table(
    "workspace",
    metadata,
    identity(),
    instant("arrived_at"),
    number("arrivals"),
    flag("greeted"),
    instant("departed_at", nullable=True),
)

# `secrets` is sealed JSON: the token, and what the platform's own library wants back.
installation = Table(
    "installation",
    metadata,
    identity("workspace"),
    words("bot_user"),
    words("installed_by", nullable=True),
    instant("installed_at"),
    Column("secrets", LargeBinary, nullable=False),
)

# A one-time state is looked up and never read: what stands here is its keyed hash.
install_state = Table(
    "install_state",
    metadata,
    identity("hash"),
    instant("until"),
    Index(None, "until"),
)

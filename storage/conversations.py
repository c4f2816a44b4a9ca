"""Keeps where somebody's direct messages go, beside their one row with the platform's id."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql

from bot.domain.ids import MemberId, UserId
from storage.database import Database
from storage.tables import conversation, member

_THEIRS = select(member.c.id).where(member.c.platform_user == bindparam("who"))
_OF = select(conversation.c.channel).where(conversation.c.member_id.in_(_THEIRS)).order_by(conversation.c.member_id)
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
_ADD = postgresql.insert(conversation)
_KEEP = _ADD.on_conflict_do_update(
    index_elements=[conversation.c.member_id], set_={"channel": _ADD.excluded["channel"]}
)
_FORGET = delete(conversation).where(conversation.c.member_id.in_(_THEIRS))


class SqlConversations:
    """At most one row for each member, which goes when they are erased."""

    __slots__ = ("_db",)

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, user: UserId) -> str | None:
        """Return where this person's messages go, whichever workspace that was learnt in."""
        channel: str | None = self._db.scalar(_OF, {"who": user})
        return channel

    def keep(self, member: MemberId, channel: str) -> None:
        """Remember it, in the place of what was known before."""
        self._db.run(_KEEP, {"member_id": member, "channel": channel})

    def forget(self, user: UserId) -> None:
        """Forget it: there is no such conversation any more."""
        self._db.run(_FORGET, {"who": user})

"""Erases one person, and forgets what is too old."""

from datetime import datetime

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    delete,
    exists,
    false,
    null,
    or_,
    select,
    true,
    update,
)

from bot.domain.ids import GroupId, MemberId, WorkspaceId
from bot.domain.referral import FOLLOWED_FOR
from storage.database import Database
from storage.forgetting import forget_some
from storage.seen import Seen
from storage.tables import (
    ask,
    block,
    card,
    conversation,
    follow_up,
    follow_up_text,
    follow_up_text_about,
    group,
    installation,
    member,
    membership,
    organiser,
    outbox,
    question,
    referral,
    shown,
    shown_about,
    text,
    text_about,
)
from storage.tables.columns import literals

_WHO: BindParameter[str] = bindparam("who")
_BEFORE: BindParameter[datetime] = bindparam("before")
_IN_GROUP = referral.c.group_id == bindparam("group")

# First of all: whoever read their words before they were erased can save nothing derived from them any more.
_OUTDATE = (
    update(referral)
    .where(or_(referral.c.starter_id == _WHO, referral.c.seeker_member_id == _WHO, referral.c.provider_id == _WHO))
    .values(version=referral.c.version + 1)
)
_OUTDATE_AFTERWARDS = (
    update(follow_up)
    .where(or_(follow_up.c.referrer_id == _WHO, follow_up.c.seeker_id == _WHO, follow_up.c.provider_id == _WHO))
    .values(version=follow_up.c.version + 1)
)
_ORGANISED = select(organiser.c.group_id).where(organiser.c.member_id == _WHO)
_BLOCKED_BY = select(block.c.member_id).where(block.c.other_id == _WHO)
_OUTDATE_AROUND = (
    update(group).where(group.c.id.in_(_ORGANISED)).values(version=group.c.version + 1),
    update(member).where(member.c.id.in_(_BLOCKED_BY)).values(version=member.c.version + 1),
)
_ABOUT = select(text_about.c.text_id).where(text_about.c.member_id == _WHO)
_SAID_ABOUT = select(follow_up_text_about.c.text_id).where(follow_up_text_about.c.member_id == _WHO)
_SHOWN_ABOUT = select(shown_about.c.shown_id).where(shown_about.c.member_id == _WHO)
_HOME = select(member.c.workspace).where(member.c.id == _WHO).scalar_subquery()
_USER = select(member.c.platform_user).where(member.c.id == _WHO).scalar_subquery()
_DROP = (
    update(installation)
    .where(installation.c.workspace == _HOME, installation.c.installed_by == _USER)
    .values(installed_by=null()),
    delete(text).where(or_(text.c.author_id == _WHO, text.c.id.in_(_ABOUT))),
    delete(follow_up_text).where(or_(follow_up_text.c.author_id == _WHO, follow_up_text.c.id.in_(_SAID_ABOUT))),
    delete(shown).where(or_(shown.c.member_id == _WHO, shown.c.id.in_(_SHOWN_ABOUT))),
    update(ask).where(ask.c.owner_id == _WHO).values(words=null(), version=ask.c.version + 1),
    delete(card).where(card.c.member_id == _WHO),
    delete(membership).where(membership.c.member_id == _WHO),
    delete(conversation).where(conversation.c.member_id == _WHO),
    delete(organiser).where(organiser.c.member_id == _WHO),
    delete(block).where(or_(block.c.member_id == _WHO, block.c.other_id == _WHO)),
    # Delivered ones too: a receipt tells where their private messages are.
    delete(outbox).where(outbox.c.member_id == _WHO),
)
_FORGET_WHO_IT_WAS = (
    update(member)
    .where(member.c.id == _WHO)
    .values(
        platform_user=null(),
        locale="en",
        time_zone="UTC",
        paused_until=null(),
        pause_is_quiet=true(),
        silences=0,
        direct_messages_closed=false(),
        has_blocks=false(),
        erased_at=bindparam("now"),
        version=member.c.version + 1,
    )
)

# A withdrawn one counts from when it would have closed, and a sent lead from when it was sent.
_ENDED = or_(
    and_(referral.c.status.in_(literals("lapsed", "withdrawn")), referral.c.closes_at < _BEFORE),
    and_(referral.c.status == "closed", referral.c.introduced_at < bindparam("introduced_before")),
    and_(referral.c.status == "lead", referral.c.lead_sent_at < _BEFORE),
)
_HAS_WORDS = exists().where(text.c.referral_id == referral.c.id)
_OUTDATE_WORDS = update(referral).where(_IN_GROUP, _ENDED, _HAS_WORDS).values(version=referral.c.version + 1)
_FORGET_WORDS = (
    delete(text)
    .where(text.c.referral_id.in_(select(referral.c.id).where(_IN_GROUP, _ENDED)))
    .returning(text.c.referral_id)
)
# Thanks go with the words of their referral, and so does a testimonial that nobody may see (any more).
_ENDED_ONES = select(referral.c.id).where(_IN_GROUP, _ENDED)
_after = follow_up.alias("after")
_IS_PRIVATE = exists().where(
    _after.c.referral_id == follow_up_text.c.referral_id, _after.c.testimonial_may_show.is_(false())
)
_GOES_TOO = or_(follow_up_text.c.part != "testimonial", _IS_PRIVATE)
_HAS_SAID = select(follow_up_text.c.referral_id).where(follow_up_text.c.referral_id.in_(_ENDED_ONES), _GOES_TOO)
_OUTDATE_SAID = update(follow_up).where(follow_up.c.referral_id.in_(_HAS_SAID)).values(version=follow_up.c.version + 1)
_FORGET_SAID = (
    delete(follow_up_text)
    .where(follow_up_text.c.referral_id.in_(_ENDED_ONES), _GOES_TOO)
    .returning(follow_up_text.c.referral_id)
)
_IS_ASKED = exists().where(question.c.referral_id == referral.c.id, question.c.closed.is_(false()))
_FORGET_DRAFTS = delete(referral).where(
    _IN_GROUP,
    referral.c.created_at < _BEFORE,
    referral.c.status.in_(literals("draft", "screened", "discarded", "lead")),
    referral.c.lead_sent_at.is_(None),
    ~_IS_ASKED,
)
_FORGET_SHOWN = delete(shown).where(shown.c.group_id == bindparam("group"), shown.c.at < _BEFORE)


class SqlUpkeep:
    """What is deleted here is gone from SQLite's file with the next checkpoint, and from PostgreSQL with its vacuum."""

    __slots__ = ("_db", "_seen")

    def __init__(self, database: Database, seen: Seen) -> None:
        self._db = database
        self._seen = seen

    def erase(self, member: MemberId, now: datetime) -> None:
        """Delete their texts, the texts about them, and their platform id; leave counts and hashes."""
        for statement in (_OUTDATE, _OUTDATE_AFTERWARDS, *_OUTDATE_AROUND, *_DROP):
            self._db.run(statement, {"who": member})
        self._db.run(_FORGET_WHO_IT_WAS, {"who": member, "now": now})
        self._seen.clear()

    def forget_words(self, group: GroupId, closed_before: datetime) -> int:
        """Drop the words of referrals that ended before that; return how many referrals."""
        values = {"group": group, "before": closed_before, "introduced_before": closed_before - FOLLOWED_FOR}
        self._db.run(_OUTDATE_WORDS, values)
        self._db.run(_OUTDATE_SAID, values)
        forgotten = {*self._db.scalars(_FORGET_WORDS, values), *self._db.scalars(_FORGET_SAID, values)}
        self._seen.clear()
        return len(forgotten)

    def forget_drafts(self, group: GroupId, written_before: datetime) -> int:
        """Drop drafts and kept leads that are older; return how many."""
        forgotten = self._db.run(_FORGET_DRAFTS, {"group": group, "before": written_before})
        self._seen.clear()
        return forgotten

    def forget_receipt_texts(self, group: GroupId, shown_before: datetime) -> int:
        """Drop texts shown before that, with their salt; return how many."""
        return self._db.run(_FORGET_SHOWN, {"group": group, "before": shown_before})

    def forget_workspace(self, workspace: WorkspaceId, most: int) -> int:
        """Drop about so many rows of a workspace that departed, itself last; return how many, 0 when all is gone."""
        forgotten = forget_some(self._db, workspace, most)
        self._seen.clear()
        return forgotten

"""The statements about referrals, each built once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.dml import ReturningUpdate

from storage.database import SLOTS
from storage.tables import ask, follow_up, group, guest, member, question, referral, text, text_about
from storage.tables.columns import literals

MEMBER: BindParameter[str] = bindparam("member")
NOW: BindParameter[datetime] = bindparam("now")
IN_GROUP = referral.c.group_id == bindparam("group")
BY_STARTER = referral.c.starter_id == bindparam("starter")
IS_PARTY = or_(referral.c.seeker_member_id == MEMBER, referral.c.provider_id == MEMBER)
NEWEST_FIRST = (referral.c.created_at.desc(), referral.c.id)


GET = select(referral).where(referral.c.id == bindparam("key"))
GET_TO_CHANGE = GET.with_for_update()
LOCK = select(referral.c.version).where(referral.c.id == bindparam("key")).with_for_update()
_starter, _seeker, _provider = (member.alias(role) for role in ("starter", "seeker", "provider"))
_as_seen = referral.alias("as_seen")
VERSIONS = (
    select(
        referral.c.version,
        _as_seen.c.version.label("seen_version"),
        group.c.version.label("group_version"),
        _starter.c.version.label("starter_version"),
        _seeker.c.version.label("seeker_version"),
        _provider.c.version.label("provider_version"),
    )
    .select_from(
        referral.join(_as_seen, _as_seen.c.id == referral.c.id)
        .join(group, group.c.id == referral.c.group_id)
        .join(_starter, _starter.c.id == referral.c.starter_id)
        .outerjoin(_seeker, _seeker.c.id == referral.c.seeker_member_id)
        .outerjoin(_provider, _provider.c.id == referral.c.provider_id)
    )
    .where(referral.c.id == bindparam("key"))
)
"""Whether what is remembered of a referral and of everybody around it still stands."""
VERSIONS_LOCKED = VERSIONS.with_for_update(of=referral, skip_locked=True)
"""The same of one that nobody else holds, which is ours from then on.

`version` is that of the locked row, and everything else as it was when the statement began: before the lock, by a
moment in which somebody may have saved it. Then `seen_version` is another, and all of it has to be looked at again.
"""
ADD = insert(referral)
ON_THE_WAY = (
    *("status", "told_by", "heard", "posting_at", "postings", "too_late"),
    *("introduced_at", "got_it", "due", "version"),
)
"""What changes once somebody was asked. Writing no more than that spares five indexes and six references."""


def _save(columns: Iterable[str]) -> ReturningUpdate[Any]:
    return (
        update(referral)
        .where(referral.c.id == bindparam("key"), referral.c.version == bindparam("expected"))
        .values({name: bindparam(name) for name in columns})
        .returning(referral.c.version)
    )


SAVE = _save(c.name for c in referral.c if c.name != "id")
SAVE_ON_THE_WAY = _save(ON_THE_WAY)
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
MEET_GUEST = postgresql.insert(guest).on_conflict_do_nothing()

QUESTIONS = select(question).where(question.c.referral_id == bindparam("key")).order_by(question.c.number)
QUESTIONS_OF = (
    select(question).where(question.c.referral_id.in_(SLOTS)).order_by(question.c.referral_id, question.c.number)
)
# When it was asked, until when and whom never changes.
_ANSWERED = ("swallowed", "answer", "answered_at", "no_introduction", "reminded", "closed", "edits", "told")
_question = postgresql.insert(question)
WRITE_QUESTION = _question.on_conflict_do_update(
    index_elements=[question.c.referral_id, question.c.number],
    set_={name: _question.excluded[name] for name in _ANSWERED},
)

TEXTS = select(text.c.part, text.c.body).where(text.c.referral_id == bindparam("key"))
TEXTS_OF = select(text.c.referral_id, text.c.part, text.c.body).where(text.c.referral_id.in_(SLOTS))
_text = postgresql.insert(text)
WRITE_TEXT = _text.on_conflict_do_update(
    index_elements=[text.c.id], set_={"author_id": _text.excluded.author_id, "body": _text.excluded.body}
)
WRITE_ABOUT = postgresql.insert(text_about).on_conflict_do_nothing()
DROP_TEXT = delete(text).where(text.c.id == bindparam("key"))

DUE = (
    select(referral.c.id).where(referral.c.due <= NOW).order_by(referral.c.due, referral.c.id).limit(bindparam("most"))
)
NEXT_DUE = select(referral.c.due).where(referral.c.due.is_not(None)).order_by(referral.c.due, referral.c.id).limit(1)
STARTED_BY = select(referral).where(IN_GROUP, BY_STARTER, referral.c.status != "discarded").order_by(*NEWEST_FIRST)
WAITING_FOR = (
    select(referral)
    .join(question)
    .where(
        question.c.member_id == MEMBER,
        question.c.deadline > NOW,
        question.c.closed.is_(False),
        question.c.swallowed.is_(None),
        or_(question.c.answer.is_(None), question.c.answer == "taken_back"),
    )
    .order_by(question.c.asked_at, referral.c.id)
)
OPEN_WITH = (
    select(referral.c.id)
    .where(
        or_(referral.c.starter_id == MEMBER, IS_PARTY),
        referral.c.status.in_(literals("draft", "screened", "asking", "posting")),
    )
    .order_by(referral.c.created_at, referral.c.id)
)
INTRODUCED_TO = (
    select(referral)
    .where(IS_PARTY, referral.c.status.in_(literals("introduced", "closed")))
    .order_by(referral.c.introduced_at.desc(), referral.c.id)
)
_ASKED = exists().where(
    question.c.referral_id == referral.c.id, question.c.member_id == MEMBER, question.c.swallowed.is_(None)
)
PARTY_OF = select(referral).where(IN_GROUP, IS_PARTY, _ASKED).order_by(*NEWEST_FIRST)
LOOKING_OPEN = (
    select(referral)
    .where(
        IN_GROUP,
        BY_STARTER,
        referral.c.status.in_(literals("asking", "posting")),
        referral.c.told_by.is_(None),
        referral.c.closes_at > NOW,
    )
    .order_by(*NEWEST_FIRST)
)

LOCK_PAIR = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("pair"), 0)))
_KNOWN = exists().where(question.c.referral_id == referral.c.id, question.c.answer == "known")
PAIR_PAST = select(
    referral.c.starter_id, referral.c.status, referral.c.closes_at, referral.c.told_by, _KNOWN.label("known")
).where(
    referral.c.pair_low == bindparam("low"),
    referral.c.pair_high == bindparam("high"),
    referral.c.id != bindparam("but"),
    referral.c.closes_at.is_not(None),
)
WERE_INTRODUCED = (
    select(referral.c.id)
    .where(
        IN_GROUP,
        referral.c.provider_id == bindparam("provider"),
        or_(referral.c.seeker_member_id == bindparam("seeker"), referral.c.seeker_guest_id == bindparam("guest")),
        referral.c.introduced_at.is_not(None),
        referral.c.id != bindparam("but"),
        ~exists().where(follow_up.c.referral_id == referral.c.id, follow_up.c.reclassified_at.is_not(None)),
    )
    .limit(1)
)
RECEIVED = (
    select(func.count(question.c.referral_id.distinct()))
    .select_from(question.join(referral).outerjoin(ask, ask.c.id == referral.c.ask_id))
    .where(
        question.c.member_id == MEMBER,
        question.c.asked_at >= bindparam("since"),
        question.c.swallowed.is_(None),
        IN_GROUP,
        or_(ask.c.owner_id.is_(None), ask.c.owner_id != MEMBER),
    )
)
STARTED_SINCE = (
    select(func.count())
    .select_from(referral)
    .where(and_(IN_GROUP, BY_STARTER, referral.c.asked_at >= bindparam("since")))
)

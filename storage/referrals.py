"""Keeps referrals, their questions and their words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Select

from bot.domain.decision import PairPast
from bot.domain.elapsing import next_due
from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.member import Guest
from bot.domain.question import Question
from bot.domain.referral import Referral
from bot.domain.replacing import replace
from storage import referral_queries as q
from storage.database import Database, Row, in_slots
from storage.pasts import past_of
from storage.referral_rows import from_question, from_referral, has_moved_only, on_the_way, to_referral
from storage.referral_texts import write_texts
from storage.seen import Seen
from storage.vault import Vault


class Looks(Protocol):
    """What of a Database is enough to look."""

    def first(self, statement: Select[Any], values: Mapping[str, Any]) -> Row | None:
        """Return the first row, if there is one."""

    def all(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Row]:
        """Return every row."""


class SqlReferrals:
    """Referrals, each read at most once in a transaction unless it must be locked."""

    __slots__ = ("_db", "_seen", "_vault")

    def __init__(self, database: Database, vault: Vault, seen: Seen) -> None:
        self._db = database
        self._vault = vault
        self._seen = seen

    def get(self, referral: ReferralId, *, to_change: bool = False) -> Referral:
        """Return it, locked against other writers if it is to be changed. Raises NotFoundError."""
        seen = self._seen.referrals.get_value(referral, locked=to_change)
        if seen is not None:
            return seen
        return self._recalled(referral, to_change=to_change) or self._loaded(referral, to_change=to_change)

    def _recalled(self, referral: ReferralId, *, to_change: bool) -> Referral | None:
        """Return it from this process's memory, and its group and people with it, as far as their versions stand."""
        known = self._seen.memory.referrals.get(referral)
        if known is None:
            return None
        row = versions_of(self._db, {"key": referral}, locks=to_change and not self._seen.alone)
        if row is None or row.version != known.version:
            return None
        found = known.value
        self._seen.recall_group(found.group, row.group_version)
        versions = (row.starter_version, row.seeker_version, row.provider_version)
        for who, version in zip((found.starter, found.seeker, found.provider), versions, strict=True):
            if isinstance(who, str):
                self._seen.recall_member(MemberId(who), version)
        locked = to_change or self._seen.alone
        return self._seen.referrals.read(referral, found, known.version, locked=locked, due=known.due)

    def _loaded(self, referral: ReferralId, *, to_change: bool) -> Referral:
        key = {"key": referral}
        row = self._db.first(q.GET_TO_CHANGE if to_change else q.GET, key)
        if row is None:
            raise NotFoundError(f"referral {referral}")
        questions = self._db.all(q.QUESTIONS, key)
        texts = self._db.all(q.TEXTS, key)
        return self._read(row, questions, texts, locked=to_change or self._seen.alone)

    def add(self, referral: Referral) -> None:
        """Store a new one."""
        stored = replace(referral, version=max(referral.version, 1))
        self._meet_guest(stored)
        due = next_due(stored)
        self._db.run(q.ADD, {"id": stored.id, **from_referral(stored, due)})
        self._write_questions(stored, None)
        write_texts(self._db, self._vault, stored, None)
        self._seen.referrals.wrote(stored.id, stored, read=referral.version, version=stored.version, due=due)

    def save(self, referral: Referral, due: datetime | None) -> None:
        """Write over the version that was read, or raise StaleWriteError. `due` is when time next changes it."""
        before = self.get(referral.id)
        expected = self._seen.referrals.expected(referral.id, referral.version)
        if referral == before and due == self._seen.referrals[referral.id].due:
            return
        self._meet_guest(referral)
        stored = replace(referral, version=expected + 1)
        moved = has_moved_only(stored, before)
        values = on_the_way(stored, due) if moved else from_referral(stored, due)
        keys = {"key": referral.id, "expected": expected}
        if self._db.scalar(q.SAVE_ON_THE_WAY if moved else q.SAVE, values | keys) is None:
            raise StaleWriteError(f"referral {referral.id}")
        self._write_questions(stored, before)
        write_texts(self._db, self._vault, stored, before)
        self._seen.referrals.wrote(stored.id, stored, read=referral.version, version=stored.version, due=due)

    def due(self, now: datetime, most: int) -> Sequence[ReferralId]:
        """Return those whose time has come, oldest first."""
        return self._db.scalars(q.DUE, {"now": now, "most": most})

    def next_due(self) -> datetime | None:
        """Return when time next changes any referral."""
        due: datetime | None = self._db.scalar(q.NEXT_DUE)
        return due

    def started_by(self, group: GroupId, starter: MemberId) -> Sequence[Referral]:
        """Return what this member started in the group, newest first, leaving out the discarded."""
        return self._list(q.STARTED_BY, {"group": group, "starter": starter})

    def waiting_for(self, member: MemberId, now: datetime) -> Sequence[Referral]:
        """Return the referrals in which this member has a question open, oldest first.

        A yes that was taken back is open again; what was answered waits for nobody.
        """
        return self._list(q.WAITING_FOR, {"member": member, "now": now})

    def open_with(self, member: MemberId) -> Sequence[ReferralId]:
        """Return every referral in draft, asking or posting that this member takes part in, in any role."""
        return self._db.scalars(q.OPEN_WITH, {"member": member})

    def introduced_to(self, member: MemberId) -> Sequence[Referral]:
        """Return the introductions this member is a party of, newest first."""
        return self._list(q.INTRODUCED_TO, {"member": member})

    def party_of(self, group: GroupId, member: MemberId) -> Sequence[Referral]:
        """Return the referrals in the group in which this member was asked anything, newest first."""
        return self._list(q.PARTY_OF, {"group": group, "member": member})

    def pair_past(self, referral: Referral, closed_for: timedelta, now: datetime) -> PairPast:
        """Return what became of others between the same two people, in either direction.

        Others that would ask the same two wait until this transaction is over, or both would see a free pair.
        """
        if referral.pair is None:
            return PairPast()
        low, high = referral.pair
        if not self._seen.alone:
            self._db.all(q.LOCK_PAIR, {"pair": f"{low}/{high}"})
        others = self._db.all(q.PAIR_PAST, {"low": low, "high": high, "but": referral.id})
        return past_of(others, referral.starter, closed_for, now)

    def received(self, member: MemberId, group: GroupId, since: datetime) -> int:
        """Count the referrals this member was asked about since then, outside their own asks."""
        return self._count(q.RECEIVED, {"member": member, "group": group, "since": since})

    def started_since(self, group: GroupId, starter: MemberId, since: datetime) -> int:
        """Count what this member asked anybody about since then."""
        return self._count(q.STARTED_SINCE, {"group": group, "starter": starter, "since": since})

    def were_introduced(self, referral: Referral) -> bool:
        """Say whether an earlier referral in its group introduced its seeker to its provider."""
        seeker = referral.seeker
        member, guest = (None, seeker.id) if isinstance(seeker, Guest) else (seeker, None)
        values = {"group": referral.group, "provider": referral.provider, "but": referral.id}
        return self._db.scalar(q.WERE_INTRODUCED, values | {"seeker": member, "guest": guest}) is not None

    def looking_open(self, group: GroupId, starter: MemberId, now: datetime) -> Sequence[Referral]:
        """Return those of this member's that look open to them, by `closes_at`."""
        return self._list(q.LOOKING_OPEN, {"group": group, "starter": starter, "now": now})

    def _count(self, statement: Select[int], values: Mapping[str, Any]) -> int:
        return self._db.scalar(statement, values) or 0

    def _list(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Referral]:
        rows = list({row.id: row for row in self._db.all(statement, values)}.values())
        slots = list(in_slots([row.id for row in rows]))
        questions = _by_referral(row for keys in slots for row in self._db.all(q.QUESTIONS_OF, keys))
        texts = _by_referral(row for keys in slots for row in self._db.all(q.TEXTS_OF, keys))
        return [self._seen_or_read(row, questions.get(row.id, []), texts.get(row.id, [])) for row in rows]

    def _seen_or_read(self, row: Row, questions: list[Row], texts: list[Row]) -> Referral:
        seen = self._seen.referrals.get_value(row.id)
        return seen if seen is not None else self._read(row, questions, texts, locked=self._seen.alone)

    def _read(self, row: Row, questions: Sequence[Row], texts: Sequence[Row], *, locked: bool) -> Referral:
        found = to_referral(row, questions, texts, self._vault)
        return self._seen.referrals.read(found.id, found, found.version, locked=locked, due=row.due)

    def _meet_guest(self, referral: Referral) -> None:
        if isinstance(referral.seeker, Guest):
            self._db.run(q.MEET_GUEST, {"id": referral.seeker.id, "created_at": referral.created_at})

    def _write_questions(self, after: Referral, before: Referral | None) -> None:
        known = set(before.questions) if before else set()
        changed = [question for question in after.questions if question not in known]
        if changed:
            rows = [from_question(after.id, _asked(after, question), question) for question in changed]
            self._db.run_each(q.WRITE_QUESTION, rows)


def versions_of(database: Looks, key: Mapping[str, str], *, locks: bool) -> Row | None:
    """Return which versions stand of a referral and of everybody around it, once it is locked if that is wanted."""
    if locks:
        row = database.first(q.VERSIONS_LOCKED, key)
        if row is not None and row.version == row.seen_version:
            return row
        database.all(q.LOCK, key)  # first, and apart: what one looks at while one waits for a lock may be older
    return database.first(q.VERSIONS, key)


def _by_referral(rows: Iterable[Row]) -> dict[ReferralId, list[Row]]:
    found: dict[ReferralId, list[Row]] = {}
    for row in rows:
        found.setdefault(row.referral_id, []).append(row)
    return found


def _asked(referral: Referral, question: Question) -> MemberId | None:
    party = referral.party(question.side)
    return MemberId(party) if isinstance(party, str) else None

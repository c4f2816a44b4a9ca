"""Keeps what comes after introductions: choices in one row, the words that were said in rows of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql

from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.kind import Kind
from bot.domain.outcome import FollowUp, Testimonial
from bot.domain.question import Side
from bot.domain.saying import about
from bot.domain.words import Slot
from storage.codec import read_parts, read_thanks, write_parts, write_thanks
from storage.database import SLOTS, Database, Row, in_slots
from storage.sealed import SealedTexts, seal
from storage.tables import follow_up, follow_up_text, follow_up_text_about
from storage.vault import Vault

_MEMBER: BindParameter[str] = bindparam("member")
_IS_PARTY = or_(follow_up.c.seeker_id == _MEMBER, follow_up.c.provider_id == _MEMBER)
_NEWEST_FIRST = (follow_up.c.introduced_at.desc(), follow_up.c.referral_id)
_GET = select(follow_up).where(follow_up.c.referral_id == bindparam("key"))
_GET_TO_CHANGE = _GET.with_for_update()
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
_ADD = (
    postgresql.insert(follow_up)
    .values({c.name: bindparam(c.name) for c in follow_up.c})
    .on_conflict_do_nothing()
    .returning(follow_up.c.version)
)
_SAVE = (
    update(follow_up)
    .where(follow_up.c.referral_id == bindparam("key"), follow_up.c.version == bindparam("expected"))
    .values({c.name: bindparam(c.name) for c in follow_up.c if c.name != "referral_id"})
    .returning(follow_up.c.version)
)
_DUE = (
    select(follow_up.c.referral_id)
    .where(follow_up.c.due <= bindparam("now"))
    .order_by(follow_up.c.due, follow_up.c.referral_id)
    .limit(bindparam("most"))
)
_NEXT_DUE = (
    select(follow_up.c.due)
    .where(follow_up.c.due.is_not(None))
    .order_by(follow_up.c.due, follow_up.c.referral_id)
    .limit(1)
)
_OPEN_WITH = select(follow_up).where(_IS_PARTY, follow_up.c.due.is_not(None)).order_by(*_NEWEST_FIRST)
_OF_MEMBER = select(follow_up).where(or_(_IS_PARTY, follow_up.c.referrer_id == _MEMBER)).order_by(*_NEWEST_FIRST)
_OF_MEMBER_IN = _OF_MEMBER.where(follow_up.c.group_id == bindparam("group"))
_TESTIMONIALS = (
    select(follow_up)
    .where(
        follow_up.c.provider_id == _MEMBER,
        follow_up.c.group_id == bindparam("group"),
        follow_up.c.testimonial_at.is_not(None),
    )
    .order_by(follow_up.c.testimonial_at.desc(), follow_up.c.referral_id)
)
_TEXTS = select(follow_up_text).where(follow_up_text.c.referral_id.in_(SLOTS))
_text = postgresql.insert(follow_up_text)
_WRITE_TEXT = _text.on_conflict_do_update(
    index_elements=[follow_up_text.c.id], set_={"author_id": _text.excluded.author_id, "body": _text.excluded.body}
)
_WRITE_ABOUT = postgresql.insert(follow_up_text_about).on_conflict_do_nothing()
_DROP_TEXT = delete(follow_up_text).where(follow_up_text.c.id == bindparam("key"))

_WORDS = "words"
_TESTIMONIAL = Slot.TESTIMONIAL.value
_THANKS = {f"{Slot.THANKS.value}.{side.value}": side for side in Side}


class SqlFollowUps:
    """Follow-ups. What was read here is remembered, so that words are written only when they changed."""

    __slots__ = ("_db", "_known", "_vault")

    def __init__(self, database: Database, vault: Vault) -> None:
        self._db = database
        self._vault = vault
        self._known: dict[ReferralId, FollowUp] = {}

    def get(self, referral: ReferralId, *, to_change: bool = False) -> FollowUp:
        """Return it, locked against other writers if it is to be changed. Raises NotFoundError."""
        found = self._list(_GET_TO_CHANGE if to_change else _GET, {"key": referral})
        if not found:
            raise NotFoundError(f"follow-up {referral}")
        return found[0]

    def add(self, state: FollowUp, due: datetime | None) -> None:
        """Store a new one; one that is there already is left alone."""
        stored = replace(state, version=max(state.version, 1))
        if self._db.scalar(_ADD, {"referral_id": stored.referral, **_values(stored, due)}) is None:
            return
        self._write_texts(stored, {})
        self._known[stored.referral] = stored

    def save(self, state: FollowUp, due: datetime | None) -> None:
        """Write over the version that was read, or raise StaleWriteError."""
        before = self._known.get(state.referral) or self.get(state.referral)
        stored = replace(state, version=state.version + 1)
        keys = {"key": state.referral, "expected": state.version}
        if self._db.scalar(_SAVE, _values(stored, due) | keys) is None:
            raise StaleWriteError(f"follow-up {state.referral}")
        self._write_texts(stored, _texts(before))
        self._known[stored.referral] = stored

    def due(self, now: datetime, most: int) -> Sequence[ReferralId]:
        """Return those whose time has come, oldest first."""
        return self._db.scalars(_DUE, {"now": now, "most": most})

    def next_due(self) -> datetime | None:
        """Return when time next asks for something."""
        due: datetime | None = self._db.scalar(_NEXT_DUE)
        return due

    def open_with(self, member: MemberId) -> Sequence[FollowUp]:
        """Return those in which this member is a party, and one of the two is still to be asked something."""
        return self._list(_OPEN_WITH, {"member": member})

    def of_member(self, member: MemberId, group: GroupId | None = None) -> Sequence[FollowUp]:
        """Return the introductions this member made or is a party of, newest first; of one group, or of all."""
        if group is None:
            return self._list(_OF_MEMBER, {"member": member})
        return self._list(_OF_MEMBER_IN, {"member": member, "group": group})

    def testimonials_of(self, provider: MemberId, group: GroupId) -> Sequence[FollowUp]:
        """Return those whose testimonial stands on the provider's card in the group, newest first."""
        found = self._list(_TESTIMONIALS, {"member": provider, "group": group})
        return [state for state in found if state.is_on_card]

    def _list(self, statement: Select[Any], values: Mapping[str, Any]) -> list[FollowUp]:
        rows = self._db.all(statement, values)
        texts: dict[ReferralId, dict[str, bytes]] = {}
        for keys in in_slots([row.referral_id for row in rows]):
            for text in self._db.all(_TEXTS, keys):
                texts.setdefault(text.referral_id, {})[text.part] = text.body
        found = [self._state(row, texts.get(row.referral_id, {})) for row in rows]
        self._known.update((state.referral, state) for state in found)
        return found

    def _state(self, row: Row, texts: Mapping[str, bytes]) -> FollowUp:
        words = {part: SealedTexts(self._vault, str, body)[_WORDS] for part, body in texts.items()}
        said = {side: words.get(part, "") for part, side in _THANKS.items()}
        return FollowUp(
            referral=row.referral_id,
            group=row.group_id,
            introduced_at=row.introduced_at,
            week=row.week,
            kind=Kind(row.kind),
            referrer=row.referrer_id,
            seeker=row.seeker_id,
            provider=row.provider_id,
            first_move=Side(row.first_move),
            nudged=row.nudged,
            parts=read_parts(row.parts),
            little_left=row.little_left,
            reclassified_at=row.reclassified_at,
            thanks={side: replace(one, words=said[side]) for side, one in read_thanks(row.thanks).items()},
            testimonial=_testimonial(row, words.get(_TESTIMONIAL, "")),
            testimonial_asked=row.testimonial_asked,
            version=row.version,
        )

    def _write_texts(self, after: FollowUp, before: Mapping[str, str]) -> None:
        new = _texts(after)
        changed = {part: words for part, words in new.items() if before.get(part) != words}
        for part in sorted(before.keys() - new.keys()):
            self._db.run(_DROP_TEXT, {"key": _key(after, part)})
        rows = [
            {
                "id": _key(after, part),
                "referral_id": after.referral,
                "part": part,
                "author_id": after.member(_THANKS.get(part, Side.SEEKER)),
                "body": seal(self._vault, {_WORDS: words}),
            }
            for part, words in changed.items()
        ]
        self._db.run_each(_WRITE_TEXT, rows)
        people = [{"text_id": _key(after, part), "member_id": who} for part in changed for who in _about(after, part)]
        self._db.run_each(_WRITE_ABOUT, people)


def _key(state: FollowUp, part: str) -> str:
    return f"{state.referral}/{part}"


def _about(state: FollowUp, part: str) -> Sequence[MemberId]:
    return sorted(about(state, Slot.THANKS if part in _THANKS else Slot.TESTIMONIAL))


def _texts(state: FollowUp) -> dict[str, str]:
    """Return the words by part; those that were forgotten are not there."""
    thanks = {part: state.thanks[side].words for part, side in _THANKS.items() if side in state.thanks}
    testimonial = {_TESTIMONIAL: state.testimonial.words} if state.testimonial else {}
    return {part: words for part, words in (thanks | testimonial).items() if words}


def _testimonial(row: Row, words: str) -> Testimonial | None:
    if row.testimonial_at is None:
        return None
    return Testimonial(
        words=words,
        at=row.testimonial_at,
        edition=row.testimonial_edition,
        may_show=row.testimonial_may_show,
        hidden=row.testimonial_hidden,
    )


def _values(state: FollowUp, due: datetime | None) -> dict[str, Any]:
    testimonial = state.testimonial
    return {
        "group_id": state.group,
        "introduced_at": state.introduced_at,
        "week": state.week,
        "kind": state.kind.value,
        "referrer_id": state.referrer,
        "seeker_id": state.seeker,
        "provider_id": state.provider,
        "first_move": state.first_move.value,
        "nudged": state.nudged,
        "parts": write_parts(state.parts),
        "little_left": state.little_left,
        "reclassified_at": state.reclassified_at,
        "thanks": write_thanks(state.thanks),
        "testimonial_at": testimonial.at if testimonial else None,
        "testimonial_edition": testimonial.edition if testimonial else 0,
        "testimonial_may_show": testimonial is not None and testimonial.may_show,
        "testimonial_hidden": testimonial is not None and testimonial.hidden,
        "testimonial_asked": state.testimonial_asked,
        "due": due,
        "version": state.version,
    }

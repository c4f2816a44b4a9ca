"""Keeps what only grows: the log, the receipts, and the texts that people were shown."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql

from bot.domain.decision import ConsentReceipt
from bot.domain.events import Event, EventKind
from bot.domain.ids import GroupId, MemberId, ReferralId
from bot.domain.question import Answer
from bot.domain.words import Slot
from bot.ports.rows import KeptReceipt, Shown
from storage.codec import read_texts, write_texts
from storage.database import Database, Row
from storage.sealed import SealedTexts, seal
from storage.tables import log, receipt, referral, shown, shown_about
from storage.vault import Vault

_APPEND = insert(log)
_EVENTS = select(log).order_by(log.c.seq)
_EVENTS_OF = _EVENTS.where(log.c.group_id == bindparam("group"))

_TEXT, _SALT = "text", "salt"
_GROUP_OF = select(referral.c.group_id).where(referral.c.id == bindparam("referral_id")).scalar_subquery()
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
_SHOW = (
    postgresql.insert(shown)
    .values({c.name: bindparam(c.name) for c in shown.c if c.name != "group_id"} | {"group_id": _GROUP_OF})
    .on_conflict_do_nothing()
    .returning(shown.c.id)
)
_SHOW_ABOUT = insert(shown_about)
_SHOWN_TO = (
    select(shown, shown_about.c.member_id.label("about_id"))
    .outerjoin(shown_about)
    .where(shown.c.member_id == bindparam("member"))
    .order_by(shown.c.at, shown.c.id, shown_about.c.member_id)
)

_COPIED = (shown.c.version, shown.c.locale, shown.c.sha256)
_ADD_RECEIPT = insert(receipt).values(
    {c.name: bindparam(c.name) for c in receipt.c if c.name not in ("seq", *(copied.name for copied in _COPIED))}
    | {c.name: select(c).where(shown.c.id == bindparam("shown")).scalar_subquery() for c in _COPIED}
)
_RECEIPTS_OF = select(receipt).where(receipt.c.by_id == bindparam("member")).order_by(receipt.c.seq)


class SqlRecords:
    """The log, the receipts and the shown texts."""

    __slots__ = ("_db", "_vault")

    def __init__(self, database: Database, vault: Vault) -> None:
        self._db = database
        self._vault = vault

    def append(self, events: Sequence[Event], now: datetime, week: str) -> None:
        """Add to the log, each with its ISO week in the group's zone."""
        rows = [
            {
                "at": now,
                "week": week,
                "group_id": event.group,
                "kind": event.kind.value,
                "by_id": event.by,
                "referral_id": event.referral,
                "facts": write_texts(event.facts),
            }
            for event in events
        ]
        self._db.run_each(_APPEND, rows)

    def events(self, group: GroupId | None = None) -> Sequence[Event]:
        """Return the log, oldest first."""
        rows = self._db.all(_EVENTS_OF, {"group": group}) if group else self._db.all(_EVENTS)
        return [
            Event(EventKind(row.kind), row.group_id, row.by_id, row.referral_id, read_texts(row.facts)) for row in rows
        ]

    def show(self, shown: Shown) -> None:
        """Keep the text of a prompt; the first one of a question stays."""
        key = _shown_key(shown.referral, shown.number, shown.to)
        salt = secrets.token_hex(16)
        row = {
            "id": key,
            "referral_id": shown.referral,
            "number": shown.number,
            "member_id": shown.to,
            "body": seal(self._vault, {_SALT: salt, _TEXT: shown.text}),
            "sha256": salted_hash(salt, shown.text),
            "version": shown.version,
            "locale": shown.locale,
            "at": shown.at,
        }
        if self._db.scalar(_SHOW, row) is None or not shown.about:
            return
        self._db.run_each(_SHOW_ABOUT, [{"shown_id": key, "member_id": one} for one in set(shown.about)])

    def shown_to(self, member: MemberId) -> Sequence[Shown]:
        """Return every text a member was shown, oldest first."""
        rows: dict[str, list[Row]] = {}
        for row in self._db.all(_SHOWN_TO, {"member": member}):
            rows.setdefault(row.id, []).append(row)
        return [self._shown(same) for same in rows.values()]

    def add_receipts(self, receipts: Sequence[ConsentReceipt]) -> None:
        """Keep the answers, each with the hash of the text that was shown."""
        rows = [_receipt_row(receipt) for receipt in receipts]
        self._db.run_each(_ADD_RECEIPT, rows)

    def receipts_of(self, member: MemberId) -> Sequence[KeptReceipt]:
        """Return a member's receipts, oldest first; a yes says when it was taken back."""
        rows = self._db.all(_RECEIPTS_OF, {"member": member})
        receipts = [_receipt(row) for row in rows]
        return [
            KeptReceipt(one, row.version, row.locale, row.sha256, _taken_back_at(one, receipts[place + 1 :]))
            for place, (one, row) in enumerate(zip(receipts, rows, strict=True))
        ]

    def _shown(self, rows: Sequence[Row]) -> Shown:
        row = rows[0]
        return Shown(
            referral=row.referral_id,
            number=row.number,
            to=row.member_id,
            about=tuple(one.about_id for one in rows if one.about_id is not None),
            text=SealedTexts(self._vault, str, row.body)[_TEXT],
            version=row.version,
            locale=row.locale,
            at=row.at,
        )


def salted_hash(salt: str, text: str) -> str:
    """Return the SHA-256 that a receipt keeps of a text; without the salt, nobody can try which text it was."""
    return sha256(f"{salt}{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _shown_key(referral: ReferralId, number: int, to: MemberId) -> str:
    return f"{referral}/{number}/{to}"


def _receipt_row(receipt: ConsentReceipt) -> dict[str, object]:
    return {
        "referral_id": receipt.referral,
        "number": receipt.number,
        "by_id": receipt.by,
        "answer": receipt.answer.value,
        "at": receipt.at,
        "fields": ",".join(receipt.fields),
        "shown_to_id": receipt.shown_to,
        "shown": _shown_key(receipt.referral, receipt.number, receipt.by),
    }


def _receipt(row: Row) -> ConsentReceipt:
    return ConsentReceipt(
        referral=row.referral_id,
        number=row.number,
        by=row.by_id,
        answer=Answer(row.answer),
        at=row.at,
        fields=tuple(map(Slot, row.fields.split(","))) if row.fields else (),
        shown_to=row.shown_to_id,
    )


def _taken_back_at(receipt: ConsentReceipt, later: Iterable[ConsentReceipt]) -> datetime | None:
    """Return when the next answer to the same question undid this yes."""
    if not receipt.answer.agrees:
        return None
    question = (receipt.referral, receipt.number)
    undone = (one.at for one in later if (one.referral, one.number) == question and not one.answer.agrees)
    return next(undone, None)

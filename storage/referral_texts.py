"""Writes a referral's words and cards: sealed part by part, and only the parts that changed."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.domain.referral import Referral
from storage.database import Database
from storage.parts import CARD_OF, Part, about, author_of, parts_of
from storage.referral_queries import DROP_TEXT, WRITE_ABOUT, WRITE_TEXT
from storage.sealed import seal
from storage.vault import Vault

_Texts: TypeAlias = Mapping[Part, Mapping[Any, str]]


def write_texts(database: Database, vault: Vault, after: Referral, before: Referral | None) -> None:
    """Write what differs from `before`. Whom a text is about only grows while it stands."""
    if before is not None and _untouched(after, before):
        return
    new, old = _texts(after), _texts(before) if before else {}
    for part in sorted(old.keys() - new.keys()):
        database.run(DROP_TEXT, {"key": _key(after, part)})
    _write_bodies(database, vault, after, {part: new[part] for part in new if not _same(new[part], old.get(part))})
    _write_people(database, after, new, before, old)


def _untouched(after: Referral, before: Referral) -> bool:
    same_people = (after.seeker, after.provider, after.told_by) == (before.seeker, before.provider, before.told_by)
    return same_people and after.words is before.words and after.cards is before.cards


def _texts(referral: Referral) -> _Texts:
    texts: dict[Part, Mapping[Any, str]] = {}
    texts.update(parts_of(referral.words))
    texts.update({CARD_OF[side]: lines for side, lines in referral.cards.items() if lines})
    return texts


def _same(new: Mapping[Any, str], old: Mapping[Any, str] | None) -> bool:
    return new is old or new == old


def _write_bodies(database: Database, vault: Vault, referral: Referral, changed: _Texts) -> None:
    rows = [
        {
            "id": _key(referral, part),
            "referral_id": referral.id,
            "part": part.value,
            "author_id": author_of(part, referral),
            "body": seal(vault, texts),
        }
        for part, texts in changed.items()
    ]
    database.run_each(WRITE_TEXT, rows)


def _write_people(database: Database, after: Referral, new: _Texts, before: Referral | None, old: _Texts) -> None:
    rows = [
        {"text_id": _key(after, part), "member_id": who}
        for part in new
        for who in sorted(about(part, after) - (about(part, before) if before and part in old else frozenset()))
    ]
    database.run_each(WRITE_ABOUT, rows)


def _key(referral: Referral, part: Part) -> str:
    return f"{referral.id}/{part}"

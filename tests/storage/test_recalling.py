"""A referral that is remembered is locked and looked at in one go, and looked at again where that may be too early."""

from collections import namedtuple
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Select

from storage import referral_queries as q
from storage.database import Row
from storage.referrals import versions_of

_Versions = namedtuple("_Versions", ["version", "seen_version"])  # noqa: PYI024 -- as a statement's row is


class Asked:
    """A database that answers the look with a lock as it is told to, and keeps what was asked."""

    def __init__(self, locked: Row | None) -> None:
        self.statements: list[Select[Any]] = []
        self._locked = locked

    def first(self, statement: Select[Any], values: Mapping[str, Any]) -> Row | None:
        self.statements.append(statement)
        return self._locked if statement is q.VERSIONS_LOCKED else _Versions(4, 4)

    def all(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Row]:
        self.statements.append(statement)
        return []


def test_a_referral_nobody_else_holds_is_locked_and_looked_at_in_one_go() -> None:
    database = Asked(_Versions(3, 3))

    row = versions_of(database, {"key": "referral"}, locks=True)

    assert row == _Versions(3, 3)
    assert database.statements == [q.VERSIONS_LOCKED]


@pytest.mark.parametrize("locked", [None, _Versions(4, 3)], ids=["held by another", "saved a moment before the lock"])
def test_what_may_have_been_looked_at_before_the_lock_is_looked_at_again_with_it(locked: Row | None) -> None:
    database = Asked(locked)

    row = versions_of(database, {"key": "referral"}, locks=True)

    assert row == _Versions(4, 4)
    assert database.statements == [q.VERSIONS_LOCKED, q.LOCK, q.VERSIONS]


def test_who_only_looks_locks_nothing() -> None:
    database = Asked(_Versions(3, 3))

    versions_of(database, {"key": "referral"}, locks=False)

    assert database.statements == [q.VERSIONS]

"""Seals everything anew with the newest key."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from cryptography.fernet import InvalidToken, MultiFernet
from sqlalchemy import Column, Connection, bindparam, func, select, update

from storage.errors import WrongKeyError
from storage.keys import Keyring
from storage.meta import meta
from storage.runner import Runner

BATCH = 500


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of bytes that a Vault sealed, and the primary key of its table, which is one column."""

    key: Column[Any]
    value: Column[Any]


def rotate(
    runner: Runner, keyring: Keyring, columns: Sequence[SealedColumn], progress: Callable[[int, int], None]
) -> int:
    """Seal every value anew with the first key of the ring, and return how many there were.

    Works beside running servers, provided they know all the keys of the ring: one short transaction for each
    batch, and a value written meanwhile stays. The proof of the key comes last, so the old key opens the
    database until nothing needs it. Interrupted, it may be run again. `progress` gets how many are done, and
    how many there are.
    """
    everything = (*columns, SealedColumn(meta.c.key, meta.c.value))
    total = sum(runner.run_now(partial(_count, column=column)) for column in everything)
    done = 0
    for column in everything:
        for resealed in _batches(runner, keyring.fernet, column):
            done += resealed
            progress(done, max(done, total))
    return done


def _count(connection: Connection, column: SealedColumn) -> int:
    counted = select(func.count()).select_from(column.value.table).where(column.value.is_not(None))
    return connection.scalar(counted) or 0


def _batches(runner: Runner, fernet: MultiFernet, column: SealedColumn) -> Iterator[int]:
    after: Any = None
    while True:
        resealed = runner.run_now(partial(_reseal, fernet=fernet, column=column, after=after))
        if not resealed:
            return
        yield len(resealed)
        after = resealed[-1]


def _reseal(connection: Connection, fernet: MultiFernet, column: SealedColumn, after: object) -> list[Any]:
    """Seal one batch anew and return its primary keys in order."""
    sealed = select(column.key, column.value).where(column.value.is_not(None))
    rest = sealed if after is None else sealed.where(column.key > after)
    rows = connection.execute(rest.order_by(column.key).limit(BATCH)).all()
    if rows:
        changes = [{"row": row, "old": old, "new": _renewed(fernet, old)} for row, old in rows]
        connection.execute(_replacing(column), changes)
    return [row for row, _ in rows]


def _replacing(column: SealedColumn) -> Any:  # noqa: ANN401 -- an Update is generic in ways that do not matter here
    unchanged = (column.key == bindparam("row"), column.value == bindparam("old"))
    return update(column.value.table).where(*unchanged).values({column.value: bindparam("new")})


def _renewed(fernet: MultiFernet, sealed: bytes) -> bytes:
    try:
        return fernet.rotate(sealed)
    except InvalidToken as error:
        raise WrongKeyError from error

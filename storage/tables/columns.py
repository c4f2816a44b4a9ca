"""Columns that several tables have, made the same way everywhere."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, ForeignKey, Integer, Text, false, literal_column
from sqlalchemy.types import TypeEngine

from storage.types import UtcDateTime

COUNTED: TypeEngine[Any] = BigInteger().with_variant(Integer, "sqlite")
"""Numbers that the database counts up by itself."""


def identity(name: str = "id") -> Column[Any]:
    """Return a primary key that was made elsewhere and says nothing."""
    return Column(name, Text, primary_key=True)


def counted(name: str) -> Column[Any]:
    """Return a primary key that grows with every row."""
    return Column(name, COUNTED, primary_key=True, autoincrement=True)


def words(name: str, *, nullable: bool = False) -> Column[Any]:
    """Return a column of short text of our own making: keys, choices, JSON. Never what people typed."""
    return Column(name, Text, nullable=nullable)


def flag(name: str) -> Column[Any]:
    """Return a yes or no."""
    return Column(name, Boolean, nullable=False)


def agreed(name: str) -> Column[Any]:
    """Return a yes or no that is a no wherever nobody asked, as in a row that an older version writes."""
    return Column(name, Boolean, nullable=False, server_default=false())


def number(name: str, *, nullable: bool = False) -> Column[Any]:
    """Return a small whole number."""
    return Column(name, Integer, nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> Column[Any]:
    """Return an instant, in UTC."""
    return Column(name, UtcDateTime(), nullable=nullable)


def link(name: str, to: str, *, nullable: bool = False, key: bool = False, cascade: bool = False) -> Column[Any]:
    """Return a reference to a row; with `cascade` this row goes when that one goes."""
    target = ForeignKey(to, ondelete="CASCADE" if cascade else None)
    return Column(name, Text, target, nullable=nullable, primary_key=key)


def literals(*choices: str) -> list[ColumnElement[str]]:
    """Return choices of ours as they are written in SQL, so that plans and partial indexes can count on them."""
    return [literal_column(f"'{choice}'") for choice in choices]

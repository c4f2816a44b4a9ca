"""Adds to the append-only log."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.events import Event
from bot.domain.group import Group
from bot.domain.local_time import iso_week
from bot.ports.store import Transaction


def append(tx: Transaction, events: Sequence[Event], group: Group, now: datetime) -> None:
    """Add to the log, in the ISO week it is for the group."""
    if events:
        tx.records.append(events, now, iso_week(now, group.settings.time_zone))

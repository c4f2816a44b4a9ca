"""Weeks of a sample group, written straight into its log."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.app import owed, tallying
from bot.domain.effects import PostTally
from bot.domain.events import Event, EventKind
from bot.domain.group import Group
from bot.domain.ids import MemberId, ReferralId, UserId
from bot.domain.local_time import iso_week, last_closed_week
from bot.ports.store import Transaction
from tests.app.club import Club


def the_group(tx: Transaction) -> Group:
    """Return the only group there is."""
    (group,) = tx.groups.all()
    return group


def key_of(tx: Transaction, user: UserId) -> MemberId:
    """Return a member's key."""
    member = tx.members.by_user(the_group(tx).workspace, user)
    assert member is not None
    return member.id


def introduced(tx: Transaction, by: UserId, number: int, at: datetime, kind: str = "referral") -> None:
    """Write one introduction of two other people into the log."""
    group = the_group(tx)
    facts = {"kind": kind, "seeker": f"seeker-{number}", "provider": f"provider-{number}"}
    event = Event(EventKind.INTRODUCED, group.id, key_of(tx, by), ReferralId(f"past-{number}"), facts)
    tx.records.append((event,), at, iso_week(at, group.settings.time_zone))


def weeks_of(tx: Transaction, by: UserId, counts: Iterable[int], now: datetime) -> None:
    """Write introductions into the weeks before this one; the last count is the week that closed last."""
    counts = list(counts)
    number = 0
    for ago, count in enumerate(reversed(counts), start=1):
        for _ in range(count):
            number += 1
            introduced(tx, by, number, now - timedelta(weeks=ago), "recommendation" if number % 2 else "referral")


async def older(club: Club, by: timedelta) -> None:
    """Let the group have begun so much earlier."""

    def work(tx: Transaction) -> None:
        group = the_group(tx)
        tx.groups.save(replace(group, started_at=group.started_at - by))

    await club.bot.store.run(work)


async def post_last_week(club: Club) -> str:
    """Queue the post of the week that closed last, and deliver it; return the week."""

    def work(tx: Transaction) -> str:
        group, now = the_group(tx), club.table.clock.now()
        week = last_closed_week(now, group.settings.time_zone)
        tx.tallies.freeze(tallying.counted(tx, group.id, week), now)
        owed.queue(tx, (PostTally(group.id, week),), group, now)
        return week

    week = await club.bot.store.run(work)
    await club.bot.deliver()
    return week

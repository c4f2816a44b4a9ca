"""Counts each group's week once it is closed, keeps the numbers for good, and queues the post."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app import owed
from bot.domain.effects import PostTally
from bot.domain.group import Group, TallyMode
from bot.domain.ids import GroupId
from bot.domain.local_time import iso_week, last_closed_week, next_weekly, weeks_before
from bot.domain.tally import Tally, tally_of
from bot.ports.store import Transaction

BATCH = 5
"""Groups in one transaction: nobody else waits long for the one writer."""

WEEK = timedelta(weeks=1)
ON_TIME = timedelta(days=1)
"""After a longer outage it is the last closed week that is counted, and not the one that was due."""

FAR = timedelta(days=15)
"""No instant is further off than two weeks and an hour; one that is was written by a clock that ran ahead."""

APART = timedelta(milliseconds=500)
"""Posts of groups that are due in the same minute are queued this far apart: what people wait for goes in between."""

_LAST = "9999-W53"
"""No week comes after it."""


def this_week(tx: Transaction, group: Group, now: datetime) -> Tally:
    """Return the week so far."""
    return counted(tx, group.id, iso_week(now, group.settings.time_zone))


def counted(tx: Transaction, group: GroupId, week: str) -> Tally:
    """Return a week's numbers: as they were frozen, else from the log as it stands."""
    frozen = tx.tallies.frozen(group, week)
    return frozen.tally if frozen else tally_of(group, week, tx.tallies.week_of(group, week))


def before(tx: Transaction, group: Group, week: str, most: int = 8) -> Sequence[Tally]:
    """Return the weeks before one, oldest first, none from before the group began: zeros where nothing happened."""
    first = _first_week(group)
    kept = {frozen.tally.week: frozen.tally for frozen in tx.tallies.last_weeks(group.id, week, most)}
    weeks = [one for one in weeks_before(week, most) if one >= first]
    return [kept.get(one) or tally_of(group.id, one, tx.tallies.week_of(group.id, one)) for one in weeks]


def next_post(tx: Transaction, group: Group, now: datetime) -> datetime:
    """Return when the group's next week is counted and, unless it is empty, posted."""
    return tx.tallies.due_of(group.id) or _next(tx, group, now)


def newest_post(tx: Transaction, group: Group) -> tuple[PostTally, ...]:
    """Return the post of the week that was counted last, if any was."""
    return tuple(PostTally(group.id, frozen.tally.week) for frozen in tx.tallies.last_weeks(group.id, _LAST, 1))


def count_due(tx: Transaction, now: datetime, queued: int = 0) -> tuple[int, int]:
    """Count some of the groups that are due; return how many, and how many posts are queued with the earlier ones."""
    groups = tx.tallies.take_due(now, now + FAR, BATCH)
    for key in groups:
        queued += _do_due(tx, tx.groups.get(key), now, APART * queued)
    return len(groups), queued


def begin(tx: Transaction, group: Group, now: datetime) -> None:
    """Find the first instant of a group that was started now."""
    tx.tallies.set_due(group.id, _next(tx, group, now))


def settings_changed(tx: Transaction, before: Group, group: Group, now: datetime) -> None:
    """Find the next instant again where the settings that make it have changed. No closed week is left out by that."""
    if _calendar(before) == _calendar(group):
        return
    due, new = tx.tallies.due_of(group.id), _next(tx, group, now)
    if due is None or not (week := _left_out(tx, before, group, max(due, now), new)):
        tx.tallies.set_due(group.id, new)
    elif last_closed_week(max(due, now), group.settings.time_zone) != week:
        _count(tx, group, week, now)
        tx.tallies.set_due(group.id, new)


def _left_out(tx: Transaction, before: Group, group: Group, due: datetime, new: datetime) -> str | None:
    """Return the closed week that was to be counted when it was due, and would not be by the new instant."""
    week = last_closed_week(due, before.settings.time_zone)
    is_between = _first_week(group) <= week < last_closed_week(new, group.settings.time_zone)
    return week if is_between and tx.tallies.frozen(group.id, week) is None else None


def _do_due(tx: Transaction, group: Group, now: datetime, apart: timedelta) -> bool:
    """Count the week that is due and set the next instant; return whether there is a post."""
    week = _week_due(tx, group, now)
    posts = week is not None and _count(tx, group, week, now, apart)
    tx.tallies.set_due(group.id, _next(tx, group, now))
    return posts


def _count(tx: Transaction, group: Group, week: str, now: datetime, apart: timedelta = timedelta()) -> bool:
    """Freeze a week and queue its post; return whether there is one."""
    tally = tx.tallies.freeze(tally_of(group.id, week, tx.tallies.week_of(group.id, week)), now).tally
    posts = not tally.is_empty and _is_wanted(tx, group)
    return posts and owed.queue(tx, (PostTally(group.id, week),), group, now, later=apart)


def _is_wanted(tx: Transaction, group: Group) -> bool:
    """Say whether there is anybody to post to: who removed the bot does not get week after week on its return."""
    workspace = tx.workspaces.get(group.workspace)
    is_gone = workspace is not None and workspace.departed_at is not None
    return group.settings.tally_mode is not TallyMode.OFF and not is_gone


def _week_due(tx: Transaction, group: Group, now: datetime) -> str | None:
    """Return the closed week to be counted now, or None if there is none, or it was counted before."""
    due = tx.tallies.due_of(group.id)
    if due is not None and due > now + FAR:
        due = _weekly(group, now - WEEK)
    if due is None or due > now:
        return None
    at = due if now - due < ON_TIME else now
    week = last_closed_week(at, group.settings.time_zone)
    is_new = week >= _first_week(group) and tx.tallies.frozen(group.id, week) is None
    return week if is_new else None


def _next(tx: Transaction, group: Group, now: datetime) -> datetime:
    """Return the next instant on the group's weekday and time at which a week is closed that was not counted yet."""
    due = _weekly(group, now)
    is_counted = tx.tallies.frozen(group.id, last_closed_week(due, group.settings.time_zone)) is not None
    return _weekly(group, due) if is_counted else due


def _weekly(group: Group, now: datetime) -> datetime:
    return next_weekly(now, group.settings.time_zone, group.settings.tally_weekday, group.settings.tally_time)


def _first_week(group: Group) -> str:
    return iso_week(group.started_at, group.settings.time_zone)


def _calendar(group: Group) -> tuple[object, ...]:
    chosen = group.settings
    return (chosen.time_zone, chosen.tally_weekday, chosen.tally_time)

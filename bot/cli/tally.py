"""`twoyes tally`: a week of a group, as it was posted or would be, for whoever runs the bot."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from adapters.chart.worker import draw
from adapters.discord.place import PLACE as DISCORD
from adapters.system import SystemClock
from bot.app.weekly import WeeklyPost, weekly_post
from bot.app.wording.calendar import first_day
from bot.app.wording.canonical import canonical_text
from bot.app.wording.cast import Operator
from bot.cli.database import opened
from bot.cli.failing import FailedError
from bot.cli.terminal import say, tell
from bot.domain.group import Group
from bot.domain.ids import GroupId
from bot.domain.local_time import iso_week, last_closed_week
from bot.ports.messages import Buttons, Message
from bot.ports.store import Transaction
from bot.settings import Settings

MOST_LISTED = 20
PLACES = {"discord": DISCORD}
"""The platforms that are not like the others."""


def tally(settings: Settings, group: str, week: str, png: Path | None) -> None:
    """Print the week's post; with a file, draw its chart into that."""
    operator = Operator(settings.operator_name, settings.operator_contact, PLACES)
    now = SystemClock().now()
    with opened(settings) as store:
        head, post = store.run_now(lambda tx: _found(tx, _group(tx, group), week, operator, now))
    tell(head)
    tell(_words(post.message) if post else "There is nothing to tell of this week, and an empty week is not posted.")
    if png is not None:
        _draw(post, png)


def _found(
    tx: Transaction, group: Group, typed: str, operator: Operator, now: datetime
) -> tuple[str, WeeklyPost | None]:
    """Return which week of which group it is, how far it is settled, and its post."""
    week = _week(group, typed, now)
    frozen = tx.tallies.frozen(group.id, week)
    counted = (
        f"tally {frozen.number}, counted {frozen.frozen_at:%Y-%m-%d %H:%M} UTC"
        if frozen
        else "not counted for good yet"
    )
    head = f"{_named(group)}, week {week} ({group.settings.time_zone}): {counted}\n"
    return head, weekly_post(tx, group, week, operator, now)


def _group(tx: Transaction, typed: str) -> Group:
    """Return the group meant: the only one, if none was named."""
    groups = tx.groups.all()
    if not typed and len(groups) == 1:
        return groups[0]
    found = next((group for group in groups if group.id == GroupId(typed)), None)
    if found is None:
        wrong = f"There is no group {typed}." if typed else "Say which group with --group."
        raise FailedError(f"{wrong} {_listed(groups)}")
    return found


def _listed(groups: Sequence[Group]) -> str:
    if not groups:
        return "No group was started here yet."
    some = ", ".join(_named(group) for group in groups[:MOST_LISTED])
    more = f", and {len(groups) - MOST_LISTED} more" if len(groups) > MOST_LISTED else ""
    return f"There {'is' if len(groups) == 1 else 'are'}: {some}{more}."


def _named(group: Group) -> str:
    return f"{group.id} (channel {group.channel} of {group.workspace})"


def _week(group: Group, typed: str, now: datetime) -> str:
    """Return the week meant: the last that is over, if none was named."""
    zone = group.settings.time_zone
    if not typed:
        return last_closed_week(now, zone)
    first, this = iso_week(group.started_at, zone), iso_week(now, zone)
    if not _is_week(typed):
        raise FailedError(f"{typed} is no week. Write it as in --week {this}.")
    if not first <= typed <= this:
        raise FailedError(f"This group's weeks are {first} to {this}; {typed} is none of them.")
    return typed


def _is_week(typed: str) -> bool:
    try:
        monday = first_day(typed)
    except ValueError:
        return False
    year, number, _ = monday.isocalendar()
    return typed == f"{year}-W{number:02d}"


def _words(message: Message) -> str:
    parts = tuple(part for part in message.parts if not isinstance(part, Buttons))
    return canonical_text(Message(message.summary, parts))


def _draw(post: WeeklyPost | None, png: Path) -> None:
    if post is None or post.chart is None:
        say("There are no two weeks to compare, so there is no chart, and no file was written.")
        return
    png.write_bytes(draw(post.chart))
    say(f"The chart is in {png}.")

"""`twoyes purge`: what was kept long enough, forgotten now or only shown."""

import asyncio
from datetime import timedelta

from adapters.system import SystemClock
from bot.app.retention import Forgotten, forget
from bot.cli.database import opened
from bot.cli.people import scrub
from bot.cli.terminal import tell
from bot.settings import Settings


def purge(settings: Settings, *, dry_run: bool) -> None:
    """Forget it, or say what would be forgotten."""
    grace = timedelta(days=settings.keep_departed_days)
    with opened(settings) as store:
        gone = asyncio.run(forget(store, SystemClock().now(), grace, dry_run=dry_run))
        if gone and not dry_run:
            scrub(store)
    for one in gone:
        tell(f"{_whose(one):<40} {one.count:>9} {one.what}")
    if not gone:
        tell("Nothing has been kept for too long.")
    elif dry_run:
        tell("Nothing was changed.")


def _whose(one: Forgotten) -> str:
    if one.group is not None:
        return f"group {one.group} of {one.workspace}"
    return f"workspace {one.workspace}" if one.workspace is not None else "all"

"""What `twoyes doctor` looks at outside the database."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.system import SystemClock
from bot.cli.discord_settings import DiscordWay, discord_way_of
from bot.cli.slack_settings import Way, way_of
from bot.settings import Settings, variables
from storage.engine import database_file

_LONG_OVER = datetime(2025, 1, 1, tzinfo=UTC)
"""No clock that was ever set tells an earlier time."""

_LEAST_FREE = 100_000_000
_TOLERANCE = timedelta(minutes=1)


class Verdict(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    NOTE = "note"
    FIX = "fix"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and what to do."""

    verdict: Verdict
    about: str
    says: str


def disk(settings: Settings) -> Finding:
    """Look whether SQLite can write beside its file, and for how long."""
    file = database_file(settings.database_url)
    if file is None:
        return Finding(Verdict.OK, "disk", "nothing is kept on this machine.")
    folder = file.resolve().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return Finding(Verdict.FIX, "disk", f"{folder} cannot be written. Make it this user's, or set DATABASE_URL.")
    free = shutil.disk_usage(folder).free
    if free < _LEAST_FREE:
        return Finding(Verdict.FIX, "disk", f"{folder} has {_megabytes(free)} left. Free at least 100 MB.")
    return Finding(Verdict.OK, "disk", f"{folder} can be written, {_megabytes(free)} are free.")


def clock(settings: Settings) -> Finding:
    """Look whether the machine's clock can be right, and whether time zones are known."""
    now = SystemClock().now()
    if now < max(_LONG_OVER, _last_written(settings)) - _TOLERANCE:
        return Finding(
            Verdict.FIX,
            "clock",
            f"it says {now:%Y-%m-%d %H:%M} UTC, which is over already. Set it, and keep it with NTP.",
        )
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return Finding(Verdict.FIX, "clock", "time zones are not known here. Install the package tzdata.")
    return Finding(Verdict.OK, "clock", f"it says {now:%Y-%m-%d %H:%M} UTC.")


def operator(settings: Settings) -> Finding:
    """Look whether members are told who keeps their data, and how to reach them."""
    told = {"TWOYES_OPERATOR_NAME": settings.operator_name, "TWOYES_OPERATOR_CONTACT": settings.operator_contact}
    missing = [name for name, value in told.items() if not value.strip()]
    if missing:
        return Finding(Verdict.NOTE, "operator", f"members are not told who you are. Set {' and '.join(missing)}.")
    return Finding(Verdict.OK, "operator", f"members are told {settings.operator_name}, {settings.operator_contact}.")


def platforms(settings: Settings) -> Finding:
    """Say honestly what the tokens that are set are good for."""
    slack, discord = way_of(settings), discord_way_of(settings)
    served = []
    if slack is not None:
        served.append(f"Slack, {'by' if slack is Way.SOCKET else 'over'} {slack}")
    if discord is not None:
        served.append(f"Discord, {'by' if discord is DiscordWay.GATEWAY else 'over'} {discord}")
    if served:
        return Finding(Verdict.OK, "platforms", f"{'; '.join(served)}.")
    return Finding(Verdict.NOTE, "platforms", "no token is set, so there is only the local room: `twoyes serve`.")


def unknown_variables() -> Iterator[Finding]:
    """Find what looks like a setting and is none."""
    known = {name for name, _ in variables()}
    for name in sorted(os.environ):
        if name.upper().startswith("TWOYES_") and name.upper() not in known:
            yield Finding(Verdict.NOTE, "settings", f"{name} is no setting of this program. The README lists them.")


def _last_written(settings: Settings) -> datetime:
    """Return when the SQLite file was last changed, by the clock of that time."""
    file = database_file(settings.database_url)
    if file is None or not file.exists():
        return _LONG_OVER
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"

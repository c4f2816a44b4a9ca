"""Charts that are drawn at once, for tests of what becomes of a picture."""

from datetime import timedelta

from bot.app import owed, tallying
from bot.app.courier import Courier
from bot.app.picturing import Pictures
from bot.domain.effects import PostTally
from bot.domain.events import Event, EventKind
from bot.domain.ids import ReferralId
from bot.domain.local_time import iso_week, last_closed_week
from bot.ports.charts import Chart
from bot.ports.store import Transaction
from bot.ports.telemetry import Telemetry
from tests.factories import GROUP, RITA

WEEK = timedelta(weeks=1)


class Still:
    """A picture for any chart, the same every time, as what draws them promises it."""

    async def draw(self, chart: Chart) -> bytes:
        return b"\x89PNG of " + chart.alt.encode()

    def close(self) -> None:
        """There is nothing to close."""


def with_pictures(courier: Courier, telemetry: Telemetry) -> Courier:
    """Return the courier with what draws at once."""
    courier._pictures = Pictures(Still(), telemetry)
    return courier


def owe_the_week(tx: Transaction) -> None:
    """Write introductions into two weeks that are over, and queue the post of the last one."""
    group = tx.groups.get(GROUP)
    now = group.started_at + 5 * WEEK
    for ago, count in ((2, 3), (1, 5)):
        at = now - ago * WEEK
        for number in range(count):
            facts = {"kind": "referral", "seeker": f"s-{number}", "provider": f"p-{number}"}
            event = Event(EventKind.INTRODUCED, GROUP, RITA, ReferralId(f"past-{ago}-{number}"), facts)
            tx.records.append((event,), at, iso_week(at, group.settings.time_zone))
    week = last_closed_week(now, group.settings.time_zone)
    tx.tallies.freeze(tallying.counted(tx, GROUP, week), now)
    owed.queue(tx, (PostTally(GROUP, week),), group, now)

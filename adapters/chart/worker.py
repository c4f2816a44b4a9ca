"""Charts, drawn in one thread of their own, and nothing loaded before the first."""

import asyncio
import logging
import sys
from concurrent.futures import ThreadPoolExecutor

from bot.ports.charts import Chart

SWITCH = 0.001
"""Seconds. With the usual five, a question waits twice as long while a chart is drawn (bench/README.md)."""


class ChartWorker:
    """Implements bot.ports.charts.Charts. It costs nothing to make: thread and library come with the first chart."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None

    async def draw(self, chart: Chart) -> bytes:
        """Return a PNG, legible on light and on dark. The loop goes on meanwhile; one chart is drawn at a time."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chart")
        return await asyncio.get_running_loop().run_in_executor(self._thread, _draw_beside_others, chart)

    def close(self) -> None:
        """Let the thread go; a chart that is being drawn is finished, those that wait are not begun."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._thread = None


def _draw_beside_others(chart: Chart) -> bytes:
    """Draw while the loop has people waiting: it asks for the interpreter every millisecond instead of every five."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, SWITCH))
    try:
        return draw(chart)
    finally:
        sys.setswitchinterval(before)


def draw(chart: Chart) -> bytes:
    """Draw a chart right here, for a caller with nothing else to do."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # a home it may not write to is no news for an operator

    from adapters.chart.drawing import drawn  # noqa: PLC0415 -- half a second and 40 MB, for once a week

    return drawn(chart)

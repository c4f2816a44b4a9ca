"""Puts a chart into the message it belongs to; where it cannot be drawn, the message goes without it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import takewhile

from bot.app.composing import Closing, Parcel
from bot.ports.charts import Charts
from bot.ports.gateway import DeliveryDelayedError
from bot.ports.messages import Buttons, Image, Message, Note
from bot.ports.telemetry import Telemetry

DRAWN_WITHIN = timedelta(seconds=10)
"""So long a message waits for its picture. The first one of a process takes seconds, while the library is loaded."""

TURN_WITHIN = timedelta(seconds=2)
NEXT_TURN = timedelta(seconds=10)


class Pictures:
    """Draws what parcels ask for, outside of any transaction."""

    def __init__(self, charts: Charts | None, telemetry: Telemetry, *, within: timedelta = DRAWN_WITHIN) -> None:
        """Without `charts` every message goes as it is."""
        self._charts = charts
        self._telemetry = telemetry
        self._within = within
        self._turn = asyncio.Semaphore()

    async def into(self, parcel: Parcel | Closing) -> Parcel | Closing:
        """Return the parcel with its picture, or as it is where there is none to have."""
        if isinstance(parcel, Closing) or parcel.chart is None or self._charts is None:
            return parcel
        await self._wait_for_turn()
        try:
            async with asyncio.timeout(self._within.total_seconds()):
                content = await self._charts.draw(parcel.chart)
        except Exception as broken:  # noqa: BLE001 -- whatever the library stumbles over, the post stands without it
            self._telemetry.event("chart.failed", error=type(broken).__name__)
            return parcel
        finally:
            self._turn.release()
        return replace(parcel, message=illustrated(parcel.message, Image(content, parcel.chart.alt)))

    async def _wait_for_turn(self) -> None:
        """One picture at a time. Who would wait for long comes again later, so that nobody's hands are full of them."""
        try:
            async with asyncio.timeout(TURN_WITHIN.total_seconds()):
                await self._turn.acquire()
        except TimeoutError:
            raise DeliveryDelayedError(NEXT_TURN) from None


def illustrated(message: Message, image: Image) -> Message:
    """Return the message with a picture above the last line of small print and the buttons at its end.

    Small print above that belongs to what it follows, such as whom a thank-you is for.
    """
    at = len(message.parts) - sum(1 for _ in takewhile(lambda part: isinstance(part, Buttons), reversed(message.parts)))
    if message.parts[:at] and isinstance(message.parts[at - 1], Note):
        at -= 1
    return replace(message, parts=(*message.parts[:at], image, *message.parts[at:]))

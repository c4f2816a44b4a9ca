"""One picture is drawn at a time, and who would wait for long for theirs comes again."""

import asyncio
from datetime import timedelta

import pytest

from bot.app import picturing
from bot.app.composing import Parcel
from bot.app.picturing import NEXT_TURN, Pictures
from bot.domain.ids import ChannelId, WorkspaceId
from bot.ports.charts import Chart
from bot.ports.gateway import DeliveryDelayedError, InChannel
from bot.ports.messages import Image, Message
from tests.e2e.stories import Noted

POST = Parcel(Message("The week", ()), InChannel(WorkspaceId("w"), ChannelId("c")), chart=Chart("", (), "words"))


class Slow:
    """Charts that are drawn once they may be; it counts those that are under way."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.may = asyncio.Event()
        self.at_once = 0

    async def draw(self, chart: Chart) -> bytes:
        self.at_once += 1
        assert self.at_once == 1, chart.title
        self.begun.set()
        await self.may.wait()
        self.at_once -= 1
        return b"png"

    def close(self) -> None:
        """There is nothing to close."""


async def test_a_second_picture_waits_for_its_turn_and_after_a_while_comes_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(picturing, "TURN_WITHIN", timedelta(milliseconds=1))
    slow = Slow()
    pictures = Pictures(slow, Noted())

    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(pictures.into(POST))
        await slow.begun.wait()
        with pytest.raises(DeliveryDelayedError) as delayed:
            await pictures.into(POST)
        slow.may.set()
    second = await pictures.into(POST)

    assert delayed.value.wait == NEXT_TURN
    for drawn in (first.result(), second):
        assert isinstance(drawn, Parcel)
        assert drawn.message.parts == (Image(b"png", "words"),)

"""No name and no message text is ever logged, whatever happens in a story."""

import asyncio
import io
import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import structlog
from rich.console import Console

from adapters.local.people import CARLA, EVERYBODY, SAMPLES
from adapters.local.show import play
from adapters.local.story import Ending
from adapters.telemetry import Observed, set_up_logging
from bot.bootstrap import Bot, Platform, build, open_store
from bot.ports.edges import Clock, Directory, Ids
from bot.ports.gateway import (
    ChatGateway,
    DeliveryKey,
    DeliveryRefusedError,
    Direct,
    Progress,
    Rate,
    Receipt,
    Recipient,
    Refusal,
)
from bot.ports.messages import Message
from bot.settings import Settings
from storage.migrate import upgrade

SHORTEST = 12
"""Shorter lines of messages are words such as “Yes”, which a log may hold for reasons of its own."""


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, by us and by libraries, down to debug."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    lines = io.StringIO()
    set_up_logging(form="json", level="debug", to=lines)
    yield lines
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@dataclass
class Failing:
    """A gateway that refuses one person's prompts and fails at first for everybody else's."""

    inner: ChatGateway
    failed: set[DeliveryKey] = field(default_factory=set)

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        if key.startswith("prompt/") and isinstance(to, Direct):
            if to.user == CARLA:
                raise DeliveryRefusedError(Refusal.UNREACHABLE)
            if key not in self.failed:
                self.failed.add(key)
                raise RuntimeError(message.summary)
        return await self.inner.deliver(to, message, key=key, progress=progress)

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        return await self.inner.edit(receipt, message, key=key)

    def rates(self, to: Recipient) -> Sequence[Rate]:
        return self.inner.rates(to)


def told(ending: Ending, database: Path, *, faults: bool = False) -> tuple[list[str], Observed]:
    """Play a story with the telemetry of `serve`; return every text that anybody saw."""
    telemetry = Observed(structlog.get_logger())
    out = io.StringIO()

    async def open_bot(*, gateway: ChatGateway, directory: Directory, clock: Clock, ids: Ids) -> Bot:
        settings = Settings.model_construct(database_url=f"sqlite:///{database}")
        upgrade(settings.database_url)
        store = open_store(settings).store
        platforms = {"local": Platform(Failing(gateway) if faults else gateway, directory)}
        return build(settings, store, platforms, telemetry=telemetry, clock=clock, ids=ids)

    asyncio.run(play(open_bot, ending, as_json=True, console=Console(file=out)))
    return [json.loads(line).get("text", "") for line in out.getvalue().splitlines()], telemetry


def texts_of(shown: list[str]) -> set[str]:
    """Return every line of every text that is long enough to be somebody's words, and everybody's names and cards."""
    lines = {line.strip() for text in shown for line in text.splitlines()}
    names = {word for person in EVERYBODY for word in (person.name, *person.name.split())}
    cards = {line for sample in SAMPLES for line in sample.card.values() if len(line) >= SHORTEST}
    return {line for line in lines if len(line) >= SHORTEST} | names | cards


@pytest.mark.parametrize("ending", Ending)
def test_no_name_and_no_text_of_a_story_is_logged(ending: Ending, log: io.StringIO, tmp_path: Path) -> None:
    shown, telemetry = told(ending, tmp_path / "story.db")

    assert len(shown) > 10
    assert logged_of(texts_of(shown), log.getvalue()) == []
    assert logged_of(texts_of(shown), telemetry.exposition().decode()) == []


def test_nothing_is_logged_of_a_text_when_deliveries_fail_either(log: io.StringIO, tmp_path: Path) -> None:
    shown, telemetry = told(Ending.SILENT, tmp_path / "story.db", faults=True)

    events = {json.loads(line)["event"] for line in log.getvalue().splitlines()}
    assert "delivery.dead" in events
    assert logged_of(texts_of(shown), log.getvalue()) == []
    assert re.search(r"^twoyes_given_up_total\{kind=\"\w+\"\} 1\.0$", telemetry.exposition().decode(), re.MULTILINE)


def logged_of(texts: set[str], log: str) -> list[str]:
    """Return the texts that are in a log, as words of their own."""
    return [text for text in sorted(texts) if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", log)]


def test_the_search_would_find_a_name() -> None:
    assert logged_of({"Ben"}, '{"event": "said", "by": "Ben"}') == ["Ben"]
    assert logged_of({"Ben"}, '{"event": "benign", "key": "Benefit"}') == []

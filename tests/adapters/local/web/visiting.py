"""A room that is really served, bot, courier, journal and all, and somebody who visits it with a browser's manners."""

import asyncio
import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self

import httpx
import orjson
from cryptography.fernet import Fernet
from pydantic import SecretStr

from adapters.telemetry import Observed, set_up_logging
from bot.bootstrap import build, open_store
from bot.cli.hosting_local import LocalHost
from bot.cli.voice import Voice
from bot.settings import Settings
from storage.migrate import upgrade
from tests.e2e.stories import Noted

PATIENCE = 20
TAGS = re.compile(r"<[^>]+>")
_MESSAGE = re.compile(r'<li class="message[^>]*data-message="(m\d+)".*?</li>', re.DOTALL)
_EVENTS = count(1)


@dataclass(frozen=True)
class Page:
    """An answer, read as a person or a script would."""

    answer: httpx.Response

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def html(self) -> str:
        return self.answer.text

    @property
    def text(self) -> str:
        return " ".join(html.unescape(TAGS.sub(" ", self.html)).split())

    @property
    def says(self) -> str:
        return str(self.answer.json()["says"])

    def pane(self, seat: str) -> str:
        start = self.html.index(f'id="pane-{seat}"')
        return self.html[start : self.html.index("</section>", start)]

    def messages(self, seat: str) -> list[tuple[str, str]]:
        """Return each message in a pane: its id and its HTML."""
        return [(found[1], found[0]) for found in _MESSAGE.finditer(self.pane(seat))]

    def button(self, seat: str, verb: str) -> str:
        """Return what the newest button with this verb in a pane sends."""
        found = re.findall(rf'<button name="press" value="(m\d+/{verb}:[^"]*)"', self.pane(seat))
        assert found, f"{seat} is not offered {verb}"
        return html.unescape(found[-1])

    def form(self, seat: str) -> str:
        """Return the id of the form in front of somebody, or nothing."""
        return str(re.findall(rf'id="form-{seat}"[^>]*data-form="([^"]*)"', self.html)[0])


class Visitor:
    """Looks and acts as the room's own pages do."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = httpx.AsyncClient(base_url=address, trust_env=False, timeout=PATIENCE)
        self.token = ""

    async def look(self, *seats: str, **more: str) -> Page:
        query = httpx.QueryParams([*(("seat", seat) for seat in seats), *more.items()])
        page = Page(await self.client.get("/", params=query))
        self.token = re.findall(r'name="token" value="([^"]+)"', page.html)[0]
        return page

    async def get(self, path: str, **headers: str) -> Page:
        return Page(await self.client.get(path, headers=headers))

    async def post(self, path: str, headers: Mapping[str, str] | None = None, /, **fields: str) -> Page:
        """Send a form as a page with script does."""
        if not self.token:
            await self.look()
        sent = {"token": self.token, "event": a_name(), **fields}
        how = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin", **(headers or {})}
        return Page(await self.client.post(path, data=sent, headers=how))

    async def type(self, seat: str, text: str, **more: str) -> Page:
        return await self.post("/say", seat=seat, text=text, **more)

    async def press(self, seat: str, verb: str, **more: str) -> Page:
        page = await self.until(seat, lambda page: f"/{verb}:" in page.pane(seat))
        return await self.post("/press", seat=seat, press=page.button(seat, verb), **more)

    async def fill(self, seat: str, **fields: str) -> Page:
        form = (await self.look(seat)).form(seat)
        return await self.post("/send", seat=seat, form=form, **{f"field.{key}": text for key, text in fields.items()})

    async def until(self, seat: str, holds: Any) -> Page:  # noqa: ANN401 -- a question to a page
        """Look again whenever something changed for a seat, until it is there."""
        async with asyncio.timeout(PATIENCE), self.listening(seat) as events:
            while not holds(page := await self.look(seat)):
                await anext(events)
        return page

    @asynccontextmanager
    async def listening(self, *seats: str, after: str = "", **headers: str) -> AsyncIterator[AsyncIterator["Event"]]:
        """Open the stream; it goes through the events as they come."""
        query = httpx.QueryParams([*(("seat", seat) for seat in seats), ("after", after)])
        how = {"Sec-Fetch-Site": "same-origin", **headers}
        async with self.client.stream("GET", "/events", params=query, headers=how) as answer:
            assert answer.status_code == 200, answer.status_code
            yield _events(answer)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()


@dataclass(frozen=True)
class Event:
    """One thing the stream told."""

    id: str
    what: str
    told: Mapping[str, Any]


async def _events(answer: httpx.Response) -> AsyncIterator[Event]:
    read: dict[str, str] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if line:
            read[name] = value
        elif "event" in read:
            yield Event(read["id"], read["event"], orjson.loads(read["data"]))
            read = {}


def a_name() -> str:
    """Return a name for something done, as a page makes one."""
    return f"event-{next(_EVENTS):08}"


@dataclass
class Served:
    """A room at an address, and what it runs on."""

    folder: Path
    key: SecretStr = field(default_factory=lambda: SecretStr(Fernet.generate_key().decode()))
    telemetry: Noted = field(default_factory=Noted)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def settings(self) -> Settings:
        return Settings(
            database_url=f"sqlite:///{self.folder / 'twoyes.db'}",
            encryption_keys=(self.key,),
            operator_name="The test",
            room_port=0,
            sweep_seconds=1,
        )

    @property
    def journal(self) -> Path:
        return self.folder / "twoyes.db.room.jsonl"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Visitor]:
        """Serve until the block ends, as `twoyes serve` does."""
        if not (self.folder / "twoyes.db").exists():
            upgrade(self.settings.database_url)
        host = LocalHost(self.settings, Voice(Observed(set_up_logging(form="json", level="error")), in_sentences=False))
        store = open_store(self.settings).store
        bot = build(self.settings, store, {"local": host.platform}, telemetry=self.telemetry, clock=host.clock)
        stop = self.stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(host.run(bot, stop))
            tasks.create_task(bot.run(stop))
            async with Visitor(host.address) as visitor:
                await visitor.look()
                try:
                    yield visitor
                finally:
                    stop.set()
        await host.close()
        await bot.close()

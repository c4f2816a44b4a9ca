"""Open pages of the room over real sockets: who listens, who speaks, and when all of them show what was said."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from time import perf_counter
from urllib.parse import urlencode

SEATS = ("ana", "ben", "carla", "david", "elif")
SPEAKERS = 16
PATIENCE = 60
_LONGEST = 2**20
_SAID = re.compile(rb"said-(\d+)\.")


@dataclass(slots=True)
class Said:
    """Something that was said, by the pages that have yet to show it."""

    began: float
    missing: int
    shown: asyncio.Event = field(default_factory=asyncio.Event)
    took: float = 0.0


class Pages:
    """So many pages that listen, and as many connections as it takes to speak at once."""

    def __init__(self, address: str, token: str) -> None:
        self._host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
        self._port = int(port)
        self._token = token
        self._said: dict[int, Said] = {}
        self._numbers = count(1)
        self._seats = cycle(SEATS)
        self._listening = 0
        self._speakers: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    @asynccontextmanager
    async def open(self, how_many: int) -> AsyncIterator[None]:
        """Open them, each at one of the five seats in turn; close them in the end."""
        writers = []
        async with asyncio.TaskGroup() as tasks:
            for seat, _ in zip(self._seats, range(how_many), strict=False):
                reader, writer = await self._connect()
                writer.write(self._asking("GET", f"/events?seat={seat}"))
                await reader.readuntil(b"retry: 1000\n\n")
                writers.append(writer)
                tasks.create_task(self._listen(reader))
            self._listening = how_many
            for _ in range(SPEAKERS):
                self._speakers.put_nowait(await self._connect())
            yield
            while not self._speakers.empty():
                writers.append(self._speakers.get_nowait()[1])
            for writer in writers:
                writer.close()

    async def say(self) -> float:
        """Say something in the channel; return the seconds until the last of the pages has it."""
        number, seat = next(self._numbers), next(self._seats)
        fields = {"token": self._token, "event": f"bench-{number:08}", "seat": seat, "text": f"said-{number}."}
        said = self._said[number] = Said(perf_counter(), self._listening)
        speaker = await self._speakers.get()
        try:
            await self._post(*speaker, urlencode(fields).encode())
        finally:
            self._speakers.put_nowait(speaker)
        async with asyncio.timeout(PATIENCE):
            await said.shown.wait()
        return said.took

    async def say_at_a_rate(self, times: int, per_second: int) -> Sequence[float]:
        """Say things at their times, whether or not what was said before has arrived; return what each took."""
        began = perf_counter()
        async with asyncio.TaskGroup() as tasks:
            saying = []
            for number in range(times):
                await asyncio.sleep(max(0.0, began + number / per_second - perf_counter()))
                saying.append(tasks.create_task(self.say()))
        return [one.result() for one in saying]

    async def say_at_once(self, times: int) -> None:
        """Say things as fast as they are taken."""
        numbers = iter(range(times))

        async def go_on() -> None:
            for _ in numbers:
                await self.say()

        async with asyncio.TaskGroup() as tasks:
            for _ in range(SPEAKERS):
                tasks.create_task(go_on())

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                told = await reader.readuntil(b"\n\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            if found := _SAID.search(told):
                self._shown(int(found[1]))

    def _shown(self, number: int) -> None:
        said = self._said[number]
        said.missing -= 1
        if not said.missing:
            said.took = perf_counter() - said.began
            said.shown.set()
            del self._said[number]

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._host, self._port, limit=_LONGEST)

    async def _post(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
        writer.write(self._asking("POST", "/say", body))
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None, head
        await reader.readexactly(int(length[1]))

    def _asking(self, method: str, path: str, body: bytes = b"") -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            "Accept: application/json" if body else "Accept: text/event-stream",
            "Sec-Fetch-Site: same-origin",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

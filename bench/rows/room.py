"""How soon what somebody does in the local room is in front of everybody, and whether it stays as small as it was."""

import json
import re
import subprocess
import sys
import urllib.request
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory
from threading import Thread

import psutil

from bench.figures import Bound, Figure, percentile, ratios
from bench.pages import Pages
from bench.run import Row, Run, on_a_loop
from bench.twoyes import MEGABYTE, environment

SEATS = 50
PER_SECOND = 20
MESSAGES = 10_000
FILLED = 6_000
"""By then everything that the room keeps only so much of is full."""

WITHIN = Bound(100, 200)
BESIDE = Bound(6, 12)
FLAT = Bound(2, 8)
HOW = """\
`twoyes serve` in a process of its own, with fifty pages that listen to its server-sent events over sockets of their
own, ten for each of the five seats, in another. Twenty times a second somebody says something in the channel, over
HTTP and with all that a page sends; an action takes from the moment it is sent until the last of the fifty pages has
the event that shows it. It is on the journal's disk before it is answered. Below: the same client with the same pages
at a Starlette application on uvicorn that hands what is posted to whoever listens, and does nothing else.

*Memory* is the slope of the resident set over 10,000 messages (with `--quick`: 2,000), after the first 6,000, by which
everything is full of which the room keeps only so much. Fifty pages listen all the while; the pace that the room sets
to what pages may send is lifted for this."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers."""

    address: str
    process: psutil.Process
    token: str


def measure(run: Run) -> list[Figure]:
    """Return how long an action takes beside a bare event, and the slope of the memory."""
    times = run.size(full=15, quick=3) * PER_SECOND
    parts = [(what, partial(_took, what, times)) for what in ("room", "bare")]
    found = run.repeated("Actions in the room", parts)
    late, bare = ([percentile(took, 99) for took in found[what]] for what in ("room", "bare"))
    usual, least = ([percentile(took, 50) for took in found[what]] for what in ("room", "bare"))
    (grown,) = (_growth(run.size(full=MESSAGES, quick=2_000)) for _ in run.each((1,), "Messages in the room"))
    return [
        Figure("p99 from an action to all of 50 seats", tuple(1e3 * one for one in late), "ms", WITHIN),
        Figure("p99 of it ÷ p99 of a bare event", ratios(late, bare)),
        Figure("its median ÷ that of a bare event", ratios(usual, least), bound=BESIDE),
        Figure("median from an action to all of 50 seats", tuple(1e3 * one for one in usual), "ms"),
        Figure("median of a bare event to as many", tuple(1e3 * one for one in least), "ms"),
        Figure("memory grown in 10,000 messages", (grown,), "MB", FLAT),
    ]


def _took(what: str, times: int) -> Sequence[float]:
    with _serving(what) as serving:
        return on_a_loop(_acting(serving, times))


async def _acting(serving: Serving, times: int) -> Sequence[float]:
    pages = Pages(serving.address, serving.token)
    async with pages.open(SEATS):
        await pages.say_at_a_rate(PER_SECOND, PER_SECOND)  # warm
        return await pages.say_at_a_rate(times, PER_SECOND)


def _growth(messages: int) -> float:
    with _serving("room") as serving:
        sizes = on_a_loop(_resident(serving, messages))
    slope, _ = linear_regression(range(len(sizes)), sizes)
    return slope * (len(sizes) - 1) * MESSAGES / messages / MEGABYTE


async def _resident(serving: Serving, messages: int) -> Sequence[int]:
    """Return the resident set once in a while."""
    pages, sizes = Pages(serving.address, serving.token), []
    async with pages.open(SEATS):
        await pages.say_at_once(FILLED)
        for _ in range(20):
            await pages.say_at_once(messages // 20)
            sizes.append(serving.process.memory_info().rss)
    return sizes


@contextmanager
def _serving(what: str) -> Iterator[Serving]:
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-m", "bench.served", what],
            cwd=folder,
            env=environment(f"sqlite:///{Path(folder) / 'twoyes.db'}") | {"TWOYES_ROOM_PORT": "0"},
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        address = next(room for line in process.stdout if (room := json.loads(line).get("room")))
        reading = Thread(target=deque, args=(process.stdout, 0))  # or its log would fill the pipe
        reading.start()
        try:
            yield Serving(address, psutil.Process(process.pid), _token(address) if what == "room" else "none")
        finally:
            process.kill()
            reading.join()


def _token(address: str) -> str:
    """Return what every form of the room carries, when the sample group has met."""
    with urllib.request.urlopen(address) as page:  # noqa: S310 -- our own loopback address
        found = re.search(r'name="token" value="([^"]+)"', page.read().decode())
    assert found is not None
    return found[1]


ROW = Row("room", "The room in the browser", HOW, measure)

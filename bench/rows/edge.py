"""What our own door for Slack costs: a signed request beside one to Starlette, and a hundred more commands."""

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from statistics import median
from time import perf_counter, process_time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bench.figures import Bound, Figure, ratios
from bench.noop import KnownSlack, NoBot
from bench.run import Row, Run, on_a_loop
from bench.slack import command, press, signed
from bench.twoyes import environment
from bot.app import routes
from bot.app.desk import Desk
from bot.ports.inbound import Inbound
from bot.ports.messages import Reply

TEAM = "T0001"
MORE = 100
Payload = dict[str, Any]
HOW = """\
*Through our edge*: a signed slash command over one kept HTTP connection on loopback, to uvicorn in a process of its
own: the edge verifies it on raw bytes and parses it, Bolt dispatches it to our listener, and a bot that does nothing
replies. Beside it the same request to a Starlette route that reads the body and answers 200, on the same server. One
client, which sends the next when it has the answer; the two take turns every hundred requests; the figure compares
medians.

*A hundred more*: the process's CPU for one payload in process, from the parsed payload through Bolt and our listener
to the core's own table of what there is, half of them commands and half buttons, with a hundred more of each in the
tables beside as many without. It is always the last of them that is meant."""


def measure(run: Run) -> list[Figure]:
    """Return both ratios and the bare times."""
    both = run.repeated("Requests at the edge", [("both", partial(_both, run.size(full=20, quick=5)))])["both"]
    edge, least = ([one[place] for one in both] for place in (0, 1))
    times = run.size(full=1500, quick=300)
    parts = [(str(more), partial(_took, more, times)) for more in (MORE, 0, 0, MORE)]
    found = run.repeated("A hundred more", parts)
    with_more, without = (
        [sum(pair) for pair in zip(took[::2], took[1::2], strict=True)] for took in (found[str(MORE)], found["0"])
    )
    return [
        Figure("signed no-op through our edge ÷ a Starlette no-op", ratios(edge, least), bound=Bound(2.3, 3)),
        Figure(
            "a command or button with 100 more of each ÷ without", ratios(with_more, without), bound=Bound(1.05, 1.15)
        ),
        Figure("signed no-op through our edge, p50", tuple(1e6 * one for one in edge), "µs"),
        Figure("Starlette no-op, p50", tuple(1e6 * one for one in least), "µs"),
    ]


def _both(turns: int) -> tuple[float, float]:
    """Return the median seconds of a request to either."""
    with _connected("edge") as edge, _connected("starlette") as starlette:
        took: tuple[list[float], list[float]] = ([], [])
        for turn in range(turns + 1):
            for connection, seconds in zip((edge, starlette), took, strict=True):
                found = list(_requests(connection, 100))
                if turn:  # the first turn warms
                    seconds.extend(found)
    return median(took[0]), median(took[1])


def _requests(connection: HTTPConnection, times: int) -> Iterator[float]:
    body = command("U0ANA", "help", team=TEAM)
    headers = signed(body)
    for _ in range(times):
        began = perf_counter()
        connection.request("POST", "/slack/events", body, headers)
        answer = connection.getresponse()
        answer.read()
        yield perf_counter() - began
        assert answer.status == 200, answer.status


@contextmanager
def _connected(what: str) -> Iterator[HTTPConnection]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.noop", what],
        env=environment(""),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        connection = HTTPConnection(urlsplit(process.stdout.readline().strip()).netloc)
        try:
            yield connection
        finally:
            connection.close()
            process.communicate()


class _Tables(NoBot):
    """Looks up what arrived as the core does, and does nothing."""

    async def handle(self, inbound: Inbound) -> Reply:
        """Find its use case."""
        return routes.dispatch(_desk(inbound), inbound)


def _desk(inbound: Inbound) -> Desk:
    unread: Any = None  # what is meant here reads and writes nothing
    return Desk(unread, inbound, unread, unread, {}, unread)


def _took(more: int, times: int) -> float:
    """Return the CPU seconds of one payload, with so many more of everything in the tables."""
    known, pressed, said = {"refer": "/refer", "ask": "/ask", "intros": "/intros"}, dict(routes.PRESSED), routes.INTROS
    routes_now = vars(routes)
    try:
        extra = [f"extra_{number}" for number in range(more)]
        routes_now["PRESSED"] = pressed | dict.fromkeys([*extra, "last"], lambda _desk, _ref: Reply())
        routes_now["INTROS"] = {**said, **dict.fromkeys([*extra, "last"], lambda _desk, _slash: Reply())}
        names = known | {name: f"/{name}" for name in extra} | {"intros": "/intros"}
        return on_a_loop(_dispatched(KnownSlack(names).app(_Tables()).take, times))
    finally:
        routes_now["PRESSED"], routes_now["INTROS"] = pressed, said


async def _dispatched(take: Callable[[Payload, dict[str, str]], Awaitable[Any]], times: int) -> float:
    payloads = [
        dict(parse_qsl(command("U0ANA", "last", team=TEAM).decode())),
        json.loads(dict(parse_qsl(press("U0ANA", "last:1", team=TEAM).decode()))["payload"]),
    ]
    for payload in payloads * 20:
        assert (await take(payload, {})).status == 200
    began = process_time()
    for _ in range(times):
        for payload in payloads:
            await take(payload, {})
    return (process_time() - began) / (2 * times)


ROW = Row("edge", "Slack's requests at our edge", HOW, measure)

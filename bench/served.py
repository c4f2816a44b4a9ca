"""What the room's row measures, each served in a process of its own: `python -m bench.served room` or `… bare`.

The room is `twoyes serve` as it is, without the pace it sets to what a page may send; the bare one is the least that
Starlette and uvicorn can do to bring what is posted to everybody who listens. Both print the address they answer at.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from adapters.web.server import address_of, answer, listen

PADDING = b"." * 1200
"""About as long as a message of the room in HTML."""


def room() -> None:
    """Serve the room. Its log tells the address."""
    from adapters.local.web import app  # noqa: PLC0415 -- only in the process that serves it
    from adapters.local.web.posting import Pace  # noqa: PLC0415 -- as above
    from bot.cli.serve import serve  # noqa: PLC0415 -- as above
    from bot.settings import read_settings  # noqa: PLC0415 -- as above

    vars(app)["Pace"] = partial(Pace, most=10**9, per_second=10**9)
    serve(read_settings())


class Bare:
    """Hands what is posted to whoever listens."""

    def __init__(self) -> None:
        self._listening: set[asyncio.Queue[bytes]] = set()

    async def say(self, request: Request) -> Response:
        """Pass it on."""
        told = b"event: message\ndata: %s%s\n\n" % (await request.body(), PADDING)
        for waiting in self._listening:
            waiting.put_nowait(told)
        return Response(b"{}")

    async def events(self, _: Request) -> Response:
        """Listen."""
        return StreamingResponse(self._told(), media_type="text/event-stream")

    async def _told(self) -> AsyncIterator[bytes]:
        waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self._listening.add(waiting)
        try:
            yield b"retry: 1000\n\n"
            while True:
                yield await waiting.get()
        finally:
            self._listening.discard(waiting)


async def bare() -> None:
    """Serve it."""
    made, listening = Bare(), listen("127.0.0.1", 0)
    print(f'{{"room": "http://{address_of(listening)}/"}}', flush=True)
    routes = [Route("/say", made.say, methods=["POST"]), Route("/events", made.events)]
    await answer(Starlette(routes=routes), listening, asyncio.Event())


if __name__ == "__main__":
    if sys.argv[1:] == ["room"]:
        room()
    else:
        asyncio.run(bare())

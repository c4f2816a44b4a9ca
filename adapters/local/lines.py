"""Reads typed lines without holding up the room: from a terminal, a pipe or a file."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from threading import Thread

ReadLine = Callable[[], Awaitable[str | None]]
"""Returns the next line without its end, or None when there are no more."""

CHUNK = 4096


def lines_from(descriptor: int) -> ReadLine:
    """Return what reads lines from an open file descriptor.

    A thread reads ahead, so that Ctrl-C ends the program at once instead of after the next Enter; it reads from the
    descriptor itself, since Python may not exit while a thread holds the lock of sys.stdin.
    """
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[str | None] = asyncio.Queue()

    def pump() -> None:
        for line in _split(descriptor):
            _hand_over(line)
        _hand_over(None)

    def _hand_over(line: str | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(waiting.put_nowait, line)

    Thread(target=pump, name="typed-lines", daemon=True).start()
    return waiting.get


def _split(descriptor: int) -> Iterator[str]:
    rest = b""
    while chunk := os.read(descriptor, CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
    if rest:
        yield rest.decode("utf-8", "replace")

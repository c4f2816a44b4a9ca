"""uvicorn inside our own process: on a socket we opened, stopped by us and not by signals."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_LAST_ANSWERS = 2  # seconds for the requests that are under way when the bot stops


class PortTakenError(Exception):
    """Nothing can be served at an address: it is taken, or not this machine's."""

    def __init__(self, host: str, port: int) -> None:
        """Keep the address."""
        super().__init__(f"{host}:{port}")
        self.host = host
        self.port = port


def listen(host: str, port: int) -> socket.socket:
    """Open the socket, or raise PortTakenError; 0 takes a free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise PortTakenError(host, port) from error


def address_of(listening: socket.socket) -> str:
    """Return where a socket listens, as host:port."""
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def answer(app: ASGIApp, listening: socket.socket, stop: asyncio.Event) -> None:
    """Serve until `stop` is set, finish what is under way, and close the socket."""
    server = _Server(
        uvicorn.Config(
            app,
            access_log=False,
            lifespan="off",
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=_LAST_ANSWERS,
            ws="none",
        )
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listening]))
        await stop.wait()
        server.should_exit = True


class _Server(uvicorn.Server):
    """A server that leaves signals to us; its own handlers would raise them again when it ends."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

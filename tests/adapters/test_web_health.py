"""Health, readiness and metrics over real sockets on this machine."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest

from adapters.web.health import health_app
from adapters.web.server import PortTakenError, address_of, answer, listen


class _OverSix(socket.socket):
    """Says that it listens over IPv6, which a machine may be without."""

    def getsockname(self) -> tuple[str, int, int, int]:
        return ("::1", 8080, 0, 0)


@asynccontextmanager
async def served(state: Mapping[str, bool]) -> AsyncIterator[httpx.AsyncClient]:
    async def readiness() -> Mapping[str, bool]:
        return state

    stop = asyncio.Event()
    listening = listen("127.0.0.1", 0)
    app = health_app(readiness, lambda: b"twoyes_outbox_open 3.0\n")
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(answer(app, listening, stop))
        async with httpx.AsyncClient(base_url=f"http://{address_of(listening)}", trust_env=False) as client:
            yield client
        stop.set()


async def test_it_is_alive_even_when_it_is_not_ready() -> None:
    async with served({"database": False}) as client:
        found = await client.get("/healthz")

    assert (found.status_code, found.text) == (200, "alive\n")


async def test_it_is_ready_when_everything_it_needs_is_there() -> None:
    async with served({"database": True, "migrations": True, "courier": True}) as client:
        found = await client.get("/readyz")

    assert found.status_code == 200
    assert found.json() == {"database": "ok", "migrations": "ok", "courier": "ok"}


async def test_it_says_what_is_missing_when_it_is_not_ready() -> None:
    async with served({"database": True, "courier": False}) as client:
        found = await client.get("/readyz")

    assert found.status_code == 503
    assert found.json() == {"database": "ok", "courier": "failing"}


async def test_figures_come_in_the_format_prometheus_reads() -> None:
    async with served({}) as client:
        found = await client.get("/metrics")

    assert found.text == "twoyes_outbox_open 3.0\n"
    assert found.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize("path", ["/", "/health", "/healthz/../secrets", "/metrics/x", "/.env"])
async def test_there_is_nothing_else(path: str) -> None:
    async with served({}) as client:
        found = await client.get(path)

    assert found.status_code == 404


async def test_nothing_can_be_sent_to_it_and_it_does_not_say_what_it_is_made_of() -> None:
    async with served({}) as client:
        found = await client.post("/healthz", content=b"x")

    assert found.status_code == 405
    assert "server" not in found.headers


async def test_it_leaves_signals_alone_and_its_port_free() -> None:
    before = signal.getsignal(signal.SIGTERM)

    async with served({}) as client:
        await client.get("/healthz")
        assert signal.getsignal(signal.SIGTERM) is before
        port = client.base_url.port

    listen("127.0.0.1", port or 0).close()


async def test_it_stops_although_a_client_stays_connected() -> None:
    async with served({}) as client:
        address = (str(client.base_url.host), client.base_url.port or 0)
        idle = socket.create_connection(address)

    idle.close()


def test_an_address_that_is_taken_is_told() -> None:
    first = listen("127.0.0.1", 0)

    with pytest.raises(PortTakenError, match=r"127\.0\.0\.1:\d+"):
        listen(*first.getsockname()[:2])

    first.close()


def test_an_address_is_shown_as_a_browser_takes_it() -> None:
    with _OverSix() as listening:
        assert address_of(listening) == "[::1]:8080"

"""One Chromium and one served room for all the tests of a worker; a room made anew and a browser's context for each."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.guest import Guest, Sits, artefacts_in
from tests.browser.served import ServedRoom
from tests.databases import missing

LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first of these that there is; one that was never meant to have a window takes half the time of one that was."""
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container's is too small for it
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP rebound.example 127.0.0.1",  # a name that was made to point here
)
DEADLINE = 15_000
"""Milliseconds until what a page should show fails its test."""


def chromium() -> str:
    """Return the machine's own Chromium; without one, skip on a laptop and fail in CI."""
    found = os.environ.get("TWOYES_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not found:
        missing("Chromium")
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A browser, without a window."""
    program = chromium()
    expect.set_options(timeout=DEADLINE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(QUIETLY))
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedRoom]:
    """A room that is served for the whole run."""
    room = ServedRoom(tmp_path_factory.mktemp("room"))
    room.start()
    yield room
    room.close()


@pytest.fixture
def room(served: ServedRoom) -> ServedRoom:
    """The same, made anew."""
    served.begin_again()
    return served


@pytest.fixture
def own_room(tmp_path: Path) -> Iterator[ServedRoom]:
    """A room for one test, which may kill it."""
    room = ServedRoom(tmp_path)
    room.start()
    yield room
    room.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visits(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sits]:
    """What lets guests into a room; when they leave, their browsers must have had nothing to complain of."""
    artefacts = artefacts_in(tmp_path_factory.getbasetemp() / "screenshots")
    guests: list[Guest] = []
    async with AsyncExitStack() as stack:

        async def visit(room: ServedRoom, *seats: str, phone: bool = False, **more: object) -> Guest:
            how = {"viewport": PHONE if phone else LAPTOP, "has_touch": phone, "reduced_motion": "reduce", **more}
            context = await browser.new_context(**how)  # type: ignore[arg-type] # a mapping of what it takes
            stack.push_async_callback(context.close)
            context.set_default_timeout(DEADLINE)
            guest = Guest(context, await context.new_page(), room.address, artefacts)
            await guest.watch()
            guests.append(guest)
            await (guest.sits(*seats) if seats else guest.goes())
            return guest

        yield visit
    assert [trouble for guest in guests for trouble in guest.troubles] == []

"""A page from another origin, open in the same browser, can do nothing to the room and learn nothing of it."""

import html
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.async_api import Browser, Page, Response, expect

from tests.browser.served import ServedRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLS = """async ([address, fields]) => {
  const body = new URLSearchParams(fields);
  const tried = async (path, how) => {
    try { const answer = await fetch(address + path, how); return answer.type === "opaque" ? "opaque" : answer.status; }
    catch { return "refused"; }
  };
  return [
    await tried("/say", { method: "POST", body }),
    await tried("/say", { method: "POST", body, mode: "no-cors", credentials: "include" }),
    await tried("/say", { method: "POST", body, headers: { Accept: "application/json", "X-Of-Mine": "1" } }),
    await tried("/", {}),
    await tried("/learned", {}),
  ];
}"""
STREAM = """(address) => new Promise((told) => {
  const stream = new EventSource(address + "/events?seat=ana");
  stream.onopen = () => told("open");
  stream.onmessage = () => told("told");
  stream.addEventListener("reload", () => told("told"));
  stream.onerror = () => { stream.close(); told("refused"); };
})"""
LOADED = """(address) => Promise.all([["script", "src", "/static/room.js"], ["img", "src", "/static/icon.svg"],
  ["link", "href", "/static/room.css"]].map(([tag, where, path]) => new Promise((told) => {
    const made = document.createElement(tag);
    if (tag === "link") made.rel = "stylesheet";
    made.onload = () => told("loaded");
    made.onerror = () => told("refused");
    made[where] = address + path;
    document.head.append(made);
  })))"""

FRAME = """(address) => document.body.append(Object.assign(document.createElement("iframe"), { src: address }))"""


class Elsewhere(ThreadingHTTPServer):
    """Another program on this machine, which serves one page."""

    page = ""


class OnePage(BaseHTTPRequestHandler):
    """Serves it at every address."""

    server: Elsewhere

    def do_GET(self) -> None:
        body = self.server.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """A server of somebody else's on the loopback address."""
    with Elsewhere(("127.0.0.1", 0), OnePage) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def evil(room: ServedRoom) -> dict[str, str]:
    """Return what a form of the room sends, with a token that a thief would have to have stolen."""
    return {"token": room.token(), "event": "from-elsewhere-1", "seat": "ana", "text": "Forged.", "back": ""}


async def opened(browser: Browser, elsewhere: Elsewhere, name: str, page: str = "<p>Elsewhere") -> Page:
    elsewhere.page = f"<!doctype html><title>Elsewhere</title>{page}"
    context = await browser.new_context()
    opened = await context.new_page()
    await opened.goto(f"http://{name}:{elsewhere.server_address[1]}/")
    return opened


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "rebound.example"])
async def test_its_calls_are_refused_and_its_stream_stays_shut(
    room: ServedRoom, browser: Browser, elsewhere: Elsewhere, name: str
) -> None:
    page = await opened(browser, elsewhere, name)
    stood, fields = room.stands(), evil(room)

    called = await page.evaluate(CALLS, [room.address, fields])
    streamed = await page.evaluate(STREAM, room.address)
    loaded = await page.evaluate(LOADED, room.address)
    await page.context.close()

    assert set(called) <= {"refused", "opaque"}
    assert streamed == "refused"
    assert loaded == ["refused"] * 3
    assert room.stands() == stood
    assert "Forged." not in room.get("/?seat=ana").text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_its_forms_are_refused(room: ServedRoom, browser: Browser, elsewhere: Elsewhere, name: str) -> None:
    fields = {**evil(room), "do": "start", "to": "1w", "name": "Forged"}
    inputs = "".join(f'<input name="{key}" value="{html.escape(value)}">' for key, value in fields.items())
    paths = ("/say", "/reset", "/story", "/time", "/people")
    forms = (
        f'<form method="post" action="{room.address}{path}">{inputs}<button>{path}</button></form>' for path in paths
    )
    page = await opened(browser, elsewhere, name, "".join(forms))
    stood = room.stands()

    said = []
    for path in paths:
        async with page.expect_navigation():
            await page.get_by_role("button", name=path).click()
        said.append((await page.locator("body").inner_text()).strip())
        await page.go_back()
    await page.context.close()

    assert said == ["Only the room’s own pages may do this."] * len(paths)
    assert room.stands() == stood


async def test_it_cannot_put_the_room_into_a_frame_nor_hold_on_to_its_window(
    room: ServedRoom, browser: Browser, elsewhere: Elsewhere
) -> None:
    page = await opened(browser, elsewhere, "localhost")

    async with page.expect_event("requestfailed") as failed:
        await page.evaluate(FRAME, room.address)
    assert "ERR_BLOCKED_BY_RESPONSE" in ((await failed.value).failure or "")
    async with page.expect_popup() as popup:
        await page.evaluate("(address) => { window.theirs = window.open(address) }", room.address)
    await expect((await popup.value).locator("#pane-ana")).to_be_visible()
    assert await page.evaluate("window.theirs.closed")
    await page.context.close()


async def test_a_name_that_was_made_to_point_here_opens_nothing(room: ServedRoom, browser: Browser) -> None:
    page = await browser.new_page()

    answer = await page.goto(room.address.replace("127.0.0.1", "rebound.example"))

    assert isinstance(answer, Response)
    assert answer.status == 403
    assert "own address only" in await page.locator("body").inner_text()
    await page.close()


async def test_any_other_host_is_refused(room: ServedRoom) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "127.0.0.1", "127.0.0.1:1", ""):
        assert room.get("/", Host=host).status_code in (400, 403), host


async def test_asking_for_a_page_changes_nothing(room: ServedRoom) -> None:
    stood, token = room.stands(), room.token()
    query = f"token={token}&event=asked-for-12&seat=ana&text=Forged.&do=start&to=1w&name=Forged"

    answers = [room.get(f"/{path}?{query}") for path in ("say", "press", "send", "close", "story", "time", "reset")]
    pages = [room.get(f"/{path}?{query}") for path in ("", "form", "people", "learned")]

    assert {answer.status_code for answer in answers} == {405}
    assert {page.status_code for page in pages} <= {200, 303}
    assert room.stands() == stood
    assert room.token() == token

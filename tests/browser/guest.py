"""Somebody at a page of the room: what they do with it, what they see, and what the browser had to complain of."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Locator, Page, Request, expect

from tests.browser.served import PATIENCE

EVERYBODY = ("ana", "ben", "carla", "david", "elif")
PARTIES = ("ana", "ben", "carla")
NAMES = {"ana": "Ana", "ben": "Ben", "carla": "Carla", "david": "David", "elif": "Elif"}
ANSWERED = re.compile(
    r"Failed to load resource: (the server responded with a status of (4|503)|net::ERR_CONNECTION_REFUSED"
    r"|net::ERR_CONNECTION_RESET|net::ERR_INCOMPLETE_CHUNKED|net::ERR_EMPTY_RESPONSE|net::ERR_FAILED)"
)
"""What Chromium writes whenever an answer is a refusal, or the server is away."""

_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`POLICY ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""


class Guest:
    """One browser of somebody's own, with one page. `troubles` must be empty in the end."""

    def __init__(self, context: BrowserContext, page: Page, address: str, artefacts: Path) -> None:
        self.context = context
        self.page = page
        self.address = address
        self.troubles: list[str] = []
        self.asked: list[str] = []
        self._artefacts = artefacts

    async def watch(self) -> None:
        """Take down everything the browser complains of, and everything that it loads from elsewhere."""
        await self.context.add_init_script(_VIOLATIONS)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"error {error}"))
        self.page.on("request", self._on_request)
        self.page.on("dialog", self._on_dialog)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not ANSWERED.match(message.text):
            self.troubles.append(f"console {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.troubles.append(f"elsewhere {request.url}")

    async def _on_dialog(self, dialog: Dialog) -> None:
        """Say yes to the one question the room asks like this; anything else is a trouble."""
        self.asked.append(dialog.message)
        if dialog.type != "confirm":
            self.troubles.append(f"dialog {dialog.message}")
        await dialog.accept()

    # going about

    async def goes(self, path: str = "/") -> None:
        """Open a page of the room."""
        await self.page.goto(f"{self.address}{path}")

    async def sits(self, *seats: str) -> None:
        """Open the room with these seats."""
        await self.goes("/?" + "&".join(f"seat={seat}" for seat in seats))

    def pane(self, seat: str) -> Locator:
        return self.page.locator(f"#pane-{seat}")

    def feed(self, seat: str) -> Locator:
        return self.page.locator(f"#feed-{seat}")

    @property
    def dialog(self) -> Locator:
        """Return the dialog that is open."""
        return self.page.locator("dialog[open]")

    @property
    def story(self) -> Locator:
        return self.page.locator("#story")

    # doing

    async def types(self, seat: str, text: str) -> None:
        """Type into somebody's composer, and send it."""
        await self.page.locator(f"#text-{seat}").fill(text)
        await self.page.locator(f"#text-{seat}").press("Enter")

    def button(self, seat: str, verb: str) -> Locator:
        """Return the newest button in front of somebody that does this."""
        return self.feed(seat).locator(offering(verb)).last

    async def presses(self, seat: str, verb: str) -> None:
        """Press it, once it is there."""
        await self.button(seat, verb).click()

    async def fills(self, **typed: str) -> None:
        """Type into fields of the open form, by their keys."""
        for key, text in typed.items():
            await self.field(key).fill(text)

    def field(self, key: str) -> Locator:
        return self.page.locator(f"dialog[open] [name='field.{key}'], .form-page [name='field.{key}']")

    async def submits(self) -> None:
        await self.dialog.locator(".primary").click()

    async def tells(self, ending: str = "agreed") -> None:
        """Start the story, and look at it from its three seats."""
        await self.page.select_option("#ending", ending)
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name="Start the story").click()
        await self.is_at(0)

    async def goes_on(self, step: int) -> None:
        """Go on with the story, to this step."""
        await self.story.locator(".primary").click()
        await self.is_at(step)

    async def is_at(self, step: int) -> None:
        await expect(self.story).to_have_attribute("data-step", str(step))

    async def drafts(self, **typed: str) -> None:
        """Let Ana write the first form, with whatever is typed here in place of the usual."""
        await self.types("ana", "/refer @ben @carla")
        await expect(self.dialog).to_be_visible()
        await self.fills(**{"need": "He needs his jobs costed.", "why": "She keeps my books.", **typed})
        await self.submits()
        await expect(self.button("ana", "need_yes")).to_be_visible()

    async def asks(self) -> None:
        """Let Ana answer the two questions of her draft, and start the asking."""
        for verb in ("need_yes", "fit_yes", "ask_them"):
            await self.presses("ana", verb)

    async def moves_time(self, label: str) -> None:
        """Turn the room's clock."""
        await self.page.locator("#clock summary").click()
        await self.page.locator("#clock").get_by_role("button", name=label, exact=True).click()
        await expect(self.page.locator("#clock")).not_to_have_attribute("open", "")

    # seeing

    async def messages(self, seat: str, after: int = 0) -> list[tuple[int, str]]:
        """Return what stands in a pane since a message: number and text of each."""
        every = (
            await self.feed(seat)
            .locator(".message")
            .evaluate_all("all => all.map((one) => [Number(one.dataset.message.slice(1)), one.innerText])")
        )
        return [(number, text) for number, text in every if number > after]

    async def texts(self, seat: str, after: int = 0) -> str:
        """Return the text of it alone."""
        return "\n".join(text for _, text in await self.messages(seat, after))

    async def last(self) -> int:
        """Return the number of the newest message in any pane."""
        numbers: list[int] = await self.page.locator(".message").evaluate_all(
            "all => all.map((one) => Number(one.dataset.message.slice(1)))"
        )
        return max(numbers, default=0)

    async def pictures(self, name: str, *, whole: bool = False) -> None:
        """Keep what it looks like, as an artefact."""
        await self.page.screenshot(path=self._artefacts / f"{name}.png", full_page=whole, animations="disabled")

    async def is_sound(self, *, colours_alone: bool = False) -> None:
        """Fail when axe-core finds anything that keeps somebody out, or the page is wider than its window."""
        rules = {"runOnly": ["color-contrast"]} if colours_alone else {}
        await self.page.evaluate(_axe())
        found = await self.page.evaluate("(rules) => axe.run(rules)", {"resultTypes": ["violations"], **rules})
        assert [_violation(one) for one in found["violations"]] == []
        await self.does_not_scroll_sideways()

    async def does_not_scroll_sideways(self) -> None:
        page = "({scrollWidth: wide, clientWidth: room}) => wide - room"
        assert await self.page.evaluate(f"({page})(document.documentElement)") <= 0


def offering(verb: str) -> str:
    """Return what finds the buttons that do this."""
    return f"button[value*='/{verb}:']"


@cache
def _axe() -> str:
    """Return the checker's own program, which comes with a package from PyPI."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def _violation(found: dict[str, Any]) -> str:
    nodes = "; ".join(str(node["html"])[:160] for node in found["nodes"][:3])
    return f"{found['id']}: {found['help']}: {nodes}"


async def reloading(page: Page, place: Locator) -> None:
    """Load a page again until something is there, as somebody without script has to."""
    async with asyncio.timeout(PATIENCE):
        while not await place.count():
            await page.reload()


def artefacts_in(folder: Path) -> Path:
    """Return where pictures are kept."""
    chosen = Path(os.environ.get("TWOYES_SCREENSHOTS") or folder)
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


Sits = Callable[..., Awaitable[Guest]]
"""Lets a guest in: `await sits("ana", "ben", phone=True)`."""

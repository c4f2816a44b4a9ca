"""Makes the README's two pictures of the room from the real thing; wants Chromium and the test dependencies."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
ADDRESS = re.compile(r'"room": "(http://[^"]+)"')
ASKED, INTRODUCED = 3, 6
"""The steps of the story that are shown."""


def main() -> int:
    """Write both pictures; 1 without a browser."""
    chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
    if chromium is None:
        print("There is no Chromium on this machine.")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with room() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        light = opened(browser, f"{address}?seat=ana&seat=ben&seat=carla", 1280, 800, "light")
        light.get_by_role("button", name="Start the story").click()
        go_to(light, ASKED)
        taken(light, "room-light.png")
        go_to(light, INTRODUCED)
        phone = opened(browser, f"{address}?seat=ben&view=ben:room-1", 390, 844, "dark")
        taken(phone, "room-phone-dark.png")
        browser.close()
    return 0


@contextmanager
def room() -> Iterator[str]:
    """Serve a room on a database of its own; its address."""
    with tempfile.TemporaryDirectory(prefix="twoyes-pictures-") as folder:
        own = {"PYTHONPATH": str(ROOT), "TWOYES_ROOM_PORT": "0", "TWOYES_HEALTH_PORT": "0", "TWOYES_LOG_FORMAT": "json"}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        command = [sys.executable, "-m", "bot", "serve"]
        serving = subprocess.Popen(command, cwd=folder, env={**kept, **own}, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            yield address_in(serving)
        finally:
            serving.terminate()
            serving.wait()


def address_in(serving: "subprocess.Popen[str]") -> str:
    for line in serving.stdout or ():
        if found := ADDRESS.search(line.replace('":"', '": "')):
            return found[1]
    raise SystemExit("The room did not open.")


def opened(browser: Browser, address: str, width: int, height: int, scheme: str) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=1.5,
    )
    page = context.new_page()
    page.goto(address)
    return page


def go_to(page: Page, step: int) -> None:
    """Press on until the story is there, and everything it brought has come."""
    for number in range(int(page.locator("#story[data-step]").get_attribute("data-step") or 0), step):
        page.locator("#story button[value=next]").click()
        page.locator(f"#story[data-step='{number + 1}']").wait_for()
    page.locator("#story form:not([aria-busy])").wait_for()


def taken(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=IMAGES / name)
    print(f"docs/images/{name}")


if __name__ == "__main__":
    sys.exit(main())

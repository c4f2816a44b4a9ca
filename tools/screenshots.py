"""Makes the README's pictures of the room from the real thing; wants Chromium and the test dependencies.

With a folder as its argument it also draws there, to be looked at, the weekly posts as Slack and Discord received them.
"""

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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from adapters.local.story import Ending
from storage.migrate import upgrade
from tests.discord import cast as on_discord_are
from tests.e2e.discord.playing import on_discord
from tests.e2e.slack.playing import on_slack
from tests.slack import cast as on_slack_are
from tools import rendered

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
ADDRESS = re.compile(r'"room": "(http://[^"]+)"')
ASKED, INTRODUCED, POSTED = 3, 6, 11
"""The steps of the story that are shown."""
WEEKS = 3
TITLE = "The week in introductions"


def main() -> int:
    """Write the pictures; 1 without a browser."""
    chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
    if chromium is None:
        print("There is no Chromium on this machine.")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    posts = {Path(folder): posts_elsewhere() for folder in sys.argv[1:]}
    with room() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        light = opened(browser, f"{address}?seat=ana&seat=ben&seat=carla", 1280, 800, "light")
        light.get_by_role("button", name="Start the story").click()
        go_to(light, ASKED)
        taken(light, "room-light.png")
        go_to(light, INTRODUCED)
        phone = opened(browser, f"{address}?seat=ben&view=ben:room-1", 390, 844, "dark")
        taken(phone, "room-phone-dark.png")
        go_to(light, POSTED)
        the_post(browser, f"{address}?seat=ana&view=ana:channel", IMAGES / "tally.png")
        for folder, drawn in posts.items():
            folder.mkdir(parents=True, exist_ok=True)
            elsewhere(browser, drawn, folder)
            for scheme, width in (("light", 1280), ("dark", 1280), ("dark", 390)):
                whole = opened(browser, f"{address}?seat=ana&view=ana:channel", width, 900, scheme)
                whole.screenshot(path=folder / f"room-{scheme}-{width}.png")
        browser.close()
    return 0


def the_post(browser: Browser, address: str, file: Path) -> None:
    """Take the newest weekly post by itself."""
    page = opened(browser, address, 620, 1000, "light")
    post = page.locator(".message", has_text=TITLE).last
    post.get_by_role("img").last.wait_for()
    post.screenshot(path=file)
    print(file)


def elsewhere(browser: Browser, posts: list[tuple[str, str]], folder: Path) -> None:
    """Take pictures of posts as other clients may show them."""
    for name, body in posts:
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 580, "height": 300}, device_scale_factor=1.5)
            page.set_content(rendered.page(f"{name.partition('-')[0]}-{scheme}", "twoyes", body))
            page.screenshot(path=folder / f"{name}-{scheme}.png", full_page=True)
            page.close()


def posts_elsewhere() -> list[tuple[str, str]]:
    """Play the agreed story, and draw each weekly post as the loopback Slack and Discord have it."""
    with tempfile.TemporaryDirectory(prefix="twoyes-pictures-") as folder:
        return [*slack_posts(Path(folder)), *discord_posts(Path(folder))]


def slack_posts(folder: Path) -> Iterator[tuple[str, str]]:
    world = on_slack(f"sqlite:///{folder / 'slack.db'}", Ending.AGREED, upgraded=False, weeks=WEEKS).world
    names = {user.id: user.name for user in world.users.values()}
    pictures = {file.id: file.content or b"" for file in world.files.values()}
    posts = [post for post in world.messages(on_slack_are.INTRODUCTIONS) if TITLE in post.shown]
    for week, post in enumerate(posts, 1):
        yield f"slack-{week}", rendered.slack(post.blocks, pictures, names)


def discord_posts(folder: Path) -> Iterator[tuple[str, str]]:
    url = f"sqlite:///{folder / 'discord.db'}"
    upgrade(url)
    world = on_discord(url, Ending.AGREED, weeks=WEEKS).club.server.world
    names = {user.id: user.name for user in world.users.values()}
    here = [one for one in world.messages.values() if one.channel == on_discord_are.INTRODUCTIONS]
    for week, post in enumerate((one for one in here if TITLE in one.content), 1):
        attached = [(one.content, one.description or "") for one in post.attachments]
        yield f"discord-{week}", rendered.discord(post.content, post.components, attached, names)


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

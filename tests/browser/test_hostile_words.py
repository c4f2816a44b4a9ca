"""Hostile text, typed wherever something can be typed, is nothing but text in every pane."""

import pytest
from playwright.async_api import expect

from tests.browser.guest import PARTIES, Guest, Sits
from tests.browser.served import ServedRoom
from tests.faults.test_hostile_text import HOSTILE

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "\"><svg onload=alert(3)><a href='javascript:alert(4)'>x</a>",
    "</textarea></title><iframe srcdoc='<script>alert(5)</script>'></iframe>",
    "{{7*7}} ${7*7} <%= 7*7 %> ' onfocus=alert(6) autofocus='",
    "<style>*{display:none}</style><base href='/elsewhere/'><meta http-equiv=refresh content=0>",
)
SPOKEN = [*(words.replace("\x00", "") for name, words in HOSTILE.items() if name != "100 kB"), *SCRIPTS]
WHOLE = " · ".join(SCRIPTS)[:600]
INERT = """() => {
  const words = ".message .words, .form-slot, .author, h2, .chip, [data-part], .columns";
  const tags = "script, iframe, svg, object, embed, style, base, meta, link, form form, [onerror], [onload], [onfocus]";
  const elements = [...document.querySelectorAll(words)].flatMap((one) => [...one.querySelectorAll(tags)]);
  const links = [...document.querySelectorAll("a[href], img[src]")].map((one) => one.href || one.src);
  const foreign = links.filter((one) => !one.startsWith(location.origin) && !one.startsWith("data:image/"));
  const wide = [...document.querySelectorAll(".scroll")].filter((one) => one.scrollWidth > one.clientWidth + 1);
  return [...elements.map((one) => one.outerHTML), ...foreign, ...wide.map((one) => `wide: ${one.innerText}`)];
}"""
INVISIBLE = "\x00\x07\x1b\x7f\x85\u202e\u202c\u2066\u2069\u200b\ufeff\u2060"


async def is_inert(guest: Guest) -> None:
    """Fail when anything that was typed became more than text, or broke out of its place."""
    assert await guest.page.evaluate(INERT) == []
    shown = await guest.page.locator("body").inner_text()
    assert [character for character in INVISIBLE if character in shown] == []
    await guest.does_not_scroll_sideways()


async def test_in_the_channel(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana", "ben")

    for words in SPOKEN:
        await guest.page.locator("#text-ana").fill(words)
        await guest.page.locator("#text-ana").press("Enter")
        await expect(guest.page.locator("form[aria-busy=true]")).to_have_count(0)
        if await guest.pane("ana").get_by_role("alert").is_hidden():
            await expect(guest.page.locator("#text-ana")).to_have_value("")
    await expect(guest.feed("ben")).to_contain_text("<script>alert(1)</script>")

    await is_inert(guest)
    await guest.pictures("hostile")
    await guest.page.reload()
    await expect(guest.feed("ben")).to_contain_text("<script>alert(1)</script>")
    await is_inert(guest)


@pytest.mark.parametrize("words", [HOSTILE["markup"], HOSTILE["right to left"] + HOSTILE["many marks"][:500], WHOLE])
async def test_in_a_referral_on_every_side_of_it(room: ServedRoom, visits: Sits, words: str) -> None:
    guest = await visits(room, *PARTIES)

    await guest.drafts(need=words, why=words)
    await is_inert(guest)
    await guest.asks()
    for seat in ("ben", "carla"):
        await guest.presses(seat, "yes")
        await expect(guest.button(seat, "undo")).to_be_visible()
    await guest.moves_time("30 seconds")

    await expect(guest.feed("carla").locator(".message.room")).to_contain_text("this is an introduction")
    await is_inert(guest)
    await guest.goes("/learned")
    await is_inert(guest)


@pytest.mark.parametrize("words", [WHOLE[:400], HOSTILE["a link in Slack's markup"] + HOSTILE["right to left"]])
async def test_in_a_card_with_its_errors_and_after_a_reload(room: ServedRoom, visits: Sits, words: str) -> None:
    guest = await visits(room, "ana", "elif")
    await guest.types("elif", "/intros card")
    await guest.presses("elif", "edit_card")

    await guest.fills(does=words, for_whom=words, ideal=words)
    await guest.submits()
    await expect(guest.page.locator("form[aria-busy=true]")).to_have_count(0)
    await is_inert(guest)

    await guest.page.reload()
    await is_inert(guest)
    await guest.types("ana", f"/intros find {words[:80]}")
    await expect(guest.page.locator("#text-ana")).to_have_value("")
    await is_inert(guest)


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(9)>", "\u202eevil \u2066Name\u200f", "'\"></a><script>alert(8)"]
)
async def test_in_somebodys_name(room: ServedRoom, visits: Sits, name: str) -> None:
    guest = await visits(room, "ana")

    await guest.goes("/people")
    await guest.page.get_by_label("Name").fill(name)
    await guest.page.get_by_role("button", name="Add them").click()
    await expect(guest.page.locator(".pane")).to_have_count(1)
    await expect(guest.page.locator("#pane-ana")).to_have_count(0)
    seat = await guest.page.locator(".pane").get_attribute("data-seat") or ""
    await guest.types(seat, "Hello from me.")
    await expect(guest.feed(seat)).to_contain_text("Hello from me.")

    await is_inert(guest)
    await guest.sits("ana", seat)
    await guest.types("ana", f"/refer @{seat} @carla")
    await expect(guest.dialog).to_be_visible()
    await is_inert(guest)


async def test_in_the_address_of_a_page(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room)

    for path in (
        "/?seat=%3Cscript%3Ealert(1)%3C/script%3E&view=ana:%22%3E%3Cscript%3Ealert(2)%3C/script%3E",
        "/form?form=%3Cscript%3Ealert(3)%3C/script%3E",
        "/learned?one=%3Csvg%20onload=alert(4)%3E&other=%22%3E%3Cscript%3E",
        "/%3Cscript%3Ealert(5)%3C/script%3E",
    ):
        await guest.goes(path)
        await is_inert(guest)

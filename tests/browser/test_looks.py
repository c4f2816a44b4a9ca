"""Every state of the room, looked at by axe-core, on a laptop, on a phone, in the dark and enlarged; with pictures."""

import signal

import pytest
from playwright.async_api import expect

from tests.browser.guest import EVERYBODY, PARTIES, Guest, Sits
from tests.browser.served import ServedRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENLARGED = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}
"""What a laptop's window is to a page that is shown at 200 %."""


async def in_every_state(guest: Guest, look: str) -> None:
    """Look at the room as it begins, with a dialog, with errors in it, and with a draft."""
    await sound(guest, f"start-{look}")
    await guest.types("ana", "/refer @ben @carla")
    await expect(guest.dialog).to_be_visible()
    await sound(guest, f"dialog-{look}")
    await guest.fills(need="See https://example.org")
    await guest.submits()
    await expect(guest.dialog.locator("[aria-invalid=true]").first).to_be_focused()
    await sound(guest, f"errors-{look}")
    await guest.fills(need="He needs his jobs costed.", why="She keeps my books.")
    await guest.submits()
    await expect(guest.button("ana", "need_yes")).to_be_visible()
    await sound(guest, f"draft-{look}")


async def sound(guest: Guest, name: str) -> None:
    """Keep its picture and have it examined; in the dark only the colours are other ones."""
    await guest.pictures(name)
    await guest.is_sound(colours_alone="dark" in name)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
async def test_nothing_keeps_anybody_out_on_a_laptop(room: ServedRoom, visits: Sits, scheme: str) -> None:
    guest = await visits(room, color_scheme=scheme)
    await in_every_state(guest, scheme)

    await guest.tells()
    for step in range(1, 7):
        await guest.goes_on(step)
        if step in (2, 4):
            await guest.pictures(f"step-{step}-{scheme}")

    await sound(guest, f"introduced-{scheme}")
    await guest.page.locator("#more summary").click()
    await guest.pictures(f"more-{scheme}")
    for path in ("/people", "/learned", "/nowhere"):
        await guest.goes(path)
        await sound(guest, f"{path[1:]}-{scheme}")


async def test_nothing_keeps_anybody_out_on_a_phone(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, phone=True)
    await in_every_state(guest, "phone")

    await guest.tells()
    await guest.goes_on(1)
    await sound(guest, "step-1-phone")
    await guest.goes("/learned")
    await sound(guest, "learned-phone")


@pytest.mark.long
async def test_it_can_be_used_at_200_percent(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, **ENLARGED)

    await in_every_state(guest, "enlarged")

    await expect(guest.page.locator("#text-ana")).to_be_visible()


async def test_text_of_twice_the_size_is_not_cut_off(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, *PARTIES)
    settings = await guest.context.new_cdp_session(guest.page)
    await settings.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    await guest.page.reload()

    await guest.is_sound()

    await guest.pictures("text-200")
    cut = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText)"
    assert await guest.page.locator(".words p, .words button, .chip, .primary, h2").evaluate_all(cut) == []


async def test_everybody_fits_side_by_side_and_no_page_grows_wider_than_its_window(
    room: ServedRoom, visits: Sits
) -> None:
    guest = await visits(room, *EVERYBODY)

    await guest.is_sound()

    await guest.pictures("everybody")


async def test_the_banner_of_a_room_that_is_away_is_sound_too(own_room: ServedRoom, visits: Sits) -> None:
    guest = await visits(own_room)

    own_room.end(signal.SIGKILL)
    await expect(guest.page.locator("#away")).to_be_visible()

    await guest.is_sound()
    assert await guest.page.locator("#away").get_attribute("role") == "status"


async def test_text_from_right_to_left_is_laid_out_from_the_right(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana")
    hebrew = "שלום לכולם, אני מחפשת רואה חשבון."

    await guest.types("ana", hebrew)

    said = guest.feed("ana").locator("p", has_text=hebrew)
    await expect(said).to_have_css("direction", "rtl")
    box, pane = await said.bounding_box(), await guest.feed("ana").bounding_box()
    assert box is not None
    assert pane is not None
    assert box["x"] + box["width"] <= pane["x"] + pane["width"]
    assert await guest.feed("ana").locator(".author").last.evaluate("(one) => getComputedStyle(one).direction") == "ltr"
    await guest.pictures("right-to-left")

"""The room without JavaScript: a referral by links, buttons and pages alone."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.guest import Guest, Sits, offering, reloading
from tests.browser.served import ServedRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def press(guest: Guest, seat: str, verb: str) -> None:
    """Press a button as soon as the page, loaded again, shows it."""
    await reloading(guest.page, guest.feed(seat).locator(offering(verb)))
    await guest.presses(seat, verb)


async def send(page: Page, label: str) -> None:
    await page.locator(".form-page").get_by_role("button", name=label).click()


async def test_a_referral_goes_from_the_command_to_the_introduction(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana", "ben", "carla", java_script_enabled=False)
    page = guest.page

    await guest.types("ana", "/refer @ben @carla")
    await expect(page.get_by_role("heading", name="Refer someone", level=1)).to_be_attached()
    await guest.field("need").fill("He needs his jobs costed.")
    await send(page, "Preview")
    await expect(page.locator("[aria-invalid=true]")).to_have_attribute("name", "field.why")
    await expect(guest.field("need")).to_have_value("He needs his jobs costed.")
    await guest.field("why").fill("She has kept my books for four years.")
    await send(page, "Preview")
    for verb in ("need_yes", "fit_yes", "ask_them"):
        await press(guest, "ana", verb)
    for seat in ("ben", "carla"):
        await press(guest, seat, "yes")
    await reloading(page, guest.button("carla", "undo"))
    await page.locator("#clock summary").click()
    await page.get_by_role("button", name="30 seconds").click()

    for seat in ("ben", "carla"):
        await reloading(page, guest.feed(seat).locator(".message.room"))
        await expect(guest.feed(seat).locator(".message.room")).to_contain_text("this is an introduction")
    await expect(guest.feed("ana").locator(".message.room")).to_have_count(0)
    await guest.pictures("without-script")


async def test_the_story_is_told_too(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, java_script_enabled=False)

    await guest.page.get_by_role("button", name="Start the story").click()
    for step in range(1, 4):
        await guest.goes_on(step)

    await expect(guest.button("ben", "yes")).to_be_visible()


async def test_a_refusal_stands_beside_what_was_typed(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ben", java_script_enabled=False)

    await guest.types("ben", "/refr @ana")

    await expect(guest.pane("ben").get_by_role("alert")).to_contain_text("Did you mean /refer?")
    await expect(guest.page.locator("#text-ben")).to_have_value("/refr @ana")


async def test_somebody_new_comes_in_and_parts_of_a_pane_are_picked_out(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, java_script_enabled=False)

    await guest.goes("/people")
    await guest.page.get_by_label("Name").fill("Uma Patel")
    await guest.page.get_by_role("button", name="Add them").click()
    await expect(guest.pane("uma").get_by_role("heading", level=2)).to_have_text("Uma Patel")
    await guest.pane("uma").get_by_role("link", name="#introductions").click()

    await expect(guest.feed("uma").locator(".message.private")).to_have_count(0)
    await expect(guest.feed("uma").locator(".message.channel").first).to_be_visible()

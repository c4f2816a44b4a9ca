"""The room by keyboard alone: from the top of the page to an introduction, with commands, dialogs and buttons."""

import pytest
from playwright.async_api import expect

from tests.browser.guest import PARTIES, Guest, Sits, offering
from tests.browser.served import ServedRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAR = 150
"""Presses of Tab until something that should be reached is held to be out of reach."""
AT = """(wanted) => {
  const here = document.activeElement;
  const name = here.getAttribute("aria-label") || here.innerText || "";
  return here.matches(wanted.place) && name.includes(wanted.name);
}"""


class Fingers:
    """Somebody without a mouse."""

    def __init__(self, guest: Guest) -> None:
        self._page = guest.page

    async def reach(self, place: str, name: str = "", key: str = "Tab") -> None:
        """Go on from control to control, until this one has the focus and shows it."""
        for _ in range(FAR):
            await self._page.keyboard.press(key)
            if await self._page.evaluate(AT, {"place": place, "name": name}):
                break
        else:
            raise AssertionError(f"{place} {name} cannot be reached by keyboard")
        shown = await self._page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert shown != "none", f"{place} {name} does not show that it has the focus"

    async def press(self, place: str, name: str = "", key: str = "Tab") -> None:
        await self.reach(place, name, key)
        await self._page.keyboard.press("Enter")

    async def type(self, text: str) -> None:
        await self._page.keyboard.type(text)


async def test_a_referral_is_made_from_the_top_of_the_page_to_the_introduction(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, *PARTIES)
    fingers, page = Fingers(guest), guest.page
    await expect(guest.feed("ana").locator(".message").first).to_be_attached()

    await fingers.press("a.skip")
    await fingers.reach("#text-ana")
    await fingers.type("/refer @ben @carla")
    await page.keyboard.press("Escape")  # the list of completions, where the browser shows one
    await page.keyboard.press("Enter")
    await write_the_draft(guest, fingers)
    for verb in ("need_yes", "fit_yes", "ask_them"):
        await expect(guest.button("ana", verb)).to_be_visible()
        await fingers.press(f"#feed-ana .message:last-child {offering(verb)}")
    for seat in ("ben", "carla"):
        await expect(guest.button(seat, "yes")).to_be_visible()
        await fingers.press(f"#feed-{seat} {offering('yes')}")
        await expect(guest.button(seat, "undo")).to_be_visible()
    await fingers.press("#clock summary", key="Shift+Tab")
    await fingers.press("#clock button", "30 seconds")

    for seat in ("ben", "carla"):
        await expect(guest.feed(seat).locator(".message.room")).to_contain_text("this is an introduction")
    await fingers.press(f"#feed-carla {offering('got_it')}")
    await expect(guest.feed("carla")).to_contain_text("Have a good conversation")


async def write_the_draft(guest: Guest, fingers: Fingers) -> None:
    """Fill in the dialog, which has taken the focus, and leave it by its button."""
    await expect(guest.field("seeker")).to_be_focused()
    await expect(guest.field("seeker")).to_have_value("ben")
    await fingers.reach("textarea[name='field.need']")
    await fingers.type("He needs his jobs costed before he quotes.")
    await fingers.reach("textarea[name='field.why']")
    await fingers.type("She has kept my books for four years.")
    await fingers.reach("select[name='field.basis']")
    await fingers.type("I have")
    await expect(guest.field("basis")).to_have_value("direct")
    await fingers.press("dialog button.primary")
    await expect(guest.dialog).to_have_count(0)
    await expect(guest.page.locator("#text-ana")).to_be_focused()


async def test_escape_leaves_a_dialog_and_what_was_typed_waits_in_it(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana")
    fingers = Fingers(guest)
    await guest.types("ana", "/refer @ben @carla")
    await expect(guest.field("seeker")).to_be_focused()
    await fingers.reach("textarea[name='field.need']")
    await fingers.type("Half a sentence")

    await guest.page.keyboard.press("Escape")

    await expect(guest.dialog).to_have_count(0)
    await fingers.press("a[data-fill]", key="Shift+Tab")
    await expect(guest.field("need")).to_have_value("Half a sentence")


async def test_a_menu_opens_and_closes_by_keyboard(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana", "ben")
    await guest.types("ben", "My bookkeeper retires in March.")
    await expect(guest.feed("ana")).to_contain_text("My bookkeeper retires in March.")
    fingers = Fingers(guest)
    await guest.page.locator("#text-ana").focus()

    await fingers.press("#feed-ana .menu summary", key="Shift+Tab")
    await guest.page.keyboard.press("Escape")
    await expect(guest.feed("ana").locator(".menu summary")).to_be_focused()
    await expect(guest.feed("ana").get_by_role("button", name="I can refer someone")).to_be_hidden()
    await guest.page.keyboard.press("Enter")
    await fingers.press("#feed-ana .menu button")

    await expect(guest.field("need")).to_have_value("My bookkeeper retires in March.")
    await expect(guest.field("seeker")).to_have_value("ben")

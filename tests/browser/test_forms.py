"""Forms, commands, people and time in the room, as somebody with a mouse meets them."""

import pytest
from playwright.async_api import expect

from tests.browser.guest import PARTIES, Sits
from tests.browser.served import ServedRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_errors_stand_at_their_fields_the_first_has_the_focus_and_nothing_typed_is_lost(
    room: ServedRoom, visits: Sits
) -> None:
    guest = await visits(room, "ana")
    await guest.types("ana", "/refer @ben @carla")
    await guest.fills(need="A contract & more: https://example.org/it")

    await guest.submits()

    wrong = guest.dialog.locator("[aria-invalid=true]")
    await expect(wrong).to_have_count(2)
    await expect(wrong.first).to_be_focused()
    for at in range(2):
        error = (await wrong.nth(at).get_attribute("aria-describedby") or "").split()[-1]
        await expect(guest.page.locator(f"#{error}")).not_to_be_empty()
    await expect(guest.field("need")).to_have_value("A contract & more: https://example.org/it")
    await expect(guest.page.locator("#says")).not_to_be_empty()
    await guest.pictures("form-errors")


async def test_a_dialog_that_is_cancelled_is_put_away(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana")
    await guest.types("ana", "/refer")
    await expect(guest.dialog).to_be_visible()

    await guest.dialog.get_by_role("button", name="Cancel").click()

    await expect(guest.dialog).to_have_count(0)
    await expect(guest.page.locator(".open-form")).to_have_count(0)


async def test_an_open_form_is_told_of_to_those_who_did_not_open_it(room: ServedRoom, visits: Sits) -> None:
    guest, other = await visits(room, "ana"), await visits(room, "ana")

    await guest.types("ana", "/refer @ben @carla")

    await expect(other.pane("ana")).to_contain_text("Ana has a form open: Refer someone")
    await expect(other.dialog).to_have_count(0)
    await other.pane("ana").get_by_role("link", name="Fill it in").click()
    await expect(other.dialog).to_be_visible()


async def test_a_card_is_edited_in_a_dialog(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "elif")

    await guest.pane("elif").get_by_role("button", name="Elif’s card").click()
    await guest.presses("elif", "edit_card")
    await guest.fills(does="Small sites for bakers")
    await guest.submits()

    await expect(guest.feed("elif").locator(".message").last).to_contain_text("Small sites for bakers")


async def test_commands_are_completed_and_explained_and_people_are_offered(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana")
    text, usage = guest.page.locator("#text-ana"), guest.pane("ana").locator(".usage")
    offered = "(input) => [...input.list.options].map((one) => one.value)"

    await text.fill("/re")
    await expect(usage).to_have_text("/refer @who-needs-help @who-can-help: suggest two people to each other")
    assert "/intros mine" in await text.evaluate(offered)
    await text.fill("/refer @ben @ca")
    assert "/refer @ben @carla" in await text.evaluate(offered)
    await text.fill("/refr @ben")
    await text.press("Enter")

    await expect(guest.pane("ana").get_by_role("alert")).to_contain_text("There is no /refr. Did you mean /refer?")
    await expect(text).to_have_value("/refr @ben")


async def test_a_message_in_the_channel_becomes_a_referral_by_its_menu(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana", "ben")
    await guest.types("ben", "Who can tell me what a kitchen costs?")
    menu = guest.feed("ana").locator(".menu").last
    await menu.locator("summary").click()

    await menu.get_by_role("button", name="I can refer someone").click()

    await expect(guest.field("seeker")).to_have_value("ben")
    await expect(guest.field("need")).to_have_value("Who can tell me what a kitchen costs?")


async def test_somebody_new_gets_a_seat_and_can_be_referred(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room)
    await guest.page.locator("#more summary").click()
    await guest.page.get_by_role("link", name="Add a person").click()
    await guest.page.get_by_label("Name").fill("Uma Patel")

    await guest.page.get_by_role("button", name="Add them").click()

    await expect(guest.pane("uma")).to_contain_text("Uma Patel")
    await expect(guest.page.locator("[data-chip=uma]")).to_have_attribute("aria-current", "true")
    await guest.sits("ana", "uma")
    await guest.types("ana", "/refer @uma @carla")
    await expect(guest.field("seeker")).to_have_value("uma")


async def test_a_reset_asks_first_and_leaves_a_room_in_which_nothing_has_happened(
    room: ServedRoom, visits: Sits
) -> None:
    guest = await visits(room, "ana")
    await guest.types("ana", "This will be gone.")
    await expect(guest.feed("ana")).to_contain_text("This will be gone.")

    await guest.page.locator("#more summary").click()
    async with guest.page.expect_navigation():
        await guest.page.get_by_role("button", name="Reset the room").click()

    assert len(guest.asked) == 1
    await expect(guest.feed("ana")).to_contain_text("This is your card.")
    await expect(guest.feed("ana")).not_to_contain_text("This will be gone.")


async def test_time_is_moved_to_the_reminder_and_to_the_deadline(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, *PARTIES)
    await guest.drafts()
    await guest.asks()
    await expect(guest.button("ben", "yes")).to_be_visible()
    before = await guest.page.locator("#now").get_attribute("datetime")
    asked = await guest.last()

    await guest.moves_time("To the reminder")
    await expect(guest.page.locator("#says")).to_contain_text("Time has passed.")
    assert "Time has passed" not in await guest.texts("ben", asked)
    assert await guest.texts("ben", asked) != ""
    assert await guest.texts("ana", asked) == ""
    await guest.moves_time("To the deadline")

    await expect(guest.button("ben", "yes")).to_have_count(0)
    assert (await guest.page.locator("#now").get_attribute("datetime") or "") > (before or "")
    assert await guest.texts("carla", asked) == ""


async def test_what_waits_for_whom_is_counted_where_one_sees_it(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana")
    badge = guest.page.locator("[data-badge=ben]")
    await expect(badge).to_be_hidden()

    await guest.drafts()
    await guest.asks()
    await expect(badge).to_have_text("1 waiting")
    room.post("/press", seat="ben", press=_button(room, "ben", "yes"))

    await expect(badge).to_be_hidden()
    await expect(guest.page.locator("[data-badge=carla]")).to_have_text("1 waiting")


def _button(room: ServedRoom, seat: str, verb: str) -> str:
    page = room.get(f"/?seat={seat}").text
    start = page.rindex("value=", 0, page.index(f"/{verb}:")) + len('value="')
    return page[start : page.index('"', start)]

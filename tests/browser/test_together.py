"""Several browsers in one room that may die under them: what one does all see, and nothing is lost or doubled."""

import asyncio
import signal

import pytest
from playwright.async_api import Request, Route, expect

from tests.browser.guest import Guest, Sits
from tests.browser.served import ServedRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARK = "window.sameAsBefore = true"


async def is_the_same_page(guest: Guest) -> bool:
    """Say whether nothing was loaded anew since it was marked."""
    return bool(await guest.page.evaluate("window.sameAsBefore === true"))


async def test_what_one_does_the_others_see_at_once_and_hear_announced(room: ServedRoom, visits: Sits) -> None:
    ana, ben, carla = [await visits(room, seat) for seat in ("ana", "ben", "carla")]
    for guest in (ana, ben, carla):
        await guest.page.evaluate(MARK)

    await carla.types("carla", "Good morning, everybody.")
    for guest, seat in ((ana, "ana"), (ben, "ben"), (carla, "carla")):
        await expect(guest.feed(seat)).to_contain_text("Good morning, everybody.")
    await expect(ana.page.locator("#says")).to_contain_text("New for Ana Duarte: Good morning, everybody.")
    await expect(carla.page.locator("#says")).to_be_empty()
    await ana.drafts()
    await ana.asks()
    await expect(ben.button("ben", "yes")).to_be_visible()
    await expect(ben.page.locator("#says")).to_contain_text("New for Ben Okafor")

    assert all([await is_the_same_page(guest) for guest in (ana, ben, carla)])
    assert await ben.page.locator("#says").get_attribute("aria-live") == "polite"


async def test_a_message_that_changes_changes_in_its_place_and_keeps_the_focus(room: ServedRoom, visits: Sits) -> None:
    guest, other = await visits(room, "ana", "ben"), await visits(room, "ben")
    await guest.drafts()
    await guest.asks()
    question = other.feed("ben").locator(".message", has=other.page.locator("button[value*='/yes:']"))
    number = await question.get_attribute("data-message")
    changed = other.feed("ben").locator(f"[data-message={number}]")
    assert await changed.get_attribute("data-version") == "1"
    await other.page.evaluate(MARK)

    await other.button("ben", "yes").focus()
    await other.page.keyboard.press("Enter")

    await expect(changed).to_have_attribute("data-version", "2")
    await expect(changed.locator("button[value*='/yes:']")).to_have_count(0)
    await expect(guest.feed("ben").locator(f"[data-message={number}]")).to_have_attribute("data-version", "2")
    assert await is_the_same_page(other)
    assert await other.page.evaluate("document.activeElement !== document.body")


@pytest.mark.long
async def test_the_story_and_the_clock_move_on_every_open_page(room: ServedRoom, visits: Sits) -> None:
    guest, other = await visits(room), await visits(room, "ben")

    await guest.tells()
    await guest.goes_on(1)

    await other.is_at(1)
    await expect(other.page.locator("#says")).to_contain_text("Ana writes it down")
    assert await other.page.locator("#now").inner_text() == await guest.page.locator("#now").inner_text()


@pytest.mark.long
async def test_somebody_who_reads_further_up_is_not_moved_by_what_arrives(room: ServedRoom, visits: Sits) -> None:
    room.post("/say", seat="ben", text="Something old.")
    guest = await visits(room, "ana")
    first = guest.feed("ana").locator(".message").first
    await first.scroll_into_view_if_needed()
    before = await first.bounding_box()

    room.post("/say", seat="ben", text="Something new.")
    await expect(guest.feed("ana")).to_contain_text("Something new.")

    after = await first.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 4


async def test_whatever_is_newest_is_in_view_when_a_page_opens_and_when_it_arrives(
    room: ServedRoom, visits: Sits
) -> None:
    guest = await visits(room)
    for seat in ("ana", "ben", "carla"):
        await expect(guest.feed(seat).locator(".message").last.locator(".author")).to_be_in_viewport()

    room.post("/say", seat="ben", text="Something new.")

    for seat in ("ana", "ben", "carla"):
        await expect(guest.feed(seat).get_by_text("Something new.")).to_be_in_viewport()
    await guest.drafts()
    await expect(guest.feed("ana").get_by_text("Your draft")).to_be_in_viewport()


@pytest.mark.long
async def test_what_is_typed_and_pressed_while_something_is_on_its_way_waits_its_turn(
    room: ServedRoom, visits: Sits
) -> None:
    guest = await visits(room, "ana")
    text, held = guest.page.locator("#text-ana"), asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await guest.page.route("**/say", hold)
    for words in ("One.", "Two.", "Two."):
        await text.fill(words)
        await text.press("Enter")
    await text.fill("Not yet sent")
    held.set()

    await expect(guest.feed("ana").locator(".message:not(.bots)")).to_contain_text(["One."])
    await expect(guest.page.locator("form[aria-busy=true]")).to_have_count(0)
    await expect(text).to_have_value("Not yet sent")
    await expect(guest.feed("ana").get_by_text("One.", exact=True)).to_have_count(1)


async def test_an_answer_that_got_lost_is_asked_for_again_and_the_thing_is_done_once(
    room: ServedRoom, visits: Sits
) -> None:
    guest = await visits(room, "ana")
    sent: list[str] = []

    async def lose_the_first(route: Route, request: Request) -> None:
        sent.append(request.post_data or "")
        if len(sent) > 1:
            await route.continue_()
            return
        await route.fetch()
        await route.abort()

    await guest.page.route("**/say", lose_the_first)
    await guest.types("ana", "Only once.")
    await expect(guest.page.locator("#text-ana")).to_have_value("")

    assert len(sent) == 2
    assert sent[0] == sent[1]
    await expect(guest.feed("ana").get_by_text("Only once.")).to_have_count(1)
    await guest.page.reload()
    await expect(guest.feed("ana").get_by_text("Only once.")).to_have_count(1)


async def test_a_killed_room_comes_back_under_an_open_dialog_and_nothing_is_lost(
    own_room: ServedRoom, visits: Sits
) -> None:
    guest, other = await visits(own_room, "ana"), await visits(own_room, "ben")
    await guest.types("ana", "Said before the fall.")
    await guest.types("ana", "/refer @ben @carla")
    await guest.fills(need="He needs his jobs costed.", why="She keeps")
    for each in (guest, other):
        await each.page.evaluate(MARK)
    stood = own_room.stands()

    own_room.end(signal.SIGKILL)
    await expect(guest.page.locator("#away")).to_have_text("Reconnecting… Nothing you typed is lost.")
    await guest.pictures("away")
    own_room.start()
    for each in (guest, other):
        await expect(each.page.locator("#away")).to_be_hidden()

    await expect(guest.field("why")).to_have_value("She keeps")
    await expect(guest.feed("ana").get_by_text("Said before the fall.")).to_have_count(1)
    assert own_room.stands() == stood
    await guest.fills(why="She keeps my books.")
    await guest.submits()
    await expect(guest.button("ana", "need_yes")).to_be_visible()
    await other.types("ben", "And all are here.")
    await expect(guest.feed("ana")).to_contain_text("And all are here.")
    assert await is_the_same_page(guest)


async def test_what_is_sent_while_the_room_is_away_happens_once_when_it_is_back(
    own_room: ServedRoom, visits: Sits
) -> None:
    guest = await visits(own_room, "ana")
    await guest.types("ana", "/refer @ben @carla")
    await guest.fills(need="He needs his jobs costed.", why="She keeps my books.")
    own_room.end(signal.SIGKILL)

    await guest.submits()
    await expect(guest.page.locator("#away")).to_contain_text("What you sent goes out as soon as the room is back.")
    await guest.submits()
    own_room.start()

    await expect(guest.button("ana", "need_yes")).to_be_visible()
    await expect(guest.page.locator("#away")).to_be_hidden()
    await guest.page.reload()
    await expect(guest.feed("ana").locator(".message", has_text="Your draft")).to_have_count(1)
    await expect(guest.dialog).to_have_count(0)


async def test_a_form_survives_that_its_page_is_loaded_anew(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, "ana")
    await guest.types("ana", "/refer @ben @carla")
    await guest.fills(need="Half a sentence")

    await guest.page.reload()
    await guest.pane("ana").get_by_role("link", name="Fill it in").click()

    await expect(guest.field("need")).to_have_value("Half a sentence")

"""The room's pages as they come over HTTP: what each seat sees, and that a look changes nothing."""

import re

import pytest

from tests.adapters.local.web.visiting import Served, Visitor

SEATS = ("ana", "ben", "carla", "david", "elif")


async def test_the_room_shows_three_seats_with_the_group_met_and_their_cards_written(visitor: Visitor) -> None:
    page = await visitor.look()

    assert re.findall(r'<section class="pane" id="pane-(\w+)"', page.html) == ["ana", "ben", "carla"]
    assert "Photographer of things made by hand" in page.pane("ana")
    assert "Photographer of things made by hand" not in page.pane("ben")
    assert "#introductions" in page.pane("ben")


async def test_any_seats_can_be_followed_side_by_side(visitor: Visitor) -> None:
    page = await visitor.look(*SEATS)

    assert re.findall(r'<section class="pane" id="pane-(\w+)"', page.html) == list(SEATS)


@pytest.mark.parametrize(
    "query", ["seat=nobody", "seat=twoyes", "seat=felix", "view=ana:nowhere", "earlier=x", "%00=%ff"]
)
async def test_an_address_that_asks_for_what_is_not_there_shows_the_room(visitor: Visitor, query: str) -> None:
    page = await visitor.get(f"/?{query}")

    assert page.status == 200
    assert 'id="pane-ana"' in page.html


async def test_a_page_that_is_not_there_says_so_and_leads_back(visitor: Visitor) -> None:
    page = await visitor.get("/nowhere")

    assert page.status == 404
    assert "There is no such page in this room." in page.text


async def test_looking_changes_nothing(visitor: Visitor, served: Served) -> None:
    before = served.journal.read_bytes()

    for path in ("/", "/?seat=ben&earlier=ben&view=ben:private", "/learned", "/people", "/form?form=ana", "/press"):
        await visitor.get(path)

    assert served.journal.read_bytes() == before


async def test_every_command_the_composer_completes_is_one_that_the_bot_knows(visitor: Visitor) -> None:
    page = await visitor.look("ana")
    commands = re.findall(r'<option value="(/[^"]*)" label', page.html)

    for command in commands:
        assert (await visitor.type("ana", command)).status == 200

    assert "There is no" not in (await visitor.look("ana")).text
    assert len(commands) > 10


async def test_nothing_is_loaded_from_elsewhere_and_no_style_or_script_stands_in_a_page(visitor: Visitor) -> None:
    for path in ("/", "/learned", "/people", "/nowhere"):
        page = await visitor.get(path)
        assert re.findall(r'(?:src|href)="(?!/|#|data:)[^"]*"', page.html) == []
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static/room.js\" defer></script>)", page.html)


async def test_somebody_new_gets_a_seat_joins_and_is_asked_for_a_card(visitor: Visitor) -> None:
    added = await visitor.post("/people", name="Zoë <b>Ng</b>", zone="Asia/Tokyo", locale="de")

    page = await visitor.look("zoe")
    assert added.answer.json()["go"] == "/?seat=zoe"
    assert "Zoë &lt;b&gt;Ng&lt;/b&gt;" in page.pane("zoe")
    await visitor.press("zoe", "edit_card")
    assert (await visitor.look("zoe")).form("zoe")


async def test_two_people_of_one_name_get_two_seats(visitor: Visitor) -> None:
    for _ in range(2):
        await visitor.post("/people", name="Ana Other", zone="UTC", locale="en")

    assert {"ana", "ana2", "ana3"} <= set(re.findall(r'data-chip="(\w+)"', (await visitor.look()).html))


async def test_somebody_without_a_name_is_not_let_in(visitor: Visitor) -> None:
    refused = await visitor.post("/people", name="   ", zone="UTC", locale="en")

    assert (refused.status, refused.says) == (422, "Give them a name of at most 60 characters.")


async def test_a_room_that_is_reset_has_its_first_people_and_none_of_what_was_said(visitor: Visitor) -> None:
    await visitor.post("/people", name="Zoë", zone="UTC", locale="en")
    await visitor.type("ben", "Something that was said.")

    await visitor.post("/reset")

    page = await visitor.look(*SEATS)
    assert "Something that was said." not in page.html
    assert re.findall(r'data-chip="(\w+)"', page.html) == list(SEATS)
    assert "Photographer of things made by hand" in page.pane("ana")

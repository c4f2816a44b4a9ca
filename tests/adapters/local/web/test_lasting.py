"""A restart: the room comes back as it was, an open page goes on, and a form that was sent keeps its words."""

import stat

from tests.adapters.local.web.visiting import Page, Served, a_name


async def test_a_restarted_room_has_lost_nothing(served: Served) -> None:
    async with served.open() as visitor:
        await visitor.type("ben", "Before.")
        await visitor.type("ana", "/refer @ben @carla")
        before = await visitor.look("ana", "ben")
        token = visitor.token

    async with served.open() as visitor:
        after = await visitor.look("ana", "ben")

    assert after.messages("ana") == before.messages("ana")
    assert after.form("ana") == before.form("ana") != ""
    assert visitor.token == token


async def test_what_was_sent_before_is_known_after_a_restart(served: Served) -> None:
    once = a_name()
    async with served.open() as visitor:
        await visitor.type("ben", "Only once.", event=once)

    async with served.open() as visitor:
        await visitor.type("ben", "Only once.", event=once)
        page = await visitor.look("ben")

    assert page.html.count(">Only once.</p>") == 1


async def test_the_words_of_a_form_that_could_not_stand_survive_a_restart(served: Served) -> None:
    async with served.open() as visitor:
        await visitor.type("ana", "/refer @ben @carla")
        await visitor.fill("ana", seeker="ben", provider="carla", need="Words to keep.", why="", basis="none")

    async with served.open() as visitor:
        page = await visitor.look("ana")
        sent = await visitor.fill("ana", seeker="ben", provider="carla", need="Words to keep.", why="I.", basis="none")

    assert "Words to keep.</textarea>" in page.html
    assert sent.status == 200


async def test_a_story_goes_on_where_it_was(served: Served) -> None:
    async with served.open() as visitor:
        await visitor.post("/story", do="start", ending="agreed")
        await visitor.post("/story", do="next")
        before = await visitor.look()

    async with served.open() as visitor:
        after = await visitor.look()
        await visitor.post("/story", do="next")
        on = await visitor.look()

    assert "Step 2 of 12" in before.text
    assert "Step 2 of 12" in after.text
    assert "Step 3 of 12" in on.text


async def test_time_that_has_passed_stays_past(served: Served) -> None:
    async with served.open() as visitor:
        await visitor.post("/time", to="1w")
        before = clock_of(await visitor.look())

    async with served.open() as visitor:
        after = clock_of(await visitor.look())

    assert after >= before


def clock_of(page: Page) -> str:
    return page.html.partition('<time id="now" datetime="')[2].partition('"')[0]


async def test_only_its_owner_can_read_the_journal(served: Served) -> None:
    async with served.open() as visitor:
        await visitor.type("ben", "Hello.")

    assert stat.S_IMODE(served.journal.stat().st_mode) == 0o600


async def test_a_journal_that_was_cut_off_loses_its_last_line_alone(served: Served) -> None:
    async with served.open() as visitor:
        await visitor.type("ben", "Whole.")
    whole = served.journal.read_bytes()
    served.journal.write_bytes(whole + b'{"is":"stood","standing":{"id":"m9')

    async with served.open() as visitor:
        page = await visitor.look("ben")

    assert "Whole." in page.html


async def test_a_room_whose_journal_is_gone_says_so_and_can_be_made_anew(served: Served) -> None:
    served.journal.unlink()

    async with served.open() as visitor:
        empty = await visitor.look("ana")
        await visitor.post("/reset")
        fresh = await visitor.look("ana")

    assert "“Reset the room” under More starts afresh" in empty.text
    assert "Photographer of things made by hand" not in empty.pane("ana")
    assert "Photographer of things made by hand" in fresh.pane("ana")


async def test_a_first_evening_that_was_broken_off_is_begun_again(served: Served) -> None:
    lines = served.journal.read_bytes().splitlines(keepends=True)
    served.journal.write_bytes(b"".join(line for line in lines if b'"name":"ready"' not in line))

    async with served.open() as visitor:
        page = await visitor.look("elif")

    assert "Web developer of small sites" in page.pane("elif")

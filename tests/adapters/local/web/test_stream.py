"""The stream: what changes reaches every page that shows it, once, from where that page stood, restarts included."""

from collections.abc import AsyncIterator

from tests.adapters.local.web.visiting import Event, Served, Visitor


async def until(events: AsyncIterator[Event], what: str) -> Event:
    while (event := await anext(events)).what != what:
        pass
    return event


async def standing_at(visitor: Visitor) -> str:
    page = await visitor.look()
    return page.html.partition('data-last="')[2].partition('"')[0]


async def test_a_message_reaches_every_seat_that_sees_it_and_says_for_whom(visitor: Visitor) -> None:
    after = await standing_at(visitor)
    async with visitor.listening("ana", "carla", after=after) as events:
        await visitor.type("ben", "Good morning.")
        told = [await until(events, "message") for _ in range(2)]

    assert {(event.told["seat"], event.told["says"]) for event in told} == {
        ("ana", "New for Ana Duarte: Good morning."),
        ("carla", "New for Carla Rossi: Good morning."),
    }
    assert all("Good morning." in event.told["html"] for event in told)


async def test_what_is_private_reaches_nobody_else(visitor: Visitor) -> None:
    after = await standing_at(visitor)
    async with visitor.listening("carla", after=after) as events:
        await visitor.type("ben", "/intros card")
        await visitor.type("ben", "And now in the channel.")
        event = await until(events, "message")

    assert "And now in the channel." in event.told["html"]


async def test_a_page_that_was_away_hears_what_it_missed(visitor: Visitor) -> None:
    after = await standing_at(visitor)
    await visitor.type("ben", "One.")
    await visitor.type("ben", "Two.")

    async with visitor.listening("ana", after=after) as events:
        missed = [await until(events, "message") for _ in range(2)]
    async with visitor.listening("ana", **{"Last-Event-ID": missed[0].id}) as events:
        rest = await until(events, "message")

    assert ["One." in missed[0].told["html"], "Two." in missed[1].told["html"]] == [True, True]
    assert "Two." in rest.told["html"]


async def test_a_page_that_was_away_for_long_is_told_to_load_itself_anew(visitor: Visitor) -> None:
    for after in (
        "",
        "elsewhere.1",
        "nonsense",
        "x." + "9" * 50,
        f"{(await standing_at(visitor)).split('.')[0]}.999999",
    ):
        async with visitor.listening("ana", after=after) as events:
            assert (await anext(events)).what == "reload"


async def test_a_question_raises_the_number_of_what_waits(visitor: Visitor) -> None:
    async with visitor.listening("ben", after=await standing_at(visitor)) as events:
        await visitor.post("/story", do="start", ending="agreed")
        for _ in range(3):
            await visitor.post("/story", do="next")
        event = await until(events, "waiting")

    assert event.told["counts"]["ben"] == 1
    assert '<span data-count="ben">1</span>' in (await visitor.look("ben")).pane("ben")


async def test_a_form_opens_and_closes_on_every_page_of_the_seat(visitor: Visitor) -> None:
    async with visitor.listening("ana", after=await standing_at(visitor)) as events:
        opened = await visitor.type("ana", "/ask")
        shown = await until(events, "form")
        await visitor.post("/close", seat="ana", form=shown.told["form"])
        gone = await until(events, "form")

    assert shown.told["form"] == opened.answer.json()["form"]
    assert "<dialog" in shown.told["html"]
    assert gone.told["form"] == ""


async def test_a_stream_ends_when_the_room_closes(served: Served) -> None:
    async with served.open() as visitor, visitor.listening("ana", after=await standing_at(visitor)) as events:
        served.stop.set()

        assert [event async for event in events] == []

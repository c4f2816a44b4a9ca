"""An ask from its words to its close, and the two ways to answer it."""

from datetime import timedelta

from tests.app.club import ANA, BEN, CARLA, Club

NEED = "somebody who can cost a kitchen before I quote it"


async def posted(club: Club) -> None:
    await club.table.types(BEN, f"/ask {NEED}")
    await club.scenes.press(BEN, "post_ask")


async def test_an_ask_is_previewed_and_then_stands_in_the_channel_with_its_two_buttons(club: Club) -> None:
    await club.table.types(BEN, f"/ask {NEED}")
    before = club.seen(CARLA)

    await club.scenes.press(BEN, "post_ask")

    assert NEED not in before
    assert NEED in club.last(CARLA)
    assert {b.verb for b in club.table.room.in_view(CARLA)[-1].buttons} == {"refer_for_ask", "help_with_ask"}


async def test_referring_for_an_ask_starts_with_the_seeker_and_the_need_known(club: Club) -> None:
    await posted(club)

    reply = await club.scenes.press(ANA, "refer_for_ask")

    assert reply.form is not None
    shown = {f.key: f.value for f in reply.form.fields}
    assert (shown["seeker"], shown["need"]) == (BEN, NEED)


async def test_the_one_who_posted_the_ask_is_asked_after_the_provider(club: Club) -> None:
    await posted(club)
    await club.scenes.press(ANA, "refer_for_ask")
    await club.table.sends(ANA, {"provider": CARLA, "why": "she has kept my books for years", "basis": "direct"})
    await club.scenes.press(ANA, "need_yes", "fit_yes", "ask_them")
    if club.table.room.form_of(ANA):
        await club.table.sends(ANA, {"seeker_blind": "Runs a small workshop"})
        await club.scenes.press(ANA, "ask_them")
    before = club.seen(BEN)

    await club.scenes.press(CARLA, "yes")

    assert "May I introduce" not in before
    assert "introduce" in club.last(BEN)


async def test_offering_help_asks_the_seeker_alone_and_closes_the_ask_when_it_is_served(club: Club) -> None:
    await posted(club)
    reply = await club.scenes.press(CARLA, "help_with_ask")
    assert reply.form is not None
    await club.table.sends(CARLA, {"why": "I cost kitchens every week."})

    await club.scenes.press(BEN, "yes")
    await club.table.wait(timedelta(minutes=1))

    assert "I cost kitchens every week." in club.last(BEN)
    await club.table.types(BEN, "/intros mine")
    assert "close_ask" not in club.last(BEN)


async def test_closing_leaves_nothing_of_the_ask_but_the_word_closed(club: Club) -> None:
    await posted(club)
    await club.table.types(BEN, "/intros mine")

    await club.scenes.press(BEN, "close_ask")

    assert NEED not in club.seen(ANA)


async def test_an_ask_ends_with_its_last_day(club: Club) -> None:
    await club.table.types(BEN, "/ask")
    await club.table.sends(BEN, {"need": NEED, "ends_on": "2026-11-18"})
    await club.scenes.press(BEN, "post_ask")

    await club.table.wait(timedelta(days=4))

    assert NEED not in club.seen(ANA)


async def test_a_day_that_is_none_is_said_at_its_field(club: Club) -> None:
    await club.table.types(BEN, "/ask")

    reply = await club.table.sends(BEN, {"need": NEED, "ends_on": "tomorrow"})

    assert set(reply.errors) == {"ends_on"}
    assert reply.form is not None
    assert next(f.value for f in reply.form.fields if f.key == "need") == NEED


async def test_helping_oneself_is_refused_kindly(club: Club) -> None:
    await posted(club)

    reply = await club.scenes.press(BEN, "help_with_ask")

    assert reply.form is None


async def test_i_can_refer_someone_on_a_message_takes_its_author_and_text(club: Club) -> None:
    said = club.table.writes(BEN, "Does anybody know an accountant?")

    reply = await club.table.picks(ANA, said)

    assert reply.form is not None
    shown = {f.key: f.value for f in reply.form.fields}
    assert (shown["seeker"], shown["need"]) == (BEN, "Does anybody know an accountant?")


async def test_a_card_that_stands_for_months_can_still_be_closed_in_the_channel(club: Club) -> None:
    await posted(club)
    await club.table.wait(timedelta(days=60))
    await club.bot.purge()
    await club.table.types(BEN, "/intros mine")

    await club.scenes.press(BEN, "close_ask")

    assert NEED not in club.seen(ANA)

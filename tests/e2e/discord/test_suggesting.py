"""Suggesting two people to each other: by command, from a message, from a person; what was typed is never lost."""

import pytest

from adapters.local.clock import StoryClock
from adapters.local.scenes import BETTER, DRAFT
from bot.domain.events import EventKind
from tests.discord.cast import ANA, BEN, BOT, CARLA, ELIF, FELIX, INTRODUCTIONS, OTHER_BOT, RANDOM
from tests.discord.server import DiscordServer
from tests.discord.state import CannotError
from tests.e2e.discord.beginnings import NEED, WHY, begin, draft, meet, write_card
from tests.e2e.discord.hall import MENU, Hall, open_hall

NOBODY = {
    "herself": (ANA, "You cannot refer yourself."),
    "the bot": (BOT, "This is a bot."),
    "another bot": (OTHER_BOT, "This is a bot."),
    "somebody who is not in the server": (FELIX, "This account is switched off."),
    "the same person again": (BEN, "Both are the same person."),
}


async def test_whoever_is_named_in_the_command_stands_in_the_form_and_opening_it_writes_nothing(hall: Hall) -> None:
    await begin(hall, ANA)
    before = await hall.events()
    named = {"both": {"seeker": BEN, "provider": CARLA}, "one": {"provider": CARLA}, "nobody": {}}

    for at in (INTRODUCTIONS, None):
        for options in named.values():
            answered = await hall.types(ANA, "refer", at=at, **options)

            assert (answered.kind, hall.form(ANA).title) == ("modal", "Refer someone")
            expected = {"seeker": "", "provider": "", "need": "", "why": "", "basis": "none"}
            assert hall.typed(ANA) == {**expected, **options}

    assert await hall.events() == before


async def test_a_message_and_a_person_become_a_form_by_their_menus(hall: Hall) -> None:
    await begin(hall, ANA)
    (hello,) = hall.view.messages(INTRODUCTIONS)
    asked = hall.people.write(BEN, INTRODUCTIONS, f"Does <@{CARLA}> or anybody know <#{RANDOM}> a good accountant?")
    long = hall.people.write(BEN, INTRODUCTIONS, "word " * 390)

    await hall.after(await hall.people.on_message(ANA, MENU, asked))
    assert (hall.typed(ANA)["seeker"], hall.form(ANA).title) == (BEN, "Refer someone")
    assert "a good accountant?" in str(hall.typed(ANA)["need"])
    assert "<" not in str(hall.typed(ANA)["need"])

    await hall.after(await hall.people.on_user(ANA, INTRODUCTIONS, MENU, BEN))
    assert (hall.typed(ANA)["seeker"], hall.typed(ANA)["need"]) == (BEN, "")

    await hall.after(await hall.people.on_message(ANA, MENU, long))
    need = hall.form(ANA).field("need")
    assert isinstance(need.value, str)
    assert 500 < len(need.value) <= need.most

    await hall.after(await hall.people.on_message(ANA, MENU, hello))
    assert hall.typed(ANA)["seeker"] == ""
    assert "This is a bot. Choose a person." in str(hall.form(ANA).field("seeker").description)


async def test_the_preview_is_for_its_sender_alone_and_changes_in_its_place(hall: Hall) -> None:
    await meet(hall)
    before = {user: hall.view.in_view(user) for user in (BEN, CARLA, ELIF)}

    preview = await draft(hall)
    assert preview.ephemeral
    for words in ("Your draft", "@Ben Okafor", "@Carla Rossi", NEED, WHY):
        assert words in preview.shown
    await hall.press(ANA, "They need this", "They fit", "Write a better introduction")
    await hall.sends(ANA, BETTER)
    assert BETTER["result"] in hall.told()
    again = await hall.press(ANA, "Edit")
    assert (again.kind, hall.typed(ANA)["need"]) == ("modal", NEED)
    await hall.sends(ANA, {"need": "Another need of his."})
    await hall.press(ANA, "keep_lead", "upgrade", "discard")

    assert "Your draft" not in hall.shown(ANA)
    assert {user: hall.view.in_view(user) for user in before} == before
    kinds = [EventKind.LEAD_KEPT, EventKind.LEAD_UPGRADED, EventKind.DISCARDED]
    assert (await hall.kinds())[-3:] == kinds


async def test_whoever_cannot_be_introduced_is_said_above_the_words_which_are_kept(hall: Hall) -> None:
    await begin(hall, ANA, BEN, CARLA)
    await hall.types(ANA, "refer", seeker=BEN)
    refused = await hall.sends(ANA, {**DRAFT, "provider": ANA})

    for who, sentence in NOBODY.values():
        refused = await hall.sends_again(ANA, {"provider": who})

        assert refused.kind == "update"
        assert hall.told().startswith("Who can help?")
        for words in (sentence, NEED, WHY):
            assert words in hall.told()

    taken = await hall.sends_again(ANA, {"provider": CARLA})
    assert refused.message is not None
    assert taken.message is not None
    assert taken.message.id == refused.message.id
    assert "Your draft" in hall.told()
    assert "Both are the same person." not in hall.told()
    assert len(hall.view.ephemerals_of(ANA)) == 2


async def test_several_errors_stand_together_and_nothing_takes_more_than_its_field(hall: Hall) -> None:
    await begin(hall, ANA, BEN, CARLA)
    await hall.types(ANA, "refer", seeker=BEN, provider=CARLA)
    most = hall.form(ANA).field("need").most

    with pytest.raises(CannotError, match=f"to {most}"):
        await hall.people.submit(ANA, {"need": "x" * (most + 1), "why": WHY})
    refused = await hall.sends(ANA, {**DRAFT, "need": "See https://example.org", "why": "Write to ada@example.org"})

    assert refused.message is not None
    assert ("leave out the link" in hall.told(), "leave out the address" in hall.told()) == (True, True)
    assert [len(hall.form(ANA).fields) for _ in [await hall.press(ANA, "Edit")]] == [5]
    assert hall.typed(ANA)["need"] == "See https://example.org"
    assert hall.typed(ANA)["why"] == "Write to ada@example.org"
    assert hall.typed(ANA)["basis"] == "direct"


async def test_forms_and_what_was_refused_in_them_survive_a_restart_and_two_people_at_once(
    discord_server: DiscordServer, discord_clock: StoryClock, database: str
) -> None:
    async with open_hall(discord_server, discord_clock, database) as hall:
        await begin(hall, ANA, BEN, CARLA)
        await hall.types(ANA, "refer", seeker=BEN, provider=CARLA)
        await hall.types(CARLA, "refer", seeker=BEN, provider=CARLA)
        await hall.sends(CARLA, {"need": NEED, "why": WHY})
        key = hall.club.key

    async with open_hall(discord_server, discord_clock, database, key=key) as hall:
        await hall.sends(ANA, DRAFT)
        assert "Your draft" in hall.told()
        assert NEED in hall.told()
        await hall.press(CARLA, "Edit")
        assert (hall.typed(CARLA)["need"], hall.typed(CARLA)["why"]) == (NEED, WHY)
        await hall.press(ANA, "Edit")
        await hall.sends(CARLA, {"provider": ANA, "need": "He wants photographs."})
        await hall.sends(ANA, {"need": "He wants his books done."})

        assert "He wants photographs." in hall.shown(CARLA)
        assert "He wants his books done." in hall.shown(ANA)
        assert "He wants his books done." not in hall.shown(CARLA)


async def test_a_refused_form_in_another_script_is_whole_when_it_is_opened_again(hall: Hall) -> None:
    await begin(hall, ANA, BEN, CARLA)
    await hall.types(ANA, "refer", seeker=BEN, provider=BEN)
    words = {one.custom_id: ("語" * one.most)[: one.most] for one in hall.form(ANA).fields if one.kind == "text"}

    refused = await hall.sends(ANA, words)

    assert refused.message is not None
    assert "Both are the same person." in hall.told()
    await hall.press(ANA, "Edit")
    assert {key: hall.typed(ANA)[key] for key in words} == words


async def test_somebody_who_has_not_joined_is_not_asked_and_there_is_a_sentence_to_pass_on(hall: Hall) -> None:
    await begin(hall, ANA, CARLA)
    await write_card(hall, CARLA)

    await draft(hall)
    await hall.press(ANA, "need_yes", "fit_yes", "ask_them")

    assert "@Ben Okafor has not joined yet, so I may not ask them." in hall.shown(ANA)
    assert "type /intros join." in hall.shown(ANA)
    assert hall.view.dm_of(BEN) == ()
    await hall.types(BEN, "intros join")
    await hall.press(ANA, "ask_them")
    assert NEED in hall.last(BEN).shown


async def test_where_there_is_no_group_that_is_said_to_its_author_alone(hall: Hall) -> None:
    await begin(hall, ANA)

    for command in ("refer", "ask", "intros mine", "intros find"):
        options = {"words": "books"} if command == "intros find" else {}
        answered = await hall.types(ANA, command, at=RANDOM, **options)
        assert answered.message is not None
        assert answered.message.ephemeral
        assert "There is no group here yet." in hall.told()
    assert hall.view.messages(RANDOM) == ()

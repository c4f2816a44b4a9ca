"""Suggesting two people to each other: by command, from a message, by shortcut; an error stands at its field."""

import pytest

from adapters.local.scenes import BETTER, DRAFT
from adapters.slack.ids import REFER_FROM_MESSAGE
from bot.domain.events import EventKind
from tests.e2e.slack.beginnings import NEED, WHY, begin, draft, meet
from tests.e2e.slack.town import Town
from tests.slack.cast import (
    ANA,
    BEN,
    BOT_USER,
    CARLA,
    ELIF,
    FELIX,
    GUEST,
    INTRODUCTIONS,
    OTHER_BOT,
    OUTSIDER,
    RANDOM,
    SLACKBOT,
    STRANGER,
    VISITOR,
)
from tests.slack.state import CannotError

MAKERS = "C5"
NOBODY = {
    "herself": (ANA, "You cannot refer yourself."),
    "the bot": (BOT_USER, "This is a bot."),
    "another bot": (OTHER_BOT, "This is a bot."),
    "Slackbot": (SLACKBOT, "This is a bot."),
    "somebody whose account is closed": (FELIX, "This account is switched off."),
    "a guest": (GUEST, "This is a guest account"),
    "a guest of one channel": (VISITOR, "This is a guest account"),
    "somebody of another workspace": (STRANGER, "This person is from another workspace."),
    "somebody nobody here can see": (OUTSIDER, "This person is from another workspace."),
    "the same person again": (BEN, "Both are the same person."),
}


def typed(town: Town, user: str) -> dict[str, object]:
    """Return what stands in the fields of the form in front of somebody."""
    return {field.block_id: field.value for field in town.form(user).fields}


async def test_people_who_are_mentioned_in_the_command_stand_in_the_form(town: Town) -> None:
    await begin(town, ANA)

    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi needs his books done")

    assert town.form(ANA).title == "Refer someone"
    expected = {"seeker": BEN, "provider": CARLA, "need": "needs his books done", "why": "", "basis": "none"}
    assert typed(town, ANA) == expected


async def test_the_command_alone_opens_an_empty_form_and_writes_nothing(town: Town) -> None:
    await begin(town, ANA)
    before = await town.events()

    await town.types(ANA, "/refer")

    assert set(typed(town, ANA).values()) == {"", "none"}
    assert await town.events() == before


async def test_the_preview_is_a_direct_message_that_nobody_else_sees(town: Town) -> None:
    await meet(town)

    preview = await draft(town)

    assert (preview.place, preview.ephemeral) == ("dm", False)
    for words in ("Your draft", "@Ben Okafor", "@Carla Rossi", NEED, WHY):
        assert words in preview.shown
    assert [seen for user in (BEN, CARLA, ELIF) for seen in town.world.in_view(user) if NEED in seen.shown] == []


async def test_a_message_of_somebody_becomes_a_form_with_its_author_and_its_words(town: Town) -> None:
    await begin(town, ANA)
    message = town.people.write(BEN, INTRODUCTIONS, "Does anybody know a good accountant?")

    await town.after(await town.people.pick_message(ANA, message, REFER_FROM_MESSAGE))

    assert typed(town, ANA)["seeker"] == BEN
    assert typed(town, ANA)["need"] == "Does anybody know a good accountant?"
    assert town.world.messages(INTRODUCTIONS)[-1].shown == "Does anybody know a good accountant?"


async def test_a_message_of_the_bots_has_no_author_to_refer(town: Town) -> None:
    await begin(town, ANA)
    hello = town.world.messages(INTRODUCTIONS)[0]

    await town.after(await town.people.pick_message(ANA, hello, REFER_FROM_MESSAGE))

    assert typed(town, ANA)["seeker"] == ""
    assert "This is a bot. Choose a person." in town.form(ANA).shown


async def test_the_shortcut_opens_the_form_for_the_only_group_one_is_in(town: Town) -> None:
    await begin(town, ANA)

    await town.after(await town.people.global_shortcut(ANA, "refer_new"))

    assert town.form(ANA).title == "Refer someone"


async def test_the_shortcut_asks_which_of_several_groups_is_meant(town: Town) -> None:
    town.world.add_channel(MAKERS, "makers", {ANA, BEN, CARLA, "U0DAVID", BOT_USER})
    await begin(town, ANA)
    await begin(town, ANA, at=MAKERS)

    await town.after(await town.people.global_shortcut(ANA, "refer_new"))
    which = town.last(ANA)
    await town.press(ANA, which.labels[1], on=which)

    assert which.place == "dm"
    assert "You are in several groups. Which one do you mean?" in which.shown
    assert "#introductions" in which.shown
    assert "#makers" in which.shown
    assert len(which.buttons) == 2
    assert town.form(ANA).title == "Refer someone"


async def test_a_command_in_a_direct_message_is_for_the_only_group_one_is_in(town: Town) -> None:
    await begin(town, ANA)

    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi", at=None)

    assert typed(town, ANA)["provider"] == CARLA


async def test_where_there_is_no_group_the_command_says_so_to_its_author_alone(town: Town) -> None:
    await begin(town, ANA)

    await town.types(ANA, "/refer", at=RANDOM)

    assert town.last(ANA).ephemeral
    assert "There is no group here yet." in town.last(ANA).shown
    assert town.world.messages(RANDOM) == ()


@pytest.mark.parametrize("name", list(NOBODY))
async def test_whoever_cannot_be_introduced_is_said_at_the_field_and_the_words_are_kept(town: Town, name: str) -> None:
    who, sentence = NOBODY[name]
    await begin(town, ANA, BEN, CARLA)
    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi")

    await town.sends(ANA, {**DRAFT, "provider": who})

    shown = _at_field(town, "provider")
    assert sentence in shown
    assert (typed(town, ANA)["need"], typed(town, ANA)["why"]) == (NEED, WHY)
    await town.sends(ANA, {"provider": CARLA})
    assert town.world.modals_of(ANA) == ()
    assert NEED in town.last(ANA).shown
    assert sentence not in town.last(ANA).shown


async def test_a_second_error_takes_the_place_of_the_first(town: Town) -> None:
    await begin(town, ANA, BEN, CARLA)
    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi")
    await town.sends(ANA, {**DRAFT, "provider": GUEST})

    await town.sends(ANA, {"provider": FELIX})

    assert "switched off" in _at_field(town, "provider")
    assert "guest account" not in town.form(ANA).shown


async def test_several_errors_are_shown_at_once_each_at_its_field(town: Town) -> None:
    await begin(town, ANA, BEN, CARLA)
    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi")

    await town.sends(ANA, {**DRAFT, "need": "See https://example.org", "why": "Write to ada@example.org"})

    assert "leave out the link" in _at_field(town, "need")
    assert "leave out the address" in _at_field(town, "why")
    assert typed(town, ANA)["need"] == "See https://example.org"


async def test_a_guest_named_in_the_command_is_said_at_the_field_at_once(town: Town) -> None:
    await begin(town, ANA)

    await town.types(ANA, "/refer", "@Ben Okafor @Gus Guest")

    assert "This is a guest account" in town.form(ANA).field("provider").hint
    assert typed(town, ANA)["seeker"] == BEN


async def test_no_field_takes_more_than_its_limit(town: Town) -> None:
    await begin(town, ANA)
    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi")
    most = town.form(ANA).field("need").max_length

    with pytest.raises(CannotError, match=f"takes {most} characters"):
        await town.sends(ANA, {**DRAFT, "need": "x" * (most + 1)})


async def test_a_message_over_the_limit_is_cut_in_the_form_and_does_not_stop_it(town: Town) -> None:
    await begin(town, ANA)
    message = town.people.write(BEN, INTRODUCTIONS, "word " * 700)

    await town.after(await town.people.pick_message(ANA, message, REFER_FROM_MESSAGE))

    need = town.form(ANA).field("need")
    assert isinstance(need.value, str)
    assert 500 < len(need.value) <= need.max_length


async def test_the_filter_and_the_second_form_change_the_preview_in_its_place(town: Town) -> None:
    await meet(town)
    preview = await draft(town)

    await town.press(ANA, "They need this", "They fit")
    await town.press(ANA, "Write a better introduction")
    await town.sends(ANA, {key: words for key, words in BETTER.items() if key != "first_move"})

    shown = [seen for seen in town.world.dm_of(ANA) if "Your draft" in seen.shown]
    assert shown[0].ts == preview.ts
    assert shown[0].edited
    assert BETTER["result"] in shown[-1].shown


async def test_a_draft_can_be_edited_kept_as_a_lead_taken_up_again_and_discarded(town: Town) -> None:
    await meet(town)
    await draft(town)

    await town.press(ANA, "Edit")
    assert typed(town, ANA)["need"] == NEED
    await town.sends(ANA, {"need": "Another need of his."})
    await town.press(ANA, "keep_lead")
    await town.press(ANA, "upgrade")
    await town.press(ANA, "discard")

    assert "Another need of his." not in town.shown(BEN) + town.shown(CARLA)
    assert [event.kind for event in await town.events()][-3:] == [
        EventKind.LEAD_KEPT,
        EventKind.LEAD_UPGRADED,
        EventKind.DISCARDED,
    ]


async def test_somebody_who_has_not_joined_is_not_asked_and_there_is_a_sentence_to_pass_on(town: Town) -> None:
    await meet(town)
    await town.press(BEN, "Leave")
    before = town.world.in_view(BEN)

    await draft(town)
    await town.press(ANA, "need_yes", "fit_yes", "ask_them")

    assert "@Ben Okafor has not joined yet, so I may not ask them." in town.shown(ANA)
    assert "type /intros join." in town.shown(ANA)
    assert town.world.in_view(BEN) == before


def _at_field(town: Town, key: str) -> str:
    """Return the error people see at a field: below it, or in the line above it."""
    modal = town.form(ANA)
    if key in modal.errors:
        return modal.errors[key]
    blocks = modal.view["blocks"]
    place = next(index for index, block in enumerate(blocks) if block.get("block_id") == key)
    above = blocks[place - 1] if place else {}
    return str(above) if above.get("type") == "rich_text" else ""

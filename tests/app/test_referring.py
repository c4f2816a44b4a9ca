"""What a referrer can do, and the sentence for each thing that cannot be."""

import pytest

from adapters.local.people import FELIX, THE_BOT
from adapters.local.scenes import BETTER, BLIND, DRAFT
from bot.domain.ids import EventId
from bot.ports.inbound import Origin, Slash, Submit
from bot.ports.messages import FieldKind
from tests.app.club import ANA, BEN, CARLA, DAVID, Club, text_of


async def test_refer_opens_a_form_with_the_people_and_words_of_the_command_and_writes_nothing(club: Club) -> None:
    reply = await club.table.types(ANA, "/refer @ben @carla books in order")

    assert reply.form is not None
    assert {f.key: f.value for f in reply.form.fields if f.kind is FieldKind.MEMBER} == {
        "seeker": "ben",
        "provider": "carla",
    }
    assert next(f.value for f in reply.form.fields if f.key == "need") == "books in order"
    await club.table.types(ANA, "/intros mine")
    assert "show_draft" not in club.last(ANA)


@pytest.mark.parametrize(
    ("typed", "field", "word"),
    [
        ({"seeker": THE_BOT}, "seeker", "bot"),
        ({"provider": FELIX}, "provider", "switched off"),
        ({"seeker": "nobody"}, "seeker", "cannot find"),
        ({"provider": BEN}, "provider", "same"),
        ({"provider": ANA}, "provider", "yourself"),
        ({"need": "x" * 700}, "need", "600"),
        ({"need": "call 0171 555 01 99"}, "need", ""),
        ({"why": "see https://example.org"}, "why", ""),
        ({"why": "ask @everyone"}, "why", ""),
        ({"why": ""}, "why", ""),
    ],
    ids=["bot", "deactivated", "unknown", "same", "self", "long", "phone", "link", "mention", "missing"],
)
async def test_wrong_input_is_said_at_its_field_and_loses_nothing_typed(
    club: Club, typed: dict[str, str], field: str, word: str
) -> None:
    await club.table.types(ANA, "/refer @ben @carla")

    reply = await club.table.sends(ANA, {**DRAFT, **typed})

    assert word.casefold() in reply.errors[field].casefold()
    assert reply.form is not None
    shown = {f.key: f.value for f in reply.form.fields}
    assert {key: shown[key] for key in ("need", "why")} == {key: {**DRAFT, **typed}[key] for key in ("need", "why")}


async def test_a_form_with_an_error_is_stored_as_the_draft_all_the_same(club: Club) -> None:
    await club.table.types(ANA, "/refer @ben @carla")
    await club.table.sends(ANA, {**DRAFT, "why": ""})

    await club.table.types(ANA, "/intros mine")

    await club.scenes.press(ANA, "show_draft")
    assert DRAFT["need"] in club.last(ANA)


async def test_nobody_can_be_asked_before_both_filter_questions_are_answered(club: Club) -> None:
    await club.scenes.draft()

    with pytest.raises(Exception, match="not offered ask_them"):
        await club.scenes.press(ANA, "ask_them")


async def test_a_no_in_the_filter_makes_a_private_lead_that_can_be_taken_up_again(club: Club) -> None:
    await club.table.types(ANA, "/refer @ben @carla")
    await club.table.sends(ANA, DRAFT)

    await club.scenes.press(ANA, "need_yes", "fit_no")
    await club.scenes.press(ANA, "upgrade", "need_yes", "fit_yes")

    assert any(b.verb == "ask_them" for standing in club.table.room.in_view(ANA) for b in standing.buttons)
    assert "books" not in club.seen(CARLA).casefold().replace("your books", "")


async def test_a_description_that_names_them_is_refused_at_its_field(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.press(ANA, "need_yes", "fit_yes", "role_only", "ask_them")

    reply = await club.table.sends(ANA, {**BLIND, "seeker_blind": "Ben, who builds kitchens"})

    assert set(reply.errors) == {"seeker_blind"}


async def test_somebody_outside_the_chat_keeps_the_draft_and_asks_nobody(club: Club) -> None:
    await club.table.types(ANA, "/refer")
    await club.table.sends(ANA, {**DRAFT, "seeker": "", "provider": CARLA})
    await club.scenes.press(ANA, "need_yes", "fit_yes")

    await club.scenes.press(ANA, "ask_them")

    assert "draft" in club.last(ANA).casefold()
    assert "May I introduce" not in club.seen(CARLA)


async def test_a_fit_check_shows_the_description_alone_and_a_yes_makes_the_draft_ready(club: Club) -> None:
    await club.table.types(ANA, "/refer @ben @carla")
    await club.table.sends(ANA, DRAFT)
    await club.scenes.press(ANA, "need_yes", "fit_unsure", "check_fit")
    await club.table.sends(ANA, {"seeker_blind": BLIND["seeker_blind"]})
    await club.scenes.press(ANA, "check_fit")

    asked = club.last(CARLA)
    await club.scenes.press(CARLA, "yes")

    assert BLIND["seeker_blind"] in asked
    assert DRAFT["need"] not in asked
    assert "ben" not in asked.casefold()
    assert any(b.verb in ("ask_them", "show_draft") for s in club.table.room.in_view(ANA) for b in s.buttons)


async def test_the_same_event_again_gets_the_first_answer_and_changes_nothing(club: Club) -> None:
    origin = Origin(EventId("again"), club.table.room.workspace, ANA, club.table.room.channel)
    form = (await club.says(Slash(origin, "refer", people=(BEN, CARLA)))).form
    assert form is not None
    submit = Submit(origin, form.verb, form.ref, {"seeker": BEN, "provider": CARLA, **DRAFT})

    replies = [await club.says(submit) for _ in range(5)]

    assert {text_of(reply.message) for reply in replies} == {text_of(replies[0].message)}
    await club.table.types(ANA, "/intros mine")
    assert club.last(ANA).count("show_draft") == 1


async def test_a_member_without_a_group_is_told_where_to_go(club: Club) -> None:
    origin = Origin(EventId("elsewhere"), club.table.room.workspace, DAVID, None)
    await club.table.types(DAVID, "/intros leave")

    reply = await club.says(Slash(origin, "refer"))

    assert "channel" in text_of(reply.message)


async def test_a_provider_who_has_not_joined_keeps_the_draft_waiting(club: Club) -> None:
    await club.table.types(CARLA, "/intros leave")
    await club.scenes.draft()

    await club.scenes.press(ANA, "need_yes", "fit_yes", "ask_them")

    assert "join" in club.last(ANA).casefold()
    assert "May I introduce" not in club.seen(BEN)


async def test_a_better_introduction_is_what_both_sides_read_word_for_word(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()

    await club.scenes.press(ANA, "ask_them")

    assert all(words in club.seen(BEN) for words in BETTER.values())

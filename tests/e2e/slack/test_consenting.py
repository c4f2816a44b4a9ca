"""The private question: its answers, its forms, what changes in its place, and what nobody else sees of it."""

from datetime import timedelta

import pytest

from bot.domain.events import EventKind
from tests.e2e.slack.beginnings import NEED, WHY, ask_ben, ask_carla, draft, meet, question_of, standing, write_card
from tests.e2e.slack.town import Town, verb_of
from tests.slack.cast import ANA, BEN, CARLA, ELIF, INTRODUCTIONS, OWNER

UNDO = timedelta(seconds=30)
HALF = timedelta(days=1, hours=12)
WINDOW = timedelta(days=3)
LONG_AFTER = timedelta(days=7)


async def kinds(town: Town) -> list[EventKind]:
    return [event.kind for event in await town.events()]


async def test_the_question_holds_all_that_one_should_know_and_its_buttons(town: Town) -> None:
    question = await ask_ben(town)

    assert question.place == "dm"
    for words in ("@Ana Duarte", "@Carla Rossi", NEED, WHY, "A no is private and fine", "run by The test"):
        assert words in question.shown
    assert question.labels == (
        "Yes, introduce us",
        "Yes, but…",
        "No, thanks",
        "We already know each other",
        "Not now",
        "Ask the referrer something",
        "Block…",
        "Report",
    )
    assert {button.raw.get("style") for button in question.buttons} == {None}


@pytest.mark.parametrize(
    ("verb", "answer"),
    [("yes", "You said yes"), ("no", "You said no."), ("known", "already know each other"), ("not_now", "not now")],
)
async def test_an_answer_changes_the_question_in_its_place(town: Town, verb: str, answer: str) -> None:
    before = await ask_ben(town)

    await town.press(BEN, verb)

    after = standing(town, BEN, before)
    assert after.edited
    assert answer in after.shown
    assert "Yes, introduce us" not in after.labels


async def test_a_no_may_become_a_yes_until_the_deadline(town: Town) -> None:
    question = await ask_ben(town)

    await town.press(BEN, "no")
    await town.press(BEN, "Yes, after all")

    assert "You said yes" in standing(town, BEN, question).shown
    assert question_of(town, CARLA).shown


async def test_yes_but_asks_how_and_carla_reads_exactly_that(town: Town) -> None:
    await ask_ben(town)

    await town.press(BEN, "Yes, but…")
    assert town.form(BEN).title == "Yes, but…"
    how = {"seeker_terms": "By phone, after six.", "seeker_contact": "ben@example.org", "seeker_about": "I hate spam."}
    await town.sends(BEN, how)
    asked = question_of(town, CARLA)

    assert "By phone, after six." in asked.shown
    assert "I hate spam." in asked.shown
    assert "ben@example.org" not in asked.shown
    await town.press(CARLA, "yes")
    await town.wait(UNDO)
    (room,) = town.world.group_dms
    assert "ben@example.org" in town.world.messages(room.id)[0].shown


async def test_who_would_rather_be_written_to_is_not_introduced(town: Town) -> None:
    await ask_ben(town)

    await town.press(BEN, "yes_but")
    await town.sends(BEN, {"no_introduction": "yes"})
    await town.press(CARLA, "Yes, I will write")
    await town.wait(UNDO)

    assert town.world.group_dms == ()
    assert "@Ben Okafor" in town.last(CARLA).shown


@pytest.mark.parametrize("party", [BEN, CARLA])
async def test_a_question_to_the_referrer_and_its_answer_go_through_the_bot(town: Town, party: str) -> None:
    await (ask_ben if party == BEN else ask_carla)(town)

    await town.press(party, "Ask the referrer something")
    await town.sends(party, {town.form(party).fields[0].block_id: "How did you meet?"})
    assert "How did you meet?" in town.last(ANA).shown
    await town.press(ANA, "Answer")
    await town.sends(ANA, {town.form(ANA).fields[0].block_id: "At a fair."})

    assert "At a fair." in town.last(party).shown
    assert [user for user in (BEN, CARLA, ELIF) if user != party and "At a fair." in town.shown(user)] == []
    assert town.is_offered(party, "yes")


async def test_one_question_may_be_asked_and_the_second_gets_a_sentence(town: Town) -> None:
    question = await ask_ben(town)
    await town.press(BEN, "ask_referrer")
    await town.sends(BEN, {"seeker_question": "How did you meet?"})

    await town.press(BEN, "ask_referrer", on=question)
    if town.world.modals_of(BEN):
        await town.sends(BEN, {"seeker_question": "And where?"})

    assert "You have asked your one question." in town.last(BEN).shown
    assert "And where?" not in town.shown(ANA)


@pytest.mark.parametrize("party", [BEN, CARLA])
async def test_a_yes_can_be_taken_back_within_thirty_seconds_of_the_second(town: Town, party: str) -> None:
    await ask_carla(town)
    await town.press(CARLA, "yes")
    await town.wait(UNDO - timedelta(seconds=1))

    await town.press(party, "Undo")
    await town.wait(LONG_AFTER)

    assert town.world.group_dms == ()
    assert EventKind.INTRODUCED not in await kinds(town)


async def test_after_thirty_seconds_it_is_too_late_and_that_is_said_kindly(town: Town) -> None:
    await ask_carla(town)
    await town.press(CARLA, "yes")
    (on, _) = town.offer(CARLA, "undo")
    await town.wait(UNDO)

    await town.press(CARLA, "undo", on=on)

    assert "introduced, so this cannot change any more" in town.last(CARLA).shown
    assert len(town.world.group_dms) == 1


async def test_after_a_no_the_referrer_is_told_only_if_one_wishes_so(town: Town) -> None:
    await ask_ben(town)
    before = town.world.in_view(ANA)

    await town.press(BEN, "no")
    assert town.world.in_view(ANA) == before
    await town.press(BEN, "…and say why")
    await town.sends(BEN, {"reason": "I have somebody already."})

    assert "I have somebody already." in town.last(ANA).shown
    assert "I have somebody already." not in town.shown(CARLA)


async def test_somebody_elses_question_cannot_be_answered(town: Town) -> None:
    question = await ask_ben(town)
    log = await town.events()

    await town.forges(ELIF, question, "yes")

    assert "Das beantwortet jemand anderes. Es wurde nichts geändert." in town.last(ELIF).shown  # Elif's language
    assert standing(town, BEN, question) == question
    assert await town.events() == log


async def test_somebody_elses_form_is_not_taken(town: Town) -> None:
    question = await ask_ben(town)
    await town.press(BEN, "yes_but")
    log = await town.events()

    await town.steals(OWNER, BEN)

    assert "This is for somebody else to answer." in town.last(OWNER).shown
    assert standing(town, BEN, question) == question
    assert await town.events() == log


async def test_the_others_answer_leaves_ones_own_question_as_it_is(town: Town) -> None:
    await ask_carla(town)
    before = town.world.dm_of(BEN)

    await town.press(CARLA, "no")

    assert town.world.dm_of(BEN) == before
    assert town.is_offered(BEN, "undo")


async def test_a_withdrawal_closes_the_open_question_in_its_place(town: Town) -> None:
    question = await ask_carla(town)

    await town.types(ANA, "/intros", "mine")
    await town.press(ANA, "show_draft", "withdraw")

    after = standing(town, CARLA, question)
    assert after.shown == "This was withdrawn by the one who suggested it. There is nothing left to answer."
    assert (after.labels, after.edited) == ((), True)
    assert "has withdrawn the suggestion" in town.last(BEN).shown


async def test_one_reminder_comes_at_half_time_and_leads_to_the_question(town: Town) -> None:
    await ask_ben(town)

    await town.wait(HALF)
    reminder = town.last(BEN)
    await town.press(BEN, "Answer it")

    assert "still waits for you" in reminder.shown
    assert town.is_offered(BEN, "yes")
    await town.press(BEN, "yes")
    assert question_of(town, CARLA).shown


async def test_a_question_nobody_answers_closes_without_a_word_and_late_answers_are_met_kindly(town: Town) -> None:
    question = await ask_ben(town)

    await town.wait(WINDOW)
    assert standing(town, BEN, question).labels == ()
    assert "You did not answer, and that is fine." in standing(town, BEN, question).shown
    assert "closed without" not in town.shown(ANA)
    await town.press(BEN, "yes", on=question)

    assert "This question is closed, so nothing was changed." in town.last(BEN).shown
    await town.wait(LONG_AFTER)
    assert "has closed without an introduction" in town.last(ANA).shown
    assert "Ben" not in town.last(ANA).shown


async def test_two_unanswered_questions_end_in_a_quiet_break_with_three_buttons(town: Town) -> None:
    await ask_ben(town)
    await town.types(ELIF, "/intros", "join")
    await write_card(town, ELIF)
    await town.wait(LONG_AFTER)
    await draft(town, ELIF)
    await town.press(ANA, "need_yes", "fit_yes", "ask_them")
    await town.wait(WINDOW)

    asked = next(seen for seen in reversed(town.world.dm_of(BEN)) if len(seen.buttons) == 3)
    await town.press(BEN, "keep_me_in", on=asked)

    assert {verb_of(button) for button in asked.buttons} == {"keep_me_in", "ask_me_later", "stop_asking"}
    assert "Welcome back." in town.last(BEN).shown


async def test_nothing_of_a_question_is_ever_in_the_channel(town: Town) -> None:
    await meet(town)
    before = town.world.messages(INTRODUCTIONS)
    await draft(town)
    await town.press(ANA, "need_yes", "fit_yes", "ask_them")
    await town.press(BEN, "yes")
    await town.press(CARLA, "yes")
    await town.wait(LONG_AFTER)

    *as_before, week = town.world.messages(INTRODUCTIONS)
    assert tuple(as_before) == before
    assert week.text.startswith("The week in introductions")
    assert not week.pings, "the weekly post names nobody who did not ask for it"

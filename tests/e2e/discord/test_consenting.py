"""The private question: its answers, its forms, what changes in its place, and what nobody else sees of it."""

from datetime import timedelta

import pytest

from bot.domain.events import EventKind
from tests.discord.cast import ANA, BEN, CARLA, DAVID, ELIF, GUILD, INTRODUCTIONS, OWNER
from tests.e2e.discord.beginnings import NEED, WHY, ask_ben, ask_carla, draft, meet, question_of, standing, write_card
from tests.e2e.discord.hall import Hall, verb_of

UNDO = timedelta(seconds=30)
HALF = timedelta(days=1, hours=12)
WINDOW = timedelta(days=3)
LONG_AFTER = timedelta(days=7)
NOT_YOURS = "This is for somebody else to answer."
NICHT_DEINS = "Das beantwortet jemand anderes. Es wurde nichts geändert."


async def test_the_question_holds_all_that_one_should_know_and_its_buttons_weigh_the_same(hall: Hall) -> None:
    question = await ask_ben(hall)

    assert question.place == "dm"
    for words in (
        "@Ana Duarte",
        "@Carla Rossi",
        NEED,
        WHY,
        "A no is private and fine",
        "run by The test",
        "Moderators can read",
    ):
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
    assert {button.style for button in question.buttons} == {2}
    assert {button.custom_id.rpartition("@")[2] for button in question.buttons} == {GUILD}
    assert question.pings <= {BEN, ANA, CARLA}


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("no", "You said no."),
        pytest.param("known", "already know each other", marks=pytest.mark.long),
        pytest.param("not_now", "not now", marks=pytest.mark.long),
    ],
)
async def test_a_no_changes_the_question_in_its_place_and_may_become_a_yes(hall: Hall, verb: str, answer: str) -> None:
    question = await ask_ben(hall)
    before = {user: hall.view.in_view(user) for user in (ANA, CARLA)}

    await hall.press(BEN, verb)
    assert answer in standing(hall, question).shown
    assert "Yes, introduce us" not in standing(hall, question).labels
    assert {user: hall.view.in_view(user) for user in before} == before
    if verb == "no":
        await hall.press(BEN, "Yes, after all")

        assert "You said yes" in standing(hall, question).shown
        assert question_of(hall, CARLA).shown


async def test_yes_but_asks_how_and_carla_reads_exactly_that(hall: Hall) -> None:
    await ask_ben(hall)

    await hall.press(BEN, "Yes, but…")
    assert hall.form(BEN).title == "Yes, but…"
    how = {"seeker_terms": "By phone, after six.", "seeker_contact": "ben@example.org", "seeker_about": "I hate spam."}
    await hall.sends(BEN, how)
    asked = question_of(hall, CARLA)

    assert ("By phone, after six." in asked.shown, "I hate spam." in asked.shown) == (True, True)
    assert "ben@example.org" not in asked.shown
    await hall.press(CARLA, "yes")
    await hall.wait(UNDO)
    (room,) = hall.view.threads(INTRODUCTIONS)
    assert "ben@example.org" in hall.view.messages(room.id)[0].shown


async def test_who_would_rather_be_written_to_is_not_introduced(hall: Hall) -> None:
    await ask_ben(hall)

    await hall.press(BEN, "yes_but")
    await hall.sends(BEN, {"no_introduction": ["yes"]})
    await hall.press(CARLA, "Yes, I will write")
    await hall.wait(UNDO)

    assert hall.view.threads() == ()
    assert "@Ben Okafor" in hall.last(CARLA).shown


@pytest.mark.parametrize("party", [BEN, pytest.param(CARLA, marks=pytest.mark.long)])
async def test_one_question_to_the_referrer_and_its_answer_go_through_the_bot(hall: Hall, party: str) -> None:
    question = await (ask_ben if party == BEN else ask_carla)(hall)

    await hall.press(party, "Ask the referrer something")
    await hall.sends(party, {hall.form(party).fields[0].custom_id: "How did you meet?"})
    assert "How did you meet?" in hall.last(ANA).shown
    await hall.press(ANA, "Answer")
    await hall.sends(ANA, {hall.form(ANA).fields[0].custom_id: "At a fair."})
    assert "At a fair." in hall.last(party).shown
    assert [user for user in (BEN, CARLA, ELIF) if user != party and "At a fair." in hall.shown(user)] == []

    asked_again = await hall.press(party, "ask_referrer", on=question)
    if asked_again.kind == "modal":
        await hall.sends(party, {hall.form(party).fields[0].custom_id: "And where?"})
    assert "You have asked your one question." in hall.told()
    assert "And where?" not in hall.shown(ANA)
    assert hall.is_offered(party, "yes")


async def test_a_yes_can_be_taken_back_for_thirty_seconds_and_then_it_is_said_kindly_that_it_is_late(
    hall: Hall,
) -> None:
    await ask_carla(hall)
    await hall.press(CARLA, "yes")
    await hall.wait(UNDO - timedelta(seconds=1))
    (on, _) = hall.offer(CARLA, "undo")

    await hall.press(BEN, "Undo")
    await hall.wait(timedelta(seconds=5))
    assert hall.view.threads() == ()
    await hall.press(BEN, "yes")
    await hall.wait(UNDO)
    late = await hall.press(CARLA, "undo", on=on)

    assert late.error is None
    assert "introduced, so this cannot change any more" in hall.shown(CARLA)
    assert len(hall.view.threads()) == 1
    assert (await hall.kinds()).count(EventKind.INTRODUCED) == 1


async def test_after_a_no_the_referrer_is_told_only_if_one_wishes_so(hall: Hall) -> None:
    await ask_ben(hall)
    before = hall.view.in_view(ANA)

    await hall.press(BEN, "no")
    assert hall.view.in_view(ANA) == before
    await hall.press(BEN, "…and say why")
    await hall.sends(BEN, {"reason": "I have somebody already."})

    assert "I have somebody already." in hall.last(ANA).shown
    assert "I have somebody already." not in hall.shown(CARLA)


async def test_somebody_elses_question_and_form_are_refused_and_change_nothing(hall: Hall) -> None:
    question = await ask_ben(hall)
    log = await hall.events()

    for verb in ("yes", "no", "ask_referrer", "block", "report"):
        await hall.forges(ELIF, question, verb)
        assert NICHT_DEINS in hall.last(ELIF).shown  # Elif's language
    await hall.press(BEN, "yes_but")
    await hall.steals(OWNER, BEN)

    assert NOT_YOURS in hall.last(OWNER).shown
    assert standing(hall, question) == question
    assert await hall.events() == log
    assert NEED not in hall.shown(ELIF) + hall.shown(OWNER)


async def test_the_others_answer_leaves_ones_own_as_it_is_and_a_withdrawal_closes_it_in_its_place(hall: Hall) -> None:
    question = await ask_carla(hall)
    before = hall.view.dm_of(BEN)

    await hall.press(CARLA, "no")
    assert hall.view.dm_of(BEN) == before
    assert hall.is_offered(BEN, "undo")
    await hall.types(ANA, "intros mine")
    await hall.press(ANA, "show_draft", "withdraw")

    after = standing(hall, question)
    assert after.shown == "This was withdrawn by the one who suggested it. There is nothing left to answer."
    assert (after.labels, after.edited) == ((), True)
    assert "has withdrawn the suggestion" in hall.last(BEN).shown
    await hall.press(CARLA, "yes", on=question)  # as it still stood in front of her
    late = hall.told()
    await hall.press(CARLA, "yes_but", on=question)
    await hall.sends(CARLA, {"provider_about": "I am in the studio until six."})
    assert late == hall.told() == "This was withdrawn meanwhile. There is nothing left to answer."
    assert EventKind.INTRODUCED not in await hall.kinds()


async def test_one_reminder_at_half_time_then_a_silent_close_and_late_answers_are_met_kindly(hall: Hall) -> None:
    question = await ask_ben(hall)

    await hall.wait(HALF)
    reminder = hall.last(BEN)
    assert "still waits for you" in reminder.shown
    await hall.press(BEN, "Answer it")
    assert hall.is_offered(BEN, "yes")
    await hall.wait(WINDOW - HALF)

    assert standing(hall, question).labels == ()
    assert "You did not answer, and that is fine." in standing(hall, question).shown
    assert "closed without" not in hall.shown(ANA)
    await hall.press(BEN, "yes", on=question)
    assert "This question is closed, so nothing was changed." in hall.told()
    await hall.wait(LONG_AFTER)
    assert "has closed without an introduction" in hall.last(ANA).shown
    assert "Ben" not in hall.last(ANA).shown


async def test_two_unanswered_questions_end_in_a_quiet_break_with_three_buttons(hall: Hall) -> None:
    await ask_ben(hall)
    await hall.types(ELIF, "intros join")
    await write_card(hall, ELIF)
    await hall.wait(LONG_AFTER)
    await draft(hall, ELIF)
    await hall.press(ANA, "need_yes", "fit_yes", "ask_them")
    await hall.wait(WINDOW)

    asked = next(seen for seen in reversed(hall.view.dm_of(BEN)) if len(seen.buttons) == 3)
    await hall.press(BEN, "keep_me_in", on=asked)

    assert {verb_of(button) for button in asked.buttons} == {"keep_me_in", "ask_me_later", "stop_asking"}
    assert "Welcome back." in hall.told()


async def test_nothing_of_a_question_is_ever_in_the_channel_nor_with_anybody_else(hall: Hall) -> None:
    await meet(hall)
    before = hall.view.messages(INTRODUCTIONS)
    others = {user: hall.view.in_view(user) for user in (DAVID, ELIF, OWNER)}

    await draft(hall)
    await hall.press(ANA, "need_yes", "fit_yes", "ask_them")
    await hall.press(BEN, "yes")
    await hall.press(CARLA, "yes")
    await hall.wait(timedelta(days=5))

    assert hall.view.messages(INTRODUCTIONS) == before
    unaware = (DAVID, ELIF)  # a server's owner sees every thread in it, as people are told
    assert {user: hall.view.in_view(user) for user in unaware} == {user: others[user] for user in unaware}

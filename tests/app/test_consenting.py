"""What a party can do with a question, each through its button."""

from datetime import timedelta

from bot.domain.ids import EventId
from bot.ports.inbound import Origin, Press
from tests.app.club import ANA, BEN, CARLA, DAVID, ELIF, Club, text_of


async def asked(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")


async def test_yes_but_puts_the_owners_conditions_and_contact_into_the_introduction(club: Club) -> None:
    await asked(club)

    await club.scenes.press(BEN, "yes_but")
    await club.table.sends(BEN, {"seeker_terms": "mornings only", "seeker_contact": "ben@okafor.example"})
    await club.scenes.press(CARLA, "yes")
    await club.table.wait(timedelta(minutes=1))

    assert "mornings only" in club.last(BEN)
    assert "ben@okafor.example" in club.seen(CARLA)


async def test_write_to_me_without_an_introduction_goes_to_the_provider_alone(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.press(ANA, "need_yes", "fit_yes", "may_use_name", "ask_them")
    await club.scenes.press(BEN, "yes_but")

    await club.table.sends(BEN, {"no_introduction": "yes"})
    await club.scenes.press(CARLA, "yes")
    await club.table.wait(timedelta(minutes=1))

    assert not club.table.room.rooms
    await club.scenes.press(BEN, "is_it_true")
    assert "true" in club.last(ANA).casefold()


async def test_undo_within_the_window_calls_the_introduction_off(club: Club) -> None:
    await asked(club)
    await club.scenes.press(BEN, "yes")
    await club.scenes.press(CARLA, "yes", "undo")

    await club.table.wait(timedelta(minutes=5))

    assert "you both said yes" not in club.last(BEN)


async def test_somebody_elses_click_is_refused_and_noted_without_a_name(club: Club) -> None:
    await asked(club)
    button = club.table.offer(BEN, "yes").button
    origin = Origin(EventId("foreign"), club.table.room.workspace, ELIF, None)

    reply = await club.says(Press(origin, "yes", button.ref))

    assert "jemand anderes" in text_of(reply.message)
    assert [name for name, _ in club.telemetry.events].count("command.refused") == 1


async def test_a_forged_reference_is_refused(club: Club) -> None:
    origin = Origin(EventId("forged"), club.table.room.workspace, ELIF, None)

    replies = [await club.says(Press(origin, "yes", ref)) for ref in ("", "x", "x.y", "x.1", "x." + "9" * 80)]

    assert all(reply.message for reply in replies)


async def test_telling_the_referrer_with_a_reason_tells_it_and_nothing_else(club: Club) -> None:
    await asked(club)

    await club.scenes.press(BEN, "no", "tell_why")
    await club.table.sends(BEN, {"reason": "I have found somebody."})

    assert "I have found somebody." in club.last(ANA)


async def test_one_question_to_the_referrer_gets_one_answer(club: Club) -> None:
    await asked(club)

    await club.scenes.press(BEN, "ask_referrer")
    await club.table.sends(BEN, {"seeker_question": "Does she work with sole traders?"})
    await club.scenes.press(ANA, "answer_party")
    await club.table.sends(ANA, {"seeker_question_answer": "She does, and gladly."})

    assert "She does, and gladly." in club.seen(BEN)


async def test_blocking_the_referrer_says_no_to_everything_open_from_them(club: Club) -> None:
    await asked(club)
    await club.scenes.press(BEN, "block", "block_referrer")

    await club.table.types(ANA, "/intros mine")

    assert "block" not in club.seen(ANA).casefold()
    await club.table.types(BEN, "/intros privacy")
    assert "ana" in club.last(BEN)


async def test_a_report_reaches_an_organiser_who_has_no_part_in_it_without_the_other_partys_name(club: Club) -> None:
    await asked(club)

    await club.scenes.press(BEN, "report")

    assert "report" in club.last(DAVID).casefold()
    assert "carla" not in club.last(DAVID).casefold()


async def test_a_reminder_at_half_time_opens_the_question_again(club: Club) -> None:
    await asked(club)

    await club.table.wait(timedelta(hours=48))
    await club.scenes.press(BEN, "open_question", "yes")

    assert "May I introduce you?" in club.seen(CARLA)


async def test_two_silences_bring_a_quiet_pause_with_three_ways_out(club: Club) -> None:
    for _ in range(2):
        await club.table.types(ANA, "/refer @ben @carla" if not _ else "/refer @ben @elif")
        await club.table.sends(ANA, {"need": "a need", "why": "a reason that is long enough", "basis": "none"})
        await club.scenes.press(ANA, "need_yes", "fit_yes", "ask_them")
        await club.table.wait(timedelta(days=7))

    await club.scenes.press(BEN, "keep_me_in")

    await club.table.types(BEN, "/intros pause")
    assert "Paused" not in club.last(BEN)


async def test_an_answer_that_names_the_other_before_they_may_be_known_is_refused(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.describe()
    await club.scenes.press(ANA, "ask_them")
    await club.scenes.press(BEN, "ask_referrer")
    await club.table.sends(BEN, {"seeker_question": "Who would that be?"})

    await club.scenes.press(ANA, "answer_party")
    reply = await club.table.sends(ANA, {"seeker_question_answer": "It is Carla."})

    assert set(reply.errors) == {"seeker_question_answer"}
    assert "It is Carla." not in club.seen(BEN)

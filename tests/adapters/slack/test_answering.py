"""What the bot says is shown in Slack's ways, and where Slack does not play along, in another one or in a sentence."""

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.slack.ids import REFER_FROM_MESSAGE
from bot.ports.inbound import Inbound
from bot.ports.messages import Button, Buttons, Field, FieldKind, File, Form, Message, Plain, Reply, Text
from tests.slack.cast import ANA, BEN, INTRODUCTIONS, RANDOM
from tests.slack.club import Club
from tests.slack.faults import Fault, drop, error, garbage, hang, ratelimited, status

FORM = Form("Say more", "more", "r1", (Field("need", "What?", FieldKind.TEXT),), "Send")


def said(text: str, *more: Buttons | File) -> Message:
    return Message(text, (Text((Plain(text),)), *more))


BUTTON = Buttons((Button("Press me", "press", "r1"),))
Answers = Callable[..., None]


@pytest.fixture
async def answers(club: Club, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Answers]:
    """Let the bot answer what a test wants it to, one reply after the other."""
    replies: list[Reply] = []

    async def handle(_inbound: Inbound) -> Reply:
        return replies.pop(0)

    monkeypatch.setattr(club.bot, "handle", handle)

    def answer(*wanted: Reply) -> None:
        replies.extend(wanted)

    yield answer
    assert replies == []


async def shown_a_button(club: Club, answers: Answers) -> None:
    """Put an ephemeral message with a button in front of Ana, in a channel where the bot is no member."""
    answers(Reply(message=said("Choose", BUTTON)))
    await club.server.people.slash(ANA, RANDOM, "/intros", "x")


async def test_a_form_opens_before_the_command_is_acknowledged(club: Club, answers: Answers) -> None:
    answers(Reply(form=FORM))

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "/refer")

    assert (answered.error, answered.body) == (None, None)
    assert club.server.world.modal_of(ANA).title == "Say more"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (error("expired_trigger_id"), "once more"),
        (error("invalid_trigger_id"), "once more"),
        (error("exchanged_trigger_id"), ""),
        (error("invalid_arguments"), "in a minute"),
        (error("token_revoked"), "in a minute"),
        (ratelimited(30), "in a minute"),
        (status(502), "in a minute"),
        (drop(), "in a minute"),
        (garbage(), "in a minute"),
    ],
)
async def test_a_form_that_does_not_open_is_a_sentence_and_no_error(
    club: Club, answers: Answers, fault: Fault, words: str
) -> None:
    answers(Reply(form=FORM))
    club.server.faults.next("views.open", fault)

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "/refer")

    assert answered.error is None
    assert words in (answered.body or {}).get("text", "")
    assert bool(answered.body) is bool(words)


async def test_a_form_that_slack_is_silent_about_is_a_sentence_in_time(
    club: Club, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(club.app, "_patience", 0.6)
    answers(Reply(form=FORM))
    club.server.faults.next("views.open", hang())

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "/refer")

    assert answered.error is None
    assert "in a minute" in answered.body["text"]


async def test_a_form_that_a_button_does_not_open_is_told_beside_it(club: Club, answers: Answers) -> None:
    await shown_a_button(club, answers)
    message = club.server.world.in_view(ANA)[-1]
    answers(Reply(form=FORM, replaces=True))
    club.server.faults.next("views.open", error("expired_trigger_id"))

    await club.server.people.press(ANA, message, "Press me")
    await club.settled()

    first, second = club.server.world.in_view(ANA)
    assert "Press me" in str(first.buttons)
    assert "once more" in second.shown


@pytest.mark.parametrize("replaces", [False, True])
async def test_an_ephemeral_message_is_answered_where_only_its_own_address_reaches(
    club: Club, answers: Answers, *, replaces: bool
) -> None:
    await shown_a_button(club, answers)
    message = club.server.world.in_view(ANA)[-1]
    answers(Reply(message=said("Thanks"), replaces=replaces))

    await club.server.people.press(ANA, message, "Press me")
    await club.settled()

    shown = [seen.shown for seen in club.server.world.in_view(ANA)]
    assert shown == (["Thanks"] if replaces else ["Choose", "Thanks"])
    assert club.server.world.in_view(BEN) == ()


async def test_what_a_channel_cannot_show_to_one_person_comes_as_a_direct_message(club: Club, answers: Answers) -> None:
    answers(Reply(message=said("Choose", BUTTON)))
    await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "x")
    message = club.server.world.in_view(ANA)[-1]
    answers(Reply(message=said("All that is stored", File("me.json", "{}"))))

    await club.server.people.press(ANA, message, "Press me")
    await club.settled()

    assert any("me.json" in seen.files for seen in club.server.world.dm_of(ANA))
    assert "All that is stored" in club.server.world.dm_of(ANA)[0].shown


async def test_a_command_that_is_answered_with_a_file_sends_it_directly(club: Club, answers: Answers) -> None:
    answers(Reply(message=said("All that is stored", File("me.json", "{}"))))

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "x")
    await club.settled()

    assert answered.body is None
    assert any("me.json" in seen.files for seen in club.server.world.dm_of(ANA))


async def test_a_picked_message_is_answered_where_the_bot_is_no_member(club: Club, answers: Answers) -> None:
    written = club.server.people.write(BEN, RANDOM, "Anybody?")
    answers(Reply(message=said("There is no group here.")))

    answered = await club.server.people.pick_message(ANA, written, REFER_FROM_MESSAGE)
    await club.settled()

    assert answered.error is None
    assert club.server.world.in_view(ANA)[-1].shown == "There is no group here."
    assert club.server.world.in_view(ANA)[-1].ephemeral


async def test_a_form_may_lead_to_the_next_one_in_its_place(club: Club, answers: Answers) -> None:
    second = Form("And then", "then", "r1", (Field("when", "When?", FieldKind.TEXT),), "Send")
    answers(Reply(form=FORM), Reply(form=second))
    await club.server.people.slash(ANA, INTRODUCTIONS, "/refer")

    await club.server.people.submit(ANA, {"need": "Bread"})

    (modal,) = club.server.world.modals_of(ANA)
    assert modal.title == "And then"


async def test_an_error_stands_at_its_field_and_keeps_what_was_typed(club: Club, answers: Answers) -> None:
    answers(Reply(form=FORM), Reply(form=FORM, errors={"need": "Say it in other words."}))
    await club.server.people.slash(ANA, INTRODUCTIONS, "/refer")

    await club.server.people.submit(ANA, {"need": "Bread"})

    modal = club.server.world.modal_of(ANA)
    assert modal.errors == {"need": "Say it in other words."}
    assert [field.value for field in modal.fields] == ["Bread"]


async def test_an_answer_that_slack_puts_off_comes_a_little_later(club: Club, answers: Answers) -> None:
    answers(Reply(form=FORM), Reply(message=said("Noted")))
    await club.server.people.slash(ANA, INTRODUCTIONS, "/refer")
    club.server.faults.next("chat.postMessage", ratelimited(1))

    await club.server.people.submit(ANA, {"need": "Bread"})
    await club.settled()

    assert [seen.shown for seen in club.server.world.dm_of(ANA)] == ["Noted"]


async def test_an_answer_that_may_have_arrived_is_not_sent_twice(club: Club, answers: Answers) -> None:
    answers(Reply(form=FORM), Reply(message=said("Noted")))
    await club.server.people.slash(ANA, INTRODUCTIONS, "/refer")
    club.server.faults.next("chat.postMessage", drop(after=True))

    await club.server.people.submit(ANA, {"need": "Bread"})
    await club.settled()

    assert len(club.server.world.called("chat.postMessage")) == 1
    assert [seen.shown for seen in club.server.world.dm_of(ANA)] == ["Noted"]


async def test_what_is_too_long_for_blocks_is_said_in_words(club: Club, answers: Answers) -> None:
    answers(Reply(message=Message("Much", tuple(_rows(60)))))

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "x")

    assert answered.error is None
    assert answered.body["text"].startswith("Much")
    assert "blocks" not in answered.body


def _rows(number: int) -> list[Text | Buttons]:
    return [part for index in range(number) for part in (said(f"Row {index}").parts[0], BUTTON)]  # type: ignore[misc] # a Text

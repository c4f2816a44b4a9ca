"""Commands, buttons, forms and picked messages from Slack, read from captured payloads."""

from typing import Any

import pytest

from adapters.reading import NotUnderstoodError
from adapters.slack import inbound
from adapters.slack.ids import Opened
from adapters.slack.inbound import Envelope
from bot.domain.ids import ChannelId, EventId
from bot.ports.inbound import Origin, PickMessage, Press, Slash, Submit
from tests.adapters.slack.captured import ANA, BEN, CARLA, CHANNEL, WORKSPACE, captured, command


def origin(number: int, channel: ChannelId | None = CHANNEL, **changes: Any) -> Origin:  # noqa: ANN401 -- any field
    event = EventId(f"slack:13345224609.{738474920 + number}.8088930838d88f008e0")
    return Origin(event, WORKSPACE, **({"user": ANA, "channel": channel} | changes))


def test_a_command_is_read_with_its_channel_and_its_name_here() -> None:
    assert command(captured("command_in_channel")) == Slash(origin(1), "refer")
    assert command(captured("command_renamed")) == Slash(origin(7), "intros", "settings")
    assert command(captured("command_without_text")) == Slash(origin(8), "ask")


@pytest.mark.parametrize(
    ("name", "slash"),
    [
        ("command_in_dm", Slash(origin(2, None), "intros", "mine")),
        ("command_in_group_dm", Slash(origin(3, None), "intros", "help")),
    ],
)
def test_a_direct_conversation_is_no_groups_channel(name: str, slash: Slash) -> None:
    assert command(captured(name)) == slash
    assert inbound.envelope(captured(name)).is_direct


def test_people_mentioned_in_a_command_come_in_order_and_leave_its_text() -> None:
    slash = command(captured("command_with_mentions"))

    assert slash.people == (BEN, CARLA)
    assert slash.text == "knows from #general & park.example/about"


def test_markup_in_a_command_becomes_what_people_would_read() -> None:
    slash = command(captured("command_with_markup"))

    assert slash.text == "R&D <@U0BEN7Q2P> @here @board ada@example.test your bank (https://evil.example)"
    assert slash.people == ()


def test_the_word_payload_is_a_word() -> None:
    assert command(captured("command_with_the_word_payload")) == Slash(
        origin(6), "refer", "about payload={} design", (BEN,)
    )


def test_a_command_that_is_not_ours_is_not_understood() -> None:
    with pytest.raises(NotUnderstoodError, match="command"):
        inbound.command(captured("command_in_channel"), names={"/introduce": "refer"})


@pytest.mark.parametrize(
    ("name", "press"),
    [
        ("press_in_dm", Press(origin(20, None), "yes", "01JD4R7K.0")),
        ("press_in_channel", Press(origin(21), "refer_for_ask", "01JD5ASK")),
        ("press_on_ephemeral", Press(origin(22), "choose_group", "01GRP.intros.mine")),
        ("press_on_home", Press(origin(23, None, by_message=True), "pause", "01GRP")),
    ],
)
def test_a_button_says_its_verb_and_its_reference_and_where_it_was(name: str, press: Press) -> None:
    assert inbound.press(captured(name)) == press


def test_what_is_pressed_on_a_view_is_answered_by_a_message_wherever_that_was_opened() -> None:
    body = captured("press_on_home") | {"channel": {"id": "C0INTRO12", "name": "introductions"}}

    assert inbound.press(body).origin.by_message


def test_a_reference_may_hold_a_colon() -> None:
    body = captured("press_in_dm")
    body["actions"][0]["action_id"] = "yes:01:02"

    assert inbound.press(body).ref == "01:02"


def test_whatever_else_can_be_touched_is_no_button() -> None:
    with pytest.raises(NotUnderstoodError, match="actions"):
        inbound.press(captured("press_select_in_modal"))


def test_a_filled_form_is_read_field_by_field() -> None:
    submit = inbound.submission(captured("submission_filled"))

    assert submit == Submit(
        origin(30, by_message=True),
        "new_draft",
        "01GRP.01ASK",
        {
            "need": "Her books done by March.\nR&D <@U0BEN7Q2P> too.",
            "seeker": BEN,
            "provider": CARLA,
            "basis": "direct",
            "tally_weekday": "4",
            "kinds": ("business", "advice"),
            "places": ("hh",),
        },
    )


def test_a_field_left_empty_holds_nothing_and_is_there() -> None:
    submit = inbound.submission(captured("submission_with_empty_fields"))

    assert submit.origin.channel is None
    empty = {"need": "", "seeker": "", "provider": CARLA, "basis": "", "tally_weekday": "", "kinds": (), "places": ()}
    assert submit.fields == empty


def test_a_form_without_fields_is_read() -> None:
    body = captured("submission_filled")
    del body["view"]["state"]

    assert inbound.submission(body).fields == {}


def test_a_form_opened_elsewhere_belongs_to_the_workspace_the_app_is_in() -> None:
    assert inbound.submission(captured("submission_from_another_workspace")).origin.workspace == WORKSPACE
    assert inbound.submission(captured("submission_without_metadata")).origin.channel is None


def test_a_picked_message_has_its_author_and_its_words() -> None:
    pick = inbound.picked_message(captured("picked_message"))

    read = "Does anybody know a *tax adviser* for R&D & more, like …? See this (https://park.example/a?b=1&c=2)"
    assert pick == PickMessage(origin(40), BEN, read)


@pytest.mark.parametrize(
    ("name", "author", "text"),
    [
        ("picked_message_of_a_bot", "", "New lead: books by March"),
        ("picked_message_of_an_app", "U0LEADAPP", "New lead: <books>"),
        ("picked_message_of_files", BEN, ""),
        ("picked_message_in_dm", BEN, "I need a plumber"),
        ("picked_message_in_private_channel", BEN, "I need a plumber"),
    ],
)
def test_any_message_can_be_picked(name: str, author: str, text: str) -> None:
    pick = inbound.picked_message(captured(name))

    assert (pick.author, pick.text) == (author, text)


def test_a_picked_messages_channel_is_the_groups_unless_it_is_a_direct_one() -> None:
    assert inbound.picked_message(captured("picked_message_in_private_channel")).origin.channel == "G0PRIVATE"
    assert inbound.picked_message(captured("picked_message_in_dm")).origin.channel is None


def test_a_global_shortcut_is_its_command_without_a_place_to_answer_in() -> None:
    assert inbound.shortcut(captured("global_shortcut")) == Slash(origin(46, None, by_message=True), "refer")


def test_a_shortcut_nobody_offered_is_not_understood() -> None:
    body = captured("global_shortcut") | {"callback_id": "other"}

    with pytest.raises(NotUnderstoodError, match="callback_id"):
        inbound.shortcut(body)


def test_who_is_an_administrator_is_said_by_the_caller() -> None:
    assert inbound.press(captured("press_in_dm"), is_admin=True).origin.is_admin
    assert not inbound.press(captured("press_in_dm")).origin.is_admin


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("press_in_dm", {"ts": "1763370000.000200", "channel": "D0ANATWOY", "is_direct": True}),
        ("press_in_channel", {"ts": "1763371111.000300", "channel": "C0INTRO12"}),
        ("press_on_ephemeral", {"ts": "1763371222.000400", "channel": "C0INTRO12", "is_ephemeral": True}),
        ("press_on_home", {"view_id": "V0HOME123", "view_hash": "1763370001.dbTwGuPF", "on_view": True}),
        ("submission_filled", {"view_id": "V0FORM123", "view_hash": "1763372020.LKfQvl3R", "on_view": True}),
        ("picked_message", {"channel": "C0INTRO12", "ts": "1763372999.000500"}),
    ],
)
def test_an_envelope_says_what_answering_takes(name: str, expected: dict[str, object]) -> None:
    body = captured(name)

    at = inbound.envelope(body)

    whole = Envelope(
        WORKSPACE,
        ANA,
        at.event,
        body["trigger_id"],
        response_url=body.get("response_url", ""),
        opened=at.opened,
        **expected,  # type: ignore[arg-type]
    )
    assert at == whole


@pytest.mark.parametrize(
    ("name", "opened"),
    [
        ("command_in_channel", Opened(CHANNEL)),
        ("command_in_dm", Opened()),
        ("press_in_dm", Opened(None, "D0ANATWOY", "1763370000.000200")),
        ("press_in_channel", Opened(CHANNEL, "C0INTRO12", "1763371111.000300")),
        ("press_on_ephemeral", Opened(CHANNEL)),
        ("press_on_home", Opened()),
        ("submission_filled", Opened(CHANNEL)),
        ("submission_with_empty_fields", Opened(None, "D0ANATWOY", "1763370000.000200")),
        ("picked_message", Opened(CHANNEL)),
        ("global_shortcut", Opened()),
    ],
)
def test_a_form_knows_where_it_was_opened(name: str, opened: Opened) -> None:
    assert inbound.envelope(captured(name)).opened == opened

"""Commands that have other names in a Slack are named so in everything people read."""

from adapters.slack.renaming import Renaming
from bot.domain.ids import ChannelId
from bot.ports.messages import (
    Bold,
    Button,
    Buttons,
    Channel,
    Field,
    FieldKind,
    Fields,
    Form,
    Message,
    Plain,
    Reply,
    Text,
)

COMMANDS = {"refer": "/introduce", "ask": "/ask", "intros": "/intros-2"}
MESSAGE = Message(
    "Type /intros join.",
    (
        Text((Plain("Type /intros join, or /refer; but not a/refer/b or /references."), Bold("/ask"))),
        Fields((("/refer", (Plain("/refer"), Channel(ChannelId("/refer")))),)),
        Buttons((Button("/refer", "/refer", "/refer"),)),
    ),
)


def test_our_words_name_the_commands_as_they_are_called_here_and_nothing_else_changes() -> None:
    renamed = Renaming(COMMANDS)(MESSAGE)

    assert renamed == Message(
        "Type /intros-2 join.",
        (
            Text((Plain("Type /intros-2 join, or /introduce; but not a/refer/b or /references."), Bold("/ask"))),
            Fields((("/introduce", (Plain("/introduce"), Channel(ChannelId("/refer")))),)),
            Buttons((Button("/introduce", "/refer", "/refer"),)),
        ),
    )


def test_what_a_field_is_filled_with_stays_as_it_was_typed() -> None:
    field = Field("need", "Need", FieldKind.TEXT, hint="See /intros help", value="they said /refer me")
    reply = Reply(form=Form("/refer", "new_draft", "g", (field,), "Save"), errors={"need": "Type /intros help."})

    renamed = Renaming(COMMANDS)(reply)

    assert renamed.form is not None
    assert renamed.form.fields[0].hint == "See /intros-2 help"
    assert renamed.form.fields[0].value == "they said /refer me"
    assert renamed.errors == {"need": "Type /intros-2 help."}


def test_the_usual_names_cost_nothing() -> None:
    assert Renaming({"refer": "/refer", "ask": "/ask", "intros": "/intros"})(MESSAGE) is MESSAGE

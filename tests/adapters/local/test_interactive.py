"""One person at the prompt: seats, commands, numbers for buttons, forms field by field, and helpful answers."""

import io
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from rich.console import Console

from adapters.local.clock import START, CountedIds, StoryClock
from adapters.local.interactive import Game
from adapters.local.lines import lines_from
from adapters.local.people import ADMINS, BEN, EVERYBODY
from adapters.local.room import LocalRoom
from adapters.local.table import Table
from adapters.local.transcript import Kind
from bot.ports.inbound import PickMessage, Press, Slash, Submit
from bot.ports.messages import Button, Buttons, Field, FieldKind, Form, Message, Plain, Reply, Text
from tests.adapters.local.test_table import BotForTests

FORM = Form(
    "Refer",
    "new_draft",
    "g",
    (
        Field("provider", "Who can help?", FieldKind.MEMBER),
        Field("need", "What do they need?", FieldKind.TEXT, value="Books"),
        Field("basis", "How do you know?", FieldKind.CHOICE, options=(("direct", "Worked with them"), ("none", "No"))),
    ),
    "Preview",
)
PREVIEW = Message(
    "Preview.", (Text((Plain("Preview."),)), Buttons((Button("Yes", "yes", "r"), Button("No", "no", "r"))))
)


class Prompt:
    """A game at a table with a bot for tests."""

    def __init__(self) -> None:
        clock = StoryClock()
        self.bot = BotForTests(clock)
        self.room = LocalRoom(EVERYBODY, clock, admins=ADMINS)
        self.clock = clock
        self._out = io.StringIO()
        self._table = Table(self.room, self.bot, clock, CountedIds("event"))

    async def types(self, *lines: str) -> str:
        """Type these lines at the prompt, one after another, and return everything that was printed."""
        game = Game(self._table, Console(file=self._out, width=100), _typing(*lines), echoes=True)
        await game.play()
        return self._out.getvalue()


def _typing(*lines: str) -> Callable[[], Awaitable[str | None]]:
    waiting = iter(lines)

    async def read() -> str | None:
        return next(waiting, None)

    return read


@pytest.fixture
def prompt() -> Prompt:
    return Prompt()


async def test_the_prompt_shows_whose_seat_it_is(prompt: Prompt) -> None:
    out = await prompt.types("as ben", "as Carla Rossi", "quit", "as david")

    assert [line for line in out.splitlines() if ">" in line] == ["ana> as ben", "ben> as Carla Rossi", "carla> quit"]


async def test_a_command_goes_to_the_bot_and_its_reply_is_shown_with_numbers(prompt: Prompt) -> None:
    prompt.bot.replies = [Reply(PREVIEW)]

    out = await prompt.types("/refer @ben")

    assert isinstance(prompt.bot.heard[0], Slash)
    assert "→ ana · reply" in out
    assert "[1 Yes] [2 No]" in out


@pytest.mark.parametrize("typed", ["press 2", "2", "press no", "press No"])
async def test_a_button_is_pressed_by_number_or_label(prompt: Prompt, typed: str) -> None:
    prompt.bot.replies = [Reply(PREVIEW)]

    await prompt.types("/refer", typed)

    press = prompt.bot.heard[-1]
    assert isinstance(press, Press)
    assert press.verb == "no"


async def test_a_form_is_filled_field_by_field_and_asks_again_for_what_it_cannot_read(prompt: Prompt) -> None:
    prompt.bot.replies = [Reply(form=FORM)]

    out = await prompt.types("/refer", "@nobody", "@carla", "", "1")

    submit = prompt.bot.heard[-1]
    assert isinstance(submit, Submit)
    assert submit.fields == {"provider": "carla", "need": "Books", "basis": "direct"}
    assert "Nobody here is called @nobody." in out


async def test_a_form_with_errors_asks_for_those_fields_alone(prompt: Prompt) -> None:
    again = Form("Refer", "new_draft", "g", (FORM.fields[0], FORM.fields[1]), "Preview")
    prompt.bot.replies = [Reply(form=again), Reply(form=again, errors={"need": "No links, please."})]

    out = await prompt.types("/refer", "@carla", "www", "Books and accounts")

    submit = prompt.bot.heard[-1]
    assert isinstance(submit, Submit)
    assert submit.fields == {"provider": "", "need": "Books and accounts"}
    assert "! No links, please." in out


async def test_a_form_can_be_left_without_sending(prompt: Prompt) -> None:
    prompt.bot.replies = [Reply(form=FORM)]

    out = await prompt.types("/refer", "cancel", "fill")

    assert len(prompt.bot.heard) == 1
    assert "Left without sending." in out
    assert "No form is open." in out


async def test_a_form_that_loses_its_lines_is_left(prompt: Prompt) -> None:
    prompt.bot.replies = [Reply(form=FORM)]

    await prompt.types("/refer", "@carla")

    assert len(prompt.bot.heard) == 1


async def test_looking_shows_the_newest_and_all_on_request(prompt: Prompt) -> None:
    for number in range(7):
        prompt.room.put(f"direct:{BEN}", BEN, Kind.NOTICE, Message(f"Message {number}.", ()))

    out = await prompt.types("look", "as ben", "look all")

    assert "Nothing yet." in out
    assert "… 2 earlier; look all shows them." in out
    assert (out.count("Message 0."), out.count("Message 6.")) == (1, 2)


async def test_somebody_writes_in_the_channel_and_somebody_else_can_refer_to_it(prompt: Prompt) -> None:
    out = await prompt.types("as ben", "say Who knows an accountant?", "as ana", "menu m1", "menu m9", "say")

    pick = prompt.bot.heard[-1]
    assert isinstance(pick, PickMessage)
    assert (pick.author, pick.text) == (BEN, "Who knows an accountant?")
    assert "There is no message m9 in view." in out
    assert "Say what?" in out


async def test_time_passes_on_request(prompt: Prompt) -> None:
    prompt.bot.due = [START + timedelta(days=5)]

    out = await prompt.types("wait 2 days", "wait", "wait", "wait for it")

    assert prompt.clock.now() == START + timedelta(days=5)
    assert "It is Wednesday 18 November, 09:00:00 UTC." in out
    assert "Nothing is due" in out
    assert "Say how long" in out


async def test_others_who_received_something_are_named(prompt: Prompt) -> None:
    prompt.bot.replies = [Reply()]

    out = await prompt.types("as ben", "say Hello", "/refer")

    assert "New for ana, carla, david, elif." in out


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("dance", "dance means nothing here."),
        ("/dance", "There is no /dance."),
        ("as twoyes", "Nobody can sit in for twoyes."),
        ("as zoe", "Nobody here is called zoe."),
        ("press 1", "There is no button in view."),
        ("menu", "There is no message (nothing) in view."),
        ("\x1b[2Jdance", "[2Jdance means nothing here."),
        ("who", "Felix Brandt (deactivated)"),
        ("help", "take somebody's seat"),
    ],
)
async def test_wrong_input_gets_a_helpful_sentence(prompt: Prompt, typed: str, answer: str) -> None:
    out = await prompt.types(typed, "", "quit")

    assert answer in out
    assert "\x1b" not in out


async def test_a_command_can_be_typed_to_the_bot_directly(prompt: Prompt) -> None:
    await prompt.types("dm /intros mine")

    assert prompt.bot.heard[0].origin.channel is None


async def test_lines_are_read_from_a_pipe_until_it_ends() -> None:
    reading, writing = os.pipe()
    os.write(writing, "as ben\r\nsay Grüße\n\nquit".encode())
    os.close(writing)
    read = lines_from(reading)

    lines = [await read() for _ in range(5)]

    assert lines == ["as ben", "say Grüße", "", "quit", None]
    os.close(reading)

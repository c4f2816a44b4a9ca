"""Messages and forms on a terminal: readable for their reader, and harmless whatever somebody typed."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from adapters.local.inert import inert
from adapters.local.people import BEN, EVERYBODY
from adapters.local.render import Reader, buttons_of, lines_of, reader_for, text_of
from bot.ports.messages import (
    Bold,
    Button,
    Buttons,
    Divider,
    Field,
    FieldKind,
    Fields,
    Form,
    Heading,
    Image,
    Link,
    Mention,
    Message,
    Moment,
    Note,
    Plain,
    Quote,
    Text,
)

PEOPLE = {person.user: person for person in EVERYBODY}
BENS = reader_for(BEN, PEOPLE)

HOSTILE = {
    "an escape sequence": "\x1b[2J\x1b]0;owned\x07red",
    "a C1 control": "\x9b31mred\x9d",
    "Rich markup": "[bold red]not bold[/bold red] [link=https://evil.example]x[/link]",
    "an emoji code": ":smiley: :warning:",
    "a bidirectional override": "abc\u202edef\u2066ghi\u2069",
    "a carriage return": "Yes\rNo!",
    "backspaces": "yes\b\b\bno ",
    "a null": "a\x00b",
    "half a pair": "a\ud83db",
}


def printed(message: Message) -> str:
    """Return what reaches a terminal that has colours switched off."""
    console = Console(file=io.StringIO(), force_terminal=True, no_color=True, width=200, legacy_windows=False)
    for line in lines_of(message, BENS):
        console.print(line, soft_wrap=True)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_reaches_the_terminal_as_text_alone(typed: str) -> None:
    out = printed(Message("Summary.", (Text((Plain(typed),)), Quote((Plain(typed),)), Note((Plain(typed),)))))

    without_styles = out.replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert not set(without_styles) & {chr(code) for code in (*range(9), *range(11, 32), 127, *range(128, 160))}
    assert not set(without_styles) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    without_styles.encode("utf-8")


def test_markup_is_shown_as_it_was_typed() -> None:
    out = printed(Message("Summary.", (Text((Plain(HOSTILE["Rich markup"] + HOSTILE["an emoji code"]),)),)))

    assert HOSTILE["Rich markup"] in out
    assert ":smiley:" in out


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\tb", "a b"),
        ("a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"),
        ("👩\u200d🔧 क्\u200cष", "👩\u200d🔧 क्\u200cष"),
        ("\ufefftext\u00ad", "text"),
        ("\ud83d\ude00 \ud83d", "😀 \ufffd"),
    ],
)
def test_inert_text_keeps_what_people_write_with(typed: str, shown: str) -> None:
    assert inert(typed) == shown


def test_every_part_can_be_read() -> None:
    message = Message(
        "Summary.",
        (
            Heading("A heading"),
            Text((Plain("You know "), Mention(BEN), Plain(" "), Bold("well"), Plain("."))),
            Fields((("Does", (Plain("kitchens"),)), ("Where", (Plain("London"),)))),
            Quote((Plain("two\nlines"),)),
            Divider(),
            Note((Link("https://example.org/privacy", "Privacy"),)),
            Image(b"png", "3 introductions"),
            Buttons((Button("Yes", "yes", "r.0"),)),
        ),
    )

    assert text_of(message, BENS).splitlines() == [
        "A heading",
        "You know @Ben Okafor well.",
        "Does: kitchens",
        "Where: London",
        "│ two",
        "│ lines",
        "────────",
        "Privacy <https://example.org/privacy>",
        "[3 introductions]",
    ]
    assert buttons_of(message) == ["Yes"]


def test_a_message_of_buttons_alone_shows_its_summary() -> None:
    message = Message("Do you agree?", (Buttons((Button("Yes", "yes", "r.0"),)),))

    assert text_of(message, BENS) == "Do you agree?"


@pytest.mark.parametrize(
    ("reader", "time"),
    [
        (Reader(), "Mon 16 Nov 2026, 09:00 UTC"),
        (reader_for("ana", PEOPLE), "Mon 16 Nov 2026, 09:00"),
        (reader_for("david", PEOPLE), "Mon 16 Nov 2026, 10:00"),
        (reader_for("elif", PEOPLE), "Mo. 16 Nov. 2026, 10:00"),
    ],
)
def test_a_moment_is_told_in_its_readers_zone_and_language(reader: Reader, time: str) -> None:
    message = Message("When.", (Text((Moment(datetime(2026, 11, 16, 9, tzinfo=UTC)),)),))

    assert text_of(message, reader) == time


def test_a_form_shows_its_fields_what_they_hold_and_what_is_wrong_with_them() -> None:
    form = Form(
        "I can refer someone",
        "new_draft",
        "g",
        (
            Field("seeker", "Who needs help?", FieldKind.MEMBER, value=BEN),
            Field("need", "What do they need?", FieldKind.LONG_TEXT, hint="in their words", value="Books.\x1b[0m"),
            Field("basis", "How do you know?", FieldKind.CHOICE, value="a", options=(("a", "First"), ("b", "Second"))),
        ),
        "Preview",
    )

    assert text_of(form, BENS, {"need": "That is a link.", "": "Something else."}).splitlines() == [
        "I can refer someone",
        "Who needs help?: @Ben Okafor",
        "What do they need? – in their words: Books.[0m",
        "! That is a link.",
        "How do you know? (First · Second): First",
        "! Something else.",
    ]
    assert buttons_of(form) == ["Preview"]


def test_a_stranger_is_mentioned_by_their_id() -> None:
    assert text_of(Message("Hi.", (Text((Mention(BEN),)),)), Reader()) == "@ben"

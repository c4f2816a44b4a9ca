"""What people type at the local prompt, and what they are told when it means nothing."""

from datetime import timedelta

import pytest

from adapters.local.commands import Numbered, TypedWrongError, slash, span_of, value_for, which, whom
from adapters.local.people import ANA, BEN, CARLA, EVERYBODY
from adapters.local.room import INTRODUCTIONS, WORKSPACE
from bot.domain.ids import EventId
from bot.ports.inbound import Origin, Slash
from bot.ports.messages import Button, Field, FieldKind

PEOPLE = {person.user: person for person in EVERYBODY}
ORIGIN = Origin(EventId("local:1"), WORKSPACE, ANA, INTRODUCTIONS)


def a_field(kind: FieldKind, *, value: str | tuple[str, ...] = "") -> Field:
    options = (("direct", "I worked with them"), ("indirect", "From their clients"), ("none", "Neither"))
    return Field("key", "Label", kind, value=value, options=options)


@pytest.mark.parametrize(
    ("line", "name", "text", "people"),
    [
        ("/refer", "refer", "", ()),
        ("/refer @ben @carla", "refer", "", (BEN, CARLA)),
        ("/Refer @Ben  he needs books @carla kept", "refer", "he needs books kept", (BEN, CARLA)),
        ("/ask an accountant who knows workshops", "ask", "an accountant who knows workshops", ()),
        ("/intros", "intros", "", ()),
        ("/intros find somebody@work", "intros", "find somebody@work", ()),
        ("/intros report @ben", "intros", "report", (BEN,)),
        ("/intros jion", "intros", "jion", ()),
    ],
)
def test_a_command_is_read_with_its_mentions_in_order(line: str, name: str, text: str, people: tuple[str, ...]) -> None:
    assert slash(line, ORIGIN, PEOPLE) == Slash(ORIGIN, name, text, people)  # type: ignore[arg-type] # ids in a table


def test_a_mistyped_command_suggests_the_nearest_one() -> None:
    with pytest.raises(TypedWrongError, match=r"There is no /refre\. Did you mean /refer\?"):
        slash("/refre @ben", ORIGIN, PEOPLE)


def test_an_unknown_command_lists_what_there_is() -> None:
    with pytest.raises(TypedWrongError, match="/refer, /ask, /intros"):
        slash("/xyzzy", ORIGIN, PEOPLE)


def test_a_mention_of_nobody_says_who_is_here() -> None:
    with pytest.raises(TypedWrongError, match=r"Nobody here is called bne\. In this room: @ana, @ben"):
        slash("/refer @bne", ORIGIN, PEOPLE)


@pytest.mark.parametrize("typed", ["ben", "@ben", " @Ben ", "Ben Okafor", "ben ok"])
def test_a_person_is_found_by_handle_name_or_the_start_of_it(typed: str) -> None:
    assert whom(typed, PEOPLE) == BEN


@pytest.mark.parametrize("typed", ["", "@", "zoe"])
def test_a_person_who_is_not_here_is_not_guessed(typed: str) -> None:
    with pytest.raises(TypedWrongError):
        whom(typed, PEOPLE)


BUTTONS = (
    Numbered(1, "m1", Button("Join", "join", "g")),
    Numbered(2, "m2", Button("Yes, introduce us", "yes", "r.0")),
    Numbered(3, "m2", Button("Yes, but…", "yes_but", "r.0")),
    Numbered(4, "m3", Button("Yes, introduce us", "yes", "r.1")),
)


@pytest.mark.parametrize(
    ("typed", "number"), [("2", 2), ("join", 1), ("Yes, introduce us", 4), ("yes", 4), ("yes, b", 3), (" JOIN ", 1)]
)
def test_a_button_is_found_by_number_and_the_newest_one_by_label(typed: str, number: int) -> None:
    assert which(typed, BUTTONS).number == number


@pytest.mark.parametrize("typed", ["", "9", "maybe"])
def test_a_button_that_is_not_there_is_not_guessed(typed: str) -> None:
    with pytest.raises(TypedWrongError, match="In view: 1 Join, 2 Yes"):
        which(typed, BUTTONS)


def test_without_buttons_the_sentence_says_how_to_look() -> None:
    with pytest.raises(TypedWrongError, match="Type look"):
        which("1", ())


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FieldKind.TEXT, "some words", "some words"),
        (FieldKind.LONG_TEXT, "-", ""),
        (FieldKind.MEMBER, "@carla", "carla"),
        (FieldKind.MEMBER, "-", ""),
        (FieldKind.CHOICE, "2", "indirect"),
        (FieldKind.CHOICE, "direct", "direct"),
        (FieldKind.CHOICE, "neither", "none"),
        (FieldKind.CHOICE, "from", "indirect"),
        (FieldKind.CHOICES, "1, 3, 1", ("direct", "none")),
        (FieldKind.CHOICES, "-", ()),
    ],
)
def test_a_field_takes_what_its_kind_allows(kind: FieldKind, typed: str, value: str | tuple[str, ...]) -> None:
    assert value_for(a_field(kind), typed, PEOPLE) == value


@pytest.mark.parametrize("kind", list(FieldKind))
def test_an_empty_line_keeps_what_the_field_was_filled_with(kind: FieldKind) -> None:
    assert value_for(a_field(kind, value="direct"), "  ", PEOPLE) == "direct"


def test_a_choice_that_is_none_lists_them() -> None:
    with pytest.raises(TypedWrongError, match="1 I worked with them, 2 From their clients"):
        value_for(a_field(FieldKind.CHOICE), "7", PEOPLE)


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("30 seconds", timedelta(seconds=30)),
        ("90min", timedelta(minutes=90)),
        ("1 Hour", timedelta(hours=1)),
        ("2 days", timedelta(days=2)),
        ("1w", timedelta(days=7)),
    ],
)
def test_a_span_of_time_is_read(typed: str, span: timedelta) -> None:
    assert span_of(typed) == span


@pytest.mark.parametrize("typed", ["soon", "2 months", "-1 days", "days"])
def test_a_span_that_means_nothing_says_what_would(typed: str) -> None:
    with pytest.raises(TypedWrongError, match="wait 2 days"):
        span_of(typed)

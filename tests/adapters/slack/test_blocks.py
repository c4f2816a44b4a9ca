"""Messages as blocks: every part readable, inside Slack's limits, and a text that stands for the whole."""

from datetime import UTC, datetime

import pytest

from adapters.slack.blocks import (
    TooMuchToShowError,
    blocks_of,
    content,
    edit_payload,
    fallback,
    message_payload,
)
from bot.domain.ids import UserId
from bot.ports.messages import (
    Bold,
    Button,
    Buttons,
    Divider,
    Fields,
    File,
    Heading,
    Image,
    Link,
    Mention,
    Message,
    Moment,
    Note,
    Part,
    Plain,
    Quote,
    Text,
)
from tests.oracles import oracle

ANA = UserId("U0ANA")
NINE = Moment(datetime(2026, 11, 16, 9, tzinfo=UTC))
ROW = Buttons((Button("Yes", "yes", "r.0"), Button("No, thanks", "no", "r.0")))


def words(text: str) -> tuple[Plain]:
    return (Plain(text),)


def a_message(*parts: Part) -> Message:
    return Message("A summary.", parts)


def shown(*parts: Part) -> list[dict[str, object]]:
    blocks = blocks_of(a_message(*parts))
    assert oracle("slack_check").check_blocks(blocks) == []
    return blocks


def rich(kind: str, *inside: dict[str, object]) -> dict[str, object]:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(inside)}]}


def text(words: str, *, bold: bool = False) -> dict[str, object]:
    said: dict[str, object] = {"type": "text", "text": words}
    return said | {"style": {"bold": True}} if bold else said


EVERYTHING = (
    Heading("A heading"),
    Text((Plain("Hello "), Mention(ANA))),
    Fields((("Does", words("kitchens")), ("Where", words("London")))),
    Quote(words("two\nlines")),
    Divider(),
    Note((Plain("Until "), NINE)),
    Note(words("Small print, *as it is*.")),
    Image(b"png", "3 introductions"),
    File("about-me.json", "{}"),
    ROW,
)


def test_every_part_has_its_blocks() -> None:
    blocks = blocks_of(a_message(*EVERYTHING), files={7: "F0CHART"})

    assert oracle("slack_check").check_blocks(blocks) == []
    small = f"Until <!date^{1794819600}^{{date_short_pretty}} {{time}}|2026-11-16 09:00 UTC>"
    assert blocks == [
        {"type": "header", "text": {"type": "plain_text", "text": "A heading"}},
        rich("rich_text_section", text("Hello "), {"type": "user", "user_id": "U0ANA"}),
        rich(
            "rich_text_section",
            text("Does:", bold=True),
            text(" kitchens\n"),
            text("Where:", bold=True),
            text(" London"),
        ),
        rich("rich_text_quote", text("two\nlines")),
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": small, "verbatim": True}]},
        {"type": "context", "elements": [{"type": "plain_text", "text": "Small print, *as it is*."}]},
        {"type": "image", "slack_file": {"id": "F0CHART"}, "alt_text": "3 introductions"},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": {"type": "plain_text", "text": "Yes"}, "action_id": "yes:r.0"},
                {"type": "button", "text": {"type": "plain_text", "text": "No, thanks"}, "action_id": "no:r.0"},
            ],
        },
    ]


def test_the_text_for_a_screen_reader_is_the_summary_and_then_everything_but_buttons() -> None:
    assert fallback(a_message(*EVERYTHING)).split("\n") == [
        "A summary.",
        "A heading",
        "Hello <@U0ANA>",
        "Does: kitchens",
        "Where: London",
        "two",
        "lines",
        "Until <!date^1794819600^{date_short_pretty} {time}|2026-11-16 09:00 UTC>",
        "Small print, *as it is*.",
        "3 introductions",
        "about-me.json",
    ]


def test_a_summary_that_the_message_opens_with_is_said_once() -> None:
    assert fallback(a_message(Text(words("A summary.")), Text(words("More.")))) == "A summary.\nMore."


def test_a_fallback_too_long_for_an_edit_ends_with_an_ellipsis() -> None:
    long = fallback(a_message(Text(words("&" * 2000))))

    assert len(long) <= 4000
    assert long.endswith("&amp;…")


def test_small_print_that_markup_would_change_is_written_large() -> None:
    assert shown(Note((Plain("Run by *us* until "), NINE)))[0]["type"] == "rich_text"
    assert shown(Note((Bold("Note"), NINE)))[0]["type"] == "rich_text"
    assert shown(Note((Link("https://x.example", "us"),)))[0]["type"] == "rich_text"
    assert [block["type"] for block in shown(Note(words("x" * 4000)))] == ["rich_text", "rich_text"]
    assert [block["type"] for block in shown(Note((NINE, Plain("x" * 3000))))] == ["rich_text"]


def test_small_print_with_a_person_finds_only_that_person() -> None:
    (block,) = shown(Note((Mention(ANA), Plain(" <@U1> <!here>"))))

    assert block["elements"] == [
        {"type": "mrkdwn", "text": "<@U0ANA> &lt;@U1&gt; &lt;!here&gt;", "verbatim": True},
    ]


def test_an_image_that_could_not_be_uploaded_is_told_in_its_own_words() -> None:
    assert shown(Image(b"png", "3 introductions")) == [rich("rich_text_section", text("3 introductions"))]


def test_what_has_nothing_to_say_but_buttons_says_its_summary() -> None:
    assert [block["type"] for block in shown(ROW)] == ["rich_text", "actions"]
    assert shown(File("x.json", "{}")) == [rich("rich_text_section", text("A summary."))]
    assert shown(Text(words("")), Quote(()), Note(()), Fields(()), Buttons(())) == [
        rich("rich_text_section", text("A summary."))
    ]


@pytest.mark.parametrize(
    "part",
    [
        Text(words("word " * 2000)),
        Quote(words("word " * 2000)),
        Note(words("word " * 2000)),
        Fields((("Does", words("word " * 2000)),)),
        Heading("word " * 60),
        Buttons(tuple(Button("A label " * 20, "yes", str(number)) for number in range(60))),
        Buttons((Button("Twice", "yes", "r"), Button("the same", "yes", "r"))),
        Image(b"", "alt " * 900),
    ],
)
def test_what_is_too_long_for_one_block_takes_several(part: Part) -> None:
    assert shown(part)


def test_buttons_too_many_for_a_row_take_more_rows_and_none_is_lost() -> None:
    many = Buttons(tuple(Button("Label", "yes", str(number)) for number in range(60)))

    rows = [block["elements"] for block in shown(many)[1:]]

    assert [len(row) for row in rows if isinstance(row, list)] == [25, 25, 10]


def test_two_buttons_of_one_id_stand_in_two_rows() -> None:
    rows = shown(Text(words("Which?")), Buttons((Button("This", "yes", "r"), Button("or this", "yes", "r"))))[1:]

    assert [len(str(row["elements"]).split("action_id")) - 1 for row in rows] == [1, 1]


def test_paragraphs_too_many_for_a_message_are_set_close() -> None:
    blocks = shown(*(Text(words(f"{number}.")) for number in range(70)), ROW)

    assert [block["type"] for block in blocks] == ["rich_text", "actions"]
    assert fallback(a_message(*(Text(words(f"{number}.")) for number in range(70)))).endswith("69.")


def test_what_does_not_fit_even_so_is_not_shown_in_part() -> None:
    rows = tuple(Buttons((Button("Label", "yes", str(number)),)) for number in range(50))

    with pytest.raises(TooMuchToShowError):
        blocks_of(a_message(*rows))
    assert len(blocks_of(a_message(*rows), most=100)) == 51


def test_arguments_are_those_that_each_method_takes() -> None:
    arguments = oracle("slack_args")
    message = a_message(Text(words("Hello.")))

    posted = message_payload(message)
    edited = edit_payload(message)

    assert arguments.check_args("chat.postMessage", {"channel": "C1", **posted}) == []
    assert arguments.check_args("chat.update", {"channel": "C1", "ts": "1.2", **edited}) == []
    assert arguments.check_args("chat.postEphemeral", {"channel": "C1", "user": "U1", **edited}) == []
    assert posted == {**edited, "unfurl_links": False, "unfurl_media": False}
    assert edited == {**content(message), "parse": "none"}
    assert "link_names" not in posted

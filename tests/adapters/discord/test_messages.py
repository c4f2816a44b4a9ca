"""Messages as requests: plain where a notification has to be read, of components where they are long; in all limits."""

from datetime import UTC, datetime

import pytest

from adapters.discord.layouts import Showing
from adapters.discord.messages import Outgoing, edited, mentioned, posted, replied, updated
from adapters.discord.text import unescaped
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
    Mention,
    Message,
    Moment,
    Note,
    Part,
    Plain,
    Quote,
    Text,
)
from tests.adapters.discord.checking import (
    UPDATE,
    buttons_of,
    edited_faults,
    files_of,
    posted_faults,
    replied_faults,
    texts_of,
)

ANA, BEN = UserId("400000000000000001"), UserId("400000000000000002")
GUILD = "200000000000000001"
NINE = Moment(datetime(2026, 11, 16, 9, tzinfo=UTC))
ROW = Buttons((Button("Yes", "yes", "r.0"), Button("No, thanks", "no", "r.0")))


def words(text: str) -> tuple[Plain]:
    return (Plain(text),)


def a_message(*parts: Part) -> Message:
    return Message("A *summary*.", parts)


def many(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"Number {number}", "yes", str(number)) for number in range(count))


def all_ways(message: Message, showing: Showing | None = None) -> tuple[Outgoing, ...]:
    """Return what is posted, once every way of showing the message was found free of faults."""
    showing = showing or Showing()
    sent = posted(message, showing)
    assert posted_faults(sent) == []
    assert edited_faults(edited(message, showing)) == []
    assert replied_faults(replied(message, showing)) == []
    assert replied_faults(updated(message, showing), UPDATE) == []
    return sent


def one_of(message: Message, showing: Showing | None = None) -> Outgoing:
    (sent,) = all_ways(message, showing)
    return sent


def test_every_part_is_in_the_content_with_the_buttons_below_it() -> None:
    sent = one_of(
        a_message(
            Heading("A heading"),
            Text((Plain("Hello "), Mention(ANA))),
            Fields((("Does", words("kitchens")), ("Where", words("London")))),
            Quote(words("two\nlines")),
            Note((Plain("Until "), NINE)),
            ROW,
        )
    )

    assert sent.payload == {
        "content": (
            "### A heading\n\nHello <@400000000000000001>\n\n**Does:** kitchens\n**Where:** London\n\n"
            "> two\n> lines\n\n-# Until <t:1794819600:f>"
        ),
        "flags": 4,
        "components": [
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 2, "label": "Yes", "custom_id": "yes:r.0"},
                    {"type": 2, "style": 2, "label": "No, thanks", "custom_id": "no:r.0"},
                ],
            }
        ],
        "allowed_mentions": {"parse": []},
    }


def test_all_buttons_weigh_the_same() -> None:
    sent = one_of(a_message(Text(words("Which?")), Buttons(many(25))))

    assert {button["style"] for row in sent.payload["components"] for button in row["components"]} == {2}


def test_a_message_without_words_says_its_summary() -> None:
    assert one_of(a_message(ROW)).payload["content"] == "A \\*summary\\*."
    assert one_of(a_message(Image(b"png", "a chart"))).payload["content"] == "A \\*summary\\*."
    assert one_of(a_message()).payload["content"] == "A \\*summary\\*."


def test_nothing_is_shown_of_a_part_without_words() -> None:
    empty = (Heading(" "), Text(()), Quote(words("\x00")), Note(words(" ")), Fields(()))

    assert one_of(a_message(*empty, Text(words("Hello.")))).payload["content"] == "Hello."
    assert one_of(a_message(*empty)).payload["content"] == "A \\*summary\\*."


def test_what_was_typed_begins_no_line_of_its_own_kind() -> None:
    shown = one_of(
        a_message(Text(words("# a\n- b\n1. c")), Quote(words("> d")), Note(words("-# e")), Heading("# f\ng"))
    )

    assert shown.payload["content"] == "\\# a\n\\- b\n1\\. c\n\n> \\> d\n\n-# \\-# e\n\n### \\# f g"


def test_small_print_has_words_on_each_line_and_a_quote_its_empty_ones() -> None:
    shown = one_of(a_message(Note(words("a\n\nb")), Quote(words("c\n\nd"))))

    assert shown.payload["content"] == "-# a\n\n-# b\n\n> c\n> \n> d"


def test_an_image_goes_along_with_words_that_say_the_same() -> None:
    sent = one_of(a_message(Text(words("The week:")), Image(b"png", "3 introductions"), ROW))

    assert sent.payload["attachments"] == [{"id": "0", "filename": "image-1.png", "description": "3 introductions"}]
    assert files_of(sent.files) == {"0": b"png"}


def test_a_file_goes_along_whole() -> None:
    sent = one_of(a_message(Text(words("Yours:")), File("about me/ü.json", "{" + "x" * 100_000 + "}")))

    assert [upload.name for upload in sent.files] == ["about-me--.json"]
    assert len(sent.files[0].content) == 100_002


def test_paragraphs_are_set_close_where_that_saves_a_notification() -> None:
    paragraphs = [Text(words("x" * 100)) for _ in range(19)]

    assert one_of(a_message(*paragraphs)).payload["content"] == "\n\n".join(["x" * 100] * 19)
    close = one_of(a_message(*paragraphs, Text(words("y" * 78))))
    assert close.payload["content"] == "\n".join([*["x" * 100] * 19, "y" * 78])


@pytest.mark.parametrize(
    "parts",
    [
        (Text(words("x" * 2001)),),
        (Text(words("*" * 1001)),),
        (Text(words("One")), ROW, Text(words("Two"))),
        (Text(words("One")), Divider(), Text(words("Two"))),
        (Text(words("Which?")), *(Buttons(many(30)[number : number + 5]) for number in range(0, 30, 5))),
    ],
)
def test_what_content_cannot_hold_is_made_of_components(parts: tuple[Part, ...]) -> None:
    sent = one_of(a_message(*parts))

    assert "content" not in sent.payload
    assert sent.payload["flags"] == 1 << 15


def test_components_keep_the_order_of_the_parts() -> None:
    first, second = Buttons(many(2)[:1]), Buttons(many(2)[1:])
    message = a_message(Heading("H"), Text(words("One")), first, Divider(), Note(words("Two")), second)

    sent = one_of(message)

    assert [component["type"] for component in sent.payload["components"]] == [10, 1, 14, 10, 1]
    assert sent.payload["components"][0]["content"] == "### H\n\nOne"


def test_components_refer_to_their_files() -> None:
    message = a_message(Text(words("x" * 2500)), Image(b"png", "a chart"), File("a.json", "{}"))

    sent = one_of(message)

    assert sent.payload["components"][-2:] == [
        {"type": 12, "items": [{"media": {"url": "attachment://image-1.png"}, "description": "a chart"}]},
        {"type": 13, "file": {"url": "attachment://a.json"}},
    ]
    assert [upload.name for upload in sent.files] == ["image-1.png", "a.json"]


def test_what_takes_the_place_of_a_message_takes_all_of_it() -> None:
    (instead,) = edited(a_message(Text(words("Thank you."))))

    assert instead.payload == {
        "content": None,
        "embeds": None,
        "attachments": [],
        "components": [{"type": 10, "content": "Thank you."}],
        "flags": 1 << 15,
        "allowed_mentions": {"parse": []},
    }


def test_a_private_answer_is_seen_by_one_person_and_stays_so_on_every_page() -> None:
    long = a_message(*(Text(words("x" * 1500)) for _ in range(4)))

    assert [one.payload["flags"] for one in replied(a_message(ROW))] == [4 | 64]
    assert [one.payload["flags"] for one in replied(a_message(ROW), ephemeral=False)] == [4]
    assert [one.payload["flags"] for one in replied(long)] == [1 << 15 | 64] * 2
    assert [one.payload["flags"] for one in updated(long)] == [1 << 15, 1 << 15 | 64]


def test_only_those_are_notified_who_are_mentioned_and_meant() -> None:
    message = a_message(
        Text((Mention(ANA), Plain(" <@400000000000000003> @everyone"))), Fields((("Who", (Mention(BEN),)),))
    )
    everybody = Showing(notify=(BEN, UserId("400000000000000003"), ANA, UserId("nobody")))

    assert mentioned(message) == {ANA, BEN}
    assert one_of(message).payload["allowed_mentions"] == {"parse": []}
    assert one_of(message, everybody).payload["allowed_mentions"] == {"parse": [], "users": [ANA, BEN]}
    assert replied(message)[0].payload["allowed_mentions"] == {"parse": []}


def test_who_is_named_is_not_mentioned_and_so_not_added_to_a_private_thread() -> None:
    message = a_message(Text((Mention(ANA), Plain(", "), Mention(BEN), Plain(" sends you."))))

    sent = one_of(message, Showing(notify=(ANA, BEN), named={BEN: "Ben_O"}))

    assert sent.payload["content"] == "<@400000000000000001>, Ben\\_O sends you."
    assert sent.payload["allowed_mentions"] == {"parse": [], "users": [ANA]}


def test_in_a_direct_message_a_button_says_which_server_it_is_about() -> None:
    sent = one_of(a_message(Text(words("Well?")), ROW), Showing(guild=GUILD))

    assert buttons_of(sent) == [("Yes", f"yes:r.0@{GUILD}"), ("No, thanks", f"no:r.0@{GUILD}")]


def test_two_buttons_that_do_the_same_are_one() -> None:
    sent = one_of(
        a_message(Text(words("Which?")), Buttons((Button("This", "yes", "r"), Button("That", "yes", "r"))), ROW)
    )

    assert [label for label, _ in buttons_of(sent)] == ["This", "Yes", "No, thanks"]


def test_rows_hold_five_and_labels_are_cut() -> None:
    sent = one_of(a_message(Text(words("Which?")), Buttons((*many(6), Button("A label " * 20, "no", "r")))))

    assert [len(row["components"]) for row in sent.payload["components"]] == [5, 2]
    assert buttons_of(sent)[-1][0].endswith("…")


@pytest.mark.parametrize(
    ("part", "sign", "count"),
    [
        (Text(words("word " * 2000)), "word", 2000),
        (Quote(words("a line\n" * 1500)), "line", 1500),
        (Note(words("*word* " * 2000)), "*word*", 2000),
        (Fields((("Does", words("word " * 2000)), ("Where", words("x" * 5000)))), "x", 5000),
        (Heading("word " * 900), "word", 900),
        (Text((Bold("weight " * 900),)), "weight", 900),
        (Text(words("\N{FIRE}" * 6000)), "\N{FIRE}", 6000),
    ],
)
def test_what_no_message_holds_goes_on_in_the_next_and_nothing_is_lost(part: Part, sign: str, count: int) -> None:
    pages = all_ways(a_message(part, ROW))

    assert len(pages) > 1
    assert sum(unescaped(text).count(sign) for page in pages for text in texts_of(page)) == count
    assert [buttons_of(page) != [] for page in pages] == [*[False] * (len(pages) - 1), True]


def test_buttons_stay_with_the_words_they_are_about() -> None:
    entries = [(Text(words(f"Entry {n}")), Buttons((Button("Show it", "show_draft", str(n)),))) for n in range(30)]

    pages = all_ways(a_message(*(part for entry in entries for part in entry)))

    assert len(pages) == 3
    for page in pages:
        kinds = [component["type"] for component in page.payload["components"]]
        assert kinds == [10, 1] * (len(kinds) // 2)
    assert sum(len(buttons_of(page)) for page in pages) == 30


def test_more_buttons_than_one_message_holds_are_on_the_next() -> None:
    pages = all_ways(a_message(Text(words("Which?")), Buttons(many(60))))

    assert [len(buttons_of(page)) for page in pages] == [30, 30]
    assert [len(page.payload["components"]) for page in pages] == [7, 6]

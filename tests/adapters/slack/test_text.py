"""Spans as Slack's text and back: nothing that was typed means anything, and everything can be read."""

import json
from datetime import UTC, datetime

import pytest

from adapters.slack.text import chunks, cut, elements, fitted, is_free_of_markup, mrkdwn, readable, safe
from bot.domain.ids import UserId
from bot.ports.messages import Bold, Link, Mention, Moment, Plain, Spans

ANA = UserId("U0ANA")
NINE = Moment(datetime(2026, 11, 16, 9, tzinfo=UTC))
FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
BROADCASTS = "<!channel> <!here|x> <@U1> <#C1> <!subteam^S1> @everyone & <http://evil.example|bank>"


def test_every_span_has_its_element() -> None:
    spans = (Plain("Hello "), Mention(ANA), Plain(", "), Bold("now"), Link("https://x.example/?a=1&b=2", "here"), NINE)

    assert elements(spans) == [
        {"type": "text", "text": "Hello "},
        {"type": "user", "user_id": "U0ANA"},
        {"type": "text", "text": ", "},
        {"type": "text", "text": "now", "style": {"bold": True}},
        {"type": "link", "url": "https://x.example/?a=1&b=2", "text": "here"},
        {
            "type": "date",
            "timestamp": 1794819600,
            "format": "{date_short_pretty} {time}",
            "fallback": "2026-11-16 09:00 UTC",
        },
    ]


def test_spans_as_markup_for_fallbacks() -> None:
    spans = (Plain("Hello "), Mention(ANA), Plain(" & "), Link("https://x.example/?a=1&b=|2", "a > b"), NINE)

    assert mrkdwn(spans) == (
        "Hello <@U0ANA> &amp; <https://x.example/?a=1&amp;b=%7C2|a &gt; b>"
        "<!date^1794819600^{date_short_pretty} {time}|2026-11-16 09:00 UTC>"
    )


def test_what_was_typed_is_text_in_both() -> None:
    assert elements((Plain(BROADCASTS),)) == [{"type": "text", "text": BROADCASTS}]
    assert not set(mrkdwn((Plain(BROADCASTS),))) & {"<", ">"}
    assert readable(mrkdwn((Plain(BROADCASTS),))) == BROADCASTS


def test_slack_refuses_empty_text_so_there_is_none() -> None:
    assert elements((Plain(""), Bold(""), Plain("\x00"), Plain("x"))) == [{"type": "text", "text": "x"}]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain text", "plain text"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("nul\x00 bell\x07 escape\x1b[31m c1\x9b31m", "nul bell escape[31m c131m"),
        ("half \ud83d other \ude00", "half \ufffd other \ufffd"),
        ("abc\u202edef\u2066ghi\u2069", "abcdefghi"),
        ("Grüße 👩\u200d🔧 क्\u200cष", "Grüße 👩\u200d🔧 क्\u200cष"),
    ],
)
def test_text_that_json_or_a_reader_stumbles_over_is_made_safe(typed: str, shown: str) -> None:
    assert safe(typed) == shown
    json.dumps(shown, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [("short", 5, "short"), ("longer", 5, "long…"), ("two words", 5, "two…"), (FAMILY * 3, 9, FAMILY + "…")],
)
def test_a_cut_falls_between_characters_and_shows(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown


def test_a_character_without_an_end_is_cut_all_the_same() -> None:
    assert len(cut("\N{MAN}" + "\u200d\N{MAN}" * 99, 75)) <= 75


def test_markup_is_fitted_without_breaking_what_it_is_made_of() -> None:
    spans = (Plain("a & b "), Mention(ANA), Plain(" &" + FAMILY))

    whole = mrkdwn(spans)
    for most in range(1, len(whole) + 1):
        shown = fitted(spans, most)
        assert len(shown) <= most
        assert shown == whole or whole.startswith(shown.removesuffix("…"))
        assert shown.count("<") == shown.count(">")
        assert shown.count("&") == shown.count(";")
    assert fitted(spans, len(whole)) == whole


def test_long_text_is_broken_between_words_and_loses_nothing() -> None:
    shown = [*elements((Plain("word " * 1000), Mention(ANA), Plain("x" * 7000), Bold(FAMILY * 900)))]

    runs = list(chunks(shown, 3000))

    assert all(sum(len(one.get("text", "")) for one in run) <= 3000 for run in runs)
    texts = [one["text"] for run in runs for one in run if "text" in one]
    assert "".join(texts) == "word " * 1000 + "x" * 7000 + FAMILY * 900
    assert all(text.endswith(" ") for text in texts if text.startswith("word"))
    assert all(text.startswith("\N{MAN}") for text in texts if FAMILY in text)


@pytest.mark.parametrize("typed", ["*bold*", "_it_", "~no~", "`code`", "> quote", "a\n  > b", ":tada:"])
def test_what_markup_would_change_is_noticed(typed: str) -> None:
    spans: Spans = (Plain("Until "), NINE, Plain(typed))

    assert not is_free_of_markup(spans)


def test_ordinary_sentences_are_free_of_markup() -> None:
    assert is_free_of_markup((Plain("Until 10:30, at ana@x.example: “fine” (a > b)! "), NINE, Mention(ANA)))


@pytest.mark.parametrize(
    ("slack", "read"),
    [
        ("a &lt;b&gt; &amp;lt; c", "a <b> &lt; c"),
        ("<#C1|general> and <#C1>", "#general and …"),
        ("<@U1|ana> and <@W1>", "@ana and …"),
        ("<!here> <!channel|channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@board> <!subteam^S1>", "@board …"),
        ("<!date^1^{date}|last May>", "last May"),
        ("<http://x.example|x.example> <https://x.example/>", "x.example https://x.example/"),
        ("<https://x.example?a=1&amp;b=2|R&amp;D>", "R&D (https://x.example?a=1&b=2)"),
        ("<mailto:a@x.example|a@x.example> <tel:+4930|call>", "a@x.example call (+4930)"),
        ("a < b <> c", "a < b <> c"),
    ],
)
def test_slacks_markup_is_read_as_people_see_it(slack: str, read: str) -> None:
    assert readable(slack) == read

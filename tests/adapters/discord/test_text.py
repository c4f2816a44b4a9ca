"""Spans as Discord's markdown and back: nothing that was typed means anything, and everything can be read."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.text import cut, escaped, markdown, one_line, readable, runs, safe, unescaped
from bot.domain.ids import ChannelId, UserId
from bot.ports.messages import Bold, Channel, Link, Mention, Moment, Plain, Spans
from tests.discord.inert import active

ANA = UserId("400000000000000001")
NINE = Moment(datetime(2026, 11, 16, 9, tzinfo=UTC))
FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
LIVE = (
    "<@400000000000000001> <@!400000000000000001> <@&600000000000000001> <#300000000000000001> @everyone @here",
    "<t:1794819600> <t:1794819600:R> </intros help:700000000000000001> <id:customize>",
    "<:party:812345678901234567> <a:party:812345678901234567>",
    "[your bank](https://evil.example) [x](<https://evil.example>) https://evil.example <https://evil.example>",
    "discord://x steam://run/1 HTTP://EVIL.example",
    "*it* _it_ **bold** __under__ ***all*** ~~no~~ ||spoiler|| `code` ``co`de``",
    "```py\nrm -rf\n```",
    "# one\n## two\n### three\n-# small\n> quote\n>>> rest\n- list\n* list\n+ list\n1. first\n2) second\n  - inner",
    "\\*not\\* \\\\*even so*\\\\ \\<@400000000000000001>",
    "<ana@evil.example> <mailto:ana@evil.example> <+4930123456>",
)


def test_every_span_has_its_markdown() -> None:
    spans = (
        Plain("Hello "),
        Mention(ANA),
        Plain(", "),
        Bold("now"),
        Plain(" "),
        Link("https://x.example/?a=1", "here"),
    )

    assert markdown((*spans, Plain(" at "), NINE)) == (
        "Hello <@400000000000000001>, **now** [here](<https://x.example/?a=1>) at <t:1794819600:f>"
    )


@pytest.mark.parametrize("typed", LIVE)
def test_what_was_typed_is_text(typed: str) -> None:
    shown = markdown((Plain(typed),))

    assert active(typed) != ()
    assert active(shown) == ()
    assert unescaped(shown) == typed


@given(st.text(st.sampled_from("\\*_~`|<>@#&[]()!:/-+.1 \n\taehttpsdiscord"), max_size=40))
def test_whatever_is_typed_is_text_and_comes_back(typed: str) -> None:
    shown = markdown((Plain(typed),))

    assert active(shown) == ()
    assert unescaped(shown) == safe(typed)


@given(st.lists(st.text(st.sampled_from("\\*_<>@#[]():/-1. \neh"), max_size=6), max_size=6))
def test_nothing_means_something_across_two_spans(texts: list[str]) -> None:
    spans: Spans = tuple(Plain(text) for text in texts)

    assert active(markdown(spans)) == ()


def test_invites_are_found_by_no_client() -> None:
    for invite in ("discord.gg/abc", "https://discord.com/invite/abc", "DiscordApp.com/invite/abc", "discord.gift/x"):
        assert "discord." not in escaped(invite).lower()
        assert "discordapp." not in escaped(invite).lower()
        assert unescaped(escaped(invite)) == invite


def test_ordinary_sentences_stand_as_they_were_typed() -> None:
    words = "Until 10:30 (a & b): “fine”, it’s 50% off! R&D/IT; 3 - 2 = 1? ana@x.example, Ana's 1.5 kg."

    for typed in (words, f"-5 °C, {words}", f"#1, {words}", f">100 {words}", f"1.5 kg {words}"):
        assert markdown((Plain(typed),)) == typed


def test_a_channel_is_shown_as_discord_shows_channels() -> None:
    assert (
        markdown((Channel(ChannelId("300000000000000001")), Channel(ChannelId("*x")))) == "<#300000000000000001>#\\*x"
    )


def test_bold_words_that_meet_are_one_and_empty_ones_none() -> None:
    assert markdown((Bold("a"), Bold("*b"), Plain("*"), Bold(""), Bold(" "))) == "**a\\*b**\\* "


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (Link("https://x.example/a_(b)", "a [b]"), "[a \\[b\\]](<https://x.example/a_%28b%29>)"),
        (Link("https://x.example", "https://bank.example"), "<https://x.example>"),
        (Link("https://x.example", "bank.example"), "<https://x.example>"),
        (Link("https://x.example", ""), "<https://x.example>"),
        (Link("javascript:alert(1)", "here"), "here (javascript:alert(1))"),
        (Link("discord://x", ""), "discord\\://x"),
        (Link("https://x.example/> <@1>", "here"), "[here](<https://x.example/%3E%20%3C@1%3E>)"),
    ],
)
def test_a_link_of_ours_says_where_it_leads_and_opens_no_preview(link: Link, shown: str) -> None:
    assert markdown((link,)) == shown


def test_who_must_not_be_mentioned_is_named() -> None:
    spans = (Mention(ANA), Plain(" and "), Mention(UserId("400000000000000002")), Mention(UserId("nobody's id")))

    shown = markdown(spans, {ANA: "Ana *Silva*\n@everyone"})

    assert shown == "Ana \\*Silva\\* \\@everyone and <@400000000000000002>@nobody's id"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain text", "plain text"),
        ("two\r\nlines\tand\u2028more", "two\nlines and\nmore"),
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


def test_a_line_is_one_line() -> None:
    assert one_line(" two\n\n lines\u2029here ") == "two lines here"


@pytest.mark.parametrize("most", [150, 500, 3000])
def test_long_text_is_broken_between_words_and_loses_nothing(most: int) -> None:
    spans = (
        Plain("*word* " * 500),
        Mention(ANA),
        Plain("x" * 5000 + "\n- y"),
        Bold("weight " * 90),
        Plain(FAMILY * 400),
    )

    shown = [markdown(run) for run in runs(spans, most)]

    assert all(len(text) <= most for text in shown)
    whole = unescaped("".join(shown).replace("****", "").replace("**", ""))
    assert whole == unescaped(markdown(spans).replace("**", ""))
    assert not any(text.startswith(("ord", "rd")) for text in shown)


def test_a_character_without_an_end_is_broken_all_the_same() -> None:
    shown = list(runs((Plain("a" + "\u0301" * 9000),), 1000))

    assert all(len(markdown(run)) <= 1000 for run in shown)
    assert sum(len(markdown(run)) for run in shown) == 9001


@pytest.mark.parametrize(
    ("discord", "read"),
    [
        ("<@400000000000000001> and <@!400000000000000002>", "@Ana Silva and …"),
        ("<@&600000000000000001> in <#300000000000000001>", "… in …"),
        ("<:party:812345678901234567><a:wave:812345678901234568>", ":party::wave:"),
        ("</intros help:700000000000000001> <t:1794819600:R>", "/intros help …"),
        ("<https://x.example/a?b=1> **as it was** <3 <x>", "https://x.example/a?b=1 **as it was** <3 <x>"),
    ],
)
def test_discords_own_text_is_read_as_people_see_it(discord: str, read: str) -> None:
    assert readable(discord, {ANA: "Ana Silva"}) == read

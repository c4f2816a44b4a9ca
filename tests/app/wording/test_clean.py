"""What a person typed is made safe before it is stored, and cut between characters as people see them."""

import unicodedata

import pytest
import regex

from bot.app.wording.clean import clean, cut

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
FLAG = "\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}"
ENGLAND = "\N{WAVING BLACK FLAG}\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
THUMB = "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-5}"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("lone \ud800 surrogate \udfff", "lone  surrogate"),
        ("\u202eevil\u202c \u2066apart\u2069 \u200emark\u200f", "evil apart mark"),
        ("zero\u200bwidth\u2060\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("a\r\nb\rc\u2028d\u2029e\x0bf\x85g", "a\nb\nc\nd\ne\nf\ng"),
        ("  one  \n\n \n\n  two \t\n", "one\n\n  two"),
        ("e\u0301", "\u00e9"),
        ("tags \U000e0041\U000e0042 gone", "tags  gone"),
        ("joined a\u200db and a\u200cb", "joined ab and ab"),
        ("\uffff\U0001fffe", ""),
        ("\u3164\u115f", ""),
    ],
)
def test_what_is_invisible_or_misleading_goes(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        FAMILY,
        FLAG,
        ENGLAND,
        THUMB,
        "\N{HEAVY BLACK HEART}\ufe0f",
        "\N{HEAVY BLACK HEART}\ufe0f\u200d\N{FIRE}",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "क्\u200dष",
        "“ä” – naïve, 漢字, עברית, العربية",
        "two\nlines\n\nand a third",
    ],
)
def test_what_people_write_stays(typed: str) -> None:
    assert clean(typed) == unicodedata.normalize("NFC", typed)


def test_a_single_line_has_no_break_in_it() -> None:
    assert clean(" one \r\n two\t\u00a0 three ", single_line=True) == "one two three"


def test_cleaning_twice_changes_nothing_more() -> None:
    for typed in ("a\u200d\u200d\u0301" * 20, "\r\n \u2028" * 9, "x" + "\u0301" * 30):
        assert clean(clean(typed)) == clean(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 100_000,
        FAMILY * 4_000,
        "a" + "\u0301\u0327" * 50_000,
        "\U000e0061" * 100_000,
        "\N{WAVING BLACK FLAG}\U000e0061" * 50_000,
        "\u200d" * 100_000,
        "\n" * 100_000,
        " " * 99_999 + "x",
        "ä " * 50_000,
    ],
)
def test_a_hundred_kilobytes_are_cleaned_and_cut_to_their_room(typed: str) -> None:
    assert len(cut(clean(typed), 600)) <= 600


@pytest.mark.parametrize(
    "text", [FAMILY * 20, FLAG * 20, THUMB * 20, "क्षि" * 20, "abc " * 20, "äb" * 30, "e\u0301" * 30]
)
def test_a_cut_never_falls_into_the_middle_of_a_character(text: str) -> None:
    whole = regex.findall(r"\X", text)

    for limit in range(len(text) + 2):
        short = cut(text, limit)
        assert len(short) <= limit
        if len(text) > limit >= 1:
            assert short.endswith("…")
            kept = regex.findall(r"\X", short.removesuffix("…"))
            assert kept == whole[: len(kept)] or "".join(kept) == "".join(whole[: len(kept)]).rstrip()
        elif limit:
            assert short == text


def test_a_cut_keeps_as_many_characters_as_fit() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdef", 5) == "abcd…"
    assert cut(FAMILY * 2, 6) == f"{FAMILY}…"
    assert cut(FAMILY * 2, 5) == "…"
    assert cut("abcdef", 0) == ""

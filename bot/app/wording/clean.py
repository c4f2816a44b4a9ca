"""Makes what a person typed safe to store and to show, and cuts it without breaking a character."""

import unicodedata

import regex

ELLIPSIS = "…"

_NEWLINES = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_JOINING = (
    r"\p{Arabic}\p{Syriac}\p{Mongolian}\p{Nko}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}"
    r"\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Myanmar}\p{Khmer}\p{Balinese}"
)
"""Scripts in which a joiner or non-joiner inside a word changes what is read."""

_INVISIBLE = regex.compile(
    rf"""
      \U0001F3F4[\U000E0020-\U000E007E]{{1,8}}\U000E007F(*SKIP)(*FAIL)  # keep the flags of parts of countries
    | [\p{{Cs}}]                                                     # lone surrogates
    | [\p{{Cc}}--[\n\t]]                                             # control characters, NUL among them
    | [\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]                 # what turns the direction of writing
    | [\u00AD\u034F\u115F\u1160\u17B4\u17B5\u180E\u200B\u2060-\u2065\u206A-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]
    | \p{{Noncharacter_Code_Point}}
    | (?<![\p{{Extended_Pictographic}}\p{{Emoji_Modifier}}\uFE0F{_JOINING}])\u200D
    | \u200D(?![\p{{Extended_Pictographic}}{_JOINING}])
    | (?<![{_JOINING}])\u200C | \u200C(?![{_JOINING}])
    | [\U000E0000-\U000E007F]                                       # tags, outside of such flags
    """,
    regex.VERBOSE | regex.VERSION1,
)
_STACKED = regex.compile(r"(\p{M}{8})\p{M}+")
"""More marks on one letter than any language writes. They also make normalising take quadratic time."""

_MANY_LINES = regex.compile(r"\n{3,}")
_SPACE = regex.compile(r"\s+")
_CLUSTER = regex.compile(r"\X")


def clean(text: str, *, single_line: bool = False) -> str:
    """Return the text without anything invisible or misleading, in NFC, trimmed.

    Line breaks stay, at most one empty line in a row, unless it has to be a single line.
    """
    text = _NEWLINES.sub("\n", text)
    text = _STACKED.sub(r"\1", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFC", text)
    if single_line:
        return _SPACE.sub(" ", text).strip()
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _MANY_LINES.sub("\n\n", text).strip()


def cut(text: str, limit: int) -> str:
    """Return the text, or as much of it as fits with an ellipsis, ending between two characters as people see them.

    The limit and the result's length are counted in code points.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    return text[: _last_boundary(text[:limit])].rstrip() + ELLIPSIS


def _last_boundary(text: str) -> int:
    """Return the last place before the text's final code point where a character ends."""
    end = _plain_boundary(text)
    for cluster in _CLUSTER.finditer(text, end):
        if cluster.end() >= len(text):
            break
        end = cluster.end()
    return end


def _plain_boundary(text: str) -> int:
    """Return the last place between two printable ASCII characters, where one always ends, or the beginning."""
    end = len(text) - 1
    while end > 0 and not (" " <= text[end - 1] <= "~" and " " <= text[end] <= "~"):
        end -= 1
    return max(end, 0)

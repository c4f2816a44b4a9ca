"""Makes text harmless on a terminal: what somebody typed can only be read."""

import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
_BREAKS = re.compile("\r\n|[\r\v\f\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")


def inert(text: str) -> str:
    """Return text without control, format and bidirectional characters; line breaks stay, broken ones are marked."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(_harmless(character) for character in _BREAKS.sub("\n", whole))


def one_line(text: str) -> str:
    """Return inert text on one line."""
    return " ".join(inert(text).split())


def _harmless(character: str) -> str:
    if character == "\t":
        return " "
    if character == "\n" or character in _JOINERS:
        return character
    return "" if unicodedata.category(character) in ("Cc", "Cf") else character

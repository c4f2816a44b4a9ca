"""Cuts text where a character ends as people see it: an emoji of five code points is one, and is never halved."""

from itertools import takewhile
from typing import Final

import regex

ELLIPSIS: Final = "…"

_CLUSTER = regex.compile(r"\X")


def shortened(text: str, most: int) -> str:
    """Return text of at most so many characters, with an ellipsis where it was longer."""
    return text if len(text) <= most else text[: boundary(text, most - 1)].rstrip() + ELLIPSIS


def boundary(text: str, most: int) -> int:
    """Return the last place up to `most` where a character ends; `most` inside an endless one."""
    ends = (cluster.end() for cluster in _CLUSTER.finditer(text))
    return max(takewhile(lambda end: end <= most, ends), default=most)


def clusters(text: str) -> list[str]:
    """Return the characters of a text as people see them."""
    return _CLUSTER.findall(text)

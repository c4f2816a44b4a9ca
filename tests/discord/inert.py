"""What Discord's markdown would make of a text, so that a test can say that somebody's words are only words."""

import re
from collections.abc import Mapping
from typing import NamedTuple

ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
PRIVATE = 0xF0000
"""Escaped characters wait here, in a private plane of Unicode, while the others are looked at."""

SYNTAX: Mapping[str, str] = {
    "mention": r"<@!?\d{1,20}>",
    "role": r"<@&\d{1,20}>",
    "everyone": r"@(?:everyone|here)",
    "channel": r"<#\d{1,20}>",
    "command": r"</[^:>\n]+:\d{1,20}>",
    "time": r"<t:-?\d{1,17}(?::[tTdDfFRsS])?>",
    "emoji": r"<a?:\w{2,32}:\d{1,20}>",
    "navigation": r"<id:[\w-]+>",
    "masked link": r"\[[^\]\n]+\]\(\s*<?[a-z]+://[^)\n]+\)",
    "link": r"<?(?:https?|discord)://[^\s>]+>?",
    "address": r"<(?:[\w.+-]+@[\w-]+\.[\w.]+|\+\d[\d-]{3,}|(?:mailto|tel|sms):[^>\s]+)>",
    "code": r"`[^`\n]+`|```",
    "spoiler": r"\|\|.+?\|\|",
    "strike": r"~~.+?~~",
    "bold": r"\*\*.+?\*\*",
    "underline": r"__.+?__",
    "italic": r"(?<!\*)\*(?![\s*])[^*]+?\*(?!\*)|(?<!\w)_(?!_).+?_(?!\w)",
    "heading": r"(?m)^ {0,3}#{1,3} +\S",
    "subtext": r"(?m)^ {0,3}-# +\S",
    "quote": r"(?m)^ {0,3}>(?:>>)? +\S",
    "list": r"(?m)^ *(?:[-*]|\d+\.) +\S",
}
COMPILED = {kind: re.compile(pattern, re.DOTALL) for kind, pattern in SYNTAX.items()}


class Active(NamedTuple):
    """A piece of text that Discord shows as more than its characters."""

    kind: str
    text: str


def active(text: str) -> tuple[Active, ...]:
    """Return every piece of a text that would not be shown as it stands. Inert text gives ()."""
    masked = _mask(text)
    return tuple(
        Active(kind, _unmask(found.group())) for kind, pattern in COMPILED.items() for found in pattern.finditer(masked)
    )


def shown(text: str, names: Mapping[str, str]) -> str:
    """Return a text as a person reads it: without markup and backslashes, with names for ids."""
    masked = _mask(text)
    masked = re.sub(r"<@!?(\d{1,20})>", lambda found: "@" + names.get(found.group(1), "unknown-user"), masked)
    masked = re.sub(r"(?m)^ {0,3}(?:#{1,3}|-#|>(?:>>)?) +", "", masked)
    masked = re.sub(r"\[([^\]\n]+)\]\(\s*<?([a-z]+://[^)\s>]+)>?\)", r"\1", masked)
    for mark in (r"\*\*", "__", "~~", r"\|\|", "```"):
        masked = re.sub(rf"{mark}(.+?){mark}", r"\1", masked, flags=re.DOTALL)
    masked = re.sub(r"(?<!\*)\*(?![\s*])(.+?)\*", r"\1", masked)
    masked = re.sub(r"(?<!\w)_(?!_)(.+?)_(?!\w)", r"\1", masked)
    return _unmask(masked)


def _mask(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(PRIVATE + ord(found.group(1))), text)


def _unmask(text: str) -> str:
    return "".join(chr(ord(each) - PRIVATE) if PRIVATE < ord(each) < PRIVATE + 128 else each for each in text)

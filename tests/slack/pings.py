"""Whom a message would notify: explicit mentions, and those that Slack makes by itself from plain words."""

import re
from collections.abc import Iterator

from tests.slack.state import JSON

_EXPLICIT = re.compile(r"<(?:@([UW]\w+)|!(here|channel|everyone)|!subteam\^(S\w+))(?:[|^][^<>]*)?>")
_BARE = re.compile(r"(?<![\w@])@(here|channel|everyone)\b")


def pinged(message: JSON) -> frozenset[str]:
    """Return `U…`, `here`, `channel`, `everyone` and `S…` of whoever would be notified.

    `message` is what was sent: text, blocks, attachments, link_names, parse. Marked-up text that is not verbatim is
    read for bare @here and its like, since Slack links them.
    """
    found: set[str] = set()
    links = bool(message.get("link_names")) or message.get("parse") == "full"
    found.update(_in_text(str(message.get("text") or ""), links=links))
    for part in ("blocks", "attachments"):
        found.update(_in_tree(message.get(part) or []))
    return frozenset(found)


def _in_text(text: str, *, links: bool) -> Iterator[str]:
    for match in _EXPLICIT.finditer(text):
        yield next(group for group in match.groups() if group)
    if links:
        yield from _BARE.findall(text)


def _in_tree(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _in_tree(one)
    if not isinstance(node, dict):
        return
    yield from _in_node(node)
    for key, inside in node.items():
        if isinstance(inside, str) and key in ("pretext", "fallback"):
            yield from _in_text(inside, links=True)
        yield from _in_tree(inside)


def _in_node(node: JSON) -> Iterator[str]:
    text = node.get("text")
    match node.get("type"):
        case "mrkdwn":
            yield from _in_text(str(text), links=not node.get("verbatim", False))
        case "markdown":
            yield from _in_text(str(text), links=True)
        case "user" if "user_id" in node:
            yield str(node["user_id"])
        case "broadcast":
            yield str(node["range"])
        case "usergroup":
            yield str(node["usergroup_id"])
        case None if isinstance(text, str):  # an attachment's own text is marked up
            yield from _in_text(text, links=True)
        case _:
            return

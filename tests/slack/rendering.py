"""What blocks look like to somebody who reads them: plain text with names, and instants in the reader's own zone."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.slack.state import JSON

_ENTITY = re.compile(r"<([^<>]*)>")
_STYLE = re.compile(r"(?<!\w)([*_~])(\S(?:[^\n]*?\S)?)\1(?!\w)|`([^`\n]+)`")
_DATE_TOKEN = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Reader:
    """Whose eyes these are: their zone, today's date, and what people and channels are called."""

    zone: str
    now: datetime
    names: Mapping[str, str]
    channels: Mapping[str, str]


def visible(blocks: list[JSON], reader: Reader) -> str:
    """Return the text somebody sees in these blocks, a line for each; buttons are not text."""
    lines = (line for block in blocks for line in _block(block, reader))
    return "\n".join(line for line in lines if line)


def mrkdwn(text: str, reader: Reader) -> str:
    """Return marked-up text as it is seen."""
    bare = _STYLE.sub(lambda m: m.group(2) or m.group(3), text)
    return unescape(_ENTITY.sub(lambda m: _entity(m.group(1), reader), bare))


def unescape(text: str) -> str:
    """Undo the three escapes Slack knows."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """Escape what Slack gives a meaning, as Slack itself does with what people type."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _entity(inside: str, reader: Reader) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("!date^"):
        _, seconds, pattern = target.split("^")[:3]
        return instant(int(seconds), pattern, reader)
    if target.startswith("@"):
        return f"@{reader.names.get(target[1:], label or 'unknown')}"
    if target.startswith("#"):
        return f"#{reader.channels.get(target[1:], label or 'unknown')}"
    if target.startswith("!"):
        return f"@{label or target[1:].partition('^')[0]}"
    return label or target


def instant(seconds: int, pattern: str, reader: Reader) -> str:
    """Return an instant by Slack's date pattern, in the reader's zone."""
    local = datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(reader.zone))
    today = reader.now.astimezone(local.tzinfo).date()
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((local.date() - today).days)
    forms = _date_forms(local)

    def one(token: str) -> str:
        plain = token.removesuffix("_pretty")
        return near if token.endswith("_pretty") and near else forms.get(plain, f"{{{token}}}")

    return _DATE_TOKEN.sub(lambda m: one(m.group(1)), pattern)


def _date_forms(local: datetime) -> Mapping[str, str]:
    return {
        "date_num": f"{local:%Y-%m-%d}",
        "date": f"{local.day} {local:%B %Y}",
        "date_short": f"{local.day} {local:%b %Y}",
        "date_long": f"{local:%A}, {local.day} {local:%B %Y}",
        "time": f"{local:%H:%M}",
        "time_secs": f"{local:%H:%M:%S}",
    }


def _block(block: JSON, reader: Reader) -> Iterator[str]:
    show = _BLOCKS.get(block.get("type", ""))
    if show is not None:
        yield from show(block, reader)


def _text(value: JSON | None, reader: Reader) -> str:
    if not value:
        return ""
    return mrkdwn(value["text"], reader) if value.get("type") == "mrkdwn" else str(value.get("text", ""))


def _header(block: JSON, reader: Reader) -> Iterator[str]:
    yield _text(block.get("text"), reader)


def _section(block: JSON, reader: Reader) -> Iterator[str]:
    yield _text(block.get("text"), reader)
    for one in block.get("fields") or ():
        yield _text(one, reader)


def _context(block: JSON, reader: Reader) -> Iterator[str]:
    yield " ".join(_text(one, reader) for one in block["elements"] if one.get("type") != "image")


def _image(block: JSON, reader: Reader) -> Iterator[str]:
    yield f"[{block['alt_text']}]"


def _input(block: JSON, reader: Reader) -> Iterator[str]:
    yield _text(block["label"], reader)
    yield _text(block.get("hint"), reader)


def _markdown(block: JSON, reader: Reader) -> Iterator[str]:
    yield str(block.get("text", ""))


def _rich_text(block: JSON, reader: Reader) -> Iterator[str]:
    for element in block["elements"]:
        yield _rich(element, reader)


def _rich(element: JSON, reader: Reader) -> str:
    """Return one element of rich text, with whatever is inside it."""
    if element.get("type") == "rich_text_list":
        return "\n".join(f"• {_rich(one, reader)}" for one in element["elements"])
    if "elements" in element:
        return "".join(_rich(one, reader) for one in element["elements"])
    return _span(element, reader)


def _span(element: JSON, reader: Reader) -> str:
    match element.get("type"):
        case "user":
            return f"@{reader.names.get(element['user_id'], 'unknown')}"
        case "channel":
            return f"#{reader.channels.get(element['channel_id'], 'unknown')}"
        case "broadcast":
            return f"@{element['range']}"
        case "link":
            return str(element.get("text") or element["url"])
        case "date":
            return instant(element["timestamp"], element["format"], reader)
        case "emoji":
            return f":{element['name']}:"
        case _:
            return str(element.get("text", ""))


_BLOCKS: Mapping[str, Callable[[JSON, Reader], Iterator[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
}

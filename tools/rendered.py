"""Draws what the loopback Slack and Discord received as simple pages, to be looked at; roughly as the clients would."""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

Json = Mapping[str, Any]

LOOKS = {
    "slack-light": ("#fff", "#1d1c1d", "#616061", "#f8f8f8", "#1264a3", "#e8f5fa"),
    "slack-dark": ("#1a1d21", "#d1d2d3", "#ababad", "#222529", "#1d9bd1", "#1d3a47"),
    "discord-light": ("#fff", "#313338", "#5c5e66", "#e3e5e8", "#5865f2", "#e6e8fd"),
    "discord-dark": ("#313338", "#dbdee1", "#949ba4", "#4e5058", "#c9cdfb", "#414675"),
}
"""Ground, ink, quiet ink, button, mention, and a mention's ground."""


def page(looks: str, author: str, body: str) -> str:
    """Return one message as a page."""
    ground, ink, quiet, button, mention, around = LOOKS[looks]
    style = f"""
    body {{ margin: 0; padding: 1.2rem; width: 33rem; background: {ground}; color: {ink};
           font: 15px/1.46 "Noto Sans", "DejaVu Sans", sans-serif; }}
    .by {{ font-weight: 700 }} .by span {{ font-weight: 400; font-size: 12px; color: {quiet} }}
    h3 {{ font-size: 18px; margin: .3rem 0 }} p {{ margin: .35rem 0; white-space: pre-line }}
    .quiet {{ color: {quiet}; font-size: 13px }} b {{ color: {mention}; background: {around}; font-weight: 500 }}
    blockquote {{ margin: .3rem 0; padding-left: .8rem; border-left: 4px solid {button} }}
    img {{ max-width: 100%; border-radius: 8px; display: block }}
    div.row {{ display: flex; gap: .5rem; margin: .5rem 0 }}
    .row span {{ background: {button}; border: 1px solid {quiet}; border-radius: 4px; padding: .25rem .8rem }}
    """
    by = f"<div class=by>{escape(author)} <span>APP 09:00</span></div>"
    return f"<!doctype html><meta charset=utf-8><style>{style}</style><body>{by}{body}"


def slack(blocks: Iterable[Json], pictures: Mapping[str, bytes], names: Mapping[str, str]) -> str:
    """Return Block Kit blocks as HTML."""
    return "".join(_block(block, pictures, names) for block in blocks)


def _block(block: Json, pictures: Mapping[str, bytes], names: Mapping[str, str]) -> str:
    match block["type"]:
        case "header":
            return f"<h3>{escape(block['text']['text'])}</h3>"
        case "context":
            return f"<p class=quiet>{''.join(_mrkdwn(one, names) for one in block['elements'])}</p>"
        case "section":
            return f"<p>{_mrkdwn(block['text'], names)}</p>"
        case "rich_text":
            return "".join(_rich(one, names) for one in block["elements"])
        case "image":
            return _picture(pictures[block["slack_file"]["id"]], block["alt_text"])
        case "actions":
            return _buttons(one["text"]["text"] for one in block["elements"])
        case "divider":
            return "<hr>"
        case other:
            raise ValueError(other)


def _rich(element: Json, names: Mapping[str, str]) -> str:
    tag = "blockquote" if element["type"] == "rich_text_quote" else "p"
    spans = "".join(
        f"<b>@{escape(names[one['user_id']])}</b>" if one["type"] == "user" else escape(one.get("text", ""))
        for one in element["elements"]
    )
    return f"<{tag}>{spans}</{tag}>"


def _mrkdwn(text: Json, names: Mapping[str, str]) -> str:
    return _mentioned(escape(text["text"], quote=False), names)


def discord(content: str, components: Iterable[Json], attached: Iterable[tuple[bytes, str]], names: Json) -> str:
    """Return a message's Markdown, its attachments and its buttons as HTML, in the order in which they stand."""
    lines = "".join(_line(line, names) for line in content.split("\n") if line.strip())
    pictures = "".join(_picture(picture, alt) for picture, alt in attached)
    rows = "".join(_buttons(one["label"] for one in row["components"]) for row in components if row["type"] == 1)
    return lines + pictures + rows


def _line(line: str, names: Mapping[str, str]) -> str:
    for start, tag in (("### ", "h3"), ("-# ", "p class=quiet"), ("> ", "blockquote"), ("", "p")):
        if line.startswith(start):
            text = _mentioned(escape(re.sub(r"\\(.)", r"\1", line.removeprefix(start)), quote=False), names)
            return f"<{tag}>{text}</{tag.split()[0]}>"
    raise ValueError(line)


def _mentioned(escaped: str, names: Mapping[str, str]) -> str:
    return re.sub(r"&lt;@!?(\w+)&gt;", lambda found: f"<b>@{escape(names[found[1]])}</b>", escaped)


def _picture(content: bytes, alt: str) -> str:
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{b64encode(content).decode()}">'


def _buttons(labels: Iterable[str]) -> str:
    return f"<div class=row>{''.join(f'<span>{escape(label)}</span>' for label in labels)}</div>"

"""One message as a page in a browser: inert text, no script, nothing loaded from anywhere."""

import base64
import hashlib
import re
from html import escape
from typing import Final

from bot.ports.messages import Bold, Heading, Link, Message, Note, Plain, Span, Text

_STYLE: Final = (
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}small{color:#555}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}small{color:#aaa}}"
)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

SAFE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?=[-,;]|$)")


def page(message: Message, language: str) -> str:
    """Return a message as HTML."""
    parts = "\n".join(filter(None, map(_part, message.parts)))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(message.summary)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{parts}\n</main>\n</body>\n</html>\n"
    )


def language_of(accepted: str) -> str:
    """Return the first language of an Accept-Language header; English where there is none."""
    found = _LANGUAGE.match(accepted.strip())
    return found[0].lower() if found else "en"


def _part(part: object) -> str:
    match part:
        case Heading(text):
            return f"<h1>{escape(text)}</h1>"
        case Text(spans):
            return f"<p>{''.join(map(_span, spans))}</p>"
        case Note(spans):
            return f"<p><small>{''.join(map(_span, spans))}</small></p>"
        case _:
            return ""  # such pages have no more than words


def _span(span: Span) -> str:
    match span:
        case Plain(text) | Link(_, text):
            return escape(text)
        case Bold(text):
            return f"<strong>{escape(text)}</strong>"
        case _:
            return ""

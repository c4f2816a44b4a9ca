"""Text for Slack in which nothing that a person typed means anything, and Slack's text as people read it."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, TypeAlias, assert_never

import regex

from adapters.cutting import ELLIPSIS, boundary, clusters, shortened
from bot.ports.messages import Bold, Channel, Link, Mention, Moment, Plain, Span, Spans

Element: TypeAlias = dict[str, Any]
"""A part of a rich text, as Slack's Block Kit has it."""

MOMENT = "{date_short_pretty} {time}"
"""How Slack shows an instant: by the reader's clock, calendar and language."""

_UNFIT = regex.compile(r"[\x00-\x08\x0B-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069\p{Noncharacter_Code_Point}]")
_HALVES = regex.compile(r"\p{Cs}")
_SPACE = regex.compile(r"\s+")
_MARKUP = regex.compile(r"[*_~`]|:[\w+'-]+:|^\s*>", regex.MULTILINE)
_ANGLED = regex.compile(r"<([^<>]+)>")


def safe(text: str) -> str:
    """Return text that any JSON can carry: no control characters, nothing that turns the direction, no half characters.

    The core cleans what people type. This is for everything else that is shown, and for a mistake there.
    """
    if text.isprintable() or text == "\n":
        return text
    return _UNFIT.sub("", _HALVES.sub("\N{REPLACEMENT CHARACTER}", text))


def escaped(text: str) -> str:
    """Return text in which Slack's markup finds no mention, link, channel or broadcast."""
    return safe(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_free_of_markup(spans: Spans) -> bool:
    """Say whether mrkdwn shows these spans as they stand: no stars, underscores, quotes or names of emoji."""
    worded = (_words(span) for span in spans if isinstance(span, Plain | Bold | Link))
    return not any(_MARKUP.search(words) for words in worded)


def words_alone(spans: Spans) -> str | None:
    """Return the text of spans that are nothing but plain text, else None."""
    plain = [span.text for span in spans if isinstance(span, Plain)]
    return safe("".join(plain)) if len(plain) == len(spans) else None


def _words(span: Plain | Bold | Link) -> str:
    return span.label if isinstance(span, Link) else span.text


def mrkdwn(spans: Spans) -> str:
    """Return spans as mrkdwn: for fallbacks, and with `verbatim` where a block takes nothing better."""
    return "".join(_mrkdwn(span) for span in spans)


def _mrkdwn(span: Span) -> str:
    match span:
        case Plain(text) | Bold(text):
            return escaped(text)
        case Mention(user):
            return f"<@{escaped(user)}>"
        case Channel(channel):
            return f"<#{escaped(channel)}>"
        case Link(url, label):
            return f"<{escaped(url).replace('|', '%7C')}|{escaped(label)}>"
        case Moment():
            return f"<!date^{_seconds(span)}^{MOMENT}|{_in_words(span)}>"
        case _:
            assert_never(span)


def fitted(spans: Spans, most: int) -> str:
    """Return spans as mrkdwn of at most so many characters, cut between two of them and with an ellipsis."""
    whole = mrkdwn(spans)
    if len(whole) <= most:
        return whole
    atoms = list(_atoms(spans))
    ends = accumulate(len(atom) for atom in atoms)
    kept = (atom for atom, end in zip(atoms, ends, strict=True) if end <= most - len(ELLIPSIS))
    return "".join(kept).rstrip() + ELLIPSIS


def _atoms(spans: Spans) -> Iterator[str]:
    for span in spans:
        if isinstance(span, Plain | Bold):
            yield from (escaped(cluster) for cluster in clusters(span.text))
        else:
            yield _mrkdwn(span)


def elements(spans: Spans, *, bold: bool = False) -> list[Element]:
    """Return spans as elements of a rich text, which Slack does not parse. It refuses empty ones: they are left out."""
    shown: list[Element] = []
    for one in (_element(span, bold=bold) for span in spans):
        if shown and _is_more_of(one, shown[-1]):
            shown[-1] = {**one, "text": shown[-1]["text"] + one["text"]}
        elif one.get("text") != "":
            shown.append(one)
    return shown


def _is_more_of(one: Element, before: Element) -> bool:
    return one["type"] == before["type"] == "text" and one.get("style") == before.get("style")


def _element(span: Span, *, bold: bool) -> Element:
    match span:
        case Plain(text):
            return _text(text, bold=bold)
        case Bold(text):
            return _text(text, bold=True)
        case Mention(user):
            return {"type": "user", "user_id": safe(user)}
        case Channel(channel):
            return {"type": "channel", "channel_id": safe(channel)}
        case Link(url, label):
            return {"type": "link", "url": safe(url), "text": safe(label or url)}
        case Moment():
            return {"type": "date", "timestamp": _seconds(span), "format": MOMENT, "fallback": _in_words(span)}
        case _:
            assert_never(span)


def _text(text: str, *, bold: bool) -> Element:
    shown: Element = {"type": "text", "text": safe(text)}
    return shown | {"style": {"bold": True}} if bold else shown


def _seconds(moment: Moment) -> int:
    return int(moment.at.timestamp())


def _in_words(moment: Moment) -> str:
    """Return an instant for whoever Slack cannot show it to by their own clock."""
    return f"{moment.at:%Y-%m-%d %H:%M} UTC"


def chunks(shown: Iterable[Element], most: int) -> Iterator[list[Element]]:
    """Yield the elements in runs of at most so many characters, text broken between words where it can be."""
    run: list[Element] = []
    room = most
    for piece in (piece for element in shown for piece in _pieces(element, most)):
        size = len(piece.get("text", ""))
        if run and size > room:
            yield run
            run, room = [], most
        run.append(piece)
        room -= size
    if run:
        yield run


def _pieces(element: Element, most: int) -> Iterator[Element]:
    text = element.get("text", "")
    while len(text) > most:
        end = _between_words(text, most)
        yield {**element, "text": text[:end]}
        text = text[end:]
    yield {**element, "text": text} if "text" in element else element


def _between_words(text: str, most: int) -> int:
    space = text.rfind(" ", most // 2, most)
    return space + 1 if space >= 0 else boundary(text, most)


def cut(text: str, most: int) -> str:
    """Return safe text of at most so many characters, with an ellipsis where it was longer."""
    return shortened(safe(text), most)


def one_line(text: str) -> str:
    """Return safe text on one line, for an input that takes no more."""
    return _SPACE.sub(" ", safe(text)).strip()


def readable(text: str) -> str:
    """Return Slack's escaped text as people read it: links and channels in words, `&amp;` as &.

    Somebody who is mentioned without a name is an ellipsis: their id would say nothing to anybody.
    """
    shown = _ANGLED.sub(lambda found: _spoken(found[1]), text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _spoken(inner: str) -> str:
    target, _, label = inner.partition("|")
    match target[:1]:
        case "@" | "#":
            return f"{target[0]}{label}" if label else ELLIPSIS
        case "!":
            return _special(target, label)
        case _:
            return _link(target, label)


def _special(target: str, label: str) -> str:
    name = target[1:].partition("^")[0]
    if name in {"here", "channel", "everyone"}:
        return f"@{name}"
    return label or ELLIPSIS


def _link(url: str, label: str) -> str:
    bare = url.removeprefix("mailto:").removeprefix("tel:")
    if not label or label == bare:
        return bare
    if label == bare.removeprefix("https://").removeprefix("http://").rstrip("/"):
        return label
    return f"{label} ({bare})"

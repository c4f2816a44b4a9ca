"""Text for Discord in which nothing that a person typed means anything, and Discord's text as people read it."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import assert_never

import regex

from adapters.cutting import ELLIPSIS, clusters, shortened
from adapters.discord.ids import is_snowflake
from bot.domain.ids import UserId
from bot.ports.messages import Bold, Channel, Link, Mention, Moment, Plain, Span, Spans

Names = Mapping[UserId, str]
NOBODY: Names = MappingProxyType({})

_BREAKS = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_UNFIT = regex.compile(r"[\x00-\x09\x0B-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069\p{Noncharacter_Code_Point}]")
_HALVES = regex.compile(r"\p{Cs}")
_MOST_CLUSTER = 100
_SPACE = regex.compile(r"\s+")
_WORD = regex.compile(r"\s*\S+|\s+$")
_MEANS_SOMETHING = re.compile(
    r"""[\\*_~`|<\[\]]                                       # emphasis, code, spoilers, mentions, dates, masked links
    | @(?=everyone|here)
    | :(?=//)                                               # bare links
    | \.(?i:(?<=discord\.)|(?<=discordapp\.))(?=[A-Za-z])   # invites, which are looked for without a scheme
    """,
    re.VERBOSE,
)
_BEGINS_A_LINE = re.compile(r"^([^\S\n]*)(?:(?=[-+#>]+(?:\s|$))|(\d+)(?=[.)](?:\s|$)))", re.MULTILINE)
"""Lists, headings, small print and quotes begin a line."""

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINK = regex.compile(r"https?://\S+", regex.IGNORECASE)
_LOOKS_LIKE_LINK = regex.compile(r"://|\bwww\.|^\S+\.\S+$", regex.IGNORECASE)
_OF_DISCORD = regex.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|\#(?P<channel>\d+)|a?:(?P<emoji>\w+):\d+|t:-?\d+(?::\w)?(?P<moment>)"
    r"|/(?P<command>[^:<>]+):\d+|(?P<url>https?://[^\s<>]+))>"
)


def safe(text: str) -> str:
    """Return text that any JSON can carry: no control characters, nothing that turns the direction, no half characters.

    The core cleans what people type. This is for everything else that is shown, and for a mistake there.
    """
    if text.isprintable():
        return text
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    return _UNFIT.sub("", _HALVES.sub("\N{REPLACEMENT CHARACTER}", text))


def escaped(text: str) -> str:
    """Return text that Discord shows as it stands, wherever it is not the beginning of a line."""
    return _MEANS_SOMETHING.sub(r"\\\g<0>", safe(text))


def unescaped(text: str) -> str:
    """Return the text that was escaped."""
    return _ESCAPED.sub(r"\1", text)


def markdown(spans: Spans, named: Names = NOBODY) -> str:
    """Return spans as Discord's markdown. Those in `named` are named and not mentioned."""
    inline = "".join(_shown(span, named) for span in _merged(spans))
    return _BEGINS_A_LINE.sub(_kept_as_it_stands, inline)


def _kept_as_it_stands(beginning: re.Match[str]) -> str:
    return f"{beginning[1]}{beginning[2] or ''}\\"


def _merged(spans: Spans) -> Iterator[Span]:
    """Yield spans with neighbours of one kind made one, so that nothing means something across two."""
    waiting: Plain | Bold | None = None
    for span in spans:
        if isinstance(span, Plain | Bold) and type(span) is type(waiting) and waiting is not None:
            waiting = type(span)(waiting.text + span.text)
            continue
        if waiting is not None:
            yield waiting
        waiting = span if isinstance(span, Plain | Bold) else None
        if waiting is None:
            yield span
    if waiting is not None:
        yield waiting


def _shown(span: Span, named: Names) -> str:
    match span:
        case Plain(text):
            return escaped(text)
        case Bold(text):
            return f"**{escaped(text)}**" if safe(text).strip() else escaped(text)
        case Mention(user):
            return _person(user, named)
        case Channel(channel):
            return f"<#{channel}>" if is_snowflake(channel) else escaped(f"#{channel}")
        case Link(url, label):
            return _link(url, label)
        case Moment(at):
            return f"<t:{int(at.timestamp())}:f>"
        case _:
            assert_never(span)


def _person(user: UserId, named: Names) -> str:
    if user in named:
        return escaped(one_line(named[user])) or ELLIPSIS
    return f"<@{user}>" if is_snowflake(user) else escaped(f"@{user}")


def _link(url: str, label: str) -> str:
    """Return a link that opens no preview. Discord takes no label that looks like another address."""
    target = safe(url)
    for sign in '<>()[]\\ "\n':
        target = target.replace(sign, f"%{ord(sign):02X}")
    if not _LINK.fullmatch(target):
        return escaped(f"{label} ({url})" if label else url)
    shown = one_line(label)
    if not shown or _LOOKS_LIKE_LINK.search(shown):
        return f"<{target}>"
    return f"[{escaped(shown)}](<{target}>)"


def runs(spans: Spans, most: int, named: Names = NOBODY) -> Iterator[Spans]:
    """Yield the spans in runs whose markdown has at most so many characters, broken between words where it can be."""
    run: list[Span] = []
    room = most
    for piece in _pieces(spans, most, named):
        size = _size(piece, named)
        if run and size > room:
            yield tuple(run)
            run, room = [], most
        run.append(piece)
        room -= size
    if run:
        yield tuple(run)


def _size(span: Span, named: Names) -> int:
    """Return how long a span gets at most, with what its lines may begin with."""
    shown = _shown(span, named)
    return len(shown) + 1 + 4 * shown.count("\n")


def _pieces(spans: Spans, most: int, named: Names) -> Iterator[Span]:
    for span in spans:
        if not isinstance(span, Plain | Bold):
            yield span
            continue
        for word in _WORD.findall(span.text):
            whole = type(span)(word)
            if _size(whole, named) <= most:
                yield whole
            else:
                yield from (type(span)(atom) for cluster in clusters(word) for atom in _atoms(cluster))


def _atoms(cluster: str) -> Iterator[str]:
    """Yield a character as people see it; one that has no end is broken all the same."""
    for start in range(0, len(cluster), _MOST_CLUSTER):
        yield cluster[start : start + _MOST_CLUSTER]


def cut(text: str, most: int) -> str:
    """Return safe text of at most so many characters, with an ellipsis where it was longer."""
    return shortened(safe(text), most)


def one_line(text: str) -> str:
    """Return safe text on one line, for a place that takes no more."""
    return _SPACE.sub(" ", safe(text)).strip()


def readable(text: str, names: Names = NOBODY) -> str:
    """Return Discord's own text as people read it: people, emoji and links in words.

    Somebody or something without a name is an ellipsis: their id would say nothing to anybody.
    """
    return _OF_DISCORD.sub(lambda found: _spoken(found, names), text)


def _spoken(found: regex.Match[str], names: Names) -> str:
    kind = found.lastgroup
    match kind:
        case "user":
            name = names.get(UserId(found["user"]), "")
            return f"@{name}" if name else ELLIPSIS
        case "emoji":
            return f":{found['emoji']}:"
        case "command":
            return f"/{found['command']}"
        case "url":
            return found["url"]
        case _:
            return ELLIPSIS

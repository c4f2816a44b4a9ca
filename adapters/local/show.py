"""Prints a story as it happens: who does what and who sees what, for people or as one JSON object a line."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from babel.dates import format_date
from rich.console import Console
from rich.text import Text as Line

from adapters.local.inert import one_line
from adapters.local.playing import OpenBot
from adapters.local.render import BAR, Reader, buttons_of, lines_of, reader_for, rows_of, text_of
from adapters.local.room import LocalRoom
from adapters.local.scenes import untold
from adapters.local.story import Ending, tell
from adapters.local.table import set_table
from adapters.local.transcript import CHANNEL, Did, Entry, Kind, Received

COLOURS = ("magenta", "green", "blue", "yellow", "cyan", "red")
INDENT = 6
WIDEST = 100


async def play(open_bot: OpenBot, ending: Ending, *, as_json: bool, console: Console, weeks: int = 0) -> int:
    """Play a story and so many weeks after it, and print it. Returns the exit code."""
    table, bot = await set_table(open_bot)
    shown = Printed(console, table.room)
    try:
        table.room.transcript.watch(_json_lines(console, table.room) if as_json else shown.entry)
        await tell(table, ending, untold if as_json else shown.chapter, weeks=weeks)
    finally:
        await bot.close()
    return 0


def _json_lines(console: Console, room: LocalRoom) -> Callable[[Entry], None]:
    def write(entry: Entry) -> None:
        console.file.write(json.dumps(as_object(entry, room), ensure_ascii=False) + "\n")

    return write


def as_object(entry: Entry, room: LocalRoom) -> dict[str, Any]:
    """Return an entry as it goes into a line of JSON; `at` is the story's clock, ISO 8601."""
    at = entry.at.isoformat()
    if isinstance(entry, Did):
        return {"at": at, "by": entry.by, "does": " – ".join(filter(None, (entry.does, " · ".join(entry.typed))))}
    return {
        "at": at,
        "to": entry.to if isinstance(entry.to, str) else list(entry.to),
        "kind": entry.kind.value,
        "text": text_of(entry.shown, reader_of(entry, room), entry.errors),
        "buttons": buttons_of(entry.shown),
    }


def reader_of(entry: Received, room: LocalRoom) -> Reader:
    """Return for whom an entry is rendered."""
    return reader_for(entry.to if isinstance(entry.to, str) else "", room.people)


class Printed:
    """A story on a terminal: in colour where there is one, plain text otherwise."""

    def __init__(self, console: Console, room: LocalRoom) -> None:
        self._console = console
        self._room = room
        self._day: date | None = None
        self._in_brief = False
        self._before: dict[str, list[str]] = {}

    def chapter(self, sentence: str, *, in_brief: bool = False) -> None:
        """Say what comes next; in brief, each thing that happens is one line."""
        self._in_brief = in_brief
        self._console.print()
        self._lines([Line(f"▸ {sentence}", "bold yellow")], hanging=2)

    def entry(self, entry: Entry) -> None:
        """Print one thing somebody did or received."""
        self._new_day(entry.at)
        head = Line(f"{entry.at:%H:%M:%S} ".replace(":00 ", " ", 1), "dim")
        if isinstance(entry, Did):
            self._did(entry, head)
        elif not self._in_brief:
            rows = rows_of(entry.shown)
            self.received(entry, head, [[Line(f"[ {label} ]", "bold") for label in row] for row in rows])
        elif entry.kind is Kind.POST:
            self._in_one_line(entry, head)

    def _did(self, entry: Did, head: Line) -> None:
        if not self._in_brief:
            self._console.print()
        self._lines([Line.assemble(head, self._who(entry.by), f" {entry.does}")], hanging=INDENT)
        if not self._in_brief:
            self._lines([Line(typed) for typed in entry.typed], indent=INDENT, hanging=2)

    def _in_one_line(self, entry: Received, head: Line) -> None:
        first = lines_of(entry.shown, reader_of(entry, self._room))[0]
        line = Line.assemble(head, self._to(entry), ": ", first)
        line.truncate(self._width, overflow="ellipsis")
        self._lines([line])

    def received(self, entry: Received, head: Line, buttons: list[list[Line]]) -> None:
        """Print something that was put in front of people, with the rows of its buttons as they are given."""
        self._lines([head.append_text(self._to(entry))])
        lines = lines_of(entry.shown, reader_of(entry, self._room), entry.errors)
        before = self._before.get(entry.message, []) if entry.changes else []
        self._lines(list(_news(lines, before)), indent=INDENT)
        self._before[entry.message] = [line.plain for line in lines]
        for row in buttons:
            self._lines(list(_flowing(row, self._width - INDENT)), indent=INDENT)

    def _to(self, entry: Received) -> Line:
        kind = f" · {entry.kind.value.replace('_', '-')}{', changed' if entry.changes else ''}"
        return Line.assemble(("→ ", "dim"), self._audience(entry), (kind, "dim"))

    def _audience(self, entry: Received) -> Line:
        if entry.to == CHANNEL:
            return Line(f"#{self._room.channel}", "bold")
        people = (entry.to,) if isinstance(entry.to, str) else entry.to
        return Line(" + ").join(self._who(user) for user in people)

    def _who(self, user: str) -> Line:
        everybody = list(self._room.people)
        number = everybody.index(user) if user in everybody else 0  # type: ignore[arg-type] # a UserId is a str
        return Line(one_line(user), f"bold {COLOURS[number % len(COLOURS)]}")

    def _new_day(self, at: datetime) -> None:
        if at.date() != self._day:
            self._day = at.date()
            self._console.print()
            self._lines([Line(f"── {format_date(at, 'EEEE d MMMM y', 'en')}", "dim")])

    @property
    def _width(self) -> int:
        return min(self._console.width, WIDEST)

    def _lines(self, lines: list[Line], *, indent: int = 0, hanging: int = 0) -> None:
        """Print lines wrapped by ourselves, so that what is piped has no spaces at the ends of its lines.

        `hanging` is how much further in the lines go on after their first one.
        """
        for line in lines:
            bar = line[: len(BAR)] if line.plain.startswith(BAR) else Line()
            wrapped = line[len(bar) :].wrap(self._console, self._width - indent - hanging - len(bar)) or [Line()]
            for number, part in enumerate(wrapped):
                margin = Line(" " * (indent + (hanging if number else 0)))
                whole = margin.append_text(bar).append_text(part)
                whole.rstrip()
                self._console.print(whole, soft_wrap=True)


def _news(lines: list[Line], before: list[str]) -> Iterator[Line]:
    """Return the lines of a message that changed, with one … for each stretch that reads as it did."""
    known = set(before)
    for is_old, stretch in groupby(lines, lambda line: line.plain in known):
        shown = list(stretch)
        yield from [Line("…", "dim")] if is_old and len(shown) > 1 else shown


def _flowing(buttons: list[Line], width: int) -> Iterator[Line]:
    """Return buttons in lines that break between them and never inside one, unless one alone is too wide."""
    line = Line()
    for button in buttons:
        if line.plain and len(line.plain) + len(button.plain) + 1 > width:
            yield line
            line = Line()
        line = Line.assemble(line, " " if line.plain else "", button)
    yield line

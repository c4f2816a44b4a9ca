"""What each side learned: the parties' transcripts next to each other, and where two endings differ for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

import orjson

from adapters.local.render import Reader, buttons_of, text_of
from adapters.local.room import LocalRoom
from adapters.local.transcript import Did, Entry, reaches
from bot.domain.ids import UserId
from bot.ports.messages import Form, Moment


@dataclass(frozen=True, slots=True)
class Line:
    """Something one person did or was shown; `after` is the time since the story began."""

    after: str
    text: str
    did: bool
    buttons: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class SinceReader(Reader):
    """Tells instants by the time since the story began, so that two stories can be laid side by side."""

    began: datetime | None = None

    def time(self, moment: Moment) -> str:
        """Return how long after the beginning it is."""
        return f"[{after(moment.at, self.began or moment.at)}]"


def after(at: datetime, began: datetime) -> str:
    """Return the time since the beginning, such as `day 3, 01:30`."""
    gone = max(at - began, timedelta())
    minutes, seconds = divmod(gone.seconds, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return f"day {gone.days + 1}, {clock}"


def lines_for(user: UserId, room: LocalRoom, began: datetime) -> tuple[Line, ...]:
    """Return what this person did and was shown since then; a form that opened says nothing new."""
    reader = SinceReader(room.people, began=began)
    entries = (entry for entry in room.transcript.entries if entry.at >= began)
    return tuple(line for entry in entries for line in _lines(entry, user, reader, began))


def _lines(entry: Entry, user: UserId, reader: Reader, began: datetime) -> Iterable[Line]:
    when = after(entry.at, began)
    if isinstance(entry, Did):
        if entry.by == user:
            yield Line(when, "\n".join((entry.does, *entry.typed)), did=True)
    elif reaches(entry.to, user) and not isinstance(entry.shown, Form):
        yield Line(when, text_of(entry.shown, reader), did=False, buttons=" · ".join(buttons_of(entry.shown)))


def packed(lines: Sequence[Line]) -> str:
    """Return lines as one text to keep."""
    return orjson.dumps([[line.after, line.text, line.did, line.buttons] for line in lines]).decode()


def unpacked(text: str) -> tuple[Line, ...]:
    """Return what was packed; nothing for nothing."""
    return tuple(
        Line(when, words, did=did, buttons=buttons) for when, words, did, buttons in orjson.loads(text or "[]")
    )


def compared(one: Sequence[Line], other: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return both with a mark on the lines that the other has not."""
    left, right = [_key(line) for line in one], [_key(line) for line in other]
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    in_left = {i for block in blocks for i in range(block.a, block.a + block.size)}
    in_right = {i for block in blocks for i in range(block.b, block.b + block.size)}
    return _marked(one, in_left), _marked(other, in_right)


def _key(line: Line) -> tuple[str, str, bool, str]:
    return line.after, line.text, line.did, line.buttons


def _marked(lines: Sequence[Line], same: set[int]) -> tuple[Line, ...]:
    return tuple(Line(*_key(line), is_own=number not in same) for number, line in enumerate(lines))

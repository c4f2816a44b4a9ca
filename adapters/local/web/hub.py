"""Tells open pages what changed: each change painted once for each seat, and sent to everybody who sits there.

A page that was away says which change it saw last. It gets the later ones if they are still in the ring, as they stand
now, and otherwise is told to load itself anew.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from adapters.local.happening import Arrived, Cleared, Gathered, Happening, Opened, PutAway, Remembered, Standing, Stood
from adapters.local.inert import one_line
from adapters.local.room import LocalRoom
from adapters.local.transcript import reaches
from adapters.local.web.looking import seats_of
from adapters.local.web.painter import Painter
from adapters.local.web.waiting import Waiting
from bot.domain.ids import UserId

RING = 512
MOST_WAITING = 1_000
HEARTBEAT = 15
_SHOWN_IN = {"story": "story", "fresh": "story", "clock": "clock"}
"""The part of a page that shows what the room remembers under a name."""
_STILL_HERE = b": still here\n\n"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: for a seat, or for everybody where it names none."""

    what: str
    ref: str = ""
    seat: UserId | None = None
    is_new: bool = True


@dataclass(eq=False, slots=True)
class Listener:
    """An open page: the seats it shows, and what it has yet to be told."""

    seats: frozenset[UserId]
    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))


class Hub:
    """Watches the room, and passes on what open pages show of it."""

    def __init__(self, room: LocalRoom, painter: Painter, epoch: str, parts: Mapping[str, Any]) -> None:
        """`epoch` names this process; `parts` paint what is the same for everybody, by name."""
        self._room = room
        self._painter = painter
        self._epoch = epoch
        self._parts = parts
        self._ring: deque[tuple[int, Change]] = deque(maxlen=RING)
        self._last = 0
        self._is_closed = False
        self._listeners: set[Listener] = set()
        self.waiting = Waiting(room)
        room.watch(self._happened)

    @property
    def now(self) -> str:
        """Return the name of the latest change."""
        return f"{self._epoch}.{self._last}"

    @property
    def open_pages(self) -> int:
        """Return how many pages listen."""
        return len(self._listeners)

    def publish(self, change: Change) -> None:
        """Tell everybody whom it concerns."""
        self._last += 1
        self._ring.append((self._last, change))
        painted: dict[UserId | None, bytes] = {}
        for listener in self._listeners:
            for seat in self._concerned(change, listener):
                if seat not in painted:
                    painted[seat] = self._event(self._last, change, seat)
                self._put(listener, painted[seat])

    def close(self) -> None:
        """Let every page go, and take no other: the room is about to close."""
        self._is_closed = True
        for listener in self._listeners:
            _empty(listener)
            listener.waiting.put_nowait(None)

    async def events(self, seats: Iterable[UserId], after: str) -> AsyncIterator[bytes]:
        """Go through what changes for some seats, from the change a page saw last."""
        listener = Listener(frozenset(seats))
        self._catch_up(listener, after)
        self._listeners.add(listener)
        try:
            yield b"retry: 1000\n\n"
            while not self._is_closed and (event := await _next(listener)) is not None:
                yield event
        finally:
            self._listeners.discard(listener)

    def _catch_up(self, listener: Listener, after: str) -> None:
        epoch, _, seen = after.rpartition(".")
        number = int(seen) if seen.isdecimal() and len(seen) < len(str(2**63)) else -1
        oldest = self._last - len(self._ring)
        if epoch != self._epoch or not oldest <= number <= self._last:
            self._put(listener, self._event(self._last, Change("reload"), None))
            return
        for when, change in self._ring:
            if when > number:
                for seat in self._concerned(change, listener):
                    self._put(listener, self._event(when, change, seat))

    def _concerned(self, change: Change, listener: Listener) -> Iterable[UserId | None]:
        if change.what == "message":
            standing = self._room.message(change.ref)
            return [seat for seat in listener.seats if standing and reaches(standing.to, seat)]
        if change.seat is None:
            return (None,)
        return (change.seat,) if change.seat in listener.seats else ()

    def _put(self, listener: Listener, event: bytes) -> None:
        if listener.waiting.full():  # somebody who does not read: they get it all at once when they do
            _empty(listener)
            event = self._event(self._last, Change("reload"), None)
        listener.waiting.put_nowait(event)

    def _event(self, number: int, change: Change, seat: UserId | None) -> bytes:
        told = orjson.dumps({"seat": seat, **self._told(change, seat)})
        return b"id: %s.%d\nevent: %s\ndata: %s\n\n" % (self._epoch.encode(), number, change.what.encode(), told)

    def _told(self, change: Change, seat: UserId | None) -> Mapping[str, Any]:
        match change.what:
            case "message":
                standing = self._room.message(change.ref)
                return self._message(standing, seat, is_new=change.is_new) if standing and seat else {}
            case "form":
                opened = self._room.form_of(seat) if seat else None
                return {
                    "form": opened.id if opened else "",
                    "html": self._painter.form(seat, opened, **self._parts["hidden"]()) if seat else "",
                }
            case "waiting":
                return {"counts": self.waiting.counts(seats_of(self._room))}
            case "part":
                return {"part": change.ref, "html": self._parts[change.ref]()}
            case _:
                return {}

    def _message(self, standing: Standing, seat: UserId, *, is_new: bool) -> Mapping[str, Any]:
        says = "New" if is_new else "Changed"
        about = one_line(standing.message.summary)[:160]
        return {
            "message": standing.id,
            "html": self._painter.message(standing, seat),
            "says": "" if standing.author == seat else f"{says} for {self._painter.name(seat)}: {about}",
        }

    def _happened(self, happening: Happening) -> None:
        match happening:
            case Stood(standing):
                self.publish(Change("message", standing.id, is_new=standing.version == 1))
                if self.waiting.see(standing):
                    self.publish(Change("waiting"))
            case Opened(user, _) | PutAway(user):
                self.publish(Change("form", seat=user))
            case Gathered(_, users, _):
                for member in users:
                    self.publish(Change("reload", seat=UserId(member)))
            case Arrived() | Cleared():
                self._painter.forget()
                self.waiting.look_again()
                self.publish(Change("reload"))
            case Remembered(name, _) if name in _SHOWN_IN:
                self.publish(Change("part", _SHOWN_IN[name]))
            case _:
                pass


async def _next(listener: Listener) -> bytes | None:
    try:
        async with asyncio.timeout(HEARTBEAT):
            return await listener.waiting.get()
    except TimeoutError:
        return _STILL_HERE


def _empty(listener: Listener) -> None:
    while not listener.waiting.empty():
        listener.waiting.get_nowait()

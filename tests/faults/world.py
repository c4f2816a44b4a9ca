"""What outlives the bot: the chat platform, its people and the time, in one file to which everybody only appends."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.ids import WorkspaceId
from bot.ports.gateway import DeliveryKey, Direct, InChannel, Progress, Rate, Receipt, Recipient, Room
from bot.ports.messages import Button, Buttons, Form, Message

CHANNEL = "channel"
ROOM = "room"
Entry = dict[str, Any]


class World:
    """A file of entries, each written at once, so that a kill leaves a whole entry or none."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self._entries: list[Entry] = [json.loads(line) for line in path.read_bytes().split(b"\n") if line]

    def note(self, what: str, **facts: Any) -> Entry:  # noqa: ANN401 -- whatever JSON takes
        """Write down that something happened."""
        entry = {"what": what, **facts}
        os.write(self._file, json.dumps(entry).encode() + b"\n")
        self._entries.append(entry)
        return entry

    def noted(self, *whats: str) -> list[Entry]:
        """Return what happened, oldest first; of some kinds only."""
        return [entry for entry in self._entries if entry["what"] in whats]

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


class WorldClock:
    """The world's own time, which goes on where the last process left it."""

    def __init__(self, world: World, start: datetime) -> None:
        self._world = world
        moved = world.noted("time")
        self._now = datetime.fromisoformat(moved[-1]["at"]) if moved else start

    def now(self) -> datetime:
        """Return the instant."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Go on to an instant; never back."""
        if instant > self._now:
            self._now = instant
            self._world.note("time", at=instant.isoformat())


class ChatOnDisk:
    """A platform that outlives the bot. A key it has delivered gets its first receipt; every call is written down."""

    def __init__(self, world: World, hit: Callable[[str], None] = lambda _: None) -> None:
        self._world = world
        self._hit = hit

    async def deliver(self, to: Recipient, message: Message, *, key: DeliveryKey, progress: Progress) -> Receipt:
        """Show the message, opening the room first where there is none."""
        if earlier := self._called(key, to.workspace):
            return earlier
        place, people = await self._place(to, progress)
        return self._show(key, Receipt(to.workspace, place, key), people, message)

    async def edit(self, receipt: Receipt, message: Message, *, key: DeliveryKey) -> Receipt:
        """Put the message in the place of an earlier one."""
        if earlier := self._called(key, receipt.workspace):
            return earlier
        people = next(e["people"] for e in self._world.noted("shown") if e["message"] == receipt.message)
        return self._show(key, receipt, people, message)

    def rates(self, to: Recipient) -> Sequence[Rate]:
        """Return no limits."""
        return ()

    def _called(self, key: str, workspace: WorkspaceId) -> Receipt | None:
        self._hit(f"before send of {key}")
        self._world.note("called", key=key)
        for entry in self._world.noted("shown"):
            if entry["key"] == key:
                return Receipt(workspace, entry["place"], entry["message"])
        return None

    def _show(self, key: str, receipt: Receipt, people: Sequence[str], message: Message) -> Receipt:
        self._world.note(
            "shown",
            key=key,
            place=receipt.channel,
            message=receipt.message,
            people=list(people),
            text=repr(message),
            buttons=[(button.verb, button.ref) for button in buttons_of(message)],
        )
        self._hit(f"after send of {key}")
        return receipt

    async def _place(self, to: Recipient, progress: Progress) -> tuple[str, tuple[str, ...]]:
        match to:
            case Direct(user=user):
                return f"direct:{user}", (user,)
            case InChannel():
                return CHANNEL, (CHANNEL,)
            case Room():
                return await self._room(to, progress), to.users

    async def _room(self, to: Room, progress: Progress) -> str:
        if ROOM in progress.done:
            return progress.done[ROOM]
        people = sorted(to.users)
        opened = self._world.noted("room")
        known = next((room["place"] for room in opened if (room["name"], room["people"]) == (to.name, people)), None)
        place = known or f"room-{len(opened) + 1}"
        if known is None:
            self._world.note("room", place=place, name=to.name, people=people)
        self._hit("after opening a room")
        await progress.record(ROOM, place)
        return place


def buttons_of(message: Message) -> tuple[Button, ...]:
    """Return a message's buttons, from the top."""
    return tuple(button for part in message.parts if isinstance(part, Buttons) for button in part.buttons)


def form_facts(form: Form) -> Entry:
    """Return what a person's client keeps of an open form: what is sent back with it, and how it is filled."""
    fields = {field.key: field.value for field in form.fields}
    return {"verb": form.verb, "ref": form.ref, "fields": fields}

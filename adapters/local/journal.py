"""The room's journal: a file of what happened to it, one JSON object a line, so that a restart loses nothing."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from cattrs.errors import BaseValidationError
from cattrs.preconf.orjson import OrjsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from adapters.local.happening import (
    Acted,
    Arrived,
    Cleared,
    Delivered,
    Gathered,
    Happening,
    Noted,
    Opened,
    PutAway,
    Remembered,
    Stood,
)
from adapters.local.transcript import Audience, Entry
from bot.ports.messages import Form, Message, Part, Span

_TAG = "is"
_KINDS: dict[str, type[Happening]] = {
    "stood": Stood,
    "noted": Noted,
    "delivered": Delivered,
    "gathered": Gathered,
    "opened": Opened,
    "put_away": PutAway,
    "arrived": Arrived,
    "acted": Acted,
    "remembered": Remembered,
    "cleared": Cleared,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
SLACK = 20_000
"""After so many more lines than the room needs, the file is written anew."""


class FileJournal:
    """A journal in a file that its owner alone can read. A last line that was cut off is as if it had never been."""

    def __init__(self, path: Path) -> None:
        """Know where it is; nothing is opened before it is begun."""
        self._path = path
        self._file = -1
        self._waiting: list[bytes] = []
        self._written = self._kept = self._lines = 0
        self._keeping = asyncio.Lock()

    def read(self) -> list[Happening]:
        """Return what happened earlier, up to the first line that cannot be read."""
        if not self._path.exists():
            return []
        return list(_readable(self._path.read_bytes().split(b"\n")))

    def begin(self, history: Iterable[Happening]) -> None:
        """Write the file anew with what is needed of it, and go on from there. Raises OSError."""
        fresh = self._path.with_name(f"{self._path.name}.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        _write(descriptor, b"".join(map(line_of, history)))
        os.fsync(descriptor)
        fresh.replace(self._path)
        self.close()
        self._file, self._lines = descriptor, 0

    def write(self, happening: Happening) -> None:
        """Take it in; it is safe when `kept` has returned."""
        self._waiting.append(line_of(happening))
        self._written += 1

    async def kept(self) -> None:
        """Wait until all that was written so far is on the disk: one flush for everybody who waits. Raises OSError."""
        wanted = self._written
        async with self._keeping:
            if self._kept >= wanted or self._file < 0:
                return
            now = self._written
            lines, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(_append, self._file, b"".join(lines))
            except OSError:
                self._waiting = lines + self._waiting
                raise
            self._kept = now
            self._lines += len(lines)

    @property
    def is_long(self) -> bool:
        """Say whether it is worth writing the file anew."""
        return self._lines > SLACK

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def line_of(happening: Happening) -> bytes:
    """Return something that happened as one line."""
    fields = _converter.unstructure(happening, type(happening))
    return orjson.dumps({_TAG: _NAMES[type(happening)], **fields}) + b"\n"


def _readable(lines: Iterable[bytes]) -> Iterator[Happening]:
    for line in lines:
        try:
            fields: dict[str, Any] = orjson.loads(line)
            yield _converter.structure(fields, _KINDS[fields.pop(_TAG)])
        except (ValueError, KeyError, TypeError, AttributeError, BaseValidationError):
            return


def _append(file: int, text: bytes) -> None:
    before = os.lseek(file, 0, os.SEEK_END)
    try:
        _write(file, text)
        os.fsync(file)
    except OSError:
        os.ftruncate(file, before)  # half a line would hide everything after it
        raise


def _write(file: int, text: bytes) -> None:
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(file, rest) :]


def _audience(value: Any, _: Any) -> Audience:  # noqa: ANN401 -- as it comes from JSON
    return value if isinstance(value, str) else tuple(map(str, value))


def _made_converter() -> OrjsonConverter:
    converter = make_converter()
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook_func(lambda kind: kind == Audience, _audience)
    converter.register_unstructure_hook_func(lambda kind: kind == Audience, lambda value: value)
    for union in (Span, Part, Message | Form, Entry):
        configure_tagged_union(union, converter, tag_name=_TAG)
    return converter


_converter = _made_converter()

"""What a form of the room sends: read with limits, checked for its token, and named so that a repeat is known."""

import hmac
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.requests import Request

from adapters.local.inert import inert

MOST_BYTES = 64 * 1024
MOST_FIELDS = 100
_EVENT = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RefusedError(Exception):
    """A form that is not carried out, with the sentence and the status that say why."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form; every value is text that can only be read."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """Return a field's first value, or nothing."""
        values = self.fields.get(name, ())
        return values[0] if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field."""
        return tuple(self.fields.get(name, ()))

    @property
    def event(self) -> str:
        """Return the name of what is done, made by the page."""
        return self.one("event")


async def posted(request: Request, token: str) -> Posted:
    """Read a form. Raises RefusedError for one that is too long, not ours, or without a name."""
    body = await _body(request)
    try:
        raw = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise RefusedError("That form has more fields than any of ours.", 400) from error
    form = Posted({name: [inert(value) for value in values] for name, values in raw.items()})
    if not hmac.compare_digest(form.one("token").encode(), token.encode()):
        raise RefusedError("This page is from another room. Load it again, and try once more.", 403)
    if not _EVENT.fullmatch(form.event):
        raise RefusedError("This form has no name of its own. Load the page again, and try once more.", 400)
    return form


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise RefusedError("That is too much at once: at most 64 kB.", 413)
    return body


class Pace:
    """A bucket of turns that fills itself: so many in a row, so many a second in the long run."""

    def __init__(self, most: int = 400, per_second: int = 100) -> None:
        """Begin with a full bucket."""
        self._most = most
        self._per_second = per_second
        self._left = float(most)
        self._at = time.monotonic()

    def take(self) -> None:
        """Take a turn. Raises RefusedError when none is left."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            raise RefusedError("The room cannot keep up with this. Wait a second, and try once more.", 429)
        self._left -= 1

"""The door for interactions over HTTP: size, age and signature are looked at before anything is parsed."""

import re
from collections.abc import Callable
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.capped import TooLargeError, read_at_most
from bot.ports.edges import Clock

ADDRESS: Final = "/discord/interactions"
MOST_BYTES: Final = 512 * 1024
"""A form with five long answers and everybody's names is a fraction of it."""
MOST_SECONDS: Final = 300
"""How far a request's time may be from ours, in either direction."""
PING: Final = 1

_SIGNATURE = re.compile(r"[0-9a-fA-F]{128}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")

Take = Callable[[dict[str, Any]], None]
"""Takes one interaction, without waiting for what becomes of it."""


class Door:
    """Answers ADDRESS: what is not Discord's gets 401, what cannot be read 400, and the rest is answered by REST.

    A repeat changes nothing while it is remembered, and is too old long before it is forgotten.
    """

    def __init__(self, public_key: str, take: Take, clock: Clock) -> None:
        """Take what was verified with this key to `take`."""
        self._key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        self._take = take
        self._clock = clock

    async def interactions(self, request: Request) -> Response:
        """Verify, parse, hand over; 202 says that the answer comes by REST."""
        try:
            body = await read_at_most(MOST_BYTES, request)
        except TooLargeError:
            return Response(status_code=413)
        signature, timestamp = (
            request.headers.get(name, "") for name in ("x-signature-ed25519", "x-signature-timestamp")
        )
        if not self._is_discords(body, signature, timestamp):
            return Response(status_code=401)
        payload = _object(body)
        if payload is None:
            return Response(status_code=400)
        if payload.get("type") == PING:
            return JSONResponse({"type": PING})
        self._take(payload)
        return Response(status_code=202)

    def _is_discords(self, body: bytes, signature: str, timestamp: str) -> bool:
        if not _SIGNATURE.fullmatch(signature) or not _TIMESTAMP.fullmatch(timestamp):
            return False
        if abs(self._clock.now().timestamp() - int(timestamp)) > MOST_SECONDS:
            return False
        try:
            self._key.verify(bytes.fromhex(signature), timestamp.encode() + body)
        except InvalidSignature:
            return False
        return True


def _object(body: bytes) -> dict[str, Any] | None:
    """Return the interaction, or None for what is none."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("type"), int) else None

"""The door for requests over HTTP: size, age and signature are looked at on raw bytes, before anything is parsed."""

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote_plus, unquote_to_bytes

import orjson
from slack_bolt.response import BoltResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.capped import TooLargeError, read_at_most
from adapters.reading import NotUnderstoodError
from bot.ports.edges import Clock

Payload = dict[str, Any]
Take = Callable[[Payload, Mapping[str, str]], Awaitable[BoltResponse]]
"""Takes one payload with the headers that tell of a repeated delivery. Raises NotUnderstoodError."""

MOST_BYTES: Final = 256 * 1024
MOST_SECONDS: Final = 300
"""How far a request's time may be from ours, in either direction; Slack asks for five minutes."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_MOST_FIELDS: Final = 100
_ONLY_PAYLOAD = re.compile(rb"payload=[^&=]*")
_NOT_AGAIN: Final = {"x-slack-no-retry": "1"}
"""What cannot be read now cannot be read in a minute."""

_PASSED_ON = ("x-slack-retry-num", "x-slack-retry-reason")


class Edge:
    """Answers `/slack/events`: what is not Slack's gets 401, what cannot be read 400, and neither is logged."""

    def __init__(self, signing_secret: str, take: Take, clock: Clock) -> None:
        """Take what was verified to `take`."""
        self._signed = hmac.new(signing_secret.encode(), digestmod=hashlib.sha256)
        self._take = take
        self._clock = clock

    async def events(self, request: Request) -> Response:
        """Verify, parse, hand over, and answer with what Bolt answers."""
        try:
            body = await read_at_most(MOST_BYTES, request)
        except TooLargeError:
            return Response(status_code=413)
        if not self._is_slacks(body, request.headers):
            return Response(status_code=401)
        try:
            return await self._answer(_parsed(body), request.headers)
        except NotUnderstoodError:
            return Response(status_code=400, headers=_NOT_AGAIN)

    async def _answer(self, payload: Payload, headers: Mapping[str, str]) -> Response:
        if payload.get("type") == "url_verification":
            return JSONResponse({"challenge": str(payload.get("challenge", ""))})
        if "ssl_check" in payload or payload.get("type") == "ssl_check":
            return Response()
        passed_on = {name: headers[name] for name in _PASSED_ON if name in headers}
        answered = await self._take(payload, passed_on)
        return Response(answered.body, answered.status, answered.first_headers())

    def _is_slacks(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Compare in constant time; what is not of the documented shape never reaches the comparison."""
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return False
        if abs(self._clock.now().timestamp() - int(timestamp)) > MOST_SECONDS:
            return False
        signed = self._signed.copy()
        signed.update(b"v0:%s:" % timestamp.encode("ascii"))
        signed.update(body)
        return hmac.compare_digest(f"v0={signed.hexdigest()}", signature)


def _parsed(body: bytes) -> Payload:
    """Return an event's JSON, an interaction's, or a command's fields.

    Bolt 1.30.0 takes any form in which the word "payload" occurs for an interaction, and loses such a command; so the
    form is parsed here, and Bolt gets what was found in it.
    """
    if body.startswith(b"{"):
        return _object(body)
    if _ONLY_PAYLOAD.fullmatch(body):
        return _object(unquote_to_bytes(body.removeprefix(b"payload=").replace(b"+", b" ")))
    fields = _fields(body)
    return _object(fields["payload"].encode()) if "payload" in fields else fields


def _object(text: bytes) -> Payload:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NotUnderstoodError("json") from error
    if not isinstance(found, dict):
        raise NotUnderstoodError("object")
    return found


def _fields(body: bytes) -> Payload:
    """Return a form's fields. Slack encodes all that is not plain, and few of a command's values need decoding."""
    try:
        pairs = body.decode("ascii").split("&")
        named = [pair.split("=", 1) for pair in pairs if len(pairs) <= _MOST_FIELDS]
        return {_decoded(name): _decoded(value) for name, value in named}
    except ValueError as error:  # what is not ASCII, not UTF-8 beneath, or has no value
        raise NotUnderstoodError("form") from error


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text

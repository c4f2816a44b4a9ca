"""Reads a request's body, and no more of it than is allowed, whatever the length that was announced."""

from starlette.requests import Request


class TooLargeError(Exception):
    """A body is larger than anything the platform sends."""


async def read_at_most(most: int, request: Request) -> bytes:
    """Return the body. Raises TooLargeError, without reading on, for one of more than `most` bytes."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > len(str(most)) or int(announced) > most):
        raise TooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLargeError
    return bytes(body)

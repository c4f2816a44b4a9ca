"""The door of the room: who may ask it anything, how much they may send, and what a browser may do with its answers.

The room is at a loopback address, where any page somebody has open could send requests too; a name that was made to
point here (DNS rebinding) and a form on another site are both turned away before anything is read.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAMES = ("127.0.0.1", "localhost", "[::1]")
STREAM = "/events"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SAFETY: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}


class Guard:
    """Lets in what comes from the room's own pages at the room's own address."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        """Stand before an app that listens on this port."""
        self._app = app
        self._hosts = frozenset(f"{name}:{port}" for name in NAMES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a refusal."""
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        app = self._app if refusal is None else PlainTextResponse(refusal, status_code=403)
        await app(scope, receive, _safely(send))

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self._hosts:
            return "The local room answers at its own address only.\n"
        if scope["method"] == "POST" and not _is_ours(headers, host, unsaid=False):
            return "Only the room’s own pages may do this.\n"
        if scope["path"] == STREAM and not _is_ours(headers, host, unsaid=True):
            return "Only the room’s own pages may listen.\n"
        return None


def _is_ours(headers: Headers, host: str, *, unsaid: bool) -> bool:
    """Say whether a request comes from our own page; `unsaid` is for one that tells nothing of where it comes from.

    What the browser itself says of the site goes first: under no-referrer a form of our own has the origin `null`.
    """
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = headers.get("origin")
    return unsaid if origin is None else origin == f"http://{host}"


def _safely(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SAFETY.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending

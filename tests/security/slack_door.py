"""The edge with the real Bolt behind it and a bot that does nothing, and requests as Slack sends them or does not."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from adapters.background import Background
from adapters.local.clock import START, StoryClock
from adapters.slack.answering import Answering
from adapters.slack.app import Ends, SlackApp
from adapters.slack.authorising import Access, Authorising
from adapters.slack.clients import Calls, Clients, Line
from adapters.slack.directory import SlackDirectory
from adapters.slack.edge import Edge
from adapters.slack.gateway import SlackGateway
from bot.cli.hosting_slack import SENTENCES
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.inbound import Inbound
from bot.ports.messages import Reply
from tests.e2e.stories import Noted

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = int(START.timestamp())


class Calm:
    """A bot that takes everything and answers nothing."""

    def __init__(self) -> None:
        self.took: list[Inbound] = []

    async def handle(self, inbound: Inbound) -> Reply:
        self.took.append(inbound)
        return Reply()

    async def departed(self, workspace: WorkspaceId, *, at: object = None) -> None:
        """Let it go."""


class Nobody:
    """Nobody runs anything here, and nothing that is heard matters."""

    async def is_admin(self, workspace: WorkspaceId, user: UserId) -> bool:
        return False

    async def heard(self, event: object, at: object) -> None:
        """Hear it."""

    def acted(self, workspace: WorkspaceId, user: UserId) -> None:
        """Note it."""


async def found(workspace: WorkspaceId) -> Access:
    return Access("xoxb-1", UserId("U0BOT"))


class Door:
    """The edge with the real Bolt behind it, and a bot that does nothing."""

    def __init__(self) -> None:
        clock, self.noted, self.front = StoryClock(), Noted(), Calm()
        line = Line("http://127.0.0.1:9/api/")
        authorising = Authorising(found, clock)
        clients = Clients(line, authorising)
        calls = Calls(clients, self.noted)
        directory, background = SlackDirectory(calls, clock), Background(self.noted)
        answering = Answering(
            calls=calls,
            clients=clients,
            gateway=SlackGateway(calls),
            directory=directory,
            sentences=SENTENCES,
            telemetry=self.noted,
        )
        nobody: Any = Nobody()
        front: Any = self.front
        app = SlackApp(
            Ends(front, authorising, answering, nobody, nobody, background, self.noted),
            names={"/refer": "refer", "/ask": "ask", "/intros": "intros"},
        )
        edge = Edge(SECRET, app.take, clock)
        self.asgi = Starlette(routes=[Route("/slack/events", edge.events, methods=["POST"])])

    async def posts(self, body: bytes, headers: Mapping[str, str] | None = None, **more: str) -> httpx.Response:
        """Send bytes, signed unless headers are given."""
        transport = httpx.ASGITransport(self.asgi, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            sent = {**(signed(body) if headers is None else headers), **more}
            return await client.post(
                "/slack/events", content=body, headers={k.encode(): v.encode() for k, v in sent.items()}
            )


def signed(body: bytes, *, at: str = str(NOW), secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def as_sent(payload: dict[str, Any]) -> bytes:
    """Return a payload as it comes over the wire: an event as JSON, a command as a form, the rest in one field."""
    if payload.get("type") == "event_callback":
        return json.dumps(payload).encode()
    if "command" in payload:
        return form(**{key: str(value) for key, value in payload.items()})
    return form(payload=json.dumps(payload))

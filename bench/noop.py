"""Two servers that do nothing, each in a process of its own: `python -m bench.noop edge` or `… starlette`.

Behind the edge are Bolt and our one listener for commands, as `twoyes serve` has them, and a bot that replies nothing.
Both print the address they answer at, and end with their standard input.
"""

import asyncio
import sys
from collections.abc import Mapping
from io import StringIO

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.slack.app import SlackApp
from adapters.slack.authorising import Access
from adapters.slack.clients import Line
from adapters.slack.edge import Edge
from adapters.slack.wiring import ADDRESS, COMMANDS, Given, Slack
from adapters.system import SystemClock
from adapters.telemetry import Observed, set_up_logging
from bench.slack import SECRET
from bench.twoyes import answering
from bot.cli.hosting_slack import SENTENCES
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Person
from bot.ports.front import Front
from bot.ports.inbound import Inbound
from bot.ports.messages import Message, Reply


class NoBot:
    """A Front that takes everything and replies nothing."""

    async def handle(self, inbound: Inbound) -> Reply:
        """Do nothing."""
        del inbound
        return Reply()

    async def home(self, origin: object) -> Message:
        """Show nothing."""
        del origin
        return Message("", ())

    async def arrived(self, workspace: WorkspaceId, by: UserId | None, *, greeting: object = None) -> None:
        """Do nothing."""

    async def departed(self, workspace: WorkspaceId, *, at: object = None) -> None:
        """Do nothing."""

    async def person_gone(self, workspace: WorkspaceId, user: UserId) -> None:
        """Do nothing."""


class KnownSlack(Slack):
    """The adapter, which knows everybody already: nobody is looked up in Slack."""

    def __init__(self, commands: Mapping[str, str] = COMMANDS) -> None:
        telemetry = Observed(set_up_logging(form="json", level="warning", to=StringIO()))
        super().__init__(Given(Line(), _found, SENTENCES, SystemClock(), telemetry, commands))

    def app(self, front: Front) -> SlackApp:
        """Build it with the people known."""
        vars(self)["directory"] = _Everybody()
        return super().app(front)


class _Everybody:
    async def look_up(self, workspace: WorkspaceId, users: tuple[UserId, ...]) -> Mapping[UserId, Person]:
        del workspace
        return {user: Person(user, f"Person {user}") for user in users}

    async def is_admin(self, workspace: WorkspaceId, user: UserId) -> bool:
        del workspace, user
        return False

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Remember nobody."""


async def _found(workspace: WorkspaceId) -> Access:
    del workspace
    return Access("xoxb-none", UserId("U0BOT"))


async def _nothing(request: Request) -> Response:
    await request.body()
    return Response()


async def _serve(what: str) -> None:
    edge = Edge(SECRET, KnownSlack().app(NoBot()).take, SystemClock()).events if what == "edge" else _nothing
    async with answering(Starlette(routes=[Route(ADDRESS, edge, methods=["POST"])])) as url:
        print(url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(sys.argv[1]))

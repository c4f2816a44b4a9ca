"""Joins what the adapter is made of: once what needs no bot, and, when there is one, what leads to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.background import Background
from adapters.slack.answering import Answering, Sentences
from adapters.slack.app import Ends, SlackApp
from adapters.slack.authorising import Authorising, Find
from adapters.slack.clients import Calls, Clients, Line
from adapters.slack.directory import SlackDirectory
from adapters.slack.examining import SlackExaminer
from adapters.slack.gateway import SlackGateway
from adapters.slack.homes import Homes
from adapters.slack.leaving import Hearing
from adapters.slack.renaming import RenamedFront, Renaming
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock
from bot.ports.front import Front
from bot.ports.telemetry import Telemetry

ADDRESS: Final = "/slack/events"
"""Where Slack sends everything over HTTP."""

COMMANDS: Final[Mapping[str, str]] = {"refer": "/refer", "ask": "/ask", "intros": "/intros"}
"""The core's commands, and what they are called in Slack unless a setting says otherwise."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the adapter is given. `commands` says how the core's commands are called in this Slack."""

    line: Line
    find: Find
    sentences: Sentences
    clock: Clock
    telemetry: Telemetry
    commands: Mapping[str, str] = field(default_factory=lambda: COMMANDS)


class Slack:
    """Everything of the adapter that outlives a request."""

    def __init__(self, given: Given) -> None:
        """Build what needs no bot yet. Nothing is opened before it is used."""
        self._given = given
        self.line = given.line
        self.authorising = Authorising(given.find, given.clock)
        self.clients = Clients(given.line, self.authorising)
        self.calls = Calls(self.clients, given.telemetry)
        self.directory = SlackDirectory(self.calls, given.clock)
        self.examiner = SlackExaminer(self.calls)
        self._renaming = Renaming(given.commands)
        self.gateway = SlackGateway(self.calls, on_private=self.hears_of, worded=self._renaming)
        self.background = Background(given.telemetry)
        self._homes: Homes | None = None

    def app(self, front: Front) -> SlackApp:
        """Build what takes payloads to the bot."""
        given, front = self._given, RenamedFront(front, self._renaming)
        homes = Homes(
            front=front, calls=self.calls, staff=self.directory, background=self.background, clock=given.clock
        )
        self._homes = homes
        hearing = Hearing(
            front=front,
            authorising=self.authorising,
            people=self.directory,
            homes=homes,
        )
        answering = Answering(
            calls=self.calls,
            clients=self.clients,
            gateway=self.gateway,
            directory=self.directory,
            sentences=given.sentences,
            telemetry=given.telemetry,
        )
        ends = Ends(
            front=front,
            authorising=self.authorising,
            answering=answering,
            staff=self.directory,
            hearing=hearing,
            background=self.background,
            telemetry=given.telemetry,
        )
        return SlackApp(ends, names={slack: ours for ours, slack in given.commands.items()})

    async def close(self) -> None:
        """Hang up."""
        await self.line.close()

    def hears_of(self, workspace: WorkspaceId, user: UserId) -> None:
        """Note that somebody was sent something, which may have changed their Home."""
        if self._homes is not None:
            self._homes.changed(workspace, user)

"""Joins what the adapter is made of: once what needs no bot, and, when there is one, what leads to it."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.background import Background
from adapters.discord.answering import Answering, NoGates
from adapters.discord.app import PATIENCE, DiscordApp, Ends, Sentences
from adapters.discord.client import Hears, Shards
from adapters.discord.directory import DiscordDirectory
from adapters.discord.directs import Addresses
from adapters.discord.examining import DiscordExaminer
from adapters.discord.gateway import DiscordGateway
from adapters.discord.leaving import LOOK_AGAIN, Comings, Compare, Noticing
from adapters.discord.line import Line
from adapters.discord.rates import Gates, Openings, Seconds
from adapters.discord.rights import Rights
from adapters.discord.whose import Joined, Whose
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock
from bot.ports.front import CompletingFront, Front
from bot.ports.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Given:
    """What the adapter is given. `compare`, `joined` and `addresses` look into the store.

    `seconds` is what rates are counted by. `look_again` is how long after a failure it is looked where the bot is.
    """

    token: str
    compare: Compare
    joined: Joined
    addresses: Addresses
    sentences: Sentences
    clock: Clock
    telemetry: Telemetry
    shards: Shards = field(default_factory=Shards)
    seconds: Seconds = time.monotonic
    jitter: Callable[[], float] = random.random
    look_again: float = LOOK_AGAIN


class Discord:
    """Everything of the adapter that outlives an interaction."""

    def __init__(self, given: Given) -> None:
        """Build what needs no bot yet. Nothing is opened before it is used."""
        self._given = given
        self.line = Line(given.token, given.telemetry, gates=Gates(given.seconds))
        self._answers = Line(given.token, given.telemetry, within=PATIENCE, gates=NoGates())
        self.rights = Rights(self.line, given.clock, self._gone)
        self.examiner = DiscordExaminer(self.rights)
        self.directory = DiscordDirectory(self.line, given.clock, gone=self._gone)
        self.gateway = DiscordGateway(
            self.line,
            rights=self.rights,
            directory=self.directory,
            openings=Openings(given.jitter, given.seconds),
            telemetry=given.telemetry,
            addresses=given.addresses,
        )
        self._front: Front | None = None
        self.background = Background(given.telemetry)
        self._whose = Whose(given.joined)

    def app(self, front: CompletingFront) -> DiscordApp:
        """Build what takes interactions to the bot, which hears from now on of those who left."""
        self._front = front
        ends = Ends(
            front=front,
            answering=Answering(self._answers, self._given.telemetry),
            people=self.directory,
            mailbox=self.gateway,
            whose=self._whose,
            sentences=self._given.sentences,
            telemetry=self._given.telemetry,
        )
        return DiscordApp(ends)

    def comings(self, front: Front) -> Comings:
        """Build what takes comings and goings to the bot."""
        return Comings(
            front=front,
            compare=self._given.compare,
            people=self.directory,
            whose=self._whose,
            line=self.line,
            rights=self.rights,
        )

    def hears(self, app: DiscordApp, comings: Comings) -> Hears:
        """Return what a gateway client tells these two, each thing in a task of its own."""

        def interaction(arrived: dict[str, Any]) -> None:
            self.background.start("interaction", lambda: app.take(arrived))

        given = self._given
        noticing = Noticing(comings, self.background, self.line, given.shards.has, given.look_again)
        return Hears(interaction=interaction, added=noticing.added, removed=noticing.removed, ready=noticing.ready)

    def _gone(self, workspace: WorkspaceId, user: UserId) -> None:
        """Let the bot know of somebody who left: Discord tells a bot without privileges only when it asks."""
        if front := self._front:
            self.background.start("gone", lambda: front.person_gone(workspace, user))

    async def close(self) -> None:
        """Hang up."""
        await self._answers.close()
        await self.line.close()

"""Our own adapter before the Slack for tests, with the real client between them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.slack.authorising import Access
from adapters.slack.clients import WITHIN, Calls, Clients, Line
from adapters.slack.ids import workspace_of
from adapters.slack.rates import Buckets
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock
from bot.ports.telemetry import Telemetry
from tests.slack.cast import BOT_TOKEN, BOT_USER, TEAM
from tests.slack.server import SlackServer

WORKSPACE = workspace_of(TEAM)


@dataclass
class GivenTokens:
    """The tokens a test hands out, and which of them were dropped."""

    tokens: dict[WorkspaceId, str] = field(default_factory=lambda: {WORKSPACE: BOT_TOKEN})
    dropped: list[WorkspaceId] = field(default_factory=list)

    async def find(self, workspace: WorkspaceId) -> Access | None:
        token = self.tokens.get(workspace)
        return Access(token, UserId(BOT_USER)) if token else None

    async def token_of(self, workspace: WorkspaceId) -> str | None:
        return self.tokens.get(workspace)

    def drop(self, workspace: WorkspaceId) -> None:
        self.dropped.append(workspace)


@dataclass
class Noted:
    """A Telemetry that keeps its events."""

    events: list[tuple[str, dict[str, str | float]]] = field(default_factory=list)

    def event(self, name: str, **facts: str | float) -> None:
        self.events.append((name, facts))

    def handled(self, kind: str, seconds: float) -> None: ...

    def delivered(self, kind: str) -> None: ...

    def retried(self, kind: str) -> None: ...

    def died(self, kind: str) -> None: ...

    def depth(self, depth: object, now: object) -> None: ...


def seconds_of(clock: Clock) -> Callable[[], float]:
    """Return a clock as buckets want it."""
    start = clock.now()

    def seconds() -> float:
        return (clock.now() - start).total_seconds()

    return seconds


@asynccontextmanager
async def calling(
    slack: SlackServer,
    *,
    tokens: GivenTokens | None = None,
    telemetry: Telemetry | None = None,
    buckets: Buckets | None = None,
    address: str = "",
    within: float = WITHIN,
) -> AsyncIterator[tuple[Calls, WorkspaceId]]:
    """Open a line to the server (or to `address`), and hang up at the end."""
    line = Line(address or slack.api_url, within=within)
    try:
        yield Calls(Clients(line, tokens or GivenTokens()), telemetry or Noted(), buckets), WORKSPACE
    finally:
        await line.close()

"""Our own adapter before the Discord for tests, over real sockets."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.discord.directory import DiscordDirectory
from adapters.discord.gateway import DiscordGateway, Limits
from adapters.discord.ids import workspace_of
from adapters.discord.line import WITHIN, Line
from adapters.discord.rates import Gates, Openings, rates_to
from adapters.discord.rights import Rights
from adapters.local.clock import StoryClock
from bot.ports.edges import Clock
from bot.ports.telemetry import Telemetry
from tests.discord.cast import GUILD, TOKEN
from tests.discord.pointing import pointed_at
from tests.discord.server import DiscordServer

WORKSPACE = workspace_of(GUILD)
EVEN = 0.5
"""The jitter that changes nothing."""


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
    """Return a clock as gates want it."""
    start = clock.now()

    def seconds() -> float:
        return (clock.now() - start).total_seconds()

    return seconds


@asynccontextmanager
async def calling(
    server: DiscordServer,
    clock: Clock,
    *,
    telemetry: Telemetry | None = None,
    token: str = TOKEN,
    within: float = WITHIN,
) -> AsyncIterator[Line]:
    """Open a line to the server, and hang up at the end."""
    line = Line(token, telemetry or Noted(), within=within, gates=Gates(seconds_of(clock)))
    with pointed_at(server):
        try:
            yield line
        finally:
            await line.close()


def gateway_on(
    line: Line, clock: StoryClock, telemetry: Telemetry | None = None, *, limits: Limits = rates_to
) -> DiscordGateway:
    """Return a gateway of one process: what it remembers is its own."""
    return DiscordGateway(
        line,
        rights=Rights(line, clock),
        directory=DiscordDirectory(line, clock),
        openings=Openings(lambda: EVEN, seconds_of(clock)),
        telemetry=telemetry or Noted(),
        limits=limits,
    )

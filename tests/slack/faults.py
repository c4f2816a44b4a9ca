"""What can go wrong with a call, on demand: refusals, floods, silence, and answers that get lost."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.slack.state import JSON
from tests.slack.world import World


@dataclass(frozen=True)
class Fault:
    """One way for a call to go wrong. With `after` the call is done, and only its answer is not what it should be."""

    kind: str
    status: int = 200
    error: str = ""
    more: JSON = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    after: bool = False


def ratelimited(seconds: int) -> Fault:
    """Answer 429 with Retry-After."""
    return Fault("answer", 429, "ratelimited", headers={"Retry-After": str(seconds)})


def status(code: int) -> Fault:
    """Answer with an error page, as Slack's own proxies do."""
    return Fault("page", code)


def error(name: str, **more: object) -> Fault:
    """Answer `ok: false` with this error."""
    return Fault("answer", error=name, more=more)


def hang(*, after: bool = False) -> Fault:
    """Answer nothing until released."""
    return Fault("hang", after=after)


def drop(*, after: bool = False) -> Fault:
    """Reset the connection."""
    return Fault("drop", after=after)


def garbage() -> Fault:
    """Answer 200 with something that is not JSON."""
    return Fault("garbage")


@dataclass(frozen=True)
class Planned:
    """A fault that waits for its call."""

    method: str
    fault: Fault
    channel: str | None
    user: str | None
    times: int


class Faults:
    """The faults that wait, in the order in which they were planned."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.pending: list[Planned] = []
        self.released = asyncio.Event()
        self.hanging = asyncio.Event()

    def next(
        self, method: str, fault: Fault, times: int = 1, *, channel: str | None = None, user: str | None = None
    ) -> None:
        """Let the next calls of a method (`*`: of any) go wrong, or only those for a channel or a person."""
        self.released.clear()
        self.hanging.clear()
        self.pending.append(Planned(method, fault, channel, user, times))

    def release(self) -> None:
        """Let the calls that hang go on."""
        self.released.set()

    async def hang(self) -> None:
        """Keep a call waiting; `hanging` tells that one does."""
        self.hanging.set()
        await self.released.wait()

    def take(self, method: str, args: JSON) -> Fault | None:
        """Return what goes wrong with this call, and count it as done."""
        for index, planned in enumerate(self.pending):
            if self._meets(planned, method, args):
                self._use(index, planned)
                return planned.fault
        return None

    def _use(self, index: int, planned: Planned) -> None:
        if planned.times > 1:
            self.pending[index] = replace(planned, times=planned.times - 1)
        else:
            del self.pending[index]

    def _meets(self, planned: Planned, method: str, args: JSON) -> bool:
        if planned.method not in ("*", method):
            return False
        channel = str(args.get("channel") or args.get("channel_id") or "")
        if planned.channel is not None and planned.channel != channel:
            return False
        return planned.user is None or planned.user in self._people(args, channel)

    def _people(self, args: JSON, channel: str) -> set[str]:
        named = {str(args.get("user") or ""), str(args.get("user_id") or ""), channel}
        named.update(str(args.get("users") or "").split(","))
        found = self._world.channels.get(channel)
        return named | (found.members if found is not None and found.kind == "im" else set())

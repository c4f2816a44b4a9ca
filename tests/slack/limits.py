"""How often a method may be called: Slack's tiers, counted by the world's clock for each method and workspace."""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass

from tests.slack.world import World

MINUTE = 60.0


@dataclass(frozen=True)
class Limit:
    """At most so many calls within so many seconds; with `by_channel` for each channel of its own."""

    most: int
    seconds: float
    by_channel: bool = False


_TIER_3, _TIER_4 = Limit(50, MINUTE), Limit(100, MINUTE)

DOCUMENTED = {
    "chat.postMessage": Limit(300, MINUTE),  # "several hundred messages a minute"; 1/s per channel is counted, not held
    "chat.update": _TIER_3,
    "chat.delete": _TIER_3,
    "chat.postEphemeral": _TIER_4,
    "conversations.open": _TIER_3,
    "conversations.info": _TIER_3,
    "views.open": _TIER_4,
    "views.push": _TIER_4,
    "views.update": _TIER_4,
    "views.publish": _TIER_4,
    "users.info": _TIER_4,
    "files.getUploadURLExternal": _TIER_4,
    "files.completeUploadExternal": _TIER_4,
    "apps.connections.open": _TIER_3,
}


class Limits:
    """Counts every call, and turns away those that are too many."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._limits: dict[str, list[Limit]] = {method: [limit] for method, limit in DOCUMENTED.items()}
        self._times: dict[tuple[str, ...], list[float]] = defaultdict(list)

    def allow(self, method: str, most: int, per_seconds: float, *, channel: bool = False) -> None:
        """Put a limit in the place of a method's own; with `channel` it is for each channel, beside the others."""
        beside = self._limits.get(method, []) if channel else []
        self._limits[method] = [*beside, Limit(most, per_seconds, by_channel=channel)]

    def off(self) -> None:
        """Lift every limit; calls are still counted."""
        self._limits.clear()

    def count(self, method: str, team: str, channel: str) -> int | None:
        """Count a call; return the seconds to wait when it is one too many."""
        now = self._world.clock.now().timestamp()
        waits = [self._wait(limit, now, method, team, channel) for limit in self._limits.get(method, ())]
        if longest := max(waits, default=0):
            return longest
        self._times[method, team].append(now)
        self._times[method, team, channel].append(now)
        return None

    def peak(self, method: str, team: str = "T1", window: float = MINUTE) -> int:
        """Return the most calls of a method that were taken within any such stretch of seconds."""
        return _most_within(self._times.get((method, team), []), window)

    def burst(self, channel: str, team: str = "T1") -> int:
        """Return the most messages posted to a channel within one second."""
        return _most_within(self._times.get(("chat.postMessage", team, channel), []), 1.0)

    def _wait(self, limit: Limit, now: float, method: str, team: str, channel: str) -> int:
        key = (method, team, channel) if limit.by_channel else (method, team)
        times = self._times.get(key, [])
        if len(times) - bisect_right(times, now - limit.seconds) < limit.most:
            return 0
        return max(1, math.ceil(times[-limit.most] + limit.seconds - now))


def _most_within(times: list[float], window: float) -> int:
    counted = (bisect_left(times, start + window) - index for index, start in enumerate(times))
    return max(counted, default=0)

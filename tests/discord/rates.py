"""Discord's rate limits: buckets with headers, and answers of 429."""

import time
import zlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.ports.edges import Clock

Headers = dict[str, str]


@dataclass
class Bucket:
    """At most so many requests in so many seconds, counted by the clock of its choice."""

    most: int
    per: float
    seconds: Callable[[], float]
    spent: deque[float] = field(default_factory=deque)

    def spend(self) -> float:
        """Take one; return 0, or how many seconds to wait because there is none left."""
        now = self.seconds()
        while self.spent and self.spent[0] <= now - self.per:
            self.spent.popleft()
        if len(self.spent) >= self.most:
            return self.spent[0] + self.per - now
        self.spent.append(now)
        return 0.0

    @property
    def reset_after(self) -> float:
        return self.spent[0] + self.per - self.seconds() if self.spent else self.per


class Rates:
    """Without a limit of its own, a route has a bucket that never runs dry, so that its headers are there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limits: dict[str, tuple[int, float, bool]] = {}
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._overall: Bucket | None = None

    def allow(self, route: str, *, most: int, per: float, real: bool = False) -> None:
        """Limit a route, for each channel, guild or webhook alone, by the clock given or (`real`) by the wall's."""
        self._limits[route] = (most, per, real)

    def allow_overall(self, *, most: int, per: float = 1.0, real: bool = False) -> None:
        """Limit all requests but those of interactions together, as Discord does with 50 in a second."""
        self._overall = Bucket(most, per, self._seconds(real=real))

    def off(self) -> None:
        """Lift all limits."""
        self._limits.clear()
        self._buckets.clear()
        self._overall = None

    def spend(self, route: str, params: Mapping[str, str]) -> tuple[float, bool, Headers]:
        """Take one from a route: return how long to wait (0: go on), whether that is global, and the headers."""
        is_free = route.partition(" ")[2].startswith(("/interactions/", "/webhooks/"))
        if self._overall is not None and not is_free and (wait := self._overall.spend()):
            return wait, True, limited_headers(wait, scope="global")
        if route not in self._limits:
            return 0.0, False, _headers(route, 1000, 999, 1.0)
        bucket = self._bucket(route, params)
        wait = bucket.spend()
        headers = _headers(route, bucket.most, bucket.most - len(bucket.spent), bucket.reset_after)
        return wait, False, headers | (limited_headers(wait, scope="user") if wait else {})

    def _bucket(self, route: str, params: Mapping[str, str]) -> Bucket:
        major = next((params[key] for key in ("channel_id", "guild_id", "webhook_token") if key in params), "")
        most, per, real = self._limits[route]
        return self._buckets.setdefault((route, major), Bucket(most, per, self._seconds(real=real)))

    def _seconds(self, *, real: bool) -> Callable[[], float]:
        return time.monotonic if real else lambda: self._clock.now().timestamp()


def _headers(route: str, most: int, left: int, reset_after: float) -> Headers:
    return {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
        "X-RateLimit-Reset-After": f"{reset_after:.3f}",
        "X-RateLimit-Bucket": f"{zlib.crc32(route.encode()):08x}",
    }


def limited_headers(wait: float, *, scope: str) -> Headers:
    """Return what comes with a 429 of Discord's own; Cloudflare's has no `Via`."""
    headers = {"Retry-After": f"{wait:.0f}", "Via": "1.1 google", "X-RateLimit-Scope": scope}
    return headers | ({"X-RateLimit-Global": "true"} if scope == "global" else {})

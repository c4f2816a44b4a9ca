"""Discord's rate limits: what the courier keeps to, what Discord said of its own, and new conversations made slowly.

Sources: docs.discord.com/developers/topics/rate-limits and resources/user, "Create DM".
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from discord.http import Route

from adapters.discord.errors import TOO_MANY, UNAUTHORIZED, UNTIL_ADDED_AGAIN, Answered, limited
from bot.ports.gateway import DeliveryDelayedError, Direct, InChannel, Rate, Recipient, Room

POSTS_TO_ONE_PLACE: Final = 5
POSTS_TO_ONE_PLACE_IN: Final = timedelta(seconds=5)
POSTS_TO_ALL: Final = 30
"""In a second. The bot may ask 50 of all kinds: the rest is for rooms, look-ups, and what somebody waits for."""
A_SECOND: Final = timedelta(seconds=1)

NEW_AT_ONCE: Final = 4
NEW_A_MINUTE: Final = 4
"""New conversations. Discord tells no number; young bots were flagged after some twenty in a row (discord.md, 1)."""
MINUTE: Final = 60.0

MOST_INVALID: Final = 1_000
"""Answers of 401, 403 and 429 in ten minutes after which nothing is asked for a while: 10,000 get an address banned."""
INVALID_WITHIN: Final = 600.0
COUNT_AS_INVALID: Final = (UNAUTHORIZED, 403, TOO_MANY)

MOST_GATES: Final = 20_000
_NO_TIME: Final = 0.001
"""Seconds that are only an error of arithmetic."""

Seconds = Callable[[], float]


def rates_to(to: Recipient) -> Sequence[Rate]:
    """Return what a message to this place counts against."""
    return (
        Rate(f"discord/{_place(to)}", POSTS_TO_ONE_PLACE, POSTS_TO_ONE_PLACE_IN),
        Rate("discord/posts", POSTS_TO_ALL, A_SECOND),
    )


def _place(to: Recipient) -> str:
    match to:
        case Direct(user=user):
            return user
        case InChannel(channel=channel):
            return channel
        case Room(users=users):
            return "+".join(sorted(users))


class Gates:
    """Remembers what Discord said of its limits, so that nothing is asked which it would answer with a 429.

    discord.py's own HTTPClient would sleep and resend in here. Nobody waits in these: who comes too early is told when.
    """

    def __init__(self, seconds: Seconds = time.monotonic) -> None:
        """Count by a clock that only goes forward."""
        self._seconds = seconds
        self._names: dict[str, str] = {}
        self._opens: dict[str, float] = {}
        self._all_open = 0.0
        self._invalid: deque[float] = deque(maxlen=MOST_INVALID)

    def require_open(self, route: Route) -> None:
        """Raise DeliveryDelayedError with the time at which it is worth asking."""
        now = self._seconds()
        if self._all_open - now > _NO_TIME:
            raise DeliveryDelayedError(timedelta(seconds=self._all_open - now), whole_workspace=True)
        opens = self._opens.get(self._gate(route), now)
        if opens - now > _NO_TIME:
            raise DeliveryDelayedError(timedelta(seconds=opens - now))

    def heard(self, route: Route, answered: Answered) -> None:
        """Note what an answer says about limits."""
        if bucket := answered.headers.get("X-RateLimit-Bucket"):
            self._names[route.key] = bucket
        if answered.status in COUNT_AS_INVALID and not answered.is_shared:
            self._count_invalid()
        if answered.status == UNAUTHORIZED:
            self._shut_all(UNTIL_ADDED_AGAIN.total_seconds())
        elif answered.status == TOO_MANY:
            self._heard_limit(route, limited(answered))
        elif answered.headers.get("X-RateLimit-Remaining") == "0":
            self._shut(route, _number(answered.headers.get("X-RateLimit-Reset-After", "")))

    def _heard_limit(self, route: Route, delayed: DeliveryDelayedError) -> None:
        seconds = delayed.wait.total_seconds() if delayed.wait else 0.0
        if delayed.whole_workspace:
            self._shut_all(seconds)
        else:
            self._shut(route, seconds)

    def _shut_all(self, seconds: float) -> None:
        self._all_open = max(self._all_open, self._seconds() + seconds)

    def _shut(self, route: Route, seconds: float) -> None:
        now = self._seconds()
        if len(self._opens) >= MOST_GATES:
            self._opens = {gate: opens for gate, opens in self._opens.items() if opens > now}
        gate = self._gate(route)
        self._opens[gate] = max(self._opens.get(gate, now), now + seconds)

    def _gate(self, route: Route) -> str:
        """Return the bucket a route counts in, for the channel or server it is about; several routes may share one."""
        return f"{self._names.get(route.key, route.key)}:{route.major_parameters}"

    def _count_invalid(self) -> None:
        """Stop before the ban, until the oldest of them is forgotten."""
        now = self._seconds()
        self._invalid.append(now)
        passed = now - self._invalid[0]
        if len(self._invalid) == MOST_INVALID and passed < INVALID_WITHIN:
            self._shut_all(INVALID_WITHIN - passed)


class Openings:
    """How fast new conversations are begun: a few at once, then one now and then, and none after Discord objected."""

    def __init__(self, jitter: Callable[[], float], seconds: Seconds = time.monotonic) -> None:
        """Count by a clock that only goes forward; `jitter` returns numbers from 0 to 1."""
        self._jitter = jitter
        self._seconds = seconds
        self._empties = 0.0
        self._opens = 0.0
        self._next_turn = 0.0

    def take(self) -> None:
        """Count one, or raise DeliveryDelayedError with the time at which it is this caller's turn."""
        now, each = self._seconds(), MINUTE / NEW_A_MINUTE
        opens = max(self._opens, self._empties - each * (NEW_AT_ONCE - 1))
        if opens - now > _NO_TIME:
            turn = max(opens, self._next_turn)
            self._next_turn = turn + each * self._spread()
            raise DeliveryDelayedError(timedelta(seconds=turn - now))
        self._empties = max(self._empties, now) + each * self._spread()

    def close(self, wait: timedelta) -> None:
        """Begin none for so long, and after that one by one."""
        self._opens = max(self._opens, self._seconds() + wait.total_seconds())
        self._empties = max(self._empties, self._opens + MINUTE / NEW_A_MINUTE * (NEW_AT_ONCE - 1))

    def _spread(self) -> float:
        """Return a factor around one: what comes at even intervals looks like a machine's list."""
        return 0.75 + self._jitter() / 2


def _number(told: str) -> float:
    try:
        return max(float(told), 0.0)
    except ValueError:
        return 0.0

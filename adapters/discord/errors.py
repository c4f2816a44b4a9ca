"""What Discord's answers mean for a delivery: it comes later, or it never will.

The codes are those of docs.discord.com/developers/topics/opcodes-and-status-codes that the calls made here can meet.
One that has no place is taken by its HTTP status, so that a new one never becomes a loop.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp

from bot.ports.gateway import DeliveryDelayedError, DeliveryError, DeliveryRefusedError, Refusal

UNTIL_ADDED_AGAIN: Final = timedelta(minutes=5)
"""How often a dead token, or a server the bot is not in, is tried again: rows wait for the operator, or their purge."""
UNTIL_ALLOWED: Final = timedelta(minutes=15)
"""How long nobody new is written to after Discord said that it was too fast."""
UNTIL_REVIEWED: Final = timedelta(hours=1)
"""The same for a bot that was flagged: only Discord's people can lift that."""
UNNAMED_WAIT: Final = timedelta(seconds=30)
"""What a 429 without a time is taken to ask for."""
BANNED_WAIT: Final = timedelta(minutes=10)
"""The same from Cloudflare, who counts what an address does in ten minutes."""
SHORTEST_WAIT: Final = timedelta(milliseconds=50)
LONGEST_WAIT: Final = timedelta(hours=1)

UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
TOO_MANY: Final = 429
BROKEN: Final = 500

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MEMBER: Final = 10007
UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_USER: Final = 10013
NOT_THERE: Final = frozenset({UNKNOWN_MEMBER, UNKNOWN_USER})
FLAGGED: Final = 20026
TOO_MANY_IN_THREAD: Final = 30033
TOO_MANY_NEW_DIRECTS: Final = 40003
NO_ACCESS: Final = 50001
NO_PERMISSION: Final = 50013
WRONG_CHANNEL_TYPE: Final = 50024
ARCHIVED: Final = 50083
TOO_MANY_THREADS: Final = 160006

TOKEN_IS_DEAD: Final = frozenset({40001, 50014})
"""Nothing is wrong with the deliveries: they wait until the operator has put the token right."""

_WORKSPACE_WAITS: Final = frozenset({10004, 50055})
"""The bot is not in this server, or not any more; whoever looks after its leaving hears of it elsewhere."""

_WAITS: Final[Mapping[int, timedelta]] = {
    20016: UNNAMED_WAIT,
    20022: UNTIL_ALLOWED,
    FLAGGED: UNTIL_REVIEWED,
    20028: UNNAMED_WAIT,
    20029: UNNAMED_WAIT,
    30046: UNTIL_ALLOWED,
    31001: UNNAMED_WAIT,
    31002: UNNAMED_WAIT,
    TOO_MANY_NEW_DIRECTS: UNTIL_ALLOWED,
    40004: UNTIL_ALLOWED,
    40006: UNTIL_ALLOWED,
    40062: UNNAMED_WAIT,
    130000: UNNAMED_WAIT,
}

_REFUSED: Final[Mapping[Refusal, frozenset[int]]] = {
    Refusal.UNREACHABLE: frozenset({UNKNOWN_MEMBER, UNKNOWN_USER, 20009, 40007, 50007, 50033, 50278}),
    Refusal.GONE: frozenset({UNKNOWN_MESSAGE, 50005, 50021}),
    Refusal.NO_CHANNEL: frozenset({UNKNOWN_CHANNEL, 50003, 50008, WRONG_CHANNEL_TYPE, ARCHIVED, 160005}),
    Refusal.FORBIDDEN: frozenset(
        {
            20001,
            20012,
            20031,
            TOO_MANY_IN_THREAD,
            40002,
            NO_ACCESS,
            50009,
            NO_PERMISSION,
            50095,
            60003,
            160002,
            TOO_MANY_THREADS,
            160007,
            200000,
            200001,
        }
    ),
    Refusal.INVALID: frozenset({30015, 40005, 50006, 50035, 50041, 50045, 50046, 50068, 50109, 240000}),
}
_REASONS: Final = {code: reason for reason, codes in _REFUSED.items() for code in codes}
_BY_STATUS: Final = {FORBIDDEN: Refusal.FORBIDDEN, NOT_FOUND: Refusal.GONE}

PLACED: Final = frozenset(_REASONS) | frozenset(_WAITS) | _WORKSPACE_WAITS | TOKEN_IS_DEAD
"""Every code that has a place."""

FAILURES: Final = (aiohttp.ClientError, OSError, TimeoutError)
"""What a call raises that got no answer."""
_NEVER_SENT: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class NotTakenError(DeliveryRefusedError):
    """Discord refused, with this code; 0 where its answer had none."""

    def __init__(self, reason: Refusal, code: int = 0) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: the body is what its JSON says, or None where there was none that could be read."""

    status: int
    headers: Mapping[str, str]
    body: object = None
    is_json: bool = False

    @property
    def code(self) -> int:
        """Return Discord's own code for an error, or 0."""
        code = self._told("code")
        return code if isinstance(code, int) else 0

    @property
    def name(self) -> str:
        """Return how an error is called in a log line."""
        return f"code_{self.code}" if self.code else f"status_{self.status}"

    @property
    def is_of_cloudflare(self) -> bool:
        """Say whether a 429 is not Discord's own: what is before it banned this address."""
        return not self.is_json or "Via" not in self.headers

    @property
    def is_for_all(self) -> bool:
        """Say whether a 429 is about everything this bot asks, not about one route."""
        return self.is_of_cloudflare or self._told("global") is True

    @property
    def is_shared(self) -> bool:
        """Say whether a 429 is about what others do too, which nobody is banned for."""
        return self.headers.get("X-RateLimit-Scope") == "shared"

    @property
    def wait(self) -> timedelta | None:
        """Return the wait that is asked for, from a moment to an hour; the body tells it more exactly."""
        for told in (self._told("retry_after"), self.headers.get("Retry-After")):
            seconds = _seconds(told)
            if seconds is not None:
                return min(max(timedelta(seconds=seconds), SHORTEST_WAIT), LONGEST_WAIT)
        return None

    def _told(self, key: str) -> object:
        return self.body.get(key) if isinstance(self.body, dict) else None


def refusal(answered: Answered, *, is_post: bool) -> DeliveryError:
    """Return what an error means. `is_post`: a message was asked for, which may be there although nobody said so."""
    if answered.status == TOO_MANY:
        return limited(answered)
    if answered.status == UNAUTHORIZED or answered.code in TOKEN_IS_DEAD | _WORKSPACE_WAITS:
        return DeliveryDelayedError(UNTIL_ADDED_AGAIN, whole_workspace=True)
    if answered.code in _WAITS:
        return DeliveryDelayedError(answered.wait or _WAITS[answered.code])
    if answered.code in _REASONS:
        return NotTakenError(_REASONS[answered.code], answered.code)
    if answered.status >= BROKEN:
        return DeliveryDelayedError(lost_answer=is_post)
    return NotTakenError(_BY_STATUS.get(answered.status, Refusal.INVALID), answered.code)


def limited(answered: Answered) -> DeliveryDelayedError:
    """Return what a 429 asks for."""
    unnamed = BANNED_WAIT if answered.is_of_cloudflare else UNNAMED_WAIT
    return DeliveryDelayedError(answered.wait or unnamed, whole_workspace=answered.is_for_all)


def unheard(failed: BaseException, *, is_post: bool) -> DeliveryDelayedError:
    """Return what it means that no answer came."""
    return DeliveryDelayedError(lost_answer=is_post and not isinstance(failed, _NEVER_SENT))


def _seconds(told: object) -> float | None:
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        seconds = float(told)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None

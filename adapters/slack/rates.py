"""Slack's rate limits: what the courier keeps to for each message, and buckets for the methods beside it.

Sources: docs.slack.dev/apis/web-api/rate-limits and the tier on each method's reference page.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.ids import WorkspaceId
from bot.ports.gateway import DeliveryDelayedError, Direct, InChannel, Rate, Recipient, Room

MINUTE: Final = 60.0
TIER_3: Final = 50
"""Calls in a minute, for each method and workspace."""
TIER_4: Final = 100

PER_MINUTE: Final = {
    "chat.update": TIER_3,
    "conversations.open": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "views.publish": TIER_4,
}
"""What can wait. What somebody's click waits for is asked at once, and again only when Slack says it was too much."""

AT_ONCE: Final = 0.5
"""The share of a tier that may be used in one go; the rest comes evenly, so that no minute ever sees more than it."""

POSTS: Final = "chat.postMessage"
A_SECOND: Final = timedelta(seconds=1)
POSTS_TO_ONE_PLACE: Final = 1
"""chat.postMessage: one message a second for each conversation. Bursts may be dropped, so none is tried."""
POSTS_TO_ALL: Final = 20
POSTS_TO_ALL_IN: Final = timedelta(seconds=4)
"""chat.postMessage also has a limit for the whole workspace that Slack only calls "several hundred" a minute: 300."""

MOST_BUCKETS: Final = 20_000
_NO_TIME: Final = 0.001
"""Seconds that are only an error of arithmetic."""


def rates_to(to: Recipient) -> Sequence[Rate]:
    """Return what a message to this place counts against."""
    return (
        Rate(f"{to.workspace}/{_place(to)}", POSTS_TO_ONE_PLACE, A_SECOND),
        Rate(f"{to.workspace}/{POSTS}", POSTS_TO_ALL, POSTS_TO_ALL_IN),
    )


def _place(to: Recipient) -> str:
    match to:
        case Direct(user=user):
            return user
        case InChannel(channel=channel):
            return channel
        case Room(users=users):
            return "+".join(sorted(users))


@dataclass(slots=True)
class _Bucket:
    """Empty until an instant that each call pushes on. `next_turn` spreads out those who were sent away."""

    empties: float = 0.0
    opens: float = 0.0
    next_turn: float = 0.0


class Buckets:
    """One token bucket for each method and workspace. Nobody waits in here: who comes too early is told when to come.

    A platform's own Retry-After closes the bucket, so that nothing else of that method is sent until then.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        """Count by a clock that only goes forward."""
        self._seconds = seconds
        self._buckets: dict[tuple[str, WorkspaceId], _Bucket] = {}

    def take(self, method: str, workspace: WorkspaceId) -> None:
        """Count one call, or raise DeliveryDelayedError with the time at which it is this caller's turn."""
        if method == POSTS:
            return
        now, bucket, tier = self._seconds(), self._bucket(method, workspace), PER_MINUTE.get(method, 0)
        each = MINUTE / (tier * (1 - AT_ONCE)) if tier else 0.0
        opens = max(bucket.opens, bucket.empties + each - each * tier * AT_ONCE)
        if opens - now > _NO_TIME:
            turn = max(opens, bucket.next_turn)
            bucket.next_turn = turn + each
            raise DeliveryDelayedError(timedelta(seconds=turn - now))
        bucket.empties = max(bucket.empties, now) + each

    def close(self, method: str, workspace: WorkspaceId, wait: timedelta) -> None:
        """Let no call through for so long. Posts are closed by the courier, for one destination each."""
        if method != POSTS:
            bucket = self._bucket(method, workspace)
            bucket.opens = max(bucket.opens, self._seconds() + wait.total_seconds())

    def _bucket(self, method: str, workspace: WorkspaceId) -> _Bucket:
        if len(self._buckets) >= MOST_BUCKETS:
            now = self._seconds()
            self._buckets = {key: one for key, one in self._buckets.items() if max(one.empties, one.opens) > now}
        return self._buckets.setdefault((method, workspace), _Bucket())

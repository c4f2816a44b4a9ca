"""An ask: a member's public "I am looking for …", from its preview to its close."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import AskId, GroupId, MemberId

MAX_NEED = 600


class AskStatus(StrEnum):
    """Where an ask stands."""

    PREVIEW = "preview"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Ask:
    """A need its owner made public in the group's channel. It closes at `ends_at` (the end of its last day)."""

    id: AskId
    group: GroupId
    owner: MemberId
    need: str
    created_at: datetime
    category: str = ""
    urgent: bool = False
    ends_at: datetime | None = None
    status: AskStatus = AskStatus.PREVIEW
    edits: int = 0
    version: int = 0

    def is_open(self, now: datetime) -> bool:
        """Say whether it can be answered: posted, not closed, and its end date not over."""
        return self.status is AskStatus.OPEN and (self.ends_at is None or now < self.ends_at)

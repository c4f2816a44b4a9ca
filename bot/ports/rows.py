"""The values that go in and out of the store beside the domain's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.decision import ConsentReceipt, Outcome
from bot.domain.effects import Effect
from bot.domain.ids import MemberId, ReferralId, WorkspaceId
from bot.ports.gateway import DeliveryKey


@dataclass(frozen=True, slots=True)
class Intent:
    """One row for the outbox. A lane keeps the order for one recipient; a destination is what Retry-After moves."""

    key: DeliveryKey
    effect: Effect
    lane: str
    workspace: WorkspaceId
    destination: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row this worker may deliver until its lease ends."""

    id: int
    intent: Intent
    attempts: int
    lease: str
    queued_at: datetime
    progress: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A row that was given up, for an operator to read, replay or drop. It holds no message text.

    Its effect is None if this program cannot read it.
    """

    id: int
    key: DeliveryKey
    effect: Effect | None
    destination: str
    attempts: int
    reason: str
    died_at: datetime


@dataclass(frozen=True, slots=True)
class Depth:
    """How much waits, how old the oldest due row is, and how many letters are dead."""

    open: int
    oldest_due: datetime | None
    dead: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """The first answer to an event, kept so that a repeat gets the same."""

    outcome: Outcome
    view: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The exact text somebody was shown: kept sealed, its salted hash beside it."""

    referral: ReferralId
    number: int
    to: MemberId
    about: tuple[MemberId, ...]
    text: str
    version: int
    locale: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A consent's record as it is stored: the answer, and the hash of the text it answered."""

    receipt: ConsentReceipt
    version: int | None
    locale: str | None
    sha256: str | None
    taken_back_at: datetime | None

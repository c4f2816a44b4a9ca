"""What a member, success and the clock do with an ask, one frozen value each."""

from dataclasses import dataclass
from datetime import date

from bot.domain.ids import MemberId


@dataclass(frozen=True, slots=True)
class WriteAsk:
    """Store what a member is looking for, as a preview that only they see, or over what was posted."""

    by: MemberId
    need: str
    category: str
    urgent: bool
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class PostAsk:
    """Put the ask in the channel."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class CloseAsk:
    """Close one's own ask."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class AskServed:
    """An introduction came of it."""


@dataclass(frozen=True, slots=True)
class ElapseAsk:
    """Close the ask at its end date."""


AskCommand = WriteAsk | PostAsk | CloseAsk | AskServed | ElapseAsk

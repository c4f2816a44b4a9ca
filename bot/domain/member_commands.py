"""What members do for themselves and organisers for their group, one frozen value each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import MemberId
from bot.domain.member import CardSlot


@dataclass(frozen=True, slots=True)
class Join:
    """Agree to be asked in private, in this group; with `hello_first` it is done when the bot's hello arrives."""

    hello_first: bool = False


@dataclass(frozen=True, slots=True)
class HelloArrived:
    """A hello has reached them."""


@dataclass(frozen=True, slots=True)
class HelloRefused:
    """The hello of this occasion will never reach them; `is_closed` says that nothing would at present."""

    occasion: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Leave:
    """Be asked nothing more in this group."""


@dataclass(frozen=True, slots=True)
class WriteCard:
    """Write one's own card. Lines that are None stay."""

    lines: Mapping[CardSlot, str]
    accepts_leads: bool | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Take a break until a date, or end it with None."""

    until: datetime | None
    quiet: bool


@dataclass(frozen=True, slots=True)
class Unblock:
    """Take somebody off the private list."""

    other: MemberId


@dataclass(frozen=True, slots=True)
class Block:
    """Never be asked by or about somebody again."""

    other: MemberId


@dataclass(frozen=True, slots=True)
class ShowInTally:
    """Be named in the weekly tally, have one's own *listen for* shown in it, or not. What is None stays."""

    named: bool | None = None
    listened_for: bool | None = None


MemberCommand = Join | HelloArrived | HelloRefused | Leave | WriteCard | Pause | Block | Unblock | ShowInTally


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Change a group's settings, as an organiser. Values are typed text, keyed by the setting's name."""

    by: MemberId
    is_admin: bool
    values: Mapping[str, str]
    organisers: frozenset[MemberId] | None = None

"""What people, platforms and the clock ask for, one frozen value each. Who asks comes with it, from the envelope."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.ids import AskId, MemberId, ReferralId
from bot.domain.member import Party
from bot.domain.question import Answer, Side
from bot.domain.referral import Basis, Purpose, Tick
from bot.domain.words import Slot


class Filter(StrEnum):
    """The two questions a referrer answers before anyone is asked."""

    NEED = "need"
    FIT = "fit"


class Choice(StrEnum):
    """What a referrer may switch on and off in a draft."""

    LOOP_ME_IN = "loop_me_in"
    ROLE_ONLY = "role_only"
    MAY_USE_NAME = "may_use_name"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class WriteDraft:
    """Store what was typed about a referral, valid or not. None leaves a part as it is."""

    by: MemberId
    seeker: Party | None = None
    provider: MemberId | None = None
    words: Mapping[Slot, str] = field(default_factory=dict)
    basis: Basis | None = None
    purpose: Purpose | None = None
    first_move: Side | None = None
    ask: AskId | None = None
    came_from: ReferralId | None = None
    clears_seeker: bool = False


@dataclass(frozen=True, slots=True)
class AnswerFilter:
    """Answer one of the two filter questions."""

    by: MemberId
    question: Filter
    tick: Tick


@dataclass(frozen=True, slots=True)
class Toggle:
    """Switch a choice of the draft."""

    by: MemberId
    choice: Choice


@dataclass(frozen=True, slots=True)
class CheckFit:
    """Ask the provider in private whether somebody like this would fit."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class KeepAsLead:
    """Keep the draft as a private lead."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class SendLead:
    """Pass a need on, without a person, to a provider whose card takes tips."""

    by: MemberId
    provider: MemberId
    need: str


@dataclass(frozen=True, slots=True)
class UpgradeLead:
    """Take a lead up again as a draft of a referral."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class Discard:
    """Throw the draft away."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class AskThem:
    """Start asking the parties."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class OfferHelp:
    """Answer an ask as the one who can help: the form is the provider's yes."""

    by: MemberId
    words: Mapping[Slot, str]


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Answer a question. `number` is the question's, so that an old prompt cannot answer a newer question."""

    by: MemberId
    number: int
    answer: Answer
    words: Mapping[Slot, str] = field(default_factory=dict)
    no_introduction: bool = False
    blocks: frozenset[MemberId] = frozenset()


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take a yes back: *Undo*."""

    by: MemberId
    number: int


@dataclass(frozen=True, slots=True)
class TellReferrer:
    """Let the referrer know of one's own no, now."""

    by: MemberId
    number: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AskReferrer:
    """Put one question to the referrer through the bot."""

    by: MemberId
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class AnswerParty:
    """Answer that one question."""

    by: MemberId
    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Call a started referral off, as its referrer."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class GotIt:
    """Say that the introduction was seen."""

    by: MemberId


@dataclass(frozen=True, slots=True)
class Elapse:
    """Do what has become due."""


@dataclass(frozen=True, slots=True)
class PartyGone:
    """A party blocked the other, left, or was erased."""

    who: MemberId
    answer: Answer = Answer.GONE


@dataclass(frozen=True, slots=True)
class PromptUndeliverable:
    """The platform refused a prompt for good."""

    number: int


@dataclass(frozen=True, slots=True)
class ClaimPosting:
    """Commit "too late to undo" before the introduction goes out."""

    posting: int


@dataclass(frozen=True, slots=True)
class IntroductionPosted:
    """The platform's receipt for the introduction has settled."""

    posting: int


@dataclass(frozen=True, slots=True)
class IntroductionRefused:
    """The platform will never post it: these two cannot be brought into a room. Nothing was posted."""

    posting: int


ReferralCommand = (
    WriteDraft
    | AnswerFilter
    | Toggle
    | CheckFit
    | KeepAsLead
    | SendLead
    | UpgradeLead
    | Discard
    | AskThem
    | OfferHelp
    | AnswerQuestion
    | TakeBack
    | TellReferrer
    | AskReferrer
    | AnswerParty
    | Withdraw
    | GotIt
    | Elapse
    | PartyGone
    | PromptUndeliverable
    | ClaimPosting
    | IntroductionPosted
    | IntroductionRefused
)

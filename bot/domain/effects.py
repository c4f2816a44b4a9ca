"""What a decision owes people: values holding ids and choices. Words are made when they are delivered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import AskId, ChannelId, EventId, GroupId, MemberId, ReferralId, WorkspaceId
from bot.domain.question import Side


class Face(StrEnum):
    """What a prompt shows after it was changed."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Notice(StrEnum):
    """What somebody is told in private."""

    FIT_CONFIRMED = "fit_confirmed"
    FIT_OPEN_AGAIN = "fit_open_again"
    NOT_THIS_TIME = "not_this_time"
    CLOSED_QUIETLY = "closed_quietly"
    TOLD_NO = "told_no"
    WITHDRAWN = "withdrawn"
    INTRODUCED = "introduced"
    QUESTION = "question"
    QUESTION_ANSWERED = "question_answered"
    WRITE_TO_THEM = "write_to_them"
    LEAD = "lead"
    QUIETLY_PAUSED = "quietly_paused"
    HELLO = "hello"
    NUDGE = "nudge"
    OUTCOME_HEARD = "outcome_heard"
    THANKS = "thanks"
    RECLASSIFIED = "reclassified"
    TESTIMONIAL_WANTED = "testimonial_wanted"
    TESTIMONIAL_GIVEN = "testimonial_given"


@dataclass(frozen=True, slots=True)
class SendPrompt:
    """Ask one party one question."""

    referral: ReferralId
    to: MemberId
    number: int


@dataclass(frozen=True, slots=True)
class RemindOfPrompt:
    """Remind them at half-time, once."""

    referral: ReferralId
    to: MemberId
    number: int


@dataclass(frozen=True, slots=True)
class EditPrompt:
    """Change a prompt for its own addressee; `edit` counts, so that each change has a key of its own."""

    referral: ReferralId
    to: MemberId
    number: int
    edit: int
    face: Face


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell one person something in private; `occasion` keeps two of a kind apart."""

    to: MemberId
    notice: Notice
    referral: ReferralId | None = None
    side: Side | None = None
    group: GroupId | None = None
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class PostIntroduction:
    """Bring both together, not before `due`."""

    referral: ReferralId
    posting: int
    due: datetime


@dataclass(frozen=True, slots=True)
class CloseRoom:
    """Put the room of an introduction away, where the platform counts those that are open."""

    referral: ReferralId
    posting: int


@dataclass(frozen=True, slots=True)
class SendHeadsUp:
    """Give the provider the referrer's private words, which the seeker has read."""

    referral: ReferralId
    to: MemberId


@dataclass(frozen=True, slots=True)
class PostAskCard:
    """Put an ask in the channel."""

    ask: AskId
    group: GroupId


@dataclass(frozen=True, slots=True)
class EditAskCard:
    """Change the ask's card in the channel."""

    ask: AskId
    group: GroupId
    edit: int


@dataclass(frozen=True, slots=True)
class SendReport:
    """Tell an organiser who is neither referrer nor party, else the operator, without naming the other party."""

    referral: ReferralId
    by: MemberId
    number: int


@dataclass(frozen=True, slots=True)
class WelcomeGroup:
    """Post in the channel what the bot does and does not do."""

    group: GroupId


@dataclass(frozen=True, slots=True)
class TellHowToBegin:
    """Tell whoever added the bot to a workspace how to begin; `arrival` counts, so that each has a key of its own."""

    workspace: WorkspaceId
    to: MemberId
    arrival: int


@dataclass(frozen=True, slots=True)
class GreetWorkspace:
    """Say in a channel how to begin, where nobody knows who added the bot; once for each arrival."""

    workspace: WorkspaceId
    channel: ChannelId
    arrival: int
    locale: str


@dataclass(frozen=True, slots=True)
class TellCannotPost:
    """Tell whoever caused a post that the channel did not take it: an ask's card, a week's tally, or else the hello."""

    to: MemberId
    group: GroupId
    ask: AskId | None
    occasion: str
    week: str = ""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Ask one party what came of an introduction, so many days after it."""

    referral: ReferralId
    to: MemberId
    side: Side
    day: int


@dataclass(frozen=True, slots=True)
class PostTally:
    """Put the week's frozen tally in the group's channel."""

    group: GroupId
    week: str


class Sentence(StrEnum):
    """What is answered where nothing could be done."""

    NOT_YOURS = "not_yours"
    GONE = "gone"
    TRY_AGAIN = "try_again"
    NO_GROUP_HERE = "no_group_here"
    WHICH_GROUP = "which_group"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the one who acted in a message of its own, where their platform has no place for a reply.

    What they see is made at delivery: the sentence, if there is one; the event's first answer, if that was `kept`;
    else nothing was changed, and it is looked at again. `kind`, `verb` and `ref` say what arrived, as in press.
    """

    event: EventId
    to: MemberId
    kind: str
    verb: str
    ref: str
    channel: ChannelId | None
    is_admin: bool
    kept: bool
    sentence: Sentence | None = None


Effect = (
    SendPrompt
    | RemindOfPrompt
    | EditPrompt
    | Notify
    | PostIntroduction
    | CloseRoom
    | SendHeadsUp
    | PostAskCard
    | EditAskCard
    | SendReport
    | WelcomeGroup
    | CheckIn
    | PostTally
    | GreetWorkspace
    | TellHowToBegin
    | TellCannotPost
    | Answer
)

"""What the words are made from: the people, the referral, the group, and who runs the bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ask import Ask
from bot.domain.group import Group
from bot.domain.ids import MemberId
from bot.domain.member import Card, Member
from bot.domain.outcome import FollowUp
from bot.domain.place import Place, place_of
from bot.domain.referral import Referral


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the bot, as people are told, and on what platforms, keyed by the prefix of their workspaces."""

    name: str = ""
    contact: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything a text may be made from. `reader` is the one it is for; None for a channel or a room.

    `praise` are the testimonials on the cards of those whose cards may be shown. `posts_at` is when the group's next
    weekly post is, where that was looked up.
    """

    group: Group
    now: datetime
    operator: Operator = Operator()
    reader: Member | None = None
    people: Mapping[MemberId, Member] = field(default_factory=dict)
    cards: Mapping[MemberId, Card] = field(default_factory=dict)
    referral: Referral | None = None
    ask: Ask | None = None
    follow_up: FollowUp | None = None
    posts_at: datetime | None = None
    praise: Mapping[MemberId, Sequence[FollowUp]] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Return what the group's platform is like."""
        return place_of(self.group.workspace, self.operator.places)

    @property
    def subject(self) -> Referral:
        """Return the referral this is about."""
        if self.referral is None:
            msg = "this text is about a referral"
            raise LookupError(msg)
        return self.referral

    @property
    def after(self) -> FollowUp:
        """Return what came of the introduction this is about."""
        if self.follow_up is None:
            msg = "this text is about what came of an introduction"
            raise LookupError(msg)
        return self.follow_up

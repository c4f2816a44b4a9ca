"""Who of an introduction's people can still be asked or told something afterwards, and what they may hear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.effects import Notice, Notify
from bot.domain.errors import NotAPartyError
from bot.domain.group import Group
from bot.domain.ids import MemberId
from bot.domain.member import Member
from bot.domain.outcome import FollowUp, Outcome
from bot.domain.place import ORDINARY, Place
from bot.domain.question import Side


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a decision about a follow-up may look at besides it, read in the same transaction."""

    group: Group
    people: Mapping[MemberId, Member] = field(default_factory=dict)
    got_it: frozenset[Side] = frozenset()
    place: Place = ORDINARY

    def person(self, member: MemberId | None) -> Member | None:
        """Return somebody who is in the group, or None."""
        found = self.people.get(member) if member else None
        return found if found is not None and found.is_in(self.group.id) else None


def require_party(state: FollowUp, who: MemberId) -> Side:
    """Return which party a member is. Raises NotAPartyError."""
    side = state.side_of(who)
    if side is None:
        raise NotAPartyError(state.referral, who)
    return side


def require_side(state: FollowUp, who: MemberId, side: Side) -> None:
    """Raise NotAPartyError for anybody but the party on that side."""
    if state.side_of(who) is not side:
        raise NotAPartyError(state.referral, who)


def is_erased(member: MemberId | None, around: Surroundings) -> bool:
    """Say whether somebody was erased: no words about them are taken any more."""
    person = around.people.get(member) if member else None
    return person is None or person.user is None


def reachable(state: FollowUp, side: Side, around: Surroundings) -> Member | None:
    """Return a party who is there and wants to hear of the other two, or None."""
    person = around.person(state.member(side))
    if person is None or state.part(side).gone:
        return None
    return None if person.blocks & {state.referrer, state.member(side.other)} else person


def may_be_asked(state: FollowUp, side: Side, around: Surroundings, now: datetime) -> bool:
    """Say whether a party may be nudged or asked what came of it now."""
    person = reachable(state, side, around)
    return person is not None and not person.is_paused(now)


def to_referrer(
    state: FollowUp, side: Side, notice: Notice, around: Surroundings, occasion: str = ""
) -> tuple[Notify, ...]:
    """Return what tells the referrer something of a party, or nothing where one of the two blocked the other."""
    referrer, speaker = around.person(state.referrer), state.member(side)
    party = around.people.get(speaker) if speaker else None
    if referrer is None or party is None or party.id in referrer.blocks or referrer.id in party.blocks:
        return ()
    return (Notify(referrer.id, notice, state.referral, side, occasion=occasion),)


def outcome_told(state: FollowUp, notice: Notify) -> Outcome | None:
    """Return what an OUTCOME_HEARD tells besides that somebody answered: nothing that its party took back meanwhile."""
    part = state.part(notice.side) if notice.side else None
    if part is None or not part.tells_referrer or part.reported_at is None:
        return None
    return part.outcome if notice.occasion == part.reported_at.isoformat() else None

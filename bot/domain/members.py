"""What a member may do for themselves: join, leave, write a card, take a break, block."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.domain import member_commands as c
from bot.domain.decision import Decision, Say, Told
from bot.domain.effects import Notice, Notify
from bot.domain.events import Event, EventKind
from bot.domain.group import Group
from bot.domain.member import Card, Member


@dataclass(frozen=True, slots=True)
class Belonging:
    """A member in one group, with their card there."""

    member: Member
    card: Card


def decide_member(state: Belonging, command: c.MemberCommand, group: Group, now: datetime) -> Decision[Belonging]:
    """Return what the command does to a member in this group. Doing it twice is the same as once."""
    member = state.member
    match command:
        case c.Join():
            return _join(state, group, now)
        case c.Leave():
            return _leave(state, group)
        case c.WriteCard():
            return _write_card(state, command)
        case c.ShowInTally():
            return _show_in_tally(state, command)
        case c.Pause():
            paused = member.pausing(command.until, quiet=command.quiet)
            say = Told(Say.PAUSED if paused.is_paused(now) else Say.BACK, moment=command.until)
            return Decision(replace(state, member=paused), say)
        case c.Block():
            blocked = member.blocking(command.other)
            return Decision(replace(state, member=blocked), Told(Say.BLOCKED, who=command.other))
        case c.Unblock():
            unblocked = member.unblocking(command.other)
            return Decision(replace(state, member=unblocked), Told(Say.UNBLOCKED, who=command.other))
        case _:
            assert_never(command)


def _join(state: Belonging, group: Group, now: datetime) -> Decision[Belonging]:
    if state.member.is_in(group.id):
        return Decision(state, Told(Say.ALREADY_JOINED))
    joined = state.member.joining(group.id, now)
    hello = Notify(joined.id, Notice.HELLO, group=group.id, occasion=f"{group.id}:{now.isoformat()}")
    event = Event(EventKind.MEMBER_JOINED, group.id, by=joined.id)
    return Decision(replace(state, member=joined), Told(Say.JOINED), (hello,), (event,))


def _leave(state: Belonging, group: Group) -> Decision[Belonging]:
    if not state.member.is_in(group.id):
        return Decision(state, Told(Say.NOT_JOINED))
    left = state.member.leaving(group.id)
    event = Event(EventKind.MEMBER_LEFT, group.id, by=left.id)
    return Decision(replace(state, member=left), Told(Say.LEFT), events=(event,))


def close_account(member: Member) -> Decision[Member]:
    """Let somebody whose account was closed leave every group, without a word. Doing it twice is the same as once."""
    events = tuple(Event(EventKind.MEMBER_LEFT, group, by=member.id) for group in sorted(member.joined))
    return Decision(member.closing(), Told(Say.DONE), events=events)


def _write_card(state: Belonging, command: c.WriteCard) -> Decision[Belonging]:
    lines = {slot: text for slot, text in {**state.card.lines, **command.lines}.items() if text}
    accepts = state.card.accepts_leads if command.accepts_leads is None else command.accepts_leads
    card = replace(state.card, lines=lines, accepts_leads=accepts)
    event = Event(EventKind.CARD_WRITTEN, card.group, by=card.member)
    return Decision(replace(state, card=card), Told(Say.CARD_SAVED), events=() if card == state.card else (event,))


def _show_in_tally(state: Belonging, command: c.ShowInTally) -> Decision[Belonging]:
    named = state.card.named if command.named is None else command.named
    listened_for = state.card.listened_for if command.listened_for is None else command.listened_for
    card = replace(state.card, named=named, listened_for=listened_for)
    return Decision(replace(state, card=card), Told(Say.CARD_SAVED))

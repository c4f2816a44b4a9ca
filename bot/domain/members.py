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
    match command:
        case c.Join():
            return _join(state, command, group, now)
        case c.HelloArrived():
            return _hello_arrived(state, group, now)
        case c.HelloRefused():
            return _hello_refused(state, command, group)
        case c.Leave():
            return _leave(state, group)
        case c.WriteCard():
            return _write_card(state, command)
        case c.ShowInTally():
            return _show_in_tally(state, command)
        case _:
            return _change_wishes(state, command, now)


def _change_wishes(state: Belonging, command: c.Pause | c.Block | c.Unblock, now: datetime) -> Decision[Belonging]:
    member = state.member
    match command:
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


def _hello(member: Member, group: Group, now: datetime) -> Notify:
    return Notify(member.id, Notice.HELLO, group=group.id, occasion=_occasion(group, now))


def _occasion(group: Group, now: datetime) -> str:
    """Tell two tries apart, and a joining from one after leaving."""
    return f"{group.id}:{now.isoformat()}"


def _join(state: Belonging, command: c.Join, group: Group, now: datetime) -> Decision[Belonging]:
    member = state.member
    if group.id in member.hellos:
        return Decision(state, Told(Say.HELLO_ON_ITS_WAY))
    if member.is_in(group.id) and not member.direct_messages_closed:
        return Decision(state, Told(Say.ALREADY_JOINED))
    if command.hello_first or member.is_in(group.id):
        greeted = member.greeted(group.id, now)
        say = Say.HELLO_AGAIN if member.is_in(group.id) else Say.HELLO_SENT
        return Decision(replace(state, member=greeted), Told(say), (_hello(member, group, now),))
    joined = member.joining(group.id, now)
    event = Event(EventKind.MEMBER_JOINED, group.id, by=joined.id)
    after = Belonging(joined, _unnamed(state.card))
    return Decision(after, Told(Say.JOINED), (_hello(member, group, now),), (event,))


def _unnamed(card: Card) -> Card:
    """Return the card of somebody who comes back: being named was agreed to before they left, and is asked anew."""
    return replace(card, named=False, listened_for=False)


def _hello_arrived(state: Belonging, group: Group, now: datetime) -> Decision[Belonging]:
    """Let those in who waited for it, whichever of their hellos it was. Who left or was erased meanwhile stays out."""
    member = state.member
    if group.id not in member.pending and not member.is_in(group.id):
        return Decision(state, Told(Say.NOT_JOINED))
    reached = member.reached(group.id, now)
    if group.id not in member.pending:
        return Decision(replace(state, member=reached), Told(Say.JOINED))
    event = Event(EventKind.MEMBER_JOINED, group.id, by=member.id)
    return Decision(Belonging(reached, _unnamed(state.card)), Told(Say.JOINED), events=(event,))


def _hello_refused(state: Belonging, command: c.HelloRefused, group: Group) -> Decision[Belonging]:
    """Remember it for their next command. A try that is not the newest says nothing about the one on its way."""
    member = state.member.unreachable() if command.is_closed else state.member
    sent_at = member.hellos.get(group.id)
    if sent_at is not None and _occasion(group, sent_at) == command.occasion:
        member = member.without_hello(group.id)
    return Decision(replace(state, member=member), Told(Say.DONE))


def _leave(state: Belonging, group: Group) -> Decision[Belonging]:
    member = state.member
    if not member.is_in(group.id) and group.id not in member.pending:
        return Decision(state, Told(Say.NOT_JOINED))
    event = Event(EventKind.MEMBER_LEFT, group.id, by=member.id)
    events = (event,) if member.is_in(group.id) else ()
    return Decision(replace(state, member=member.leaving(group.id)), Told(Say.LEFT), events=events)


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
    facts = {"named": str(named).lower(), "listened_for": str(listened_for).lower()}
    event = Event(EventKind.SHOWING_CHOSEN, card.group, by=card.member, facts=facts)
    return Decision(replace(state, card=card), Told(Say.CARD_SAVED), events=() if card == state.card else (event,))

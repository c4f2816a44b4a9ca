"""Whether messages reach somebody: joining may wait for a hello, and who is out of reach hears of it when they act."""

from dataclasses import replace
from datetime import datetime

from bot.app import entries, owed
from bot.app.desk import Desk
from bot.app.wording import replies
from bot.domain import effects as e
from bot.domain import member_commands as c
from bot.domain.members import Belonging, decide_member
from bot.ports.gateway import Refusal
from bot.ports.messages import Reply
from bot.ports.store import Transaction


def arrived(tx: Transaction, effect: e.Effect, now: datetime) -> None:
    """Let somebody in who waited for this hello; anything else that arrives says nothing new."""
    if isinstance(effect, e.Notify) and effect.notice is e.Notice.HELLO:
        _change(tx, effect, c.HelloArrived(), now)


def refused(tx: Transaction, effect: e.Effect, reason: str, now: datetime) -> None:
    """Remember who cannot be reached, for themselves alone: to everybody else it is a silence."""
    closed = reason == Refusal.UNREACHABLE
    if isinstance(effect, e.Notify) and effect.notice is e.Notice.HELLO:
        _change(tx, effect, c.HelloRefused(effect.occasion, closed), now)
    elif closed and (to := owed.addressee(effect)):
        member = tx.members.some((to,)).get(to)
        if member and member.user and not member.direct_messages_closed:
            tx.members.save(member.unreachable())


def _change(tx: Transaction, hello: e.Notify, command: c.HelloArrived | c.HelloRefused, now: datetime) -> None:
    member = tx.members.some((hello.to,)).get(hello.to)
    if member is None or member.user is None or hello.group is None:
        return
    group = tx.groups.get(hello.group)
    before = Belonging(member, tx.members.card(member.id, group.id))
    decision = decide_member(before, command, group, now)
    if decision.state.member != member:
        tx.members.save(decision.state.member)
    if decision.state.card != before.card:
        tx.members.save_card(decision.state.card)
    entries.append(tx, decision.events, group, now)


def with_note(desk: Desk, reply: Reply) -> Reply:
    """Tell who is out of reach so, above what they asked for. Nobody else sees it, and a form is left alone."""
    me = desk.tx.members.by_user(desk.origin.workspace, desk.origin.user)
    group = me.out_of_reach() if me else None
    if reply.message is None or group is None:
        return reply
    note = replies.out_of_reach(desk.cast(desk.tx.groups.get(group)))
    return replace(reply, message=replace(reply.message, parts=(*note, *reply.message.parts)))

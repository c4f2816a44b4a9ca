"""What a member may do with their ask, and what time and success do to it."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain import ask_commands as c
from bot.domain.ask import MAX_NEED, Ask, AskStatus
from bot.domain.decision import Decision, Form, Refused, Say, Told
from bot.domain.effects import EditAskCard, PostAskCard
from bot.domain.errors import NotAPartyError
from bot.domain.events import Event, EventKind
from bot.domain.group import Group
from bot.domain.ids import MemberId
from bot.domain.local_time import end_of_day
from bot.domain.member import Member
from bot.domain.words import Fault, Slot, contact_in

Asked = Decision[Ask]


def decide_ask(ask: Ask, command: c.AskCommand, group: Group, owner: Member | None, now: datetime) -> Asked:
    """Return what the command does to the ask now. Raises NotAPartyError for anyone but its owner."""
    match command:
        case c.WriteAsk():
            return _write(ask, command, group, now)
        case c.PostAsk():
            return _post(ask, command, owner, now)
        case c.CloseAsk():
            _require_owner(ask, command.by)
            return _close(ask, Say.ASK_CLOSED)
        case c.AskServed():
            return _close(ask, Say.DONE)
        case c.ElapseAsk():
            due = ask.ends_at is not None and now >= ask.ends_at
            return _close(ask, Say.DONE) if due else Decision(ask, Told(Say.DONE))
        case _:
            assert_never(command)


def _require_owner(ask: Ask, who: MemberId) -> None:
    if who != ask.owner:
        raise NotAPartyError(ask.id, who)


def _write(ask: Ask, command: c.WriteAsk, group: Group, now: datetime) -> Asked:
    _require_owner(ask, command.by)
    if ask.status is not AskStatus.PREVIEW and not ask.is_open(now):
        return Decision(ask, Told(Say.ASK_NOT_OPEN))
    ends_at = end_of_day(command.ends_on, group.settings.time_zone) if command.ends_on else None
    written = replace(ask, need=command.need, category=command.category, urgent=command.urgent, ends_at=ends_at)
    if fault := _need_fault(command.need):
        kept = written if ask.status is AskStatus.PREVIEW else ask
        return Decision(kept, Refused({Slot.NEED: fault}, Form.ASK))
    if ends_at and ends_at <= now:
        kept = replace(written, ends_at=ask.ends_at) if ask.status is AskStatus.PREVIEW else ask
        return Decision(kept, Told(Say.ASK_ENDS_IN_PAST))
    return _written(ask, written)


def _need_fault(need: str) -> Fault | None:
    if not need:
        return Fault.MISSING
    return Fault.TOO_LONG if len(need) > MAX_NEED else contact_in(need)


def _written(before: Ask, written: Ask) -> Asked:
    if before.status is AskStatus.PREVIEW:
        return Decision(written, Told(Say.ASK_PREVIEW))
    if written == before:
        return Decision(before, Told(Say.ASK_SAVED))
    edited = replace(written, edits=before.edits + 1)
    return Decision(edited, Told(Say.ASK_SAVED), (EditAskCard(edited.id, edited.group, edited.edits),))


def _post(ask: Ask, command: c.PostAsk, owner: Member | None, now: datetime) -> Asked:
    _require_owner(ask, command.by)
    if owner is None or not owner.is_in(ask.group):
        return Decision(ask, Told(Say.NOT_JOINED))
    if ask.status is not AskStatus.PREVIEW:
        return Decision(ask, Told(Say.ASK_POSTED if ask.is_open(now) else Say.ASK_NOT_OPEN))
    if fault := _need_fault(ask.need):
        return Decision(ask, Refused({Slot.NEED: fault}, Form.ASK))
    if ask.ends_at and ask.ends_at <= now:
        return Decision(ask, Told(Say.ASK_ENDS_IN_PAST))
    event = Event(EventKind.ASK_POSTED, ask.group, by=ask.owner)
    return Decision(
        replace(ask, status=AskStatus.OPEN),
        Told(Say.ASK_POSTED),
        (PostAskCard(ask.id, ask.group),),
        (event,),
    )


def _close(ask: Ask, say: Say) -> Asked:
    if ask.status is not AskStatus.OPEN:
        closed = replace(ask, status=AskStatus.CLOSED)
        return Decision(closed if say is Say.ASK_CLOSED else ask, Told(say))
    closed = replace(ask, status=AskStatus.CLOSED, edits=ask.edits + 1)
    event = Event(EventKind.ASK_CLOSED, ask.group, by=ask.owner)
    return Decision(closed, Told(say), (EditAskCard(ask.id, ask.group, closed.edits),), (event,))

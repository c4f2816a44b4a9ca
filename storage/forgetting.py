"""Forgets a whole workspace that removed the bot, a few rows at a time, so that nobody else waits for long."""

from typing import Any

from sqlalchemy import BindParameter, Column, Delete, bindparam, delete, select

from bot.domain.ids import WorkspaceId
from storage.database import SLOTS, Database, in_slots
from storage.tables import (
    ask,
    block,
    card,
    conversation,
    group,
    guest,
    installation,
    log,
    member,
    membership,
    organiser,
    outbox,
    receipt,
    referral,
    shown,
    tally,
    workspace,
)

_WHERE: BindParameter[str] = bindparam("in")
_GROUPS = select(group.c.id).where(group.c.workspace == _WHERE)
_MEMBERS = select(member.c.id).where(member.c.workspace == _WHERE)


def _some(key: Column[Any], condition: Any) -> Delete:  # noqa: ANN401 -- an expression, whatever its type
    """Delete at most so many rows of a table."""
    few = select(key).where(condition).limit(bindparam("most"))
    return delete(key.table).where(key.in_(few))


# What only grows goes while the group and the members still say which workspace it was of: the triggers look there.
_REFERRALS = _some(referral.c.id, referral.c.group_id.in_(_GROUPS)).returning(referral.c.id, referral.c.seeker_guest_id)
_GUESTS = delete(guest).where(guest.c.id.in_(SLOTS))
_STEPS = (
    _some(outbox.c.id, outbox.c.workspace == _WHERE),
    _some(shown.c.id, shown.c.group_id.in_(_GROUPS)),
    _some(ask.c.id, ask.c.group_id.in_(_GROUPS)),
    _some(card.c.id, card.c.group_id.in_(_GROUPS)),
    _some(log.c.seq, log.c.group_id.in_(_GROUPS)),
    _some(tally.c.seq, tally.c.group_id.in_(_GROUPS)),
    _some(receipt.c.seq, receipt.c.by_id.in_(_MEMBERS)),
    delete(membership).where(membership.c.member_id.in_(_MEMBERS)),
    delete(conversation).where(conversation.c.member_id.in_(_MEMBERS)),
    delete(organiser).where(organiser.c.member_id.in_(_MEMBERS)),
    delete(block).where(block.c.member_id.in_(_MEMBERS)),
    delete(group).where(group.c.workspace == _WHERE),
    _some(member.c.id, member.c.workspace == _WHERE),
    delete(installation).where(installation.c.workspace == _WHERE),
    delete(workspace).where(workspace.c.id == _WHERE),
)


def forget_some(database: Database, gone: WorkspaceId, most: int) -> int:
    """Delete about so many rows of the workspace, children first; return how many, 0 when nothing is left."""
    values = {"in": gone, "most": most}
    if deleted := _forget_referrals(database, values):
        return deleted
    for step in _STEPS:
        if deleted := database.run(step, values):
            return deleted
    return 0


def _forget_referrals(database: Database, values: dict[str, Any]) -> int:
    """Delete referrals with everything that hangs on them, and the guests they were for."""
    rows = database.all(_REFERRALS, values)
    guests = [row.seeker_guest_id for row in rows if row.seeker_guest_id is not None]
    for slots in in_slots(guests):
        database.run(_GUESTS, slots)
    return len(rows)

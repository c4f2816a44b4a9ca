"""Keeps members, their memberships, their private lists and their cards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql

from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.ids import GroupId, MemberId, UserId, WorkspaceId
from bot.domain.member import Card, CardSlot, Member
from storage.database import SLOTS, Database, Row, in_slots
from storage.sealed import SealedTexts, seal
from storage.seen import Seen
from storage.tables import block, card, member, membership
from storage.vault import Vault

_MEMBERS = select(member, membership.c.group_id, membership.c.joined_at, membership.c.hello_at).outerjoin(membership)
_GET = _MEMBERS.where(member.c.id.in_(SLOTS))
_BY_USER = _MEMBERS.where(member.c.workspace == bindparam("in"), member.c.platform_user == bindparam("who"))
_EVERYWHERE = _MEMBERS.where(member.c.platform_user == bindparam("who")).order_by(member.c.workspace)
_HERE = select(membership.c.member_id).where(
    membership.c.group_id == bindparam("group"), membership.c.joined_at.is_not(None)
)
_OF_GROUP = _MEMBERS.where(member.c.id.in_(_HERE)).order_by(member.c.id)
_BLOCKS = select(block).where(block.c.member_id.in_(SLOTS))
_ADD = insert(member)
_SAVE = (
    update(member)
    .where(member.c.id == bindparam("key"), member.c.version == bindparam("expected"))
    .values({c.name: bindparam(c.name) for c in member.c if c.name not in ("id", "erased_at")})
    .returning(member.c.version)
)
_JOIN = insert(membership)
_THERE = (membership.c.member_id == bindparam("member")) & (membership.c.group_id == bindparam("group"))
_GO_ON = update(membership).where(_THERE).values(joined_at=bindparam("joined"), hello_at=bindparam("hello"))
_LEAVE = delete(membership).where(_THERE)
_BLOCK = insert(block)
_UNBLOCK = delete(block).where(block.c.member_id == bindparam("member"), block.c.other_id == bindparam("other"))

_CARD = select(card).where(card.c.member_id == bindparam("member"), card.c.group_id == bindparam("group"))
_CARDS = (
    select(card)
    .join(membership, (membership.c.member_id == card.c.member_id) & (membership.c.group_id == card.c.group_id))
    .where(card.c.group_id == bindparam("group"), membership.c.joined_at.is_not(None))
    .order_by(card.c.member_id)
)
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
_ADD_CARD = postgresql.insert(card).on_conflict_do_nothing().returning(card.c.version)
_SAVE_CARD = (
    update(card)
    .where(
        card.c.member_id == bindparam("member"),
        card.c.group_id == bindparam("group"),
        card.c.version == bindparam("expected"),
    )
    .values(
        accepts_leads=bindparam("accepts"),
        named=bindparam("may_be_named"),
        listened_for=bindparam("may_be_told"),
        lines=bindparam("sealed"),
        version=bindparam("next"),
    )
    .returning(card.c.version)
)

_Joined = tuple[datetime | None, datetime | None]
"""Since when somebody is in a group, and the hello to them that is on its way."""


class SqlMembers:
    """Members and their cards, each read at most once in a transaction."""

    __slots__ = ("_db", "_seen", "_vault")

    def __init__(self, database: Database, vault: Vault, seen: Seen) -> None:
        self._db = database
        self._vault = vault
        self._seen = seen

    def get(self, member: MemberId) -> Member:
        """Return a member. Raises NotFoundError."""
        found = self.some((member,)).get(member)
        if found is None:
            raise NotFoundError(f"member {member}")
        return found

    def some(self, members: Iterable[MemberId]) -> Mapping[MemberId, Member]:
        """Return those of them that are known."""
        wanted = sorted(set(members))
        known = self._seen.members
        if missing := [key for key in wanted if key not in known]:
            self._read([row for slots in in_slots(missing) for row in self._db.all(_GET, slots)])
        return {key: known[key].value for key in wanted if key in known}

    def by_user(self, workspace: WorkspaceId, user: UserId) -> Member | None:
        """Return who this is on the platform, if they have met the bot."""
        key = self._seen.users.get((workspace, user))
        if key is not None:
            return self._seen.members[key].value
        if (workspace, user) in self._seen.strangers:
            return None
        found = self._read(self._db.all(_BY_USER, {"in": workspace, "who": user}))
        if not found:
            self._seen.strangers.add((workspace, user))
        return found[0] if found else None

    def everywhere(self, user: UserId) -> Sequence[Member]:
        """Return who this is in every workspace where they met the bot, on platforms where a person is one for all."""
        return self._read(self._db.all(_EVERYWHERE, {"who": user}))

    def add(self, member: Member) -> None:
        """Store a new one."""
        stored = replace(member, version=max(member.version, 1))
        self._db.run(_ADD, {"id": stored.id, **_values(stored)})
        self._write_rest(stored, replace(stored, joined={}, pending=frozenset(), hellos={}, blocks=frozenset()))
        self._keep(stored, read=member.version)

    def save(self, member: Member) -> None:
        """Write over the version that was read, or raise StaleWriteError."""
        before = self.get(member.id)
        expected = self._seen.members.expected(member.id, member.version)
        stored = replace(member, version=expected + 1)
        values = {"key": member.id, "expected": expected, **_values(stored)}
        if self._db.scalar(_SAVE, values) is None:
            raise StaleWriteError(f"member {member.id}")
        self._write_rest(stored, before)
        self._keep(stored, read=member.version)

    def of_group(self, group: GroupId) -> Sequence[Member]:
        """Return everyone who joined the group."""
        return self._read(self._db.all(_OF_GROUP, {"group": group}))

    def card(self, member: MemberId, group: GroupId) -> Card:
        """Return their card there, an empty one if they wrote none."""
        seen = self._seen.cards.get_value((member, group))
        if seen is not None:
            return seen
        row = self._db.first(_CARD, {"member": member, "group": group})
        found = self._card(row) if row else Card(member, group, {})
        return self._seen.cards.read((member, group), found, found.version, locked=False)

    def save_card(self, card: Card) -> None:
        """Write a card over the version that was read, or raise StaleWriteError."""
        key = (card.member, card.group)
        expected = self._seen.cards.expected(key, card.version)
        sealed = seal(self._vault, card.lines)
        if expected == 0:
            values = {"member_id": card.member, "group_id": card.group, "version": 1}
            written = self._db.scalar(_ADD_CARD, values | _card_values(card, sealed))
        else:
            values = {"member": card.member, "group": card.group, "expected": expected, "next": expected + 1}
            written = self._db.scalar(_SAVE_CARD, values | _changes(card, sealed))
        if written is None:
            raise StaleWriteError(f"card of {card.member}")
        self._seen.cards.wrote(key, replace(card, version=written), read=card.version, version=written)

    def cards_of_group(self, group: GroupId) -> Sequence[Card]:
        """Return every card of members of the group."""
        return [self._card(row) for row in self._db.all(_CARDS, {"group": group})]

    def _card(self, row: Row) -> Card:
        lines = SealedTexts(self._vault, CardSlot, row.lines)
        return Card(
            row.member_id,
            row.group_id,
            lines,
            accepts_leads=row.accepts_leads,
            named=row.named,
            listened_for=row.listened_for,
            version=row.version,
        )

    def _read(self, rows: Sequence[Row]) -> list[Member]:
        """Make members of rows, one row for each membership, and keep those not seen before."""
        groups: dict[MemberId, dict[GroupId, _Joined]] = {}
        for row in rows:
            theirs = groups.setdefault(row.id, {})
            if row.group_id is not None:
                theirs[row.group_id] = (row.joined_at, row.hello_at)
        blocking = [row.id for row in rows if row.has_blocks]
        blocks = self._blocks(blocking) if blocking else {}
        for row in {row.id: row for row in rows}.values():
            if row.id not in self._seen.members:
                found = _member(row, groups[row.id], blocks.get(row.id, frozenset()))
                self._keep(found, read=found.version)
        return [self._seen.members[key].value for key in groups]

    def _blocks(self, members: list[MemberId]) -> dict[MemberId, frozenset[MemberId]]:
        blocks: dict[MemberId, set[MemberId]] = {}
        for slots in in_slots(members):
            for row in self._db.all(_BLOCKS, slots):
                blocks.setdefault(row.member_id, set()).add(row.other_id)
        return {key: frozenset(others) for key, others in blocks.items()}

    def _keep(self, member: Member, *, read: int) -> None:
        self._seen.members.wrote(member.id, member, read=read, version=member.version)
        if member.user is not None:
            self._seen.users[member.workspace, member.user] = member.id
            self._seen.strangers.discard((member.workspace, member.user))

    def _write_rest(self, after: Member, before: Member) -> None:
        """Write what changed in their memberships and their private list."""
        key, was, now = after.id, _groups(before), _groups(after)
        self._db.run_each(_LEAVE, [{"member": key, "group": group} for group in was.keys() - now.keys()])
        fresh = [(group, *at) for group, at in now.items() if group not in was]
        self._db.run_each(
            _JOIN,
            [{"member_id": key, "group_id": group, "joined_at": at, "hello_at": hello} for group, at, hello in fresh],
        )
        changed = [(group, *at) for group, at in now.items() if was.get(group, at) != at]
        self._db.run_each(
            _GO_ON, [{"member": key, "group": group, "joined": at, "hello": hello} for group, at, hello in changed]
        )
        self._db.run_each(_UNBLOCK, [{"member": key, "other": other} for other in sorted(before.blocks - after.blocks)])
        self._db.run_each(
            _BLOCK, [{"member_id": key, "other_id": other} for other in sorted(after.blocks - before.blocks)]
        )


def _groups(member: Member) -> dict[GroupId, _Joined]:
    """Return the rows of a member's groups: since when they are in, and the hello that is on its way."""
    pending = {group: (None, member.hellos.get(group)) for group in member.pending}
    return pending | {group: (at, member.hellos.get(group)) for group, at in member.joined.items()}


def _member(row: Row, groups: Mapping[GroupId, _Joined], blocks: frozenset[MemberId]) -> Member:
    return Member(
        id=row.id,
        workspace=row.workspace,
        user=row.platform_user,
        locale=row.locale,
        time_zone=row.time_zone or None,
        joined={group: at for group, (at, _) in groups.items() if at is not None},
        pending=frozenset(group for group, (at, _) in groups.items() if at is None),
        hellos={group: hello for group, (_, hello) in groups.items() if hello is not None},
        blocks=blocks,
        paused_until=row.paused_until,
        pause_is_quiet=row.pause_is_quiet,
        silences=row.silences,
        direct_messages_closed=row.direct_messages_closed,
        version=row.version,
    )


def _values(member: Member) -> dict[str, Any]:
    return {
        "workspace": member.workspace,
        "platform_user": member.user,
        "locale": member.locale,
        "time_zone": member.time_zone or "",
        "paused_until": member.paused_until,
        "pause_is_quiet": member.pause_is_quiet,
        "silences": member.silences,
        "direct_messages_closed": member.direct_messages_closed,
        "has_blocks": bool(member.blocks),
        "version": member.version,
    }


def _card_values(card: Card, sealed: bytes) -> dict[str, Any]:
    agreed = {"accepts_leads": card.accepts_leads, "named": card.named, "listened_for": card.listened_for}
    return {**agreed, "lines": sealed}


def _changes(card: Card, sealed: bytes) -> dict[str, Any]:
    agreed = {"accepts": card.accepts_leads, "may_be_named": card.named, "may_be_told": card.listened_for}
    return {**agreed, "sealed": sealed}

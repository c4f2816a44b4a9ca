"""Forgets what was kept long enough. One list of rules says what goes; a dry run does the same and takes it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app.leaving import forget_bit
from bot.domain.group import Group, Settings
from bot.domain.ids import GroupId, WorkspaceId
from bot.ports.store import Store, Transaction

KEEP_INBOX = timedelta(days=7)
KEEP_DELIVERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """So many of one kind that went, or would go: of a group, of a workspace that removed the bot, or of everybody."""

    what: str
    count: int
    group: GroupId | None = None
    workspace: WorkspaceId | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    """One kind of thing that is kept for everybody alike."""

    what: str
    forget: Callable[[Transaction, datetime], int]


@dataclass(frozen=True, slots=True)
class _GroupRule:
    """One kind of thing that each group keeps as long as it wants."""

    what: str
    kept: Callable[[Settings], timedelta]
    forget: Callable[[Transaction, GroupId, datetime], int]


RULES = (
    _Rule("events that arrived", lambda tx, now: tx.inbox.forget_before(now - KEEP_INBOX)),
    _Rule("deliveries that are over", lambda tx, now: tx.outbox.forget_before(now - KEEP_DELIVERED)),
    _Rule("installs that were not finished", lambda tx, now: tx.installations.forget_states(now)),
)
GROUP_RULES = (
    _GroupRule("drafts and kept leads", lambda s: s.keep_drafts, lambda tx, g, old: tx.upkeep.forget_drafts(g, old)),
    _GroupRule("words of referrals", lambda s: s.keep_words, lambda tx, g, old: tx.upkeep.forget_words(g, old)),
    _GroupRule("texts shown", lambda s: s.keep_receipts, lambda tx, g, old: tx.upkeep.forget_receipt_texts(g, old)),
)
LEFT_BEHIND = "rows of a workspace that removed the bot"


class _OnlyLookingError(Exception):
    """Takes back what a dry run has done, and brings out what it was."""

    def __init__(self, found: list[Forgotten]) -> None:
        super().__init__("only looking")
        self.found = found


async def forget(store: Store, now: datetime, grace: timedelta, *, dry_run: bool = False) -> Sequence[Forgotten]:
    """Forget by every rule, each group in a transaction of its own; return what went, or with `dry_run` would go.

    `grace` is for how long the data of a workspace that removed the bot is kept.
    """
    found = await _done(store, lambda tx: _everybodys(tx, now), dry_run=dry_run)
    for group in await store.run(lambda tx: tx.groups.all()):
        found += await _done(store, lambda tx, one=group: _groups(tx, one, now), dry_run=dry_run)  # type: ignore[misc]
    for workspace in await store.run(lambda tx: tx.workspaces.departed_by(now - grace)):
        found += await _left_behind(store, workspace, now - grace, dry_run=dry_run)
    return [one for one in found if one.count]


async def _done(store: Store, work: Callable[[Transaction], list[Forgotten]], *, dry_run: bool) -> list[Forgotten]:
    def looking(tx: Transaction) -> list[Forgotten]:
        raise _OnlyLookingError(work(tx))

    try:
        return await store.run(looking if dry_run else work)
    except _OnlyLookingError as looked:
        return looked.found


def _everybodys(tx: Transaction, now: datetime) -> list[Forgotten]:
    return [Forgotten(rule.what, rule.forget(tx, now)) for rule in RULES]


def _groups(tx: Transaction, group: Group, now: datetime) -> list[Forgotten]:
    kept = group.settings
    return [
        Forgotten(rule.what, rule.forget(tx, group.id, now - rule.kept(kept)), group.id, group.workspace)
        for rule in GROUP_RULES
    ]


async def _left_behind(
    store: Store, workspace: WorkspaceId, departed_by: datetime, *, dry_run: bool
) -> list[Forgotten]:
    """Forget a workspace bit by bit, so that nobody waits for long; a dry run does it at once and takes it back."""
    if dry_run:
        return await _done(store, lambda tx: [_whole(tx, workspace, departed_by)], dry_run=True)
    rows = 0
    while some := await store.run(lambda tx: forget_bit(tx, workspace, departed_by)):
        rows += some
    return [Forgotten(LEFT_BEHIND, rows, workspace=workspace)]


def _whole(tx: Transaction, workspace: WorkspaceId, departed_by: datetime) -> Forgotten:
    rows = 0
    while some := forget_bit(tx, workspace, departed_by):
        rows += some
    return Forgotten(LEFT_BEHIND, rows, workspace=workspace)

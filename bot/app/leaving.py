"""The bot comes to a workspace and goes; accounts are closed; and in time, what is left behind is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.app import deciding, entries, owed
from bot.app.desk import meet, somebody
from bot.domain.effects import GreetWorkspace, TellHowToBegin
from bot.domain.errors import StaleWriteError
from bot.domain.ids import UserId, WorkspaceId
from bot.domain.member import Member
from bot.domain.members import close_account
from bot.ports.edges import Clock, Directory, Ids, Person, Wake
from bot.ports.front import Greeting
from bot.ports.installs import Workspace
from bot.ports.store import Store, Transaction
from bot.ports.telemetry import Telemetry

TRIES = 5
BATCH = 200

T = TypeVar("T")


class Door:
    """Notes who comes and who goes. Everything here may arrive late, doubled and in any order."""

    def __init__(
        self, *, store: Store, directory: Directory, clock: Clock, ids: Ids, telemetry: Telemetry, wake: Wake
    ) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._ids = ids
        self._telemetry = telemetry
        self._wake = wake

    async def arrived(self, workspace: WorkspaceId, by: UserId | None, *, greeting: Greeting | None = None) -> None:
        """Note that the bot was added, also again, and tell who added it how to begin, once for each arrival.

        Where nobody knows who did, it is said in the place of the greeting, if there is one.
        """
        people = await self._directory.look_up(workspace, (by,)) if by else {}
        installer = people.get(by, Person(by, "")) if by else None
        now = self._clock.now()
        is_new = await self._retried(lambda tx: _arrive(tx, _Arrival(workspace, installer, greeting), self._ids, now))
        if is_new:
            self._telemetry.event("workspace.arrived")
        self._wake()

    async def departed(self, workspace: WorkspaceId, *, at: datetime | None = None) -> None:
        """Note that the bot was removed, and forget its token. What happened `at` a time before it came is over."""
        now = self._clock.now()
        if await self._retried(lambda tx: _depart(tx, workspace, at or now, now)):
            self._telemetry.event("workspace.departed")

    async def person_gone(self, workspace: WorkspaceId, user: UserId) -> None:
        """Note that an account was closed: whatever was open ends without a word, and nothing is delivered there."""
        now = self._clock.now()
        await self._retried(lambda tx: _close(tx, workspace, user, now))
        self._wake()

    async def _retried(self, work: Callable[[Transaction], T]) -> T:
        """Do it again when somebody else wrote first; the last time, let whoever called know."""
        for _ in range(TRIES - 1):
            try:
                return await self._store.run(work)
            except StaleWriteError:
                continue
        return await self._store.run(work)


@dataclass(frozen=True, slots=True)
class _Arrival:
    workspace: WorkspaceId
    by: Person | None
    greeting: Greeting | None


def _arrive(tx: Transaction, arrival: _Arrival, ids: Ids, now: datetime) -> bool:
    """Note it; return whether it is a new arrival."""
    workspace = arrival.workspace
    known = tx.workspaces.get(workspace, to_change=True)
    here = _here(known, workspace, now)
    if not here.greeted and _greet(tx, arrival, here.arrivals, ids, now):
        here = replace(here, greeted=True)
    if here != known:
        tx.workspaces.save(here)
    return known is None or known.arrivals != here.arrivals


def _greet(tx: Transaction, arrival: _Arrival, number: int, ids: Ids, now: datetime) -> bool:
    """Say how to begin to whoever added the bot, or where everybody reads it; False if neither is known."""
    workspace, installer, there = arrival.workspace, arrival.by, arrival.greeting
    if installer:
        who = tx.members.by_user(workspace, installer.user) or meet(tx, somebody(workspace, installer), ids)
        owed.queue_private(tx, TellHowToBegin(workspace, who.id, number), workspace, now)
    elif there:
        owed.queue_greeting(tx, GreetWorkspace(workspace, there.channel, number, there.locale), now)
    return bool(installer or there)


def _here(known: Workspace | None, workspace: WorkspaceId, now: datetime) -> Workspace:
    if known is None:
        return Workspace(workspace, now)
    if known.departed_at is None:
        return known
    return replace(known, arrived_at=now, arrivals=known.arrivals + 1, greeted=False, departed_at=None)


def _depart(tx: Transaction, workspace: WorkspaceId, at: datetime, now: datetime) -> bool:
    """Note it; return whether it is a new departure."""
    known = tx.workspaces.get(workspace, to_change=True)
    installed = tx.installations.get(workspace)
    if (installed and at < installed.installed_at) or (known and at < known.arrived_at):
        return False
    tx.installations.remove(workspace)
    if known and known.departed_at:
        return False
    tx.workspaces.save(replace(known or Workspace(workspace, now), departed_at=now))
    return True


def _close(tx: Transaction, workspace: WorkspaceId, user: UserId, now: datetime) -> None:
    member = tx.members.by_user(workspace, user)
    if member is None or _is_closed(member):
        return
    decision = close_account(member)
    tx.members.save(decision.state)
    for event in decision.events:
        entries.append(tx, (event,), tx.groups.get(event.group), now)
    deciding.end_part(tx, member.id, now)


def _is_closed(member: Member) -> bool:
    return member.direct_messages_closed and not member.joined and not member.pending


def forget_bit(tx: Transaction, workspace: WorkspaceId, departed_by: datetime) -> int:
    """Forget some rows of a workspace that has been gone since then; return how many, 0 when all is gone.

    It may stop anywhere and go on the next time. A workspace that came back meanwhile is left as it is.
    """
    known = tx.workspaces.get(workspace, to_change=True)
    if known is None or known.departed_at is None or known.departed_at > departed_by:
        return 0
    return tx.upkeep.forget_workspace(workspace, BATCH)

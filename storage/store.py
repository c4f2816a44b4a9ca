"""The store: one short transaction at a time, with every repository in it."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection

from bot.ports.follow_ups import FollowUps
from bot.ports.installs import Installations, Workspaces
from bot.ports.store import Asks, Conversations, Groups, Inbox, Members, Outbox, Records, Referrals, Transaction, Upkeep
from bot.ports.tallies import Tallies
from storage.asks import SqlAsks
from storage.conversations import SqlConversations
from storage.database import Database
from storage.follow_ups import SqlFollowUps
from storage.groups import SqlGroups
from storage.inbox import SqlInbox
from storage.installations import SqlInstallations
from storage.members import SqlMembers
from storage.memory import Memory
from storage.outbox import SqlOutbox
from storage.records import SqlRecords
from storage.referrals import SqlReferrals
from storage.runner import Runner
from storage.seen import Seen
from storage.tallies import SqlTallies
from storage.upkeep import SqlUpkeep
from storage.vault import Vault
from storage.workspaces import SqlWorkspaces

T = TypeVar("T")


class SqlTransaction:
    """Everything one piece of work may read and write."""

    __slots__ = (
        "_database",
        "asks",
        "conversations",
        "follow_ups",
        "groups",
        "inbox",
        "installations",
        "members",
        "outbox",
        "records",
        "referrals",
        "tallies",
        "upkeep",
        "workspaces",
    )

    def __init__(self, connection: Connection, vault: Vault, seen: Seen) -> None:
        """Keep what is read and written in `seen`."""
        database = self._database = Database(connection, waits=True)
        self.inbox: Inbox = SqlInbox(database)
        self.referrals: Referrals = SqlReferrals(database, vault, seen)
        self.members: Members = SqlMembers(database, vault, seen)
        self.conversations: Conversations = SqlConversations(database)
        self.groups: Groups = SqlGroups(database, seen)
        self.asks: Asks = SqlAsks(database, vault, seen)
        self.follow_ups: FollowUps = SqlFollowUps(database, vault)
        self.records: Records = SqlRecords(database, vault)
        self.tallies: Tallies = SqlTallies(database)
        self.outbox: Outbox = SqlOutbox(database)
        self.upkeep: Upkeep = SqlUpkeep(database, seen)
        self.workspaces: Workspaces = SqlWorkspaces(database)
        self.installations: Installations = SqlInstallations(database, vault)

    def flush(self) -> None:
        """Write what still waits to be written."""
        self._database.flush()


class SqlStore:
    """The Store on a SQLite file or a PostgreSQL server; tests/contract/test_store*.py hold it."""

    def __init__(self, runner: Runner, vault: Vault) -> None:
        """Take over the runner: closing the store closes it."""
        self._runner = runner
        self._vault = vault
        self._alone = runner.dialect == "sqlite"
        self._memory = Memory()

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run the work; commit when it returns, roll back when it raises, and only then answer."""
        piece = _Piece(work, self._vault, self._memory, alone=self._alone)
        value = await self._runner.run(piece)
        piece.seen.leave_to_memory()
        return value

    def run_now(self, work: Callable[[Transaction], T]) -> T:
        """Do the same and wait for it: for the command line, never on an event loop."""
        piece = _Piece(work, self._vault, self._memory, alone=self._alone)
        value = self._runner.run_now(piece)
        piece.seen.leave_to_memory()
        return value

    async def scrub(self) -> None:
        """Leave nothing of what was erased in the files beside the database; DatabaseBusyError if it is being read."""
        await self._runner.scrub()

    async def close(self) -> None:
        """Finish what was accepted, then let go of the database."""
        await asyncio.to_thread(self._runner.close)

    def close_now(self) -> None:
        """Do the same and wait for it: for the command line."""
        self._runner.close()


class _Piece(Generic[T]):
    """One piece of work on the repositories, and what it saw when it ran last: PostgreSQL may run it again."""

    __slots__ = ("_alone", "_memory", "_vault", "_work", "seen")

    def __init__(self, work: Callable[[Transaction], T], vault: Vault, memory: Memory, *, alone: bool) -> None:
        self._work = work
        self._vault = vault
        self._memory = memory
        self._alone = alone
        self.seen = Seen(alone, memory=memory)

    def __call__(self, connection: Connection) -> T:
        self.seen = Seen(self._alone, memory=self._memory)
        transaction = SqlTransaction(connection, self._vault, self.seen)
        value = self._work(transaction)
        transaction.flush()
        return value

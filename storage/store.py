"""The store: one short transaction at a time, with every repository in it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot.ports.store import Asks, Groups, Inbox, Members, Outbox, Records, Referrals, Transaction, Upkeep
from storage.asks import SqlAsks
from storage.database import Database
from storage.groups import SqlGroups
from storage.inbox import SqlInbox
from storage.members import SqlMembers
from storage.outbox import SqlOutbox
from storage.records import SqlRecords
from storage.referrals import SqlReferrals
from storage.runner import Runner
from storage.seen import Seen
from storage.upkeep import SqlUpkeep
from storage.vault import Vault

T = TypeVar("T")


class SqlTransaction:
    """Everything one piece of work may read and write."""

    __slots__ = ("asks", "groups", "inbox", "members", "outbox", "records", "referrals", "upkeep")

    def __init__(self, connection: Connection, vault: Vault, *, alone: bool) -> None:
        """`alone` says that nobody else writes until this is over."""
        seen, database = Seen(alone), Database(connection)
        self.inbox: Inbox = SqlInbox(database)
        self.referrals: Referrals = SqlReferrals(database, vault, seen)
        self.members: Members = SqlMembers(database, vault, seen)
        self.groups: Groups = SqlGroups(database, seen)
        self.asks: Asks = SqlAsks(database, vault, seen)
        self.records: Records = SqlRecords(database, vault)
        self.outbox: Outbox = SqlOutbox(database)
        self.upkeep: Upkeep = SqlUpkeep(database, seen)


class SqlStore:
    """The Store on a SQLite file or a PostgreSQL server; tests/contract/test_store*.py hold it."""

    def __init__(self, runner: Runner, vault: Vault) -> None:
        """Take over the runner: closing the store closes it."""
        self._runner = runner
        self._vault = vault
        self._alone = runner.dialect == "sqlite"

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run the work; commit when it returns, roll back when it raises, and only then answer."""
        return await self._runner.run(self._with_repositories(work))

    def run_now(self, work: Callable[[Transaction], T]) -> T:
        """Do the same and wait for it: for the command line, never on an event loop."""
        return self._runner.run_now(self._with_repositories(work))

    async def scrub(self) -> None:
        """Leave nothing of what was erased in the files beside the database; DatabaseBusyError if it is being read."""
        await self._runner.scrub()

    async def close(self) -> None:
        """Finish what was accepted, then let go of the database."""
        await asyncio.to_thread(self._runner.close)

    def close_now(self) -> None:
        """Do the same and wait for it: for the command line."""
        self._runner.close()

    def _with_repositories(self, work: Callable[[Transaction], T]) -> Callable[[Connection], T]:
        return lambda connection: work(SqlTransaction(connection, self._vault, alone=self._alone))

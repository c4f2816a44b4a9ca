"""`twoyes export` and `twoyes erase`: what the operator owes a person who asks."""

import asyncio

import typer

from adapters.system import SystemClock
from bot.app import privacy
from bot.cli.database import opened
from bot.cli.failing import FailedError
from bot.cli.terminal import say, tell
from bot.domain.ids import MemberId, UserId, WorkspaceId
from bot.domain.member import Member
from bot.ports.store import Transaction
from bot.settings import Settings
from storage.errors import DatabaseBusyError
from storage.store import SqlStore


def export(settings: Settings, who: str, workspace: str) -> None:
    """Print what is stored about them."""
    with opened(settings) as store:
        tell(store.run_now(lambda tx: privacy.export_json(tx, _found(tx, who, workspace))))


def erase(settings: Settings, who: str, workspace: str, *, sure: bool) -> None:
    """Forget them, once the operator is sure."""
    with opened(settings) as store:
        member = store.run_now(lambda tx: _found(tx, who, workspace))
        if not sure:
            typer.confirm(
                f"Forget {who}? What they wrote is deleted, and nothing brings it back.", abort=True, err=True
            )
        store.run_now(lambda tx: privacy.erase(tx, member, SystemClock().now()))
        scrub(store)
    tell(f"{who} is forgotten. Backups that you made before still know them.")


def scrub(store: SqlStore) -> None:
    """Leave nothing of what was deleted in the files beside the database, if nobody reads it just now."""
    try:
        asyncio.run(store.scrub())
    except DatabaseBusyError:
        say("The database is being read, so what was deleted stays in its -wal file until the bot has been restarted.")


def _found(tx: Transaction, who: str, workspace: str) -> MemberId:
    """Return the one member meant. What is shown to the operator of others is how many there are."""
    known = {member.id for member in _candidates(tx, who, workspace)}
    if not known:
        raise FailedError(f"Nobody known here is {who}. Give their id on the platform, not their name.")
    if len(known) > 1:
        raise FailedError(f"{who} is somebody in {len(known)} workspaces. Say in which with --workspace.")
    return known.pop()


def _candidates(tx: Transaction, who: str, workspace: str) -> list[Member]:
    places = {WorkspaceId(workspace)} if workspace else {group.workspace for group in tx.groups.all()}
    people = [tx.members.by_user(place, UserId(who)) for place in places]
    by_key = () if workspace else tx.members.some([MemberId(who)]).values()
    return [member for member in (*people, *by_key) if member is not None and member.user is not None]

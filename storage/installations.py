"""Keeps installations with their tokens sealed, and the hashes of one-time states."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql

from bot.domain.ids import UserId, WorkspaceId
from bot.ports.installs import Installation
from storage.database import Database
from storage.sealed import SealedTexts, seal
from storage.tables import install_state, installation
from storage.vault import Vault

_GET = select(installation).where(installation.c.workspace == bindparam("in"))
# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
_ADD = postgresql.insert(installation)
_SAVE = _ADD.on_conflict_do_update(
    index_elements=[installation.c.workspace],
    set_={c.name: _ADD.excluded[c.name] for c in installation.c if c.name != "workspace"},
)
_REMOVE = delete(installation).where(installation.c.workspace == bindparam("in"))
_ISSUE = postgresql.insert(install_state).on_conflict_do_nothing()
_SPEND = delete(install_state).where(install_state.c.hash == bindparam("which")).returning(install_state.c.until)
_FORGET = delete(install_state).where(install_state.c.until < bindparam("before"))

_TOKEN, _FACT = "token", "fact "
"""The names under which they are sealed together; a fact's own name follows."""


class SqlInstallations:
    """Tokens are opened only for whoever asks for that workspace's installation."""

    __slots__ = ("_db", "_vault")

    def __init__(self, database: Database, vault: Vault) -> None:
        self._db = database
        self._vault = vault

    def get(self, workspace: WorkspaceId) -> Installation | None:
        """Return the workspace's installation, or None if the bot was never added or has been removed."""
        row = self._db.first(_GET, {"in": workspace})
        if row is None:
            return None
        texts = SealedTexts(self._vault, str, row.secrets)
        return Installation(
            workspace=workspace,
            token=texts[_TOKEN],
            bot_user=row.bot_user,
            installed_by=UserId(row.installed_by) if row.installed_by else None,
            installed_at=row.installed_at,
            facts={name.removeprefix(_FACT): text for name, text in texts.items() if name.startswith(_FACT)},
        )

    def save(self, installation: Installation) -> None:
        """Keep it in the place of an earlier one of that workspace."""
        texts = {_TOKEN: installation.token} | {_FACT + name: text for name, text in installation.facts.items()}
        row = {
            "workspace": installation.workspace,
            "bot_user": installation.bot_user,
            "installed_by": installation.installed_by,
            "installed_at": installation.installed_at,
            "secrets": seal(self._vault, texts),
        }
        self._db.run(_SAVE, row)

    def remove(self, workspace: WorkspaceId) -> bool:
        """Forget the token and all that came with it; False if there was nothing."""
        return self._db.run(_REMOVE, {"in": workspace}) > 0

    def issue(self, state: str, until: datetime) -> None:
        """Keep the hash of a one-time state."""
        self._db.run(_ISSUE, {"hash": self._hash(state), "until": until})

    def spend(self, state: str, now: datetime) -> bool:
        """Use a state up; False if it was never issued, is too old, or was spent before."""
        until: datetime | None = self._db.scalar(_SPEND, {"which": self._hash(state)})
        return until is not None and now < until

    def forget_states(self, instant: datetime) -> int:
        """Drop states that could be spent until before that; return how many."""
        return self._db.run(_FORGET, {"before": instant})

    def _hash(self, state: str) -> str:
        return self._vault.lookup_hash(state).hex()

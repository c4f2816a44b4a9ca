"""slack_sdk's two stores of an installation, over ours: tokens are sealed there, and states are good for one use."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from logging import Logger, getLogger
from typing import Final

from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.ids import identity, workspace_of
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Clock
from bot.ports.installs import Installation
from bot.ports.store import Store

STATE_LIVES: Final = timedelta(minutes=10)
_STATE_BYTES: Final = 32


class OrganisationError(BoltError):
    """The bot was added to a whole Enterprise organisation, which belongs to no workspace."""


class NoTokenError(BoltError):
    """Slack's answer to an installation holds no token for a bot."""


class States(AsyncOAuthStateStore):
    """The states of installs that are under way. Only their hashes are kept."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep them in `store`."""
        self._store = store
        self._clock = clock

    @property
    def logger(self) -> Logger:
        """Return the logger, which Slack's interface wants."""
        return getLogger(__name__)

    async def async_issue(self, *_args: object, **_kwargs: object) -> str:
        """Return a fresh one that nobody can guess."""
        state, until = secrets.token_urlsafe(_STATE_BYTES), self._clock.now() + STATE_LIVES
        await self._store.run(lambda tx: tx.installations.issue(state, until))
        return state

    async def async_consume(self, state: str) -> bool:
        """Use it up; False if it was used before, is too old, or none of ours."""
        now = self._clock.now()
        return await self._store.run(lambda tx: tx.installations.spend(state, now))


class Installations(AsyncInstallationStore):
    """Where the bot was added. Bot tokens only: a person's token is never kept, even if Slack sends one."""

    def __init__(self, store: Store) -> None:
        """Keep them in `store`."""
        self._store = store

    @property
    def logger(self) -> Logger:
        """Return the logger, which Slack's interface wants."""
        return getLogger(__name__)

    async def async_save(self, installation: SlackInstallation) -> None:
        """Keep it. Raises OrganisationError, and NoTokenError."""
        kept = _kept(installation)
        await self._store.run(lambda tx: tx.installations.save(kept))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the bot of a workspace, if it was added there."""
        del enterprise_id
        if not team_id or is_enterprise_install:
            return None
        workspace = workspace_of(team_id)
        found = await self._store.run(lambda tx: tx.installations.get(workspace))
        return _bot(team_id, found) if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget the token of a workspace."""
        del enterprise_id
        if team_id:
            workspace = workspace_of(team_id)
            await self._store.run(lambda tx: tx.installations.remove(workspace))

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Do the same: there is nothing else."""
        await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)


def workspace_in(installation: SlackInstallation) -> WorkspaceId:
    """Return the workspace the bot was added to. Raises OrganisationError."""
    if installation.is_enterprise_install or not installation.team_id:
        raise OrganisationError("organisation")
    return workspace_of(installation.team_id)


def _kept(installation: SlackInstallation) -> Installation:
    workspace = workspace_in(installation)
    if not installation.bot_token or not installation.bot_user_id:
        raise NoTokenError("bot")
    return Installation(
        workspace=workspace,
        token=installation.bot_token,
        bot_user=UserId(identity(installation.bot_user_id)),
        installed_by=UserId(identity(installation.user_id)) if installation.user_id else None,
        installed_at=datetime.fromtimestamp(installation.installed_at, UTC),
        facts=_facts(installation),
    )


def _facts(installation: SlackInstallation) -> Mapping[str, str]:
    facts = {
        "app_id": installation.app_id,
        "bot_id": installation.bot_id,
        "enterprise_id": installation.enterprise_id,
        "scopes": ",".join(installation.bot_scopes or ()),
    }
    return {name: value for name, value in facts.items() if value}


def _bot(team_id: str, found: Installation) -> Bot:
    return Bot(
        app_id=found.facts.get("app_id"),
        enterprise_id=found.facts.get("enterprise_id"),
        team_id=team_id,
        bot_token=found.token,
        bot_id=found.facts.get("bot_id", ""),
        bot_user_id=found.bot_user,
        bot_scopes=found.facts.get("scopes", ""),
        installed_at=found.installed_at.timestamp(),
    )

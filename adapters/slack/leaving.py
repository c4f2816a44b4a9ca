"""What is heard beside commands and presses: Homes that are opened, people who go, and workspaces that leave."""

from datetime import datetime
from typing import Protocol, assert_never

from adapters.slack.authorising import Authorising
from adapters.slack.homes import Homes
from adapters.slack.inbound import Event, HomeOpened, PersonChanged, TokensRevoked, Uninstalled
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.front import Front


class People(Protocol):
    """What is remembered of people."""

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Ask Slack again about this person, or about everybody there."""


class Hearing:
    """Does what events ask for. Each may come twice, late, and in any order."""

    def __init__(
        self,
        *,
        front: Front,
        authorising: Authorising,
        people: People,
        homes: Homes,
    ) -> None:
        """Tell `front`, which forgets what is stored, and forget what is remembered here."""
        self._front = front
        self._authorising = authorising
        self._people = people
        self._homes = homes

    async def heard(self, event: Event, at: datetime) -> None:
        """Do what happened `at` a time; when this returns, it is committed."""
        match event:
            case HomeOpened(origin, tab):
                if tab == "home":
                    self._homes.opened(origin.workspace, origin.user)
            case Uninstalled(workspace=workspace):
                await self.departed(workspace, at)
            case TokensRevoked(workspace=workspace, bots=bots):
                if bots:
                    await self.departed(workspace, at)
            case PersonChanged():
                await self._changed(event)
            case _:
                assert_never(event)

    def acted(self, workspace: WorkspaceId, user: UserId) -> None:
        """Publish this person's Home again: they did something, or were sent something."""
        self._homes.changed(workspace, user)

    async def departed(self, workspace: WorkspaceId, at: datetime) -> None:
        """Let the token be forgotten, then what is cached of it: from then on nothing is sent there."""
        await self._front.departed(workspace, at=at)
        self._authorising.drop(workspace)
        self._people.forget(workspace)
        self._homes.forget(workspace)

    async def _changed(self, event: PersonChanged) -> None:
        self._people.forget(event.workspace, event.user)
        if event.is_deactivated:
            self._homes.forget(event.workspace, event.user)
            await self._front.person_gone(event.workspace, event.user)

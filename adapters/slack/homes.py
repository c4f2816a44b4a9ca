"""The Home tab: a member's own page, published when it is opened and again when something of theirs has changed."""

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from adapters.background import Background
from adapters.slack.clients import Calls
from adapters.slack.staff import Staff
from adapters.slack.views import home_view
from bot.domain.ids import EventId, UserId, WorkspaceId
from bot.ports.edges import Clock
from bot.ports.front import Front
from bot.ports.gateway import DeliveryDelayedError
from bot.ports.inbound import Origin

LATELY: Final = timedelta(hours=12)
"""How long after it was opened a Home is kept up to date; opened again, it is published anyway."""

MOST: Final = 5_000
AT_ONCE: Final = 4
"""Homes published at one time; the rest wait, so that a busy hour does not use up a workspace's rate."""

LONGEST_WAIT: Final = 60.0

_Person = tuple[WorkspaceId, UserId]


class Homes:
    """Keeps the Homes of those who looked at theirs lately up to date, as well as it can: no Home is owed."""

    def __init__(self, *, front: Front, calls: Calls, staff: Staff, background: Background, clock: Clock) -> None:
        """Publish by `calls` what `front` says."""
        self._front = front
        self._calls = calls
        self._staff = staff
        self._background = background
        self._clock = clock
        self._opened: OrderedDict[_Person, datetime] = OrderedDict()
        self._stale: dict[_Person, bool] = {}
        self._at_once = asyncio.Semaphore(AT_ONCE)

    def opened(self, workspace: WorkspaceId, user: UserId) -> None:
        """Publish somebody's Home, and keep it up to date for a while."""
        person = (workspace, user)
        self._opened[person] = self._clock.now()
        self._opened.move_to_end(person)
        while len(self._opened) > MOST:
            self._opened.popitem(last=False)
        self._soon(person)

    def changed(self, workspace: WorkspaceId, user: UserId) -> None:
        """Publish it again, if this person looked at it lately."""
        seen = self._opened.get((workspace, user))
        if seen is not None and self._clock.now() - seen < LATELY:
            self._soon((workspace, user))

    def forget(self, workspace: WorkspaceId, user: UserId | None = None) -> None:
        """Publish nothing more there, or for one person there."""
        for person in [one for one in self._opened if one[0] == workspace and user in (None, one[1])]:
            del self._opened[person]

    def _soon(self, person: _Person) -> None:
        """Let one task a person publish, once more if something changed meanwhile: the last page stays."""
        is_under_way = person in self._stale
        self._stale[person] = True
        if not is_under_way:
            self._background.start("home", lambda: self._keep(person))

    async def _keep(self, person: _Person) -> None:
        try:
            while self._stale[person]:
                async with self._at_once:
                    self._stale[person] = False
                    await self._publish(person)
        finally:
            del self._stale[person]

    async def _publish(self, person: _Person) -> None:
        workspace, user = person
        is_admin = await self._staff.is_admin(workspace, user)
        origin = Origin(EventId("slack:home"), workspace, user, None, is_admin=is_admin, by_message=True)
        view = home_view(await self._front.home(origin))
        try:
            await self._calls.make(
                workspace, "views.publish", lambda slack: slack.views_publish(user_id=user, view=view)
            )
        except DeliveryDelayedError as delayed:
            if delayed.wait is None or delayed.whole_workspace:
                raise
            await asyncio.sleep(min(delayed.wait.total_seconds(), LONGEST_WAIT))
            self._stale[person] = True

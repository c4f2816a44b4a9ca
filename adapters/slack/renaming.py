"""The commands by the names they have in this Slack: what the core says of /intros, people have to be able to type."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from bot.domain.ids import UserId, WorkspaceId
from bot.ports.front import Front, Greeting
from bot.ports.inbound import Inbound, Origin
from bot.ports.messages import Message, Reply

T = TypeVar("T")

_NOT_WORDS: Final = frozenset({"verb", "ref", "key", "value", "url", "user", "id", "at", "content", "kind"})
"""Fields that carry something else than our words, or what a person typed."""


class Renaming:
    """Puts the names of this Slack's commands into everything that is shown. Without other names it changes nothing."""

    def __init__(self, commands: Mapping[str, str]) -> None:
        """Take what each of the core's commands is called here, with its slash."""
        self._names = {f"/{ours}": theirs for ours, theirs in commands.items() if theirs != f"/{ours}"}
        known = "|".join(re.escape(name) for name in self._names)
        self._pattern = re.compile(rf"(?<![\w/])(?:{known})(?![\w/])")

    def __call__(self, shown: T) -> T:
        """Return a message, form or reply with the commands renamed."""
        renamed: T = self._in(shown) if self._names else shown
        return renamed

    def _in(self, shown: Any) -> Any:  # noqa: ANN401 - it goes through values of every sort
        if isinstance(shown, str):
            return self._pattern.sub(lambda found: self._names[found[0]], shown)
        if isinstance(shown, tuple):
            return tuple(map(self._in, shown))
        if isinstance(shown, Mapping):
            return {key: self._in(value) for key, value in shown.items()}
        if is_dataclass(shown) and not isinstance(shown, type):
            worded = (field.name for field in fields(shown) if field.name not in _NOT_WORDS)
            return replace(shown, **{name: self._in(getattr(shown, name)) for name in worded})
        return shown


class RenamedFront:
    """A Front whose words name the commands as they are called here."""

    def __init__(self, front: Front, renaming: Renaming) -> None:
        """Pass everything on, and rename what comes back."""
        self._front = front
        self._renaming = renaming

    async def handle(self, inbound: Inbound) -> Reply:
        """Carry out what arrived and return what the one who acted sees."""
        return self._renaming(await self._front.handle(inbound))

    async def home(self, origin: Origin) -> Message:
        """Return a member's own page."""
        return self._renaming(await self._front.home(origin))

    async def arrived(self, workspace: WorkspaceId, by: UserId | None, *, greeting: Greeting | None = None) -> None:
        """Note that the bot was added to a workspace."""
        await self._front.arrived(workspace, by, greeting=greeting)

    async def departed(self, workspace: WorkspaceId, *, at: datetime | None = None) -> None:
        """Note that the bot was removed."""
        await self._front.departed(workspace, at=at)

    async def person_gone(self, workspace: WorkspaceId, user: UserId) -> None:
        """Note that somebody's account was closed."""
        await self._front.person_gone(workspace, user)

"""Knows the people of the local room."""

from collections.abc import Iterable, Mapping

from adapters.local.room import LocalRoom
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Person


class LocalDirectory:
    """Looks people up in the room itself, so that somebody who came in later is known at once."""

    def __init__(self, room: LocalRoom) -> None:
        self._room = room

    async def look_up(self, workspace: WorkspaceId, users: Iterable[UserId]) -> Mapping[UserId, Person]:
        """Return those it knows; unknown users are left out."""
        if workspace != self._room.workspace:
            return {}
        here = self._room.people
        return {user: here[user] for user in users if user in here}

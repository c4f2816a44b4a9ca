"""What waits for somebody: the messages to them alone that hold a question."""

from collections.abc import Iterable, Mapping

from adapters.local.happening import Standing
from adapters.local.room import LocalRoom
from bot.domain.ids import UserId

QUESTIONS = frozenset({"yes", "answer_party", "keep_me_in"})
"""The buttons with which the bot asks something of one person."""


class Waiting:
    """Counts as messages come and change, so that nobody looks through a whole room for a number."""

    def __init__(self, room: LocalRoom) -> None:
        """Count what stands there already."""
        self._room = room
        self._open: dict[str, set[str]] = {}
        self.look_again()

    def see(self, standing: Standing) -> bool:
        """Take in a message as it stands now; say whether a number changed."""
        if not standing.is_private:
            return False
        waiting = self._open.setdefault(str(standing.to), set())
        before = len(waiting)
        if asks(standing):
            waiting.add(standing.id)
        else:
            waiting.discard(standing.id)
        return len(waiting) != before

    def look_again(self) -> None:
        """Count anew."""
        self._open.clear()
        for user in self._room.people:
            for standing in self._room.in_view(user):
                self.see(standing)

    def count(self, user: UserId) -> int:
        """Return how many questions wait for somebody."""
        return len(self._open.get(user, ()))

    def counts(self, users: Iterable[UserId]) -> Mapping[str, int]:
        """Return it for some people."""
        return {user: self.count(user) for user in users}


def asks(standing: Standing) -> bool:
    """Say whether a message holds a question to its one reader."""
    return any(button.verb in QUESTIONS for button in standing.buttons)

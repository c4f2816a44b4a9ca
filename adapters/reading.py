"""Reads JSON that came from outside: every look gives a value of the right type or says what was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass


class NotUnderstoodError(Exception):
    """What arrived is not what the platform sends, or nothing this bot offered; `reason` names the place, no value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Body:
    """An object that arrived. Every method may raise NotUnderstoodError, which names the place."""

    content: Mapping[str, object]

    def text(self, *path: str) -> str:
        """Return a string that is there and not empty."""
        found = self.maybe(*path)
        if not found:
            raise NotUnderstoodError(".".join(path))
        return found

    def maybe(self, *path: str) -> str:
        """Return a string; an empty one for null, or where any step of the way is missing or null."""
        found = self._at(path)
        if found is None:
            return ""
        if not isinstance(found, str):
            raise NotUnderstoodError(".".join(path))
        return found

    def number(self, *path: str) -> int:
        """Return an integer; 0 where it is missing or null."""
        found = self._at(path)
        if found is None:
            return 0
        if not isinstance(found, int) or isinstance(found, bool):
            raise NotUnderstoodError(".".join(path))
        return found

    def flag(self, *path: str) -> bool:
        """Return a boolean, also where a form sent one as a word; False where it is missing or null."""
        found = self._at(path)
        if found is None or found is False or found in ("false", ""):
            return False
        if found is True or found == "true":
            return True
        raise NotUnderstoodError(".".join(path))

    def has(self, *path: str) -> bool:
        """Say whether something is there that is not null."""
        return self._at(path) is not None

    def within(self, *path: str) -> "Body":
        """Return an object; an empty one where it is missing or null."""
        found = self._at(path)
        return Body({} if found is None else _object(found, path))

    def entries(self, *path: str) -> Mapping[str, "Body"]:
        """Return an object's members, each an object itself."""
        return {key: Body(_object(found, path)) for key, found in self.within(*path).content.items()}

    def listed(self, *path: str) -> tuple["Body", ...]:
        """Return a list of objects; none where it is missing or null."""
        return tuple(Body(_object(one, path)) for one in self._list(path))

    def texts(self, *path: str) -> tuple[str, ...]:
        """Return a list of strings; none where it is missing or null."""
        found = self._list(path)
        if not all(isinstance(one, str) for one in found):
            raise NotUnderstoodError(".".join(path))
        return tuple(str(one) for one in found)

    def _list(self, path: tuple[str, ...]) -> list[object]:
        found = self._at(path)
        if found is None:
            return []
        if not isinstance(found, list):
            raise NotUnderstoodError(".".join(path))
        return found

    def _at(self, path: tuple[str, ...]) -> object:
        found: object = self.content
        for step in path:
            if found is None:
                return None
            found = _object(found, path).get(step)
        return found


def _object(found: object, path: tuple[str, ...]) -> Mapping[str, object]:
    if type(found) is dict:  # as JSON is read; the abstract class takes ten times as long to be asked
        return found
    if not isinstance(found, Mapping):
        raise NotUnderstoodError(".".join(path))
    return found

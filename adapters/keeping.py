"""Remembers the last so many things, and forgets the one that was longest out of use first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lately(Generic[K, V]):
    """A mapping of at most so many entries."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return what is kept, which counts as use."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def keep(self, key: K, value: V) -> None:
        """Keep it in the place of an earlier one, and forget the oldest where it grows too many."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, key: K) -> V | None:
        """Forget it, and return what it was."""
        return self._kept.pop(key, None)

    def keys_where(self, holds: Callable[[K], bool]) -> list[K]:
        """Return the keys of which it holds. It may look at what is kept, which changes their order."""
        return [key for key in tuple(self._kept) if holds(key)]

    def __len__(self) -> int:
        return len(self._kept)

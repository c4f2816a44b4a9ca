"""Holds requests and answers against Discord's published shapes, each distinct shape once in a process."""

from functools import lru_cache
from types import ModuleType

import orjson

from tests.discord.alike import body_alike, path_alike

ID_KEYS = ("mentions.users", "mentions.roles", "attachments.id", "default_values.id")


class Checking:
    """Uses ../shared/oracles' discord_check; with None it finds no fault."""

    def __init__(self, checker: ModuleType | None) -> None:
        self._checker = checker

    def request(self, method: str, path: str, body: object, query: dict[str, str]) -> list[str]:
        """Return what is wrong with a request."""
        if self._checker is None:
            return []
        asked, told = _with_text_ids(body), orjson.dumps(query)
        if not path.endswith("/commands"):  # of which names are looked at
            alike = orjson.dumps(body_alike(asked))
            if not _request(self._checker, method, path_alike(path), alike, told):
                return []
        return list(_request(self._checker, method, path, orjson.dumps(asked), told))

    def answer(self, method: str, path: str, status: int, body: object) -> list[str]:
        """Return what is wrong with an answer of ours."""
        if self._checker is None:
            return []
        alike = orjson.dumps(body_alike(body))
        if not _answer(self._checker, method, path_alike(path), status, alike):
            return []
        return list(_answer(self._checker, method, path, status, orjson.dumps(body)))


@lru_cache(maxsize=4096)
def _request(checker: ModuleType, method: str, path: str, body: bytes, query: bytes) -> tuple[str, ...]:
    return tuple(checker.check(method, path, orjson.loads(body), orjson.loads(query)))


@lru_cache(maxsize=4096)
def _answer(checker: ModuleType, method: str, path: str, status: int, body: bytes) -> tuple[str, ...]:
    return tuple(checker.check_response(method, path, status, orjson.loads(body)))


def _with_text_ids(value: object, key: str = "") -> object:
    """Return a body with ids as strings; discord.py sends some as numbers, which only Discord itself takes."""
    if isinstance(value, dict):
        return {name: _with_text_ids(each, f"{key}.{name}") for name, each in value.items()}
    if isinstance(value, list):
        return [_with_text_ids(each, key) for each in value]
    is_id = isinstance(value, int) and key.endswith(ID_KEYS) and not isinstance(value, bool)
    return str(value) if is_id else value

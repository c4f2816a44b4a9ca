"""Small sets of texts that are sealed together, and opened only when somebody looks."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar, overload

from storage.vault import Vault

K = TypeVar("K", bound=str)
T = TypeVar("T")


def seal(vault: Vault, texts: Mapping[K, str]) -> bytes:
    """Return the texts under their names, encrypted. Any str survives, lone surrogates included."""
    return vault.seal(json.dumps(dict(texts)))


class SealedTexts(Mapping[K, str], Generic[K]):
    """Texts by name, sealed together; decrypted at the first look, and kept.

    Most referrals that are loaded are only counted or answered, and nobody reads the cards in them.
    """

    __slots__ = ("_body", "_name", "_opened", "_vault")

    def __init__(self, vault: Vault, name: Callable[[str], K], body: bytes) -> None:
        """`name` makes a key of its stored name."""
        self._vault = vault
        self._name = name
        self._body = body
        self._opened: dict[K, str] | None = None

    def __getitem__(self, key: K) -> str:
        return self._texts()[key]

    @overload
    def get(self, key: K, /) -> str | None: ...
    @overload
    def get(self, key: K, /, default: str) -> str: ...
    @overload
    def get(self, key: K, /, default: T) -> str | T: ...
    def get(self, key: K, /, default: object = None) -> object:
        """Return a text, or the default; Mapping's own way goes through two exceptions."""
        return self._texts().get(key, default)

    def __iter__(self) -> Iterator[K]:
        return iter(self._texts())

    def __len__(self) -> int:
        return len(self._texts())

    def __bool__(self) -> bool:
        """Say that there is something, without opening it: nothing empty is looked at before it is sealed."""
        return True

    def _texts(self) -> dict[K, str]:
        if self._opened is None:
            texts = json.loads(self._vault.open(self._body))
            self._opened = {self._name(name): text for name, text in texts.items()}
        return self._opened

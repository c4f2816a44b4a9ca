"""Seals the text that nobody with the database file alone may read."""

import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storage.errors import WrongKeyError


class Vault:
    """Seals and opens text with a list of Fernet keys, and hashes what must be looked up.

    The first key seals; every key opens. Any str comes back as it was, lone surrogates and NUL included. The
    hash is keyed by a secret of the database's own, so it stays the same when the Fernet keys change.
    """

    __slots__ = ("_fernet", "_lookup_key")

    def __init__(self, keys: Sequence[str], lookup_key: bytes) -> None:
        """Take the keys, newest first, and the secret for hashes."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._lookup_key = lookup_key

    def seal(self, text: str) -> bytes:
        """Encrypt; two calls with one text give different bytes."""
        return self._fernet.encrypt(_encoded(text))

    def open(self, sealed: bytes) -> str:
        """Decrypt, or raise WrongKeyError for what none of the keys sealed."""
        try:
            return self._fernet.decrypt(sealed).decode("utf-8", "surrogatepass")
        except InvalidToken as error:
            raise WrongKeyError from error

    def lookup_hash(self, text: str) -> bytes:
        """Return 32 bytes, the same for the same text, that tell nothing about it without the secret."""
        return hmac.digest(self._lookup_key, _encoded(text), "sha256")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

"""Sealed text is text to nobody without a key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import WrongKeyError
from storage.keys import new_key
from storage.vault import Vault

OLD, NEW = new_key(), new_key()
SECRET = b"s" * 32
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    vault = Vault([NEW], SECRET)

    assert vault.open(vault.seal(text)) == text


@pytest.mark.parametrize("text", ["", "\0", "a\0b", "\ud800", "\udc00\ud800", "🙂" * 4000])
def test_odd_text_comes_back_as_it_was(text: str) -> None:
    vault = Vault([NEW], SECRET)

    assert vault.open(vault.seal(text)) == text


def test_what_is_sealed_shows_neither_its_text_nor_that_two_texts_are_equal() -> None:
    vault = Vault([NEW], SECRET)

    first, second = vault.seal("dentist"), vault.seal("dentist")

    assert first != second
    assert b"dentist" not in first


def test_an_older_key_still_opens_and_the_newest_seals() -> None:
    sealed_before = Vault([OLD], SECRET).seal("before")
    both = Vault([NEW, OLD], SECRET)

    sealed_after = both.seal("after")

    assert both.open(sealed_before) == "before"
    assert Vault([NEW], SECRET).open(sealed_after) == "after"


@pytest.mark.parametrize("sealed", [Vault([OLD], SECRET).seal("x"), b"", b"no"], ids=len)
def test_what_none_of_the_keys_sealed_is_not_opened(sealed: bytes) -> None:
    with pytest.raises(WrongKeyError):
        Vault([NEW], SECRET).open(sealed)


@given(ANY_TEXT)
def test_a_value_is_found_again_after_the_keys_have_changed(text: str) -> None:
    assert Vault([OLD], SECRET).lookup_hash(text) == Vault([NEW], SECRET).lookup_hash(text)


def test_a_hash_cannot_be_made_without_the_secret() -> None:
    assert Vault([NEW], SECRET).lookup_hash("token") != Vault([NEW], b"t" * 32).lookup_hash("token")


def test_a_vault_shows_no_key() -> None:
    assert NEW not in repr(Vault([NEW], SECRET))

"""What may not stand in people's words, how long they may be, and whom a description gives away."""

import pytest

from bot.domain.words import (
    BY_PROVIDER,
    BY_SEEKER,
    BY_STARTER,
    FREE_OF_CONTACTS,
    HELPER_SLOTS,
    MAX_LONG,
    MAX_SHORT,
    SHORT,
    Fault,
    Slot,
    contact_in,
    fault_in,
    limit,
    names_someone,
)

CONTACTS = {
    "mail": ("write to sam@shop.example", Fault.CONTACT),
    "mail in full-width letters": ("write to sam＠shop．example", Fault.CONTACT),  # noqa: RUF001 -- the trick it is about
    "phone": ("call 030 123 456 78", Fault.CONTACT),
    "phone with a country": ("+49 (30) 1234-5678", Fault.CONTACT),
    "phone in circled digits": ("①②③④⑤⑥⑦⑧", Fault.CONTACT),
    "scheme": ("see ftp://files", Fault.LINK),
    "www": ("see www.shop", Fault.LINK),
    "bare domain": ("see samshop.de for more", Fault.LINK),
    "domain with a path": ("see samshop.berlin/now", Fault.LINK),
    "shouted domain": ("see SAMSHOP.COM", Fault.LINK),
    "user mention": ("ask <@U123> first", Fault.MENTION),
    "group mention": ("ask <!here> first", Fault.MENTION),
    "channel mention": ("ask in <#C123>", Fault.MENTION),
    "handle": ("ask @sam first", Fault.MENTION),
    "everyone": ("@everyone come", Fault.MENTION),
    "mail before link": ("sam@shop.de www.shop.de @sam", Fault.CONTACT),
    "nothing": ("", None),
    "plain words": ("Her books are done by March.", None),
    "a year and a price": ("since 2019, for 1200 euro", None),
    "seven digits": ("order 1234567", None),
    "an at alone": ("3 cakes @ 4 euro", None),
    "a sentence without a space": ("Done.Then we met", None),
}
NAMES = {
    "first name": ("Sam has a shop", ("Sam Stone",), True),
    "last name": ("the Stone shop", ("Sam Stone",), True),
    "any case": ("SAM has a shop", ("Sam Stone",), True),
    "with a genitive s": ("Stones shop", ("Sam Stone",), True),
    "with an apostrophe": ("Sam's shop", ("Sam Stone",), True),
    "without its accent": ("Rene bakes", ("René Roux",), True),
    "with an accent": ("René bakes", ("Rene Roux",), True),
    "the company": ("they own Brightbread", ("Sam Stone", "Brightbread GmbH"), True),
    "a legal form only": ("a GmbH in the north", ("Brightbread GmbH",), False),
    "a common word only": ("consulting for the trades", ("The Bright Consulting Group",), False),
    "a short word": ("Bo plays", ("Bo Li",), False),
    "part of a longer word": ("a sample of shops", ("Sam Stone",), False),
    "no names known": ("Sam has a shop", (), False),
    "nobody": ("a shop with two people", ("Sam Stone",), False),
}


@pytest.mark.parametrize(("text", "fault"), CONTACTS.values(), ids=CONTACTS)
def test_words_that_would_let_a_reader_reach_somebody_are_found(text: str, fault: Fault | None) -> None:
    found = contact_in(text)

    assert found == fault


@pytest.mark.parametrize("slot", Slot)
def test_each_slot_takes_as_many_characters_as_its_limit_and_no_more(slot: Slot) -> None:
    most = MAX_SHORT if slot in SHORT else MAX_LONG

    found = (limit(slot), fault_in(slot, "ä" * most), fault_in(slot, "ä" * (most + 1)))

    assert found == (most, None, Fault.TOO_LONG)


@pytest.mark.parametrize("slot", Slot)
def test_only_ones_own_contact_slots_take_contact_details(slot: Slot) -> None:
    expected = Fault.CONTACT if slot in FREE_OF_CONTACTS else None

    found = fault_in(slot, "sam@shop.example")

    assert found == expected


@pytest.mark.parametrize("slot", sorted(Slot))
def test_each_slot_is_typed_by_one_kind_of_person(slot: Slot) -> None:
    writers = [slot in BY_STARTER, slot in BY_SEEKER, slot in BY_PROVIDER]

    typed_by_a_side = slot in HELPER_SLOTS and slot not in BY_STARTER

    assert sum(writers) <= 1
    assert not typed_by_a_side or slot in BY_PROVIDER


@pytest.mark.parametrize(("text", "names", "given_away"), NAMES.values(), ids=NAMES)
def test_a_description_gives_somebody_away_by_any_word_of_their_names(
    text: str, names: tuple[str, ...], *, given_away: bool
) -> None:
    found = names_someone(text, names)

    assert found is given_away

"""What could be meant while somebody types after /intros find: words of the cards in their group, and nothing else."""

from bot.app.completing import completions
from bot.domain.ids import ChannelId, EventId, MemberId
from bot.domain.member import CardSlot
from bot.ports.inbound import Origin, Typing
from tests.app.club import ANA, Club
from tests.factories import a_card


def a_typing(club: Club, text: str, *, channel: str | None = None, name: str = "find") -> Typing:
    room = club.table.room
    where = ChannelId(channel) if channel else room.channel
    return Typing(Origin(EventId("typing"), room.workspace, ANA, where), name, text)


def test_the_last_word_is_completed_by_what_most_cards_say_and_the_words_before_it_stay() -> None:
    said = ("Tax returns, taxis", "Taxes and TAXIS", "taxis; ta")
    cards = [
        a_card(member=MemberId(str(at)), lines={CardSlot.DOES: words, CardSlot.CATEGORY: "Tax advice"})
        for at, words in enumerate(said)
    ]

    assert completions(cards, "tax") == ("Tax advice", "taxis", "Taxes")
    assert completions(cards, "small  shop tax") == ("small  shop Tax advice", "small  shop taxis", "small  shop Taxes")
    assert completions(cards, "") == ("Tax advice",)
    assert completions(cards, "taxis") == ()
    assert completions([], "tax") == ()


def test_there_are_25_at_the_most_and_none_is_too_long_to_be_chosen() -> None:
    words = " ".join(f"word{number:03}" for number in range(60)) + " w" + "o" * 120

    found = completions([a_card(lines={CardSlot.DOES: words})], "w")

    assert len(found) == 25
    assert all(len(one) <= 100 for one in found)


async def test_it_looks_at_the_group_where_it_is_typed_and_writes_nothing(club: Club) -> None:
    before = club.file.read_bytes()

    found = await club.bot.complete(a_typing(club, "acc"))
    elsewhere = await club.bot.complete(a_typing(club, "acc", channel="elsewhere"))
    other = await club.bot.complete(a_typing(club, "acc", name="need"))

    assert found == ("Accountancy", "Accountant")
    assert (elsewhere, other) == ((), ())
    assert club.file.read_bytes() == before

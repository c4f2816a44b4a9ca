"""What people are shown while they type: words of the group's cards, in time, and nothing is written."""

import asyncio
from collections.abc import Sequence

import pytest

from adapters.discord.inbound import typing
from adapters.reading import NotUnderstoodError
from bot.ports.inbound import Typing
from tests.discord.cast import ANA, BEN, DAVID, INTRODUCTIONS, RANDOM
from tests.discord.club import Club
from tests.discord.faults import status
from tests.discord.people import Answered


async def with_a_card(club: Club) -> None:
    people = club.server.people
    await people.slash(DAVID, INTRODUCTIONS, "intros settings")
    await people.slash(ANA, INTRODUCTIONS, "intros join")
    await club.settled()
    shown = await people.slash(ANA, INTRODUCTIONS, "intros card")
    assert shown.message is not None
    await people.press(ANA, shown.message, "Write my card")
    modal = club.server.view.modal_of(ANA)
    assert modal is not None
    words = {"does": "Bookkeeping for bakers"}
    fields = {one.custom_id: words.get(one.custom_id, "...") for one in modal.fields if one.required}
    await people.submit(ANA, fields)
    await club.settled()


async def typed(club: Club, text: str, *, user: str = BEN, channel: str | None = INTRODUCTIONS) -> Sequence[str]:
    return shown(await club.server.people.autocomplete(user, channel, "intros find", "words", text))


def shown(answered: Answered) -> Sequence[str]:
    assert answered.error is None
    return [choice["value"] for choice in answered.interaction.choices]


async def test_words_of_the_groups_cards_are_offered_while_somebody_types(gateway_club: Club) -> None:
    await with_a_card(gateway_club)

    assert await typed(gateway_club, "boo") == ["Bookkeeping"]
    assert await typed(gateway_club, "cheap b") == ["cheap bakers", "cheap Bookkeeping"]
    assert await typed(gateway_club, "boo", user=ANA, channel=None) == ["Bookkeeping"]
    assert await typed(gateway_club, "boo", channel=RANDOM) == []
    assert await typed(gateway_club, "@everyone <@1>") == []


async def test_who_cannot_be_answered_is_shown_nothing_and_nothing_breaks(
    gateway_club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: Typing) -> Sequence[str]:
        await asyncio.Event().wait()
        return ()

    club, people = gateway_club, gateway_club.server.people
    people.patience = 0.2
    nowhere = await people.autocomplete(BEN, None, "intros find", "words", "boo")
    club.server.faults.next("POST /interactions/{interaction_id}/{interaction_token}/callback", status(400))
    refused = await people.autocomplete(BEN, INTRODUCTIONS, "intros find", "words", "boo")
    monkeypatch.setattr(club.bot, "complete", never)
    monkeypatch.setattr(club.app, "_patience", 0.05)
    late = await people.autocomplete(BEN, INTRODUCTIONS, "intros find", "words", "boo")

    assert [one.interaction.answered for one in (nowhere, refused, late)] == [None, None, None]
    assert club.events("discord.failed") == []


def test_what_is_not_completed_is_not_understood() -> None:
    option = {"name": "words", "type": 3, "value": "x"}
    for sub, inner in (("find", option), ("report", {**option, "focused": True})):
        data = {"name": "intros", "options": [{"name": sub, "type": 1, "options": [inner]}]}
        with pytest.raises(NotUnderstoodError):
            typing({"type": 4, "id": "1", "data": data})

"""What a Store promises about members, cards, groups and asks, on both databases."""

from dataclasses import fields, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.ask import Ask, AskStatus
from bot.domain.errors import NotFoundError, StaleWriteError
from bot.domain.group import Order, Reveal, Settings, TallyMode
from bot.domain.ids import AskId, ChannelId, GroupId, MemberId, UserId, WorkspaceId
from bot.domain.member import FOREVER, Card, CardSlot, Member
from storage.store import SqlStore
from tests.factories import (
    CHANNEL,
    GROUP,
    LONG_AGO,
    NOW,
    OTTO,
    PIA,
    RITA,
    SAM,
    WORKSPACE,
    a_card,
    a_group,
    a_member,
    an_ask,
)

DAY = timedelta(days=1)
NEW = MemberId("m-new")
ELSEWHERE = GroupId("elsewhere")


def change(store: SqlStore, **changes: Any) -> Member:  # noqa: ANN401 -- any field
    """Change Sam and read him again."""
    store.run_now(lambda tx: tx.members.save(replace(tx.members.get(SAM), **changes)))
    return store.run_now(lambda tx: tx.members.get(SAM))


def test_every_field_of_a_member_comes_back(store: SqlStore) -> None:
    facts: dict[str, Any] = {
        "locale": "de",
        "time_zone": "Europe/Berlin",
        "blocks": frozenset({RITA, PIA}),
        "paused_until": FOREVER,
        "pause_is_quiet": False,
        "silences": 1,
        "direct_messages_closed": True,
        "pending": frozenset({ELSEWHERE}),
        "hellos": {ELSEWHERE: NOW},
        "version": 1,
    }
    member = a_member(id=NEW, **facts)

    store.run_now(lambda tx: tx.groups.add(a_group(id=ELSEWHERE, channel=ChannelId("elsewhere"))))
    store.run_now(lambda tx: tx.members.add(member))

    assert store.run_now(lambda tx: tx.members.get(NEW)) == member
    assert not [f.name for f in fields(Member) if getattr(member, f.name) == f.default]


def test_every_field_of_a_member_can_be_changed(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.groups.add(a_group(id=ELSEWHERE, channel=ChannelId("elsewhere"))))
    facts: dict[str, Any] = {
        "locale": "de",
        "joined": {ELSEWHERE: NOW},
        "blocks": frozenset({OTTO}),
        "paused_until": NOW,
        "silences": 1,
    }

    changed = change(store, **facts)
    back = change(store, joined={}, blocks=frozenset(), paused_until=None, time_zone=None)

    assert changed == a_member(version=2, **facts)
    assert (back.joined, back.blocks, back.paused_until, back.version) == ({}, frozenset(), None, 3)
    assert back.time_zone is None


def test_who_waits_for_a_hello_is_in_no_list_until_it_arrives(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.members.save_card(a_card(member=SAM)))
    waiting = change(store, joined={}, pending=frozenset({GROUP}), hellos={GROUP: NOW})
    outside = store.run_now(lambda tx: ([m.id for m in tx.members.of_group(GROUP)], tx.members.cards_of_group(GROUP)))
    tried = change(store, hellos={GROUP: NOW + DAY})
    refused = change(store, hellos={})

    inside = change(store, joined={GROUP: NOW + DAY}, pending=frozenset())

    assert (waiting.pending, waiting.hellos, len(waiting.joined)) == (frozenset({GROUP}), {GROUP: NOW}, 0)
    assert outside == ([OTTO, PIA, RITA], [])
    assert (tried.hellos, len(refused.hellos), refused.pending) == ({GROUP: NOW + DAY}, 0, frozenset({GROUP}))
    assert (inside.joined, inside.pending) == ({GROUP: NOW + DAY}, frozenset())
    assert len(store.run_now(lambda tx: tx.members.cards_of_group(GROUP))) == 1


def test_a_person_is_found_in_every_workspace_with_the_conversation_that_was_learnt_in_one(store: SqlStore) -> None:
    user, there = (
        UserId("U-m-sam"),
        a_member(id=NEW, workspace=WorkspaceId("local:other"), user=UserId("U-m-sam"), joined={}),
    )
    store.run_now(lambda tx: tx.members.add(there))
    unknown = store.run_now(lambda tx: tx.conversations.of(user))

    store.run_now(lambda tx: tx.conversations.keep(NEW, "D1"))
    store.run_now(lambda tx: tx.conversations.keep(NEW, "D2"))

    assert {m.id for m in store.run_now(lambda tx: tx.members.everywhere(user))} == {SAM, NEW}
    assert (unknown, store.run_now(lambda tx: tx.conversations.of(user))) == (None, "D2")
    store.run_now(lambda tx: tx.upkeep.erase(NEW, NOW))
    assert store.run_now(lambda tx: tx.conversations.of(user)) is None
    store.run_now(lambda tx: tx.conversations.keep(SAM, "D3"))
    store.run_now(lambda tx: tx.conversations.forget(user))
    assert store.run_now(lambda tx: tx.conversations.of(user)) is None


def test_a_member_is_known_by_their_platforms_id_in_their_workspace_only(store: SqlStore) -> None:
    found = store.run_now(lambda tx: tx.members.by_user(WORKSPACE, UserId("U-m-sam")))
    strangers = store.run_now(lambda tx: tx.members.by_user(WorkspaceId("local:other"), UserId("U-m-sam")))

    assert (found and found.id, strangers) == (SAM, None)


def test_two_members_cannot_have_one_platform_id(store: SqlStore) -> None:
    with pytest.raises(IntegrityError):
        store.run_now(lambda tx: tx.members.add(a_member(id=NEW, user=UserId("U-m-sam"))))


def test_unknown_members_are_left_out_or_not_found(store: SqlStore) -> None:
    some = store.run_now(lambda tx: tx.members.some([SAM, NEW, RITA]))

    assert set(some) == {RITA, SAM}
    with pytest.raises(NotFoundError):
        store.run_now(lambda tx: tx.members.get(NEW))


def test_a_member_saved_over_an_older_version_is_refused(store: SqlStore) -> None:
    old = store.run_now(lambda tx: tx.members.get(SAM))
    change(store, locale="de")

    with pytest.raises(StaleWriteError):
        store.run_now(lambda tx: tx.members.save(replace(old, blocks=frozenset({PIA}))))

    assert store.run_now(lambda tx: tx.members.get(SAM)).blocks == frozenset()


def test_a_group_lists_who_joined_it(store: SqlStore) -> None:
    change(store, joined={})

    assert [m.id for m in store.run_now(lambda tx: tx.members.of_group(GROUP))] == [OTTO, PIA, RITA]


def test_somebody_without_a_card_has_an_empty_one_that_can_be_written(store: SqlStore) -> None:
    empty = store.run_now(lambda tx: tx.members.card(PIA, GROUP))

    store.run_now(lambda tx: tx.members.save_card(replace(empty, lines=a_card().lines, accepts_leads=True)))

    assert empty == Card(PIA, GROUP, {})
    assert store.run_now(lambda tx: tx.members.card(PIA, GROUP)) == a_card(accepts_leads=True, version=1)


def test_a_card_is_written_over_the_version_that_was_read(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.members.save_card(a_card()))
    first = store.run_now(lambda tx: tx.members.card(PIA, GROUP))
    store.run_now(lambda tx: tx.members.save_card(replace(first, lines={CardSlot.DOES: "changed"})))

    for late in (first, a_card()):
        with pytest.raises(StaleWriteError):
            store.run_now(lambda tx, late=late: tx.members.save_card(late))  # type: ignore[misc]

    assert store.run_now(lambda tx: tx.members.card(PIA, GROUP)).lines == {CardSlot.DOES: "changed"}


def test_a_card_may_be_saved_twice_in_one_transaction(store: SqlStore) -> None:
    def work(tx: Any) -> Any:  # noqa: ANN401
        for text in ("first", "second"):
            tx.members.save_card(a_card(lines={CardSlot.DOES: text}))
        return tx.members.card(PIA, GROUP)

    assert store.run_now(work) == a_card(lines={CardSlot.DOES: "second"}, version=2)


def test_the_cards_of_a_group_are_those_of_its_members(store: SqlStore) -> None:
    store.run_now(lambda tx: tx.members.save_card(a_card()))
    store.run_now(lambda tx: tx.members.save_card(a_card(member=SAM)))
    change(store, joined={})

    assert [card.member for card in store.run_now(lambda tx: tx.members.cards_of_group(GROUP))] == [PIA]


def test_every_setting_of_a_group_comes_back(store: SqlStore) -> None:
    settings = Settings(
        language="de",
        time_zone="Europe/Berlin",
        order=Order.BOTH_AT_ONCE,
        reveal=Reveal.ROLE_ONLY,
        window=timedelta(hours=5),
        newcomer_wait=timedelta(0),
        quiet_from=time(21, 30),
        leads=False,
        tally_mode=TallyMode.FULL,
        keep_words=timedelta(days=7),
    )
    group = a_group(id=ELSEWHERE, channel=ChannelId("c"), organisers=frozenset({RITA, SAM}), settings=settings)

    store.run_now(lambda tx: tx.groups.add(group))

    assert store.run_now(lambda tx: tx.groups.get(ELSEWHERE)) == replace(group, version=1)
    assert {g.id for g in store.run_now(lambda tx: tx.groups.all())} == {ELSEWHERE, GROUP}


def test_a_group_is_found_by_its_channel(store: SqlStore) -> None:
    found = store.run_now(lambda tx: tx.groups.in_channel(WORKSPACE, CHANNEL))
    other = store.run_now(lambda tx: tx.groups.in_channel(WORKSPACE, ChannelId("other")))

    assert (found and found.id, other) == (GROUP, None)


def test_organisers_and_settings_change_over_the_version_that_was_read(store: SqlStore) -> None:
    old = store.run_now(lambda tx: tx.groups.get(GROUP))

    store.run_now(lambda tx: tx.groups.save(replace(old, organisers=frozenset({RITA, SAM}))))
    with pytest.raises(StaleWriteError):
        store.run_now(lambda tx: tx.groups.save(replace(old, organisers=frozenset({PIA}))))
    store.run_now(lambda tx: tx.groups.save(replace(tx.groups.get(GROUP), organisers=frozenset({SAM}))))

    found = store.run_now(lambda tx: tx.groups.get(GROUP))
    assert (found.organisers, found.version) == (frozenset({SAM}), 3)


def test_an_unknown_group_or_ask_is_not_found(store: SqlStore) -> None:
    with pytest.raises(NotFoundError):
        store.run_now(lambda tx: tx.groups.get(ELSEWHERE))
    with pytest.raises(NotFoundError):
        store.run_now(lambda tx: tx.asks.get(AskId("none")))


def test_every_field_of_an_ask_comes_back_and_can_be_changed(store: SqlStore) -> None:
    ask = an_ask(category="books \ud800", urgent=True, ends_at=NOW, edits=2, version=1)

    store.run_now(lambda tx: tx.asks.add(an_ask()))
    first = store.run_now(lambda tx: tx.asks.get(ask.id))
    store.run_now(lambda tx: tx.asks.save(replace(ask, version=1)))
    with pytest.raises(StaleWriteError):
        store.run_now(lambda tx: tx.asks.save(replace(first, need="late")))

    assert first == an_ask(version=1)
    assert store.run_now(lambda tx: tx.asks.get(ask.id, to_change=True)) == replace(ask, version=2)
    assert not [f.name for f in fields(Ask) if getattr(ask, f.name) == f.default]


def test_asks_are_due_at_their_end_while_they_are_open(store: SqlStore) -> None:
    asks = [
        an_ask(id=AskId("tomorrow"), ends_at=NOW + DAY),
        an_ask(id=AskId("today"), ends_at=NOW),
        an_ask(id=AskId("closed"), ends_at=NOW, status=AskStatus.CLOSED),
        an_ask(id=AskId("endless")),
    ]

    def work(tx: Any) -> Any:  # noqa: ANN401
        for ask in asks:
            tx.asks.add(ask)
        return tx.asks.next_due(), tx.asks.due(NOW, 9), tx.asks.due(NOW + DAY, 1), tx.asks.due(NOW + DAY, 9)

    assert store.run_now(work) == (NOW, ["today"], ["today"], ["today", "tomorrow"])


def test_a_members_asks_come_newest_first_without_the_closed(store: SqlStore) -> None:
    asks = [
        an_ask(id=AskId("old"), created_at=LONG_AGO),
        an_ask(id=AskId("new"), status=AskStatus.PREVIEW),
        an_ask(id=AskId("closed"), status=AskStatus.CLOSED),
        an_ask(id=AskId("theirs"), owner=PIA),
    ]

    def work(tx: Any) -> Any:  # noqa: ANN401
        for ask in asks:
            tx.asks.add(ask)
        return [ask.id for ask in tx.asks.of_member(GROUP, SAM)]

    assert store.run_now(work) == ["new", "old"]


def test_an_instant_far_away_survives_to_the_microsecond(store: SqlStore) -> None:
    far = datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)

    assert change(store, paused_until=far).paused_until == far

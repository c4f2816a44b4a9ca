"""Workspaces that remove the bot, tokens that are taken back, accounts that are closed: late, doubled, in any order."""

from datetime import timedelta
from itertools import permutations

import pytest

from bot.domain.ids import UserId
from bot.ports.gateway import DeliveryDelayedError, DeliveryKey, Direct
from bot.ports.messages import Message, Plain, Text
from tests.adapters.slack.test_app import TYPED, begin
from tests.slack.cast import ANA, BEN, CARLA, INTRODUCTIONS
from tests.slack.club import WORKSPACE, Club

HELLO = Message("Hello", (Text((Plain("Hello"),)),))


class Unkept:
    """Progress that is not kept."""

    def __init__(self) -> None:
        self.done: dict[str, str] = {}

    async def record(self, step: str, result: str) -> None:
        self.done[step] = result


@pytest.mark.parametrize("order", list(permutations(("tokens_revoked", "app_uninstalled"))), ids="-".join)
async def test_a_workspace_that_removes_the_bot_is_left_in_either_order(club: Club, order: tuple[str, str]) -> None:
    await begin(club, ANA, BEN)
    before = len(club.server.world.calls)

    answered = await club.server.people.uninstall(order=order)

    gone = await club.store.run(lambda tx: tx.workspaces.get(WORKSPACE))
    assert [one.status for one in answered] == [200, 200]
    assert await club.store.run(lambda tx: tx.installations.get(WORKSPACE)) is None
    assert gone is not None
    assert gone.departed_at is not None
    await club.wait(timedelta(minutes=1))
    assert [call.method for call in club.server.world.calls[before:] if call.method.startswith("chat.")] == []


async def test_each_of_the_events_alone_is_enough_and_may_come_again(club: Club) -> None:
    await begin(club, ANA)

    (removed,) = await club.server.people.uninstall(order=("app_uninstalled",))
    first = await club.store.run(lambda tx: tx.workspaces.get(WORKSPACE))
    again = await club.server.people.again(removed)

    assert again.status == 200
    assert await club.store.run(lambda tx: tx.workspaces.get(WORKSPACE)) == first


async def test_a_persons_token_that_is_revoked_is_no_departure(club: Club) -> None:
    await begin(club, ANA)

    answered = await club.server.people.event({"type": "tokens_revoked", "tokens": {"oauth": [ANA], "bot": []}})

    there = await club.store.run(lambda tx: tx.workspaces.get(WORKSPACE))
    assert answered.status == 200
    assert there is None or there.departed_at is None


async def test_after_a_removal_nothing_is_kept_in_memory_either(http_club: Club) -> None:
    await begin(http_club, ANA)
    await http_club.server.people.open_home(ANA)
    await http_club.settled()

    await http_club.server.people.uninstall()

    assert await http_club.slack.authorising.token_of(WORKSPACE) is None
    http_club.slack.hears_of(WORKSPACE, UserId(ANA))
    await http_club.slack.background.settled()
    assert len(http_club.server.world.called("views.publish")) == 1


async def test_a_command_from_where_the_bot_was_removed_gets_a_sentence(http_club: Club) -> None:
    await http_club.server.people.uninstall()

    answered = await http_club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")

    assert answered.error is None
    assert "not a part of this workspace" in answered.body["text"]


async def test_a_token_found_revoked_at_a_delivery_is_looked_up_again(http_club: Club) -> None:
    people, gateway = http_club.server.people, http_club.slack.gateway
    await people.slash(ANA, INTRODUCTIONS, "/intros", "help")
    old = await http_club.slack.authorising.token_of(WORKSPACE)
    assert old is not None
    http_club.server.world.revoke(old)
    kept = await http_club.store.run(lambda tx: tx.installations.get(WORKSPACE))
    assert kept is not None

    to, progress = Direct(WORKSPACE, UserId(ANA)), Unkept()
    with pytest.raises(DeliveryDelayedError):
        await gateway.deliver(to, HELLO, key=DeliveryKey("one"), progress=progress)
    fresh = http_club.server.world.install()
    renewed = type(kept)(kept.workspace, fresh, kept.bot_user, kept.installed_by, kept.installed_at)
    await http_club.store.run(lambda tx: tx.installations.save(renewed))
    await gateway.deliver(to, HELLO, key=DeliveryKey("one"), progress=progress)

    assert http_club.server.world.dm_of(ANA)[-1].shown == "Hello"


async def test_whoever_closes_their_account_is_asked_nothing_more(club: Club) -> None:
    await begin(club, ANA, BEN, CARLA)
    people, world = club.server.people, club.server.world
    await people.slash(ANA, INTRODUCTIONS, "/refer", "@Ben Okafor @Carla Rossi")
    await people.submit(ANA, TYPED)
    await club.settled()

    closed = await people.user_changed(BEN, deleted=True)
    again = await people.again(closed)
    await club.wait(timedelta(days=10))

    assert (closed.status, again.status) == (200, 200)
    assert [seen for seen in world.dm_of(BEN) if "Ana" in seen.shown and seen.buttons] == []


async def test_a_change_of_name_or_zone_is_seen_at_once(club: Club) -> None:
    await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")

    await club.server.people.user_changed(ANA, name="Ana Maria Duarte", tz="Asia/Tokyo")
    found = await club.slack.directory.look_up(WORKSPACE, (UserId(ANA),))

    assert "Ana Maria Duarte" in found[UserId(ANA)].name
    assert found[UserId(ANA)].time_zone == "Asia/Tokyo"

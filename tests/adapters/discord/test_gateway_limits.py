"""Limits: what Discord asks for is kept to, for as much as it is about, and new conversations are begun slowly."""

from datetime import timedelta

import pytest

from bot.domain.ids import UserId
from bot.ports.gateway import DeliveryDelayedError, Direct
from tests.adapters.discord.delivering import CHANNEL, OPEN, POST, TO_BEN, TO_CARLA, Office
from tests.discord.adapting import WORKSPACE
from tests.discord.cast import ANA, BEN, CARLA, ELIF, SHY
from tests.discord.faults import error, limited


def a_person(user: str) -> Direct:
    return Direct(WORKSPACE, UserId(user))


# limits


async def test_a_limit_of_one_place_holds_nothing_else_back(office: Office) -> None:
    office.server.faults.next(POST, limited(12.5))
    delayed = await office.delayed(TO_BEN)
    early = await office.delayed(TO_BEN)

    await office.deliver(TO_CARLA, key="notice/2")

    assert (delayed.wait, delayed.whole_workspace) == (timedelta(seconds=12.5), False)
    assert early.wait == timedelta(seconds=12.5)
    assert office.count(POST) == 2


async def test_a_global_limit_holds_everything_back_until_it_ends(office: Office) -> None:
    office.server.faults.next(POST, limited(3, is_global=True))
    delayed = await office.delayed(TO_BEN)
    early = await office.delayed(CHANNEL, key="post/1")
    office.pass_time(timedelta(seconds=3))

    await office.deliver(CHANNEL, key="post/1")

    assert (delayed.wait, delayed.whole_workspace) == (timedelta(seconds=3), True)
    assert (early.wait, early.whole_workspace) == (timedelta(seconds=3), True)
    assert office.count(POST) == 2


async def test_a_ban_by_cloudflare_has_no_via_and_holds_everything_back(office: Office) -> None:
    office.server.faults.next(OPEN, limited(90, via=False))

    delayed = await office.delayed(TO_BEN)
    early = await office.delayed(CHANNEL, key="post/1")

    assert (delayed.wait, delayed.whole_workspace) == (timedelta(seconds=90), True)
    assert early.whole_workspace
    assert len(office.server.world.invalid_requests) == 1


async def test_a_bucket_that_is_empty_is_not_asked_again_until_it_fills(office: Office) -> None:
    office.server.rates.allow(POST, most=2, per=5)
    await office.deliver(key="notice/1")
    await office.deliver(key="notice/2")

    early = await office.delayed(key="notice/3")
    office.pass_time(timedelta(seconds=5))
    await office.deliver(key="notice/3")

    assert early.wait is not None
    assert early.wait <= timedelta(seconds=5)
    assert office.server.world.invalid_requests == []


async def test_a_token_that_is_refused_is_not_tried_on_everybody(office: Office) -> None:
    office.server.world.application.token = "another"

    delayed = await office.delayed(TO_BEN)
    early = await office.delayed(TO_CARLA)

    assert delayed.whole_workspace
    assert early.whole_workspace
    assert len(office.server.world.invalid_requests) == 1


# new conversations


async def test_new_conversations_are_begun_slowly_and_known_ones_are_not_held_up(office: Office) -> None:
    for number, user in enumerate((ANA, BEN, CARLA, ELIF)):
        await office.deliver(a_person(user), key=f"notice/{number}")

    one_more = Direct(WORKSPACE, UserId(SHY))
    delayed = await office.delayed(one_more, key="notice/9")
    await office.deliver(a_person(ANA), key="notice/10")

    assert delayed.wait is not None
    assert timedelta(0) < delayed.wait <= timedelta(minutes=1)
    assert not delayed.whole_workspace
    assert office.count(OPEN) == 4


async def test_after_the_first_too_fast_nobody_new_is_tried_for_a_while(office: Office) -> None:
    await office.deliver(a_person(ANA), key="notice/0")
    office.server.world.direct_limit.most = 1

    first = await office.delayed(TO_BEN)
    others = [await office.delayed(a_person(user)) for user in (CARLA, ELIF)]
    await office.deliver(a_person(ANA), key="notice/2")

    assert [delayed.wait is not None and delayed.wait >= timedelta(minutes=15) for delayed in (first, *others)] == [
        True,
        True,
        True,
    ]
    assert office.count(OPEN) == 2
    assert not first.whole_workspace


async def test_when_discord_takes_new_conversations_again_they_come_one_by_one(office: Office) -> None:
    office.server.faults.next(OPEN, error(40003))
    delayed = await office.delayed(TO_BEN)
    office.pass_time(delayed.wait or timedelta(0))

    await office.deliver(TO_BEN)

    with pytest.raises(DeliveryDelayedError):
        await office.deliver(TO_CARLA, key="notice/2")

"""Deliveries on Slack: where they go, how often they are tried, and that nothing is sent twice by itself."""

import asyncio
from datetime import timedelta

import pytest

from adapters.local.clock import StoryClock
from adapters.slack import gateway
from adapters.slack.gateway import ROOM
from bot.domain.ids import UserId
from bot.ports.gateway import DeliveryDelayedError, Direct, Refusal, Room
from bot.ports.messages import Divider, Link, Text
from tests.adapters.slack.posting import CHANNEL, PAIR, TO_BEN, TO_CARLA, Office, an_office
from tests.contract.gateways import Steps
from tests.slack.adapting import WORKSPACE
from tests.slack.cast import (
    BEN,
    BOT_USER,
    CARLA,
)
from tests.slack.faults import Fault, drop, error, garbage, hang, ratelimited, status
from tests.slack.server import SlackServer

# where things go


async def test_a_persons_conversation_is_opened_once_and_then_remembered(office: Office) -> None:
    await office.deliver(key="notice/1")
    receipt = await office.deliver(key="notice/2")

    assert (office.count("conversations.open"), office.count("chat.postMessage")) == (1, 2)
    assert receipt.channel == "D0BEN"


async def test_nothing_that_is_posted_or_edited_unfurls(office: Office) -> None:
    receipt = await office.deliver(TO_BEN, Text((Link("https://example.org", "a page"),)))
    await office.edit(receipt, Text((Link("https://example.org", "another page"),)))

    (post,) = office.slack.world.called("chat.postMessage")
    assert (post.args["unfurl_links"], post.args["unfurl_media"]) == (False, False)
    assert office.slack.world.dm_of(BEN)[0].pings == frozenset()


async def test_the_same_people_meet_in_the_same_room_again(office: Office) -> None:
    first = await office.deliver(PAIR, key="introduction/1")
    second = await office.deliver(PAIR, key="introduction/2")

    assert first.channel == second.channel
    (room,) = office.slack.world.group_dms
    assert room.members == {BEN, CARLA, BOT_USER}


async def test_a_room_that_was_opened_before_a_crash_is_not_opened_again(office: Office) -> None:
    steps = Steps()
    office.slack.faults.next("chat.postMessage", drop())
    await office.delayed(PAIR, steps=steps)

    await office.deliver(PAIR, steps=Steps(steps.kept))

    assert steps.kept[ROOM] == office.slack.world.group_dms[0].id
    assert office.count("conversations.open") == 1


async def test_a_message_of_more_blocks_than_slack_takes_is_refused_before_it_is_sent(office: Office) -> None:
    assert await office.refused(TO_BEN, *[Divider()] * 51) is Refusal.INVALID
    assert office.count("chat.postMessage") == 0


# who hears of it


async def test_what_reached_one_person_alone_is_told_with_its_edits(office: Office) -> None:
    receipt = await office.deliver(TO_BEN)
    await office.deliver(CHANNEL, key="post/1")
    await office.deliver(PAIR, key="introduction/1")
    await office.edit(receipt)
    await asyncio.sleep(0)

    assert office.told == [(WORKSPACE, BEN), (WORKSPACE, BEN)]


async def test_after_a_restart_an_edit_is_told_once_the_person_was_met_again(office: Office) -> None:
    receipt = await office.deliver(TO_BEN)
    async with an_office(office.slack, office.clock) as later:
        await later.edit(receipt, key="edit/1")
        later.gateway.met(WORKSPACE, UserId(BEN), receipt.channel)
        await later.edit(receipt, key="edit/2")
        await asyncio.sleep(0)

    assert later.told == [(WORKSPACE, BEN)]


async def test_whoever_hears_of_it_cannot_disturb_the_delivery(slack: SlackServer, slack_clock: StoryClock) -> None:
    met: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: met.append(type(context["exception"]).__name__))

    async with an_office(slack, slack_clock) as office:
        office.told.clear()
        office.gateway._on_private = lambda *_: dict[str, str]()["nobody"]
        receipt = await office.deliver()
        await asyncio.sleep(0)

    assert (receipt.channel, met) == ("D0BEN", ["KeyError"])


# 429


async def test_too_many_posts_wait_as_long_as_slack_says(office: Office) -> None:
    office.slack.faults.next("chat.postMessage", ratelimited(30), user=BEN)

    delayed = await office.delayed(TO_BEN)
    await office.deliver(TO_CARLA, key="notice/2")

    assert (delayed.wait, delayed.whole_workspace, delayed.lost_answer) == (timedelta(seconds=30), False, False)
    assert (office.posts(), office.count("chat.postMessage")) == (1, 2)


async def test_a_method_that_slack_has_closed_is_not_called_until_it_opens(office: Office) -> None:
    receipt = await office.deliver()
    office.slack.faults.next("chat.update", ratelimited(30))
    with pytest.raises(DeliveryDelayedError):
        await office.edit(receipt)

    office.pass_time(timedelta(seconds=29))
    with pytest.raises(DeliveryDelayedError) as early:
        await office.edit(receipt)
    office.pass_time(timedelta(seconds=1))
    await office.edit(receipt)

    assert early.value.wait == timedelta(seconds=1)
    assert office.count("chat.update") == 2


async def test_edits_keep_to_their_tier_and_are_spread_out_beyond_it(office: Office) -> None:
    receipt = await office.deliver()
    waits = []
    for number in range(28):
        try:
            await office.edit(receipt, key=f"edit/{number}")
        except DeliveryDelayedError as delayed:
            waits.append(delayed.wait.total_seconds() if delayed.wait else 0)

    assert waits == pytest.approx([2.4, 4.8, 7.2], abs=0.01)
    assert office.count("chat.update") == 25
    assert "ratelimited" not in office.errors()


# nothing is sent twice by itself

SPOILED = {
    "a reset before it was read": (drop(), True, 0),
    "a reset after it was done": (drop(after=True), True, 1),
    "a server error": (status(500), True, 0),
    "an answer that is no JSON": (garbage(), True, 0),
    "an internal error": (error("internal_error"), True, 0),
    "a service that is away": (status(503), False, 0),
    "an error nobody knows": (error("the_moon_is_wrong"), False, 0),
}


@pytest.mark.parametrize(("fault", "is_lost", "posts"), SPOILED.values(), ids=SPOILED.keys())
async def test_a_post_that_went_wrong_is_sent_once_and_its_fate_is_told(
    office: Office, fault: Fault, *, is_lost: bool, posts: int
) -> None:
    office.slack.faults.next("chat.postMessage", fault)

    delayed = await office.delayed(CHANNEL)

    assert (delayed.lost_answer, delayed.wait, delayed.whole_workspace) == (is_lost, None, False)
    assert (office.count("chat.postMessage"), office.posts()) == (1, posts)


@pytest.mark.parametrize("after", [False, True])
async def test_a_post_that_takes_too_long_may_stand_there(
    slack: SlackServer, slack_clock: StoryClock, *, after: bool
) -> None:
    slack.faults.next("chat.postMessage", hang(after=after))

    async with an_office(slack, slack_clock, within=0.2) as office:
        delayed = await office.delayed(CHANNEL)

        assert delayed.lost_answer
        assert (office.count("chat.postMessage"), office.posts()) == (1, int(after))
        assert office.errors() == ["TimeoutError"]


@pytest.mark.parametrize("fault", [drop(after=True), status(500), garbage(), error("internal_error")])
async def test_what_went_wrong_before_the_post_cannot_have_been_one(office: Office, fault: Fault) -> None:
    office.slack.faults.next("conversations.open", fault)

    delayed = await office.delayed(PAIR)

    assert not delayed.lost_answer
    assert office.count("chat.postMessage") == 0


@pytest.mark.parametrize("to", [TO_BEN, PAIR])
async def test_what_takes_too_long_before_the_post_is_no_lost_answer(
    office: Office, to: Direct | Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "PREPARED_WITHIN", 0.1)
    office.slack.faults.next("conversations.open", hang())

    delayed = await office.delayed(to)

    assert (delayed.lost_answer, delayed.wait) == (False, None)
    assert office.count("chat.postMessage") == 0


async def test_an_edit_whose_answer_was_lost_can_be_made_again_without_a_word(office: Office) -> None:
    receipt = await office.deliver()
    office.slack.faults.next("chat.update", drop(after=True))

    with pytest.raises(DeliveryDelayedError) as delayed:
        await office.edit(receipt)

    assert not delayed.value.lost_answer
    assert await office.edit(receipt) == receipt

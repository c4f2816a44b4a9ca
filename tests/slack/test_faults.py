"""Faults on demand and limits by the clock, as the real client meets them."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.local.clock import StoryClock
from tests.slack.cast import ANA, BEN, BOT_TOKEN, CARLA, INTRODUCTIONS
from tests.slack.faults import Fault, drop, error, garbage, hang, ratelimited, status
from tests.slack.samples import refusal
from tests.slack.server import SlackServer


@pytest.fixture
async def hasty(slack: SlackServer) -> AsyncWebClient:
    """A client that waits for nothing longer than a fifth of a second."""
    return AsyncWebClient(BOT_TOKEN, base_url=slack.api_url, timeout=0.2, retry_handlers=[])  # type: ignore[arg-type] # floats work


def texts(slack: SlackServer, user: str = BEN) -> list[str]:
    return [seen.text for seen in slack.world.in_view(user)]


async def test_a_flood_is_turned_away_with_the_time_to_wait(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    slack.faults.next("chat.postMessage", ratelimited(17))

    with pytest.raises(SlackApiError) as refused:
        await slack_client.chat_postMessage(channel=BEN, text="One")
    await slack_client.chat_postMessage(channel=BEN, text="Two")

    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    assert refused.value.response.headers["Retry-After"] == "17"
    assert texts(slack) == ["Two"]


@pytest.mark.parametrize("code", [500, 503])
async def test_a_broken_server_answers_with_a_page(slack: SlackServer, slack_client: AsyncWebClient, code: int) -> None:
    slack.faults.next("chat.postMessage", status(code))

    with pytest.raises(SlackApiError) as refused:
        await slack_client.chat_postMessage(channel=BEN, text="One")

    assert refused.value.response.status_code == code
    assert texts(slack) == []


async def test_any_error_can_be_answered_with_whatever_belongs_to_it(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    slack.faults.next("chat.postMessage", error("missing_scope", needed="chat:write", provided="commands"))

    with pytest.raises(SlackApiError) as refused:
        await slack_client.chat_postMessage(channel=BEN, text="One")

    assert (refused.value.response["error"], refused.value.response["needed"]) == ("missing_scope", "chat:write")


async def test_an_answer_can_be_no_json_at_all(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    slack.faults.next("chat.postMessage", garbage())

    with pytest.raises(SlackApiError, match="non-JSON"):
        await slack_client.chat_postMessage(channel=BEN, text="One")


@pytest.mark.parametrize(("fault", "done"), [(drop(), []), (drop(after=True), ["One"])])
async def test_a_connection_is_dropped_before_or_after_the_call_is_done(
    slack: SlackServer, slack_client: AsyncWebClient, fault: Fault, done: list[str]
) -> None:
    slack.faults.next("chat.postMessage", fault)

    with pytest.raises(aiohttp.ClientConnectionError):
        await slack_client.chat_postMessage(channel=BEN, text="One")

    assert texts(slack) == done


@pytest.mark.parametrize(("fault", "done"), [(hang(), []), (hang(after=True), ["One"])])
async def test_a_call_hangs_until_it_is_released(
    slack: SlackServer, slack_client: AsyncWebClient, hasty: AsyncWebClient, fault: Fault, done: list[str]
) -> None:
    slack.faults.next("chat.postMessage", fault)

    with pytest.raises(TimeoutError):
        await hasty.chat_postMessage(channel=BEN, text="One")
    slack.faults.release()

    assert texts(slack) == done
    await slack_client.chat_postMessage(channel=BEN, text="Two")
    assert texts(slack)[-1] == "Two"


async def test_a_fault_can_be_for_one_channel_one_person_and_several_times(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    dm = (await slack_client.conversations_open(users=BEN))["channel"]["id"]
    slack.faults.next("chat.postMessage", error("is_archived"), channel=INTRODUCTIONS)
    slack.faults.next("*", error("fatal_error"), times=2, user=BEN)

    await slack_client.chat_postMessage(channel=CARLA, text="To another")
    by_channel = await refusal(slack_client.chat_postMessage(channel=INTRODUCTIONS, text="Hello"))
    by_dm = await refusal(slack_client.chat_postMessage(channel=dm, text="Hello"))
    by_list = await refusal(slack_client.conversations_open(users=[ANA, BEN]))
    await slack_client.chat_postMessage(channel=BEN, text="At last")

    assert (by_channel, by_dm, by_list) == ("is_archived", "fatal_error", "fatal_error")
    assert slack.faults.pending == []


async def test_calls_are_written_down_with_how_they_were_answered(
    slack: SlackServer, slack_client: AsyncWebClient
) -> None:
    slack.faults.next("chat.postMessage", status(500))
    with pytest.raises(SlackApiError):
        await slack_client.chat_postMessage(channel=BEN, text="One")
    await slack_client.chat_postMessage(channel=BEN, text="Two")

    spoiled, done = slack.world.called("chat.postMessage")
    assert (spoiled.status, spoiled.error, spoiled.args["text"]) == (500, "page", "One")
    assert (done.status, done.error, done.team) == (200, "", "T1")


async def test_a_method_is_held_to_its_limit_in_each_workspace(
    slack: SlackServer, slack_client: AsyncWebClient, slack_clock: StoryClock
) -> None:
    slack.limits.allow("chat.postMessage", 2, per_seconds=30)
    for _ in range(2):
        await slack_client.chat_postMessage(channel=BEN, text="Hello")

    with pytest.raises(SlackApiError) as refused:
        await slack_client.chat_postMessage(channel=BEN, text="Too much")
    assert refused.value.response.headers["Retry-After"] == "30"

    slack_clock.move_to(slack_clock.now() + timedelta(seconds=31))
    await slack_client.chat_postMessage(channel=BEN, text="Later")
    assert slack.limits.peak("chat.postMessage", window=30) == 2


async def test_a_limit_can_be_for_each_channel(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    slack.limits.allow("chat.postMessage", 1, per_seconds=1, channel=True)

    await slack_client.chat_postMessage(channel=BEN, text="Hello")
    await slack_client.chat_postMessage(channel=INTRODUCTIONS, text="Hello")

    assert await refusal(slack_client.chat_postMessage(channel=BEN, text="Again")) == "ratelimited"


async def test_slacks_own_tiers_hold_unless_they_are_lifted(slack: SlackServer, slack_client: AsyncWebClient) -> None:
    for _ in range(50):
        await slack_client.conversations_open(users=BEN)
    assert await refusal(slack_client.conversations_open(users=BEN)) == "ratelimited"

    slack.limits.off()
    await slack_client.conversations_open(users=BEN)

    assert slack.limits.peak("conversations.open") == 51


async def test_messages_in_one_second_in_one_channel_are_counted(
    slack: SlackServer, slack_client: AsyncWebClient, slack_clock: StoryClock
) -> None:
    for seconds in (0, 0, 0, 2):
        slack_clock.move_to(slack_clock.now() + timedelta(seconds=seconds))
        await slack_client.chat_postMessage(channel=INTRODUCTIONS, text="Hello")

    assert slack.limits.burst(INTRODUCTIONS) == 3


async def test_the_server_stops_at_once_although_a_call_hangs(slack_clock: StoryClock) -> None:
    async with SlackServer.started(slack_clock) as slack:
        client = AsyncWebClient(BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])
        slack.faults.next("chat.postMessage", hang())
        async with asyncio.TaskGroup() as group:
            calling = group.create_task(refusal(client.chat_postMessage(channel=BEN, text="One")))
            await slack.faults.hanging.wait()
            slack.faults.release()

    assert calling.result() == "service_unavailable"

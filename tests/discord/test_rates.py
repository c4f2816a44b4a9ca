"""Limits and faults on demand, as discord.py and a bare client meet them."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import aiohttp
import discord
import orjson
import pytest

from adapters.local.clock import StoryClock
from tests.discord import faults
from tests.discord.cast import ANA, BEN, INTRODUCTIONS, RANDOM, TOKEN
from tests.discord.server import DiscordServer
from tests.discord.trial import connected, rest_only

POST = "POST /channels/{channel_id}/messages"
DM = "POST /users/@me/channels"


async def post(
    server: DiscordServer, channel: str = INTRODUCTIONS, token: str = TOKEN
) -> tuple[int, Mapping[str, str]]:
    """Post a message as a bare client; return the status and the headers."""
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bot {token}"}) as session,
        session.post(f"{server.api_url}/channels/{channel}/messages", json={"content": "Hello"}) as response,
    ):
        return response.status, response.headers


async def test_every_answer_tells_its_bucket(discord_server: DiscordServer) -> None:
    status, headers = await post(discord_server)

    assert status == 200
    assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset-After", "X-RateLimit-Bucket"} <= set(
        headers
    )
    assert headers["Content-Type"] == "application/json"


async def test_a_bucket_runs_dry_for_each_channel_alone_and_fills_with_the_clock(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    discord_server.rates.allow(POST, most=2, per=5.0)

    statuses = [(await post(discord_server))[0] for _ in range(2)]
    refused, headers = await post(discord_server)
    elsewhere, _ = await post(discord_server, RANDOM)
    discord_clock.move_to(discord_clock.now() + timedelta(seconds=5))
    later, _ = await post(discord_server)

    assert (statuses, refused, elsewhere, later) == ([200, 200], 429, 200, 200)
    assert (headers["X-RateLimit-Remaining"], headers["Retry-After"], headers["Via"]) == ("0", "5", "1.1 google")


async def test_discord_py_keeps_to_a_bucket_by_itself(discord_server: DiscordServer) -> None:
    discord_server.rates.allow(POST, most=2, per=0.05, real=True)
    async with rest_only(discord_server) as client:
        for number in range(5):
            await client.get_partial_messageable(int(INTRODUCTIONS)).send(f"{number}")

    assert [each.shown for each in discord_server.view.messages(INTRODUCTIONS)] == ["0", "1", "2", "3", "4"]
    assert [each.status for each in discord_server.world.called(POST)].count(200) == 5


async def test_all_requests_together_are_limited_globally_but_not_those_of_interactions(
    discord_server: DiscordServer,
) -> None:
    async with connected(discord_server):
        discord_server.rates.allow_overall(most=1)
        await post(discord_server)
        refused, headers = await post(discord_server)
        answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")
        discord_server.rates.off()

    assert (refused, headers["X-RateLimit-Global"], headers["X-RateLimit-Scope"]) == (429, "true", "global")
    assert answered.error is None


async def test_a_429_with_via_is_waited_for(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        discord_server.faults.next(POST, faults.limited(0.01), times=2)
        discord_server.faults.next(POST, faults.limited(0.01, is_global=True))
        await client.get_partial_messageable(int(INTRODUCTIONS)).send("Hello")

    assert [each.status for each in discord_server.world.called(POST)] == [429, 429, 429, 200]
    assert len(discord_server.world.invalid_requests) == 3


async def test_a_429_without_via_is_an_error_at_once(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        discord_server.faults.next(POST, faults.limited(60, via=False))
        with pytest.raises(discord.HTTPException) as refused:
            await client.get_partial_messageable(int(INTRODUCTIONS)).send("Hello")

    assert refused.value.status == 429
    assert refused.value.response.headers["Retry-After"] == "60"


async def test_a_wait_that_is_too_long_is_an_error_of_its_own(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        client.http.max_ratelimit_timeout = 30.0
        discord_server.faults.next(POST, faults.limited(3600))
        with pytest.raises(discord.RateLimited) as refused:
            await client.get_partial_messageable(int(INTRODUCTIONS)).send("Hello")

    assert refused.value.retry_after == 3600


async def test_a_proxys_503_is_an_error_at_once(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        discord_server.faults.next(POST, faults.status(503))
        with pytest.raises(discord.DiscordServerError):
            await client.get_partial_messageable(int(INTRODUCTIONS)).send("Hello")

    assert discord_server.faults.pending == 0


async def test_an_error_of_discords_own_can_be_asked_for(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        discord_server.faults.next(DM, faults.error(40003), recipient_id=BEN)
        await client.create_dm(discord.Object(int(ANA)))
        with pytest.raises(discord.Forbidden) as refused:
            await client.create_dm(discord.Object(int(BEN)))

    assert refused.value.code == 40003


async def test_an_answer_can_be_lost_after_the_message_was_posted(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        discord_server.faults.next(POST, faults.drop(after=True))
        channel = client.get_partial_messageable(int(INTRODUCTIONS))
        with pytest.raises(aiohttp.ClientError):
            await channel.send("Once", nonce="intro-77-a")
        await channel.send("Once", nonce="intro-77-a")

    assert len(discord_server.view.messages(INTRODUCTIONS)) == 1


async def test_a_connection_can_be_dropped_before_anything_was_done(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        discord_server.faults.next(POST, faults.drop())
        with pytest.raises(aiohttp.ClientError):
            await client.get_partial_messageable(int(INTRODUCTIONS)).send("Never")

    assert discord_server.view.messages(INTRODUCTIONS) == ()


@pytest.mark.parametrize(("after", "posted"), [(False, 0), (True, 1)])
async def test_an_answer_can_be_something_else_than_json(
    discord_server: DiscordServer, *, after: bool, posted: int
) -> None:
    async with rest_only(discord_server) as client:
        discord_server.faults.next(POST, faults.garbage(after=after))
        with pytest.raises(orjson.JSONDecodeError):
            await client.get_partial_messageable(int(INTRODUCTIONS)).send("Hello")

    assert len(discord_server.view.messages(INTRODUCTIONS)) == posted


@pytest.mark.parametrize(("after", "posted"), [(False, 0), (True, 1)])
async def test_an_answer_can_keep_one_waiting(discord_server: DiscordServer, *, after: bool, posted: int) -> None:
    async with rest_only(discord_server) as client:
        discord_server.faults.next(POST, faults.hang(after=after))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.get_partial_messageable(int(INTRODUCTIONS)).send("Hello")

    assert len(discord_server.view.messages(INTRODUCTIONS)) == posted


async def test_what_hung_goes_on_when_it_is_released(discord_server: DiscordServer) -> None:
    async with rest_only(discord_server) as client:
        discord_server.faults.next(POST, faults.hang())
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(client.get_partial_messageable(int(INTRODUCTIONS)).send("Hello"))
            await discord_server.world.pulse.until(lambda: not discord_server.faults.pending)
            assert not sending.done()
            discord_server.faults.release()

    assert len(discord_server.view.messages(INTRODUCTIONS)) == 1


async def test_a_request_without_the_token_is_refused(discord_server: DiscordServer) -> None:
    status, _ = await post(discord_server, token="wrong")

    assert status == 401
    assert [each.status for each in discord_server.world.invalid_requests] == [401]


async def test_a_route_that_is_not_there_is_not_taken_for_a_fault(discord_server: DiscordServer) -> None:
    with pytest.raises(ValueError, match="no route"):
        discord_server.faults.next("POST /channels/messages", faults.drop())


async def test_a_request_to_nowhere_and_one_of_a_wrong_shape_are_written_down(discord_server: DiscordServer) -> None:
    headers = {"Authorization": f"Bot {TOKEN}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(f"{discord_server.api_url}/nowhere") as nowhere:
            assert nowhere.status == 404
        url = f"{discord_server.api_url}/channels/{INTRODUCTIONS}/messages"
        async with session.post(url, json={"content": "x", "colour": "red"}) as misshapen:
            assert (misshapen.status, (await misshapen.json())["code"]) == (400, 50035)
        async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as broken:
            assert (broken.status, (await broken.json())["code"]) == (400, 50109)

    assert len(discord_server.world.take_violations()) == 2

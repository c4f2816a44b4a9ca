"""The line to Discord: one call is one request, and whatever becomes of it is a DeliveryError."""

import asyncio
from datetime import timedelta

import pytest
from discord.http import Route

from adapters.discord.line import Line, listed, text_at
from adapters.discord.rates import INVALID_WITHIN, MOST_INVALID
from adapters.local.clock import StoryClock
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Refusal
from tests.discord.adapting import WORKSPACE, Noted, calling
from tests.discord.cast import ANA, BEN, BOT, GUILD, INTRODUCTIONS
from tests.discord.faults import Fault, drop, garbage, limited, status
from tests.discord.pointing import pointed_at
from tests.discord.server import DiscordServer

MEMBER = "GET /guilds/{guild_id}/members/{user_id}"


def me() -> Route:
    return Route("GET", "/users/@me")


def member(user: str) -> Route:
    return Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=GUILD, user_id=user)


async def test_it_speaks_as_the_bot_and_knows_who_that_is(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    async with calling(discord_server, discord_clock) as line:
        assert [await line.me(WORKSPACE), await line.me(WORKSPACE)] == [BOT, BOT]

    assert len(discord_server.world.called("GET /users/@me")) == 1


@pytest.mark.parametrize("fault", [drop(), status(500), status(502), garbage()], ids=["cut", "500", "502", "garbage"])
async def test_what_would_be_there_twice_is_sent_once(
    discord_server: DiscordServer, discord_clock: StoryClock, fault: Fault
) -> None:
    path = "/channels/{channel_id}/threads"
    discord_server.faults.next(f"POST {path}", fault)
    async with calling(discord_server, discord_clock) as line:
        with pytest.raises(DeliveryDelayedError) as delayed:
            await line.call(WORKSPACE, Route("POST", path, channel_id=INTRODUCTIONS), {"name": "room", "type": 12})

    assert (delayed.value.wait, delayed.value.lost_answer) == (None, False)
    assert len(discord_server.world.called(f"POST {path}")) == 1


async def test_what_can_be_repeated_for_nothing_is_asked_again_when_a_line_that_was_open_is_cut(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    async with calling(discord_server, discord_clock) as line:
        await line.call(WORKSPACE, member(ANA))
        discord_server.faults.next(MEMBER, drop())

        assert await line.call(WORKSPACE, member(BEN))


async def test_where_nobody_listens_is_a_delay(discord_server: DiscordServer) -> None:
    line = Line("token", Noted())
    with pointed_at(discord_server):
        Route.BASE = "http://127.0.0.1:9/api/v10"
        with pytest.raises(DeliveryDelayedError) as delayed:
            await line.call(
                WORKSPACE, Route("POST", "/channels/{channel_id}/messages", channel_id=INTRODUCTIONS), {"content": "Hi"}
            )
    await line.close()

    assert not delayed.value.lost_answer


async def test_a_limit_that_ends_soon_is_waited_for_by_who_has_the_patience(discord_server: DiscordServer) -> None:
    line = Line(discord_server.world.application.token, Noted())
    with pointed_at(discord_server):
        discord_server.faults.next("*", limited(0.1))
        with pytest.raises(DeliveryDelayedError):
            await line.call(WORKSPACE, me())
        with pytest.raises(DeliveryDelayedError):
            await line.call(WORKSPACE, me(), patience=0.01)

        answer = await line.call(WORKSPACE, me(), patience=1.0)
    await line.close()

    assert text_at(answer, "id") == BOT
    assert len(discord_server.world.called("GET /users/@me")) == 2


async def test_a_call_that_is_broken_off_while_all_is_limited_does_not_stop_the_line_for_ever(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    """discord.py's own client keeps its global lock then (HTTPClient.request of 2.7.1)."""
    async with calling(discord_server, discord_clock) as line:
        discord_server.faults.next("*", limited(30, is_global=True))
        with pytest.raises(DeliveryDelayedError):
            async with asyncio.timeout(5):
                await line.call(WORKSPACE, me())
        discord_clock.move_to(discord_clock.now() + timedelta(seconds=30))

        assert await line.me(WORKSPACE) == BOT


async def test_before_an_address_is_banned_it_falls_silent(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    nobody = "999999999999999999"
    async with calling(discord_server, discord_clock) as line:
        discord_server.faults.next(MEMBER, Fault((403, {"code": 50001}, {})), times=MOST_INVALID, user_id=BEN)
        for _ in range(MOST_INVALID):
            with pytest.raises(DeliveryRefusedError):
                await line.call(WORKSPACE, member(BEN))
        with pytest.raises(DeliveryDelayedError) as silent:
            await line.call(WORKSPACE, member(nobody))
        discord_clock.move_to(discord_clock.now() + timedelta(seconds=INVALID_WITHIN))

        assert await line.call(WORKSPACE, member(ANA))

    assert silent.value.whole_workspace
    assert len(discord_server.world.invalid_requests) == MOST_INVALID


async def test_the_operator_hears_which_call_failed_without_anybodys_id(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    noted = Noted()
    async with calling(discord_server, discord_clock, telemetry=noted) as line:
        with pytest.raises(DeliveryRefusedError) as refused:
            await line.call(WORKSPACE, member("999999999999999999"))

    assert refused.value.reason is Refusal.UNREACHABLE
    assert noted.events == [("discord.call_failed", {"workspace": WORKSPACE, "method": MEMBER, "error": "code_10013"})]


@pytest.mark.parametrize("answer", [None, [], "text", {}, {"user": None}, {"user": {"id": ""}}, {"user": {"id": 5}}])
def test_an_answer_without_what_is_looked_for_is_a_delay(answer: object) -> None:
    with pytest.raises(DeliveryDelayedError):
        text_at(answer, "user", "id")


@pytest.mark.parametrize(("answer", "read"), [([{"id": "1"}, "2", None], [{"id": "1"}]), (None, []), ({}, [])])
def test_a_list_is_read_as_far_as_it_holds_objects(answer: object, read: list[object]) -> None:
    assert listed(answer) == read

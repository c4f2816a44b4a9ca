"""Interactions as signed requests: what Discord sends to an address, and what it makes of the answers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
from aiohttp import ClientSession, web

from tests.discord.cast import ANA, INTRODUCTIONS
from tests.discord.pointing import logged_in
from tests.discord.server import DiscordServer
from tests.discord.trial import Trial, connected, edge

Take = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def at(take: Take) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_post("/", take)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def registered(server: DiscordServer) -> None:
    async with logged_in(Trial(), server):
        return


async def test_an_address_that_answers_ping_and_refuses_forgeries_is_good(discord_server: DiscordServer) -> None:
    async with logged_in(Trial(), discord_server) as client, edge(client, discord_server.public_key) as url:
        assert await discord_server.deliver_by_http(url).verify() == []


async def test_an_address_that_believes_everything_is_not(discord_server: DiscordServer) -> None:
    async def believe(request: web.Request) -> web.Response:
        return web.json_response({"type": 1})

    async with at(believe) as url:
        faults = await discord_server.deliver_by_http(url).verify()

    assert len(faults) == 1
    assert "forged PING" in faults[0]


async def test_a_request_can_be_forged_stale_or_unsigned(discord_server: DiscordServer) -> None:
    async with logged_in(Trial(), discord_server) as client, edge(client, discord_server.public_key) as url:
        to = discord_server.deliver_by_http(url)
        body = orjson.dumps({"type": 1})
        forged = await to.post(body, headers=to.signed(body, forged=True))
        of_another_body = await to.post(body, headers=to.signed(b"{}"))
        stale = to.signed(body, at=1_000)
        signed = await to.post(body)

    assert (forged.status, of_another_body.status, signed.status) == (401, 401, 200)
    assert stale["X-Signature-Timestamp"] == "1000"


async def test_an_answer_may_stand_in_the_response_itself(discord_server: DiscordServer) -> None:
    await registered(discord_server)

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"type": 4, "data": {"content": "Here", "flags": 64}})

    async with at(answer) as url:
        discord_server.deliver_by_http(url)
        answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")

    assert (answered.kind, answered.error) == ("message", None)
    assert [each.shown for each in discord_server.view.ephemerals_of(ANA)] == ["Here"]


async def test_an_answer_that_is_too_much_is_refused_in_the_response_too(discord_server: DiscordServer) -> None:
    await registered(discord_server)

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"type": 4, "data": {"content": "x" * 2001}})

    async with at(answer) as url:
        discord_server.deliver_by_http(url)
        answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")

    assert answered.error == "The application did not respond"
    assert discord_server.world.take_violations()


async def test_an_answer_by_rest_counts_when_the_response_says_it_again(discord_server: DiscordServer) -> None:
    await registered(discord_server)

    async def answer_twice(request: web.Request) -> web.Response:
        said = {"type": 4, "data": {"content": "Here", "flags": 64}}
        asked = await request.json()
        url = f"{discord_server.api_url}/interactions/{asked['id']}/{asked['token']}/callback"
        async with ClientSession() as session, session.post(url, json=said) as response:
            assert response.status == 204
        return web.json_response(said)

    async with at(answer_twice) as url:
        discord_server.deliver_by_http(url)
        answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")

    assert answered.error is None
    assert len(discord_server.view.ephemerals_of(ANA)) == 1


async def test_an_address_that_fails_or_is_not_there_is_told_to_the_person(discord_server: DiscordServer) -> None:
    await registered(discord_server)

    async def fail(request: web.Request) -> web.Response:
        return web.Response(status=500)

    async with at(fail) as url:
        discord_server.deliver_by_http(url)
        failed = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")
    gone = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")

    assert failed.error == gone.error == "The application did not respond"


async def test_the_application_tells_its_address_until_the_gateway_takes_over(discord_server: DiscordServer) -> None:
    discord_server.deliver_by_http("http://127.0.0.1:9/")
    async with logged_in(Trial(), discord_server) as client:
        told = await client.application_info()
        assert told.interactions_endpoint_url == "http://127.0.0.1:9/"

    discord_server.deliver_by_gateway()
    async with connected(discord_server):
        answered = await discord_server.people.slash(ANA, INTRODUCTIONS, "find", words="oven")

    assert answered.error is None

"""Socket Mode, with Slack's own client: tickets, envelopes, refreshes, refusals and cut wires."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.cast import ANA, APP_TOKEN, INTRODUCTIONS
from tests.slack.samples import refusal
from tests.slack.server import SlackServer


class Listener:
    """A client that acknowledges all, and keeps what came."""

    def __init__(self, slack: SlackServer, ping: float = 5.0) -> None:
        web = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
        self.client = SocketModeClient(APP_TOKEN, web_client=web, ping_interval=ping)
        self.client.socket_mode_request_listeners.append(self._take)
        self.requests: list[SocketModeRequest] = []
        self.payload: dict[str, Any] | None = None

    async def connect(self) -> None:
        await self.client.connect()  # type: ignore[no-untyped-call] # slack_sdk gives it no type

    async def close(self) -> None:
        await self.client.close()  # type: ignore[no-untyped-call] # nor this

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.payload))


@asynccontextmanager
async def connected(listening: Listener, slack: SlackServer) -> AsyncIterator[Listener]:
    slack.deliver_by_socket()
    await listening.connect()
    await slack.sockets.connected()
    try:
        yield listening
    finally:
        await listening.close()


@pytest.fixture
async def listener(slack: SlackServer) -> AsyncIterator[Listener]:
    async with connected(Listener(slack), slack) as listening:
        yield listening


@pytest.fixture
async def watchful(slack: SlackServer) -> AsyncIterator[Listener]:
    """One that looks after its connection five times a second."""
    async with connected(Listener(slack, ping=0.2), slack) as listening:
        yield listening


async def test_an_envelope_is_taken_and_its_acknowledgement_carries_the_reply(
    slack: SlackServer, listener: Listener
) -> None:
    listener.payload = {"text": "Here you are"}

    answered = await slack.people.slash(ANA, INTRODUCTIONS, "/refer", "@Ben Okafor")

    (request,) = listener.requests
    assert (request.type, request.payload["text"], request.accepts_response_payload) == (
        "slash_commands",
        "<@U0BEN|ben>",
        True,
    )
    assert answered.body == {"text": "Here you are"}
    assert [seen.text for seen in slack.world.in_view(ANA)] == ["Here you are"]


async def test_an_event_says_how_often_it_was_tried(slack: SlackServer, listener: Listener) -> None:
    await slack.people.again(await slack.people.open_home(ANA))

    tried = [(request.retry_attempt, request.retry_reason) for request in listener.requests]
    assert tried == [(0, ""), (1, "http_timeout")]


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_client_that_is_told_to_refresh_comes_back_with_a_new_ticket(
    slack: SlackServer, listener: Listener, reason: str
) -> None:
    await slack.sockets.refresh(reason)
    await slack.sockets.reconnected(2)

    await slack.people.open_home(ANA)

    assert (slack.sockets.tickets_issued, len(listener.requests)) == (2, 1)


async def test_a_client_whose_wire_was_cut_comes_back(slack: SlackServer, watchful: Listener) -> None:
    await slack.sockets.cut()

    await slack.sockets.reconnected(2)

    assert slack.sockets.connections == 1


async def test_a_client_that_hears_no_pong_takes_the_wire_for_dead(slack: SlackServer, watchful: Listener) -> None:
    slack.sockets.mute = True

    await slack.sockets.reconnected(2)

    assert slack.sockets.tickets_issued >= 2


async def test_a_refused_handshake_spends_its_ticket(slack: SlackServer) -> None:
    slack.sockets.refuse(1)
    web = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    url = (await web.apps_connections_open(app_token=APP_TOKEN))["url"]

    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(url)
            assert refused.value.status == 408

    assert slack.sockets.handshakes == 0


async def test_a_ticket_opens_one_connection(slack: SlackServer) -> None:
    web = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    url = (await web.apps_connections_open(app_token=APP_TOKEN))["url"]

    async with aiohttp.ClientSession() as session:
        first = await session.ws_connect(url)
        hello = await first.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        await first.close()

    assert (hello["type"], hello["num_connections"]) == ("hello", 1)


async def test_the_trap_of_a_spent_ticket_is_here_too(slack: SlackServer) -> None:
    """The client asks for no new ticket after a refusal (facts: T6), until somebody clears its address."""
    listening = Listener(slack, ping=0.2)
    slack.sockets.refuse(1)
    async with asyncio.TaskGroup() as group:
        connecting = group.create_task(listening.connect())
        await slack.sockets.turned_away(3)
        issued = slack.sockets.tickets_issued
        listening.client.wss_uri = None
        await slack.sockets.connected()
        await connecting
    await listening.close()

    assert (issued, slack.sockets.tickets_issued) == (1, 2)


async def test_the_wrong_token_and_a_missing_scope_open_nothing(slack: SlackServer) -> None:
    web = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    assert await refusal(web.apps_connections_open(app_token="xapp-nobody")) == "invalid_auth"

    slack.world.set_scopes(APP_TOKEN, [])
    assert await refusal(web.apps_connections_open(app_token=APP_TOKEN)) == "missing_scope"


async def test_without_a_connection_the_person_sees_an_error_and_an_event_waits(slack: SlackServer) -> None:
    slack.deliver_by_socket()

    answered = await slack.people.slash(ANA, INTRODUCTIONS, "/refer")
    await slack.people.open_home(ANA)

    assert answered.error == "dispatch_failed"
    assert len(slack.people.untaken) == 1


async def test_each_payload_goes_to_one_of_several_connections(slack: SlackServer, listener: Listener) -> None:
    other = Listener(slack)
    await other.connect()
    await slack.sockets.connected(2)

    for _ in range(4):
        await slack.people.slash(ANA, INTRODUCTIONS, "/refer")
    await other.close()

    assert (len(listener.requests), len(other.requests)) == (2, 2)


async def test_an_acknowledgement_of_nothing_is_written_down(slack: SlackServer, listener: Listener) -> None:
    await listener.client.send_socket_mode_response(SocketModeResponse("envelope-404"))
    await slack.people.slash(ANA, INTRODUCTIONS, "/refer")  # comes after it on the same wire

    assert slack.world.take_violations() == ["socket mode: an acknowledgement of nothing: ['envelope_id']"]

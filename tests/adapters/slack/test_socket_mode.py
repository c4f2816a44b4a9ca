"""Socket Mode against a Slack that refreshes, refuses, falls silent and goes away."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from adapters.slack.socket_mode import Pace, SocketMode
from tests.slack.cast import ANA, APP_TOKEN, DAVID, INTRODUCTIONS
from tests.slack.club import QUICK, Club
from tests.slack.delivering import EVENTS, Delivery
from tests.slack.faults import error, status


async def test_an_answer_travels_back_over_the_socket(socket_club: Club) -> None:
    answered = await socket_club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")

    assert answered.error is None
    assert answered.body["response_type"] == "ephemeral"


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_it_connects_anew_when_slack_says_that_the_connection_ends(socket_club: Club, reason: str) -> None:
    sockets = socket_club.server.sockets

    await sockets.refresh(reason)
    await sockets.reconnected(2)
    answered = await socket_club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")

    assert answered.error is None
    assert sockets.tickets_issued == 2


async def test_it_connects_anew_after_the_wire_was_cut(socket_club: Club) -> None:
    sockets = socket_club.server.sockets

    await sockets.cut()
    await sockets.reconnected(2)

    assert (await socket_club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")).error is None


async def test_it_connects_anew_when_nothing_comes_back(socket_club: Club) -> None:
    sockets = socket_club.server.sockets

    sockets.mute = True
    await _until(lambda: sockets.handshakes > 1)
    sockets.mute = False
    await sockets.connected()

    assert (await socket_club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")).error is None


@pytest.mark.parametrize("fault", [status(503), error("internal_error"), error("ratelimited")])
async def test_it_goes_on_asking_when_slack_gives_no_address(socket_club: Club, fault: object) -> None:
    sockets = socket_club.server.sockets
    socket_club.server.faults.next("apps.connections.open", fault, times=2)  # type: ignore[arg-type] # any Fault

    await sockets.cut()
    await sockets.reconnected(2)

    assert sockets.connections == 1


async def test_readiness_says_whether_the_connection_stands(socket_club: Club) -> None:
    socket, sockets = socket_club.socket, socket_club.server.sockets
    assert socket is not None
    await _until(lambda: socket.is_connected)

    sockets.refuse(1_000)
    await sockets.cut()
    await _until(lambda: not socket.is_connected)
    sockets._refusals = 0
    await _until(lambda: socket.is_connected)

    names = [name for name, _ in socket_club.noted.events if name.startswith("slack.")]
    assert names[:2] == ["slack.connected", "slack.disconnected"]
    assert names[-1] == "slack.connected"


async def test_what_is_no_payload_of_slacks_is_not_acknowledged_and_hurts_nobody(socket_club: Club) -> None:
    people = socket_club.server.people
    people.patience = 0.2

    ack = await people.transport.send(Delivery(EVENTS, {"type": 5}), 0.2)
    people.patience = 5.0

    assert ack.problem == "timeout"
    assert (await people.slash(ANA, INTRODUCTIONS, "/intros", "help")).error is None


async def test_told_to_stop_it_finishes_what_is_in_hand_and_takes_nothing_more(
    socket_club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, slack = socket_club.server, socket_club.slack
    begun, go_on, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
    handle = socket_club.bot.handle

    async def slowly(inbound: object) -> object:
        begun.set()
        await go_on.wait()
        return await handle(inbound)  # type: ignore[arg-type] # what came is passed on

    monkeypatch.setattr(socket_club.bot, "handle", slowly)
    assert socket_club.socket is not None
    second = SocketMode(
        line=slack.line,
        app_token=APP_TOKEN,
        take=socket_club.app.take,
        background=slack.background,
        telemetry=socket_club.noted,
        pace=Pace(look=0.01, patience=QUICK.patience, ping=QUICK.ping),
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(second.run(stop))
        await server.sockets.connected(2)
        typing = tasks.create_task(server.people.slash(DAVID, INTRODUCTIONS, "/intros", "settings"))
        other = tasks.create_task(server.people.slash(DAVID, INTRODUCTIONS, "/intros", "help"))
        await begun.wait()
        stop.set()
        go_on.set()
        answered = await typing, await other
        await server.sockets.connected(1)

    assert [one.error for one in answered] == [None, None]
    await socket_club.wait(timedelta(0))


async def _until(holds: Callable[[], bool]) -> None:
    """Come back whenever the loop does, until it holds or a deadline is over."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 -- the library tells nobody of its state
            await asyncio.sleep(0.01)

"""The line to Slack: one session for everything, a time-out that holds, no resending, and tokens kept apart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.local.clock import StoryClock
from adapters.slack.access import OneWorkspace, stored_in
from adapters.slack.authorising import Authorising
from adapters.slack.clients import MOST_CLIENTS, Calls, Clients, Line, text_at
from adapters.slack.ids import OrgWideInstallError
from adapters.slack.rates import Buckets
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.gateway import DeliveryDelayedError
from bot.ports.installs import Installation
from storage.runner import open_runner
from storage.store import SqlStore
from storage.vault import Vault
from tests.adapters.slack.posting import CHANNEL, Office
from tests.slack.adapting import WORKSPACE, GivenTokens, Noted, calling
from tests.slack.cast import BOT_TOKEN, BOT_USER, INTRODUCTIONS, TEAM
from tests.slack.faults import Fault, drop, error, hang, status
from tests.slack.server import SlackServer

ELSEWHERE = WorkspaceId("slack:T9")


class Wire:
    """A TCP relay before a server, which counts the connections that were made through it."""

    def __init__(self, port: int) -> None:
        self.connections = 0
        self._port = port

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_copy(reader, far_writer))
                both.create_task(_copy(far_reader, writer))
        finally:
            far_writer.close()
            writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def wired(slack: SlackServer) -> AsyncIterator[tuple[Wire, str]]:
    """Put a relay before Slack, and tell its address."""
    wire = Wire(int(slack.url.rpartition(":")[2]))
    server = await asyncio.start_server(wire.relay, "127.0.0.1", 0)
    async with server:
        yield wire, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"


async def say(calls: Calls, text: str = "Hello.", workspace: WorkspaceId = WORKSPACE) -> None:
    await calls.make(
        workspace, "chat.postMessage", lambda client: client.chat_postMessage(channel=INTRODUCTIONS, text=text)
    )


# T7


async def test_all_calls_of_all_workspaces_share_one_connection(slack: SlackServer) -> None:
    slack.world.add_channel("C9", "theirs", {"U9TWOYES"}, team="T9")
    tokens = GivenTokens({WORKSPACE: BOT_TOKEN, ELSEWHERE: slack.world.install("T9")})

    async with wired(slack) as (wire, address), calling(slack, tokens=tokens, address=address) as (calls, _):
        for number in range(20):
            await say(calls, f"Message {number}.")
        await calls.make(ELSEWHERE, "chat.postMessage", lambda c: c.chat_postMessage(channel="C9", text="Hello."))

        assert wire.connections == 1
    assert len(slack.world.called("chat.postMessage")) == 21


async def test_the_session_is_opened_when_it_is_needed_and_closed_with_the_line(slack: SlackServer) -> None:
    line = Line(slack.api_url)
    untouched = line._session

    session = line.session()
    await line.close()

    assert untouched is None
    assert session.closed
    assert line.client(BOT_TOKEN).session is session


async def test_a_line_that_was_never_used_closes_too() -> None:
    await Line().close()


async def test_a_call_is_given_up_after_its_time(slack: SlackServer) -> None:
    slack.faults.next("chat.postMessage", hang())

    async with calling(slack, within=0.1) as (calls, _):
        with pytest.raises(DeliveryDelayedError):
            async with asyncio.timeout(5):
                await say(calls)


def test_calls_end_before_the_courier_stops_waiting_for_them() -> None:
    timeout = Line()._timeout

    assert timeout.total is not None
    assert timeout.total < 10


@pytest.mark.parametrize("fault", [drop(), drop(after=True), status(500), error("ratelimited")])
async def test_nothing_is_resent_by_itself_also_not_on_a_connection_that_was_used_before(
    office: Office, fault: Fault
) -> None:
    await office.deliver(CHANNEL, key="post/1")
    office.slack.faults.next("chat.postMessage", fault)

    await office.delayed(CHANNEL, key="post/2")

    assert office.count("chat.postMessage") == 2
    assert office.calls.line.client(BOT_TOKEN).retry_handlers == []


# T5


async def test_each_workspace_is_spoken_to_with_its_own_token(slack: SlackServer) -> None:
    slack.world.add_channel("C9", "theirs", {"U9TWOYES"}, team="T9")
    tokens = GivenTokens({WORKSPACE: BOT_TOKEN, ELSEWHERE: slack.world.install("T9")})

    async with calling(slack, tokens=tokens) as (calls, _), asyncio.TaskGroup() as at_once:
        for _ in range(5):
            at_once.create_task(say(calls))
            at_once.create_task(_say_there(calls))

    assert [call.team for call in slack.world.calls].count(TEAM) == 5
    assert all(call.error == "" for call in slack.world.calls)


async def _say_there(calls: Calls) -> None:
    await calls.make(ELSEWHERE, "chat.postMessage", lambda c: c.chat_postMessage(channel="C9", text="Hello."))


async def test_one_client_is_kept_for_each_token_and_no_more_than_so_many(slack: SlackServer) -> None:
    line = Line(slack.api_url)
    first = line.client("xoxb-0")

    for number in range(MOST_CLIENTS + 1):
        line.client(f"xoxb-{number}")

    assert line.client(f"xoxb-{MOST_CLIENTS}") is line.client(f"xoxb-{MOST_CLIENTS}")
    assert len(line._clients) == MOST_CLIENTS
    assert line.client("xoxb-0") is not first
    await line.close()


async def test_cookies_of_one_workspace_do_not_travel_to_another(slack: SlackServer) -> None:
    line = Line(slack.api_url)
    line.session().cookie_jar.update_cookies({"d": "somebody"})

    assert len(list(line.session().cookie_jar)) == 0
    await line.close()


# one token, whose workspace Slack tells


async def test_the_workspace_of_a_single_token_is_asked_for_once(slack: SlackServer) -> None:
    line = Line(slack.api_url)
    home = OneWorkspace(line, BOT_TOKEN)

    async with asyncio.TaskGroup() as at_once:
        asked = [at_once.create_task(home.find(WORKSPACE)) for _ in range(5)]
    elsewhere = await home.find(ELSEWHERE)

    found = {task.result() for task in asked}
    (access,) = found
    assert access is not None
    assert (access.token, access.bot_user, elsewhere) == (BOT_TOKEN, BOT_USER, None)
    assert len(slack.world.called("auth.test")) == 1
    await line.close()


async def test_the_workspace_of_a_token_is_asked_for_again_after_a_failure(slack: SlackServer) -> None:
    line = Line(slack.api_url)
    home = OneWorkspace(line, BOT_TOKEN)
    slack.faults.next("auth.test", status(500))
    with pytest.raises(DeliveryDelayedError):
        await home.find(WORKSPACE)

    assert (await home.home())[0] == WORKSPACE
    await line.close()


async def test_a_token_of_a_whole_organisation_is_not_taken(slack: SlackServer) -> None:
    line = Line(slack.api_url)
    slack.faults.next("auth.test", error("", ok=True, is_enterprise_install=True, team_id="T1", user_id="U0TWOYES"))

    with pytest.raises(OrgWideInstallError):
        await OneWorkspace(line, BOT_TOKEN).home()
    await line.close()


# tokens in the store


async def test_a_stored_token_is_used_until_slack_refuses_it_and_the_next_one_at_once(
    slack: SlackServer, slack_clock: StoryClock, migrated_sqlite: str, vault: Vault
) -> None:
    store = SqlStore(open_runner(migrated_sqlite), vault)
    tokens = Authorising(stored_in(store), slack_clock)
    line = Line(slack.api_url)
    calls = Calls(Clients(line, tokens), Noted(), Buckets())
    await _added(store, BOT_TOKEN, slack_clock)
    await say(calls, "With the first token.")
    slack.world.revoke(BOT_TOKEN)
    await _added(store, slack.world.install(TEAM), slack_clock)

    with pytest.raises(DeliveryDelayedError):
        await say(calls, "With the first token still.")
    await say(calls, "With the second token.")

    assert [seen.text for seen in slack.world.messages(INTRODUCTIONS)] == [
        "With the first token.",
        "With the second token.",
    ]
    await line.close()
    await store.close()


async def test_a_workspace_that_is_not_stored_has_no_access(migrated_sqlite: str, vault: Vault) -> None:
    store = SqlStore(open_runner(migrated_sqlite), vault)

    assert await stored_in(store)(WORKSPACE) is None
    await store.close()


async def _added(store: SqlStore, token: str, clock: StoryClock) -> None:
    added = Installation(WORKSPACE, token, UserId(BOT_USER), None, clock.now())
    await store.run(lambda tx: tx.installations.save(added))


# answers


@pytest.mark.parametrize("answer", [{}, {"channel": "C1"}, {"channel": {"id": ""}}, {"channel": {"id": 5}}])
def test_an_answer_that_says_too_little_is_a_call_to_make_again(answer: dict[str, object]) -> None:
    with pytest.raises(DeliveryDelayedError) as delayed:
        text_at(answer, "channel", "id", lost_answer=True)

    assert delayed.value.lost_answer


async def test_an_answer_that_is_no_object_is_one_that_was_lost(office: Office) -> None:
    office.slack.faults.next("chat.postMessage", error("", ok=True))

    delayed = await office.delayed(CHANNEL)

    assert delayed.lost_answer

"""The seven traps of facts/slack.md, each of which the plain libraries fall into."""

import pytest
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.authorising import Access, Authorising
from adapters.slack.clients import Line
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.store import Transaction
from storage.errors import StorageError
from tests.slack.cast import ANA, BOT_TOKEN, DAVID, INTRODUCTIONS
from tests.slack.club import WORKSPACE, Club
from tests.slack.faults import error, hang
from tests.slack.server import SlackServer


async def test_t1_an_answer_is_not_lost_when_something_fails_right_after_it(club: Club) -> None:
    people, world = club.server.people, club.server.world
    await people.slash(DAVID, INTRODUCTIONS, "/intros", "settings")
    await club.settled()
    (hello,) = [seen for seen in world.in_view(ANA) if seen.buttons]
    club.server.faults.next("chat.postEphemeral", error("fatal_error"))

    answered = await people.press(ANA, hello, "Join")
    await club.settled()

    assert (answered.error, world.complaints) == (None, [])
    assert "background.left_undone" in [name for name, _ in club.noted.events]


async def test_t1_a_command_that_fails_is_answered_at_once_with_a_failure(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_inbound: object) -> None:
        raise StorageError("what it was about")

    monkeypatch.setattr(club.bot, "handle", broken)
    club.server.people.patience = 0.3 if club.socket else 5.0

    answered = await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")

    assert answered.error is not None
    assert answered.status == (0 if club.socket else 500)  # over a socket, no answer is the failure
    assert answered.body is None
    assert "what it was about" not in str(club.noted.events)


async def test_t2_an_event_that_is_delivered_again_changes_nothing(club: Club) -> None:
    people = club.server.people
    await people.slash(DAVID, INTRODUCTIONS, "/intros", "settings")
    gone = await people.user_changed(ANA, deleted=True)
    before = await club.store.run(_everything)

    for _ in range(3):
        await people.again(gone)

    assert await club.store.run(_everything) == before


async def test_t2_a_command_that_is_delivered_again_gets_the_first_answer(club: Club) -> None:
    people = club.server.people
    await people.slash(DAVID, INTRODUCTIONS, "/intros", "settings")
    await people.slash(ANA, INTRODUCTIONS, "/intros", "join")
    first = await people.slash(ANA, INTRODUCTIONS, "/ask", "a tax adviser for non-profits")
    before = await club.store.run(_everything)

    second = await people.again(first)

    assert second.body == first.body
    assert await club.store.run(_everything) == before


async def test_t3_an_event_that_could_not_be_stored_is_not_taken_and_comes_again(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = club.server.people
    departed, is_broken = club.bot.departed, [True]

    async def departing(workspace: WorkspaceId, **more: object) -> None:
        if is_broken.pop():
            raise StorageError("away")
        await departed(workspace)

    monkeypatch.setattr(club.bot, "departed", departing)
    is_broken.insert(0, False)
    people.patience = 0.3 if club.socket else 5.0

    answered = await people.event({"type": "app_uninstalled"})
    people.patience = 5.0
    retried = await people.retry_events()

    assert answered.status != 200
    assert [again.status for again in retried] == [200]
    gone = await club.store.run(lambda tx: tx.workspaces.get(WORKSPACE))
    assert gone is None or gone.departed_at is not None


async def test_t4_no_request_asks_slack_whose_token_it_has(club: Club) -> None:
    for _ in range(5):
        await club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")

    assert len(club.server.world.called("auth.test")) == (1 if club.socket else 0)


async def test_t5_what_is_kept_for_a_workspace_holds_no_persons_token(club: Club) -> None:
    async def find(_workspace: WorkspaceId) -> Access:
        return Access(BOT_TOKEN, UserId("U0TWOYES"))

    authorising = Authorising(find, club.clock)

    results = [
        await authorising(context=AsyncBoltContext(), enterprise_id=None, team_id="T1", user_id=user)
        for user in ("U0ANA", "U0BEN", "U0ANA")
    ]

    assert [result.user_id for result in results] == ["U0ANA", "U0BEN", "U0ANA"]
    assert {(result.bot_token, result.user_token) for result in results} == {(BOT_TOKEN, None)}
    assert BOT_TOKEN not in repr(Access(BOT_TOKEN, UserId("U0TWOYES")))


async def test_t6_a_connection_whose_ticket_is_spent_asks_for_another(socket_club: Club) -> None:
    sockets = socket_club.server.sockets
    issued = sockets.tickets_issued

    sockets.refuse(1)
    await sockets.cut()
    await sockets.reconnected(2)

    answered = await socket_club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")
    assert answered.error is None
    assert sockets.tickets_issued > issued + 1


async def test_t7_a_call_that_hangs_ends_although_the_session_is_shared(slack: SlackServer) -> None:
    line = Line(slack.api_url, within=0.2)
    slack.faults.next("auth.test", hang())

    with pytest.raises(TimeoutError):
        await line.client(BOT_TOKEN).auth_test()

    assert line.client(BOT_TOKEN).session is line.client().session
    await line.close()


def _everything(tx: Transaction) -> object:
    """Return what there is, as far as a repeat could change it."""
    groups = tx.groups.all()
    return (groups, tx.records.events(), tx.outbox.next_due(), [tx.members.of_group(group.id) for group in groups])

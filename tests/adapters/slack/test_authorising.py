"""Tokens are asked of the store, kept for a minute at most, and dropped when they are said to be gone."""

from datetime import timedelta

import pytest
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.local.clock import StoryClock
from adapters.reading import NotUnderstoodError
from adapters.slack import authorising as module
from adapters.slack.authorising import KEPT, Access, Authorising, NotAddedError
from bot.domain.ids import UserId, WorkspaceId

HOME, OTHER = WorkspaceId("slack:T1"), WorkspaceId("slack:T2")


class Stored:
    """Tokens by workspace, and how often they were asked for."""

    def __init__(self, *workspaces: WorkspaceId) -> None:
        self.tokens = {workspace: f"xoxb-{workspace}" for workspace in workspaces}
        self.asked: list[WorkspaceId] = []

    async def find(self, workspace: WorkspaceId) -> Access | None:
        self.asked.append(workspace)
        token = self.tokens.get(workspace)
        return Access(token, UserId("U0BOT")) if token else None


async def test_a_token_is_looked_up_once_a_minute() -> None:
    stored, clock = Stored(HOME), StoryClock()
    tokens = Authorising(stored.find, clock)

    for _ in range(3):
        assert await tokens.token_of(HOME) == "xoxb-slack:T1"
    clock.move_to(clock.now() + KEPT)
    await tokens.token_of(HOME)

    assert timedelta(seconds=60) >= KEPT
    assert stored.asked == [HOME, HOME]


async def test_a_removal_elsewhere_is_noticed_within_that_minute() -> None:
    stored, clock = Stored(HOME), StoryClock()
    tokens = Authorising(stored.find, clock)
    await tokens.token_of(HOME)

    stored.tokens.clear()
    clock.move_to(clock.now() + KEPT)

    assert await tokens.token_of(HOME) is None


async def test_what_is_dropped_is_looked_up_at_once() -> None:
    stored = Stored(HOME)
    tokens = Authorising(stored.find, StoryClock())
    await tokens.token_of(HOME)

    stored.tokens[HOME] = "xoxb-new"
    tokens.drop(HOME)
    tokens.drop(OTHER)

    assert await tokens.token_of(HOME) == "xoxb-new"


async def test_a_workspace_without_the_bot_is_asked_for_each_time_so_that_an_install_holds_at_once() -> None:
    stored = Stored()
    tokens = Authorising(stored.find, StoryClock())

    assert await tokens.token_of(HOME) is None
    stored.tokens[HOME] = "xoxb-1"

    assert await tokens.token_of(HOME) == "xoxb-1"


async def test_no_more_than_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    workspaces = [WorkspaceId(f"slack:T{number}") for number in range(5)]
    stored = Stored(*workspaces)
    tokens = Authorising(stored.find, StoryClock())

    for workspace in (*workspaces, workspaces[-1], workspaces[0]):
        await tokens.token_of(workspace)

    assert stored.asked == [*workspaces, workspaces[0]]


async def test_bolt_gets_a_bots_token_or_hears_that_there_is_none() -> None:
    tokens = Authorising(Stored(HOME).find, StoryClock())
    context = AsyncBoltContext()

    result = await tokens(context=context, enterprise_id=None, team_id="T1", user_id="U1")

    assert (result.bot_token, result.user_token, result.bot_user_id) == ("xoxb-slack:T1", None, "U0BOT")
    with pytest.raises(NotAddedError):
        await tokens(context=context, enterprise_id=None, team_id="T2", user_id="U1")
    with pytest.raises(NotAddedError):
        await tokens(context=context, enterprise_id="E1", team_id=None, user_id="U1")
    with pytest.raises(NotUnderstoodError):
        await tokens(context=context, enterprise_id=None, team_id=None, user_id="U1")

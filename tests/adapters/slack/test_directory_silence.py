"""The people of a workspace while Slack does not say who they are: what is known still, and how long a click waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from adapters.acquaintances import FRESH, STALE
from adapters.local.clock import StoryClock
from adapters.slack.directory import SlackDirectory
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Person
from storage.errors import DatabaseUnavailableError
from tests.adapters.slack.posting import Office
from tests.slack.adapting import WORKSPACE, GivenTokens, calling
from tests.slack.cast import (
    ANA,
    BEN,
    CARLA,
    DAVID,
)
from tests.slack.faults import Fault, drop, error, garbage, hang, ratelimited, status
from tests.slack.server import SlackServer


@pytest.fixture
def directory(office: Office) -> SlackDirectory:
    return SlackDirectory(office.calls, office.clock)


async def look_up(directory: SlackDirectory, *users: str) -> dict[UserId, Person]:
    return dict(await directory.look_up(WORKSPACE, [UserId(user) for user in users]))


async def one(directory: SlackDirectory, user: str) -> Person:
    return (await look_up(directory, user))[UserId(user)]


def asked(office: Office) -> list[str]:
    """Return who was asked about, in order."""
    return [str(call.args["user"]) for call in office.slack.world.called("users.info")]


# when Slack does not say

SILENCE: dict[str, Fault] = {
    "too many requests": ratelimited(60),
    "a server error": status(500),
    "a lost connection": drop(),
    "an answer that is no JSON": garbage(),
    "a missing scope": error("missing_scope"),
    "a revoked token": error("token_revoked"),
}


@pytest.mark.parametrize("fault", SILENCE.values(), ids=SILENCE.keys())
async def test_who_was_known_a_while_ago_is_known_still(
    office: Office, directory: SlackDirectory, fault: Fault
) -> None:
    before = await look_up(directory, DAVID)
    office.pass_time(FRESH)
    office.slack.faults.next("users.info", fault, times=9)

    assert await look_up(directory, DAVID) == before
    assert await directory.is_admin(WORKSPACE, UserId(DAVID))


@pytest.mark.parametrize("fault", SILENCE.values(), ids=SILENCE.keys())
async def test_who_was_never_known_is_left_out_and_runs_nothing(
    office: Office, directory: SlackDirectory, fault: Fault
) -> None:
    await look_up(directory, ANA)
    office.slack.faults.next("users.info", fault, times=9, user=DAVID)

    assert set(await look_up(directory, ANA, DAVID)) == {ANA}
    assert not await directory.is_admin(WORKSPACE, UserId(DAVID))


async def test_who_was_known_long_ago_is_known_no_more(office: Office, directory: SlackDirectory) -> None:
    await look_up(directory, DAVID)
    office.pass_time(STALE)
    office.slack.faults.next("users.info", status(500), times=9)

    assert await look_up(directory, DAVID) == {}
    assert not await directory.is_admin(WORKSPACE, UserId(DAVID))


async def test_after_a_429_nobody_is_asked_about_until_slack_allows_it(
    office: Office, directory: SlackDirectory
) -> None:
    office.slack.faults.next("users.info", ratelimited(60))
    await look_up(directory, ANA)
    office.pass_time(timedelta(seconds=59))
    early = await look_up(directory, ANA, BEN)

    office.pass_time(timedelta(seconds=1))
    later = await look_up(directory, ANA, BEN)

    assert (early, set(later)) == ({}, {ANA, BEN})
    assert len(asked(office)) == 3


@asynccontextmanager
async def impatient(office: Office, within: float = 0.1) -> AsyncIterator[SlackDirectory]:
    yield SlackDirectory(office.calls, office.clock, within=within)
    office.slack.faults.release()


async def test_a_click_waits_for_a_silent_slack_once_and_not_for_long(office: Office) -> None:
    office.slack.faults.next("users.info", hang(), times=9)

    async with impatient(office) as directory, asyncio.timeout(5):
        found = [await look_up(directory, ANA), await look_up(directory, ANA, BEN)]
        runs_it = await directory.is_admin(WORKSPACE, UserId(DAVID))

    assert (found, runs_it) == ([{}, {}], False)
    assert asked(office) == [ANA]


async def test_those_who_were_found_out_in_time_are_told_without_the_one_who_was_not(office: Office) -> None:
    office.slack.faults.next("users.info", hang(), user=BEN)

    async with impatient(office, within=1.0) as directory:
        found = await look_up(directory, ANA, BEN, CARLA)

    assert set(found) == {ANA, CARLA}


async def test_a_click_that_is_called_off_leaves_the_next_one_free_to_ask(
    office: Office, directory: SlackDirectory
) -> None:
    office.slack.faults.next("users.info", hang())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await look_up(directory, ANA)

    assert set(await look_up(directory, ANA)) == {ANA}


async def test_a_database_that_is_away_is_told_as_what_it_is(slack: SlackServer, slack_clock: StoryClock) -> None:
    class Away(GivenTokens):
        async def token_of(self, workspace: WorkspaceId) -> str | None:
            raise DatabaseUnavailableError

    async with calling(slack, tokens=Away()) as (calls, _):
        with pytest.raises(DatabaseUnavailableError):
            await look_up(SlackDirectory(calls, slack_clock), ANA, BEN)

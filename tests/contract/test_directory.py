"""The contract of every directory: what may be asked about the people of a workspace, and what comes back."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from adapters.discord.directory import DiscordDirectory
from adapters.local.clock import StoryClock
from adapters.local.directory import LocalDirectory
from adapters.local.people import ANA, EVERYBODY, FELIX, THE_BOT
from adapters.local.room import WORKSPACE, LocalRoom
from adapters.slack.directory import SlackDirectory
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Directory
from tests.discord import cast as discord_cast
from tests.discord.adapting import WORKSPACE as WORKSPACE_THERE
from tests.discord.adapting import calling as calling_discord
from tests.discord.server import DiscordServer
from tests.slack import cast
from tests.slack.adapting import calling
from tests.slack.server import SlackServer

NOBODY = UserId("U0NOBODY")


@dataclass(frozen=True)
class Bench:
    """A directory, and who is in it."""

    directory: Directory
    workspace: WorkspaceId
    somebody: UserId
    their_name: str
    a_bot: UserId
    deactivated: UserId


@asynccontextmanager
async def local_bench() -> AsyncIterator[Bench]:
    directory = LocalDirectory(LocalRoom(EVERYBODY, StoryClock()))
    yield Bench(directory, WORKSPACE, ANA, "Ana Duarte", THE_BOT, FELIX)


@asynccontextmanager
async def on_slack() -> AsyncIterator[Bench]:
    clock = StoryClock()
    async with SlackServer.started(clock) as slack, calling(slack) as (calls, workspace):
        directory = SlackDirectory(calls, clock)
        yield Bench(directory, workspace, UserId(cast.ANA), "Ana Duarte", UserId(cast.OTHER_BOT), UserId(cast.FELIX))


@asynccontextmanager
async def on_discord() -> AsyncIterator[Bench]:
    clock = StoryClock()
    async with DiscordServer.started(clock) as server, calling_discord(server, clock) as line:
        directory = DiscordDirectory(line, clock)
        there = discord_cast
        felix, other_bot = UserId(there.FELIX), UserId(there.OTHER_BOT)
        yield Bench(directory, WORKSPACE_THERE, UserId(there.ANA), "Ana Duarte", other_bot, felix)


DIRECTORIES: Mapping[str, Callable[[], AbstractAsyncContextManager[Bench]]] = {
    "local": local_bench,
    "slack": on_slack,
    "discord": on_discord,
}


@pytest.fixture(params=DIRECTORIES)
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with DIRECTORIES[request.param]() as opened:
        yield opened


async def test_somebody_is_known_by_name(bench: Bench) -> None:
    found = await bench.directory.look_up(bench.workspace, [bench.somebody])

    person = found[bench.somebody]
    assert (person.user, person.name) == (bench.somebody, bench.their_name)
    assert (person.is_bot, person.is_deactivated) == (False, False)


async def test_a_time_zone_is_one_that_exists_and_so_is_a_locale_where_they_are_known(bench: Bench) -> None:
    found = await bench.directory.look_up(bench.workspace, [bench.somebody])

    person = found[bench.somebody]
    assert person.time_zone is None or ZoneInfo(person.time_zone).key == person.time_zone
    assert person.locale is None or person.locale[:2].isalpha()


async def test_bots_and_those_who_left_are_told_apart(bench: Bench) -> None:
    found = await bench.directory.look_up(bench.workspace, [bench.a_bot, bench.deactivated])

    assert found[bench.a_bot].is_bot
    assert found[bench.deactivated].is_deactivated


async def test_unknown_users_are_left_out_and_the_others_still_found(bench: Bench) -> None:
    found = await bench.directory.look_up(bench.workspace, [NOBODY, bench.somebody])

    assert set(found) == {bench.somebody}


async def test_asking_for_nobody_finds_nobody(bench: Bench) -> None:
    assert await bench.directory.look_up(bench.workspace, []) == {}


async def test_the_same_person_twice_is_one_person(bench: Bench) -> None:
    found = await bench.directory.look_up(bench.workspace, [bench.somebody, bench.somebody])

    assert len(found) == 1


async def test_nobody_is_known_in_a_workspace_that_is_not_there(bench: Bench) -> None:
    platform = bench.workspace.partition(":")[0]

    assert await bench.directory.look_up(WorkspaceId(f"{platform}:elsewhere"), [bench.somebody]) == {}

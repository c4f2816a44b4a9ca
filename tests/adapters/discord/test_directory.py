"""The people of a server: what Discord says of each kind of them, for how long it holds, and what silence does."""

import asyncio
from datetime import timedelta

import pytest

from adapters import acquaintances
from adapters.acquaintances import FRESH, STALE
from adapters.discord.directory import DiscordDirectory
from adapters.local.clock import StoryClock
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Person
from tests.adapters.discord.delivering import Office, an_office
from tests.discord.adapting import WORKSPACE
from tests.discord.cast import ANA, BEN, BOT, CARLA, DAVID, ELIF, FELIX, GUILD, OTHER_BOT, STRANGER
from tests.discord.faults import Fault, drop, error, hang, limited, status
from tests.discord.server import DiscordServer
from tests.discord.shapes import member_json

MEMBER = "GET /guilds/{guild_id}/members/{user_id}"
USER = "GET /users/{user_id}"


@pytest.fixture
def directory(office: Office) -> DiscordDirectory:
    return DiscordDirectory(office.line, office.clock)


async def look_up(directory: DiscordDirectory, *users: str) -> dict[UserId, Person]:
    return dict(await directory.look_up(WORKSPACE, [UserId(user) for user in users]))


async def one(directory: DiscordDirectory, user: str) -> Person:
    return (await look_up(directory, user))[UserId(user)]


def asked(office: Office) -> list[str]:
    """Return who was asked about, in order."""
    return [call.params["user_id"] for call in office.server.world.called(MEMBER)]


# what is said of each kind of person


async def test_a_member_is_called_by_the_name_they_chose_here(office: Office, directory: DiscordDirectory) -> None:
    office.server.world.guilds[GUILD].members[BEN].nick = "Benji from Lagos"

    found = await look_up(directory, ANA, BEN)

    assert [person.name for person in found.values()] == ["Ana Duarte", "Benji from Lagos"]


async def test_kinds_of_people_are_told_apart(directory: DiscordDirectory) -> None:
    found = await look_up(directory, OTHER_BOT, BOT, FELIX, STRANGER, BEN)

    def those(flag: str) -> set[UserId]:
        return {user for user, person in found.items() if getattr(person, flag)}

    assert those("is_bot") == {OTHER_BOT, BOT}
    assert those("is_deactivated") == {FELIX, STRANGER}


async def test_who_left_the_server_is_not_there_any_more(office: Office, directory: DiscordDirectory) -> None:
    office.server.servers.leaves(CARLA, GUILD)

    assert (await one(directory, CARLA)).is_deactivated


async def test_who_has_not_agreed_to_the_servers_rules_yet_is_a_guest(
    office: Office, directory: DiscordDirectory
) -> None:
    told = member_json(office.server.world.guilds[GUILD].members[BEN]) | {"pending": True}
    office.server.faults.next(MEMBER, Fault((200, told, {})))

    assert (await one(directory, BEN)).is_guest


async def test_an_account_that_is_not_there_is_left_out_and_asked_about_once(
    office: Office, directory: DiscordDirectory
) -> None:
    nobody = "999999999999999999"

    assert await look_up(directory, nobody, "U0NOBODY") == {}
    assert await look_up(directory, nobody) == {}
    assert asked(office) == [nobody]


async def test_an_account_that_is_deleted_between_two_questions_is_left_out(
    office: Office, directory: DiscordDirectory
) -> None:
    office.server.faults.next(USER, error(10013))

    assert await look_up(directory, FELIX) == {}


# languages


async def test_a_language_is_known_of_those_who_acted(directory: DiscordDirectory) -> None:
    before = await one(directory, ELIF)
    directory.speaks(UserId(ELIF), "de")

    assert (before.locale, (await one(directory, ELIF)).locale) == (None, "de")


async def test_a_language_outlives_what_else_is_known(office: Office, directory: DiscordDirectory) -> None:
    directory.acted(WORKSPACE, Person(UserId(ELIF), "Elif", locale="de"))
    office.pass_time(STALE)

    assert await one(directory, ELIF) == Person(UserId(ELIF), "Elif Şahin", locale="de", time_zone=None)


async def test_nobody_is_asked_about_those_who_act(office: Office, directory: DiscordDirectory) -> None:
    directory.acted(WORKSPACE, Person(UserId(ANA), "Ana", locale="pt"))

    assert await one(directory, ANA) == Person(UserId(ANA), "Ana", locale="pt")
    assert asked(office) == []


# how long it holds


async def test_somebody_is_asked_about_once_in_five_minutes(office: Office, directory: DiscordDirectory) -> None:
    await look_up(directory, ANA)
    office.pass_time(FRESH - timedelta(seconds=1))
    await look_up(directory, ANA)
    before = asked(office)

    office.pass_time(timedelta(seconds=1))
    await look_up(directory, ANA)

    assert (before, asked(office)) == ([ANA], [ANA, ANA])


async def test_what_is_forgotten_is_asked_again(office: Office, directory: DiscordDirectory) -> None:
    await look_up(directory, ANA, BEN)

    directory.forget(WORKSPACE, UserId(ANA))
    await look_up(directory, ANA, BEN)
    directory.forget(WORKSPACE)
    await look_up(directory, ANA, BEN)

    assert sorted(asked(office)) == [ANA] * 3 + [BEN] * 2


async def test_who_asks_at_the_same_time_shares_one_answer(office: Office, directory: DiscordDirectory) -> None:
    found = await asyncio.gather(*(look_up(directory, ANA, BEN) for _ in range(5)))

    assert all(set(each) == {ANA, BEN} for each in found)
    assert sorted(asked(office)) == [ANA, BEN]


async def test_no_more_people_are_kept_than_there_is_room_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acquaintances, "MOST_PEOPLE", 2)
    directory = DiscordDirectory(office.line, office.clock)

    await look_up(directory, ANA)
    await look_up(directory, BEN)
    await look_up(directory, CARLA)
    await look_up(directory, ANA)

    assert asked(office) == [ANA, BEN, CARLA, ANA]


# silence


@pytest.mark.parametrize(
    "fault",
    [drop(), status(502), status(503), limited(60), limited(60, via=False), error(50001)],
    ids=["cut", "502", "503", "429", "banned", "50001"],
)
async def test_while_discord_does_not_say_those_known_lately_are_known_still(
    office: Office, directory: DiscordDirectory, fault: Fault
) -> None:
    await look_up(directory, ANA)
    office.pass_time(FRESH)
    office.server.faults.next(MEMBER, fault, times=4)

    assert set(await look_up(directory, ANA, DAVID)) == {ANA}


async def test_after_a_day_nobody_is_known_by_hearsay(office: Office, directory: DiscordDirectory) -> None:
    await look_up(directory, ANA)
    office.pass_time(STALE)
    office.server.faults.next(MEMBER, status(503))

    assert await look_up(directory, ANA) == {}


async def test_a_click_waits_for_a_silent_discord_once_and_not_for_long(
    discord_server: DiscordServer, discord_clock: StoryClock
) -> None:
    async with an_office(discord_server, discord_clock) as office:
        directory = DiscordDirectory(office.line, office.clock, within=0.1)
        discord_server.faults.next(MEMBER, hang(), times=3)

        first = await look_up(directory, ANA)
        second = await look_up(directory, BEN)

        assert (first, second, discord_server.faults.pending) == ({}, {}, 2)


async def test_a_workspace_of_another_platform_has_nobody(office: Office, directory: DiscordDirectory) -> None:
    assert await directory.look_up(WorkspaceId("slack:T1"), [UserId(ANA)]) == {}
    assert asked(office) == []

"""The people of a workspace: what users.info says of each kind of them, and for how long it holds."""

import asyncio
from datetime import timedelta

import pytest

from adapters.acquaintances import FRESH
from adapters.local.clock import StoryClock
from adapters.slack.directory import SlackDirectory
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.edges import Person
from tests.adapters.slack.posting import Office
from tests.slack.adapting import WORKSPACE, GivenTokens, calling
from tests.slack.cast import (
    ANA,
    BEN,
    BOT_TOKEN,
    BOT_USER,
    CARLA,
    DAVID,
    ELIF,
    FELIX,
    GUEST,
    OTHER_BOT,
    OUTSIDER,
    OWNER,
    SLACKBOT,
    STRANGER,
    VISITOR,
)
from tests.slack.faults import error, hang
from tests.slack.server import SlackServer

Seen = dict[str, object]


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


# what is said of each kind of person


async def test_a_member_has_a_name_a_zone_and_a_language(directory: SlackDirectory) -> None:
    assert await one(directory, ELIF) == Person(UserId(ELIF), "Elif Şahin", locale="de-DE", time_zone="Europe/Berlin")


async def test_kinds_of_people_are_told_apart(directory: SlackDirectory) -> None:
    found = await look_up(directory, OTHER_BOT, SLACKBOT, BOT_USER, FELIX, GUEST, VISITOR, STRANGER, BEN)

    def those(flag: str) -> set[UserId]:
        return {user for user, person in found.items() if getattr(person, flag)}

    assert those("is_bot") == {OTHER_BOT, SLACKBOT, BOT_USER}
    assert those("is_deactivated") == {FELIX}
    assert those("is_guest") == {GUEST, VISITOR}
    assert those("is_stranger") == {STRANGER}


async def test_a_stranger_of_whom_slack_tells_no_language_is_spoken_to_in_english(directory: SlackDirectory) -> None:
    assert (await one(directory, STRANGER)).locale == "en"


async def test_somebody_of_another_workspace_whom_the_bot_cannot_see_is_left_out(
    office: Office, directory: SlackDirectory
) -> None:
    office.slack.world.user(OUTSIDER).stranger = False

    assert await look_up(directory, OUTSIDER, BEN) == {BEN: await one(directory, BEN)}


OBJECTS: dict[str, tuple[Seen, Seen]] = {
    "a name they call themselves that the full one does not hold": (
        {"profile": {"real_name": "Ben Okafor", "display_name": "benji"}},
        {"name": "Ben Okafor (benji)"},
    ),
    "a name they call themselves that is a part of the full one": (
        {"profile": {"real_name": "Ben Okafor", "display_name": "ben"}},
        {"name": "Ben Okafor"},
    ),
    "a full name alone": ({"profile": {"real_name": "Ben Okafor", "display_name": ""}}, {"name": "Ben Okafor"}),
    "a handle alone": ({"name": "benok"}, {"name": "benok"}),
    "nothing at all": ({}, {"name": "", "locale": "en", "time_zone": "UTC"}),
    "a zone nobody knows": ({"tz": "Mars/Olympus"}, {"time_zone": "UTC"}),
    "an old name of a zone": ({"tz": "Asia/Calcutta"}, {"time_zone": "Asia/Calcutta"}),
    "a team that is not this one": ({"team_id": "T9"}, {"is_stranger": True}),
    "an organisation's account that is also of this team": (
        {"team_id": "T9", "enterprise_user": {"teams": ["T9", "T1"]}},
        {"is_stranger": False},
    ),
}


@pytest.mark.parametrize(("told", "seen"), OBJECTS.values(), ids=OBJECTS.keys())
async def test_a_user_object_is_read_as_far_as_it_goes(
    office: Office, directory: SlackDirectory, told: Seen, seen: Seen
) -> None:
    office.slack.faults.next("users.info", error("", ok=True, user=told))

    person = await one(directory, BEN)

    assert {name: getattr(person, name) for name in seen} == seen


@pytest.mark.parametrize(
    ("user", "runs_it"), [(DAVID, True), (OWNER, True), (ANA, False), (STRANGER, False), ("U0NOBODY", False)]
)
async def test_administrators_and_owners_run_the_workspace(
    directory: SlackDirectory, user: str, *, runs_it: bool
) -> None:
    assert await directory.is_admin(WORKSPACE, UserId(user)) is runs_it


@pytest.mark.parametrize("flag", ["deleted", "is_stranger"])
async def test_an_administrator_who_left_or_is_anothers_runs_nothing(
    office: Office, directory: SlackDirectory, flag: str
) -> None:
    office.slack.faults.next("users.info", error("", ok=True, user={"is_admin": True, flag: True}))

    assert not await directory.is_admin(WORKSPACE, UserId(DAVID))


# how long it holds


async def test_somebody_is_asked_about_once_in_five_minutes(office: Office, directory: SlackDirectory) -> None:
    await look_up(directory, ANA)
    await directory.is_admin(WORKSPACE, UserId(ANA))
    office.pass_time(FRESH - timedelta(seconds=1))
    await look_up(directory, ANA)
    before = asked(office)

    office.pass_time(timedelta(seconds=1))
    await look_up(directory, ANA)

    assert (before, asked(office)) == ([ANA], [ANA, ANA])


async def test_a_user_whom_nobody_knows_is_asked_about_once_too(office: Office, directory: SlackDirectory) -> None:
    await look_up(directory, "U0NOBODY")
    await look_up(directory, "U0NOBODY")

    assert asked(office) == ["U0NOBODY"]


async def test_whoever_changed_is_asked_about_again(office: Office, directory: SlackDirectory) -> None:
    await look_up(directory, ANA, BEN)
    office.slack.world.user(ANA).name = "Ana Duarte Costa"
    directory.forget(WORKSPACE, UserId(ANA))

    assert (await one(directory, ANA)).name.startswith("Ana Duarte Costa")
    await look_up(directory, BEN)
    assert sorted(asked(office)) == [ANA, ANA, BEN]


async def test_a_workspace_is_forgotten_with_everybody_in_it_and_no_other(
    slack: SlackServer, slack_clock: StoryClock
) -> None:
    slack.world.add_user("U9", "Nina", "T9")
    elsewhere = WorkspaceId("slack:T9")
    tokens = GivenTokens({WORKSPACE: BOT_TOKEN, elsewhere: slack.world.install("T9")})
    async with calling(slack, tokens=tokens) as (calls, _):
        directory = SlackDirectory(calls, slack_clock)
        await look_up(directory, ANA)
        await directory.look_up(elsewhere, [UserId("U9")])
        directory.forget(WORKSPACE)
        del tokens.tokens[WORKSPACE], tokens.tokens[elsewhere]

        assert await look_up(directory, ANA) == {}
        assert set(await directory.look_up(elsewhere, [UserId("U9")])) == {"U9"}


# together


async def test_people_who_are_asked_for_together_are_asked_about_together(
    office: Office, directory: SlackDirectory
) -> None:
    office.slack.faults.next("users.info", hang(), times=3)

    async with asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(look_up(directory, ANA, BEN, CARLA))
        await called(office, 3)
        office.slack.faults.release()

    assert looking.result() == {} or set(looking.result()) == {ANA, BEN, CARLA}
    assert sorted(asked(office)) == [ANA, BEN, CARLA]


async def test_two_who_ask_about_the_same_person_share_one_answer(office: Office, directory: SlackDirectory) -> None:
    office.slack.faults.next("users.info", hang(after=True))

    async with asyncio.TaskGroup() as tasks:
        lookings = [tasks.create_task(look_up(directory, ANA)) for _ in range(5)]
        await called(office, 1)
        office.slack.faults.release()

    assert all(set(looking.result()) == {ANA} for looking in lookings)
    assert asked(office) == [ANA]


async def called(office: Office, times: int) -> None:
    """Wait until users.info was called so often."""
    async with asyncio.timeout(10):
        while len(asked(office)) < times:  # noqa: ASYNC110 - the server counts, and signals nothing
            await asyncio.sleep(0.005)

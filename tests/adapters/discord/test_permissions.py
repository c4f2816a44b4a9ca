"""What people may do in a channel, by Discord's rules: held against the server's own reckoning, and case by case."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from adapters.discord.permissions import (
    ALL,
    NONE,
    TO_INTRODUCE,
    TO_POST,
    WANTED,
    Right,
    in_channel,
    in_server,
    missing,
)
from adapters.discord.rights import Rights
from adapters.local.clock import StoryClock
from bot.domain.ids import ChannelId, UserId
from bot.ports.gateway import DeliveryDelayedError, DeliveryRefusedError, Refusal
from tests.adapters.discord.delivering import Office
from tests.discord import permissions as there
from tests.discord.adapting import WORKSPACE
from tests.discord.cast import (
    ANA,
    BEN,
    BOARD,
    CARLA,
    DAVID,
    ELSEWHERE,
    GUILD,
    INTRODUCTIONS,
    OTHER_GUILD,
    OWNER,
    RANDOM,
    STRANGER,
    sample_world,
)
from tests.discord.faults import Fault
from tests.discord.shapes import channel_json, guild_json, member_json
from tests.discord.state import Permission
from tests.discord.world import World

PERMISSIONS = tuple(Permission(int(right)) for right in Right)


def held(world: World, user: str, channel: str = INTRODUCTIONS, *, timed_out: bool = False) -> Right:
    guild, place = world.guilds[GUILD], world.channels[channel]
    member = member_json(guild.members[user])
    return in_channel(guild_json(guild), channel_json(world, place), member, timed_out=timed_out)


@pytest.fixture
def world() -> World:
    return sample_world(StoryClock())


def some(random: Random) -> Permission:
    return Permission(sum(right for right in PERMISSIONS if random.random() < 0.4))


def a_tangle(random: Random) -> World:
    """Return a server with roles and overwrites at random."""
    world = sample_world(StoryClock())
    roles = [world.add_role(GUILD, f"role {number}", some(random)) for number in range(3)]
    world.guilds[GUILD].roles[GUILD].permissions = some(random)
    for user in (ANA, BEN, CARLA):
        world.guilds[GUILD].members[user].roles = [role.id for role in roles if random.random() < 0.6]
    for target in (GUILD, *(role.id for role in roles), ANA, BEN):
        if random.random() < 0.7:
            world.overwrite(INTRODUCTIONS, target, allow=some(random), deny=some(random))
    return world


@pytest.mark.parametrize("seed", range(60))
def test_in_any_tangle_of_roles_and_overwrites_the_rights_are_those_the_server_reckons(seed: int) -> None:
    world = a_tangle(Random(seed))

    guild, place = world.guilds[GUILD], world.channels[INTRODUCTIONS]
    for user in (ANA, BEN, CARLA, OWNER):
        assert held(world, user) == Right(int(there.in_channel(guild, place, user)) & ALL)
        assert in_server(guild_json(guild), member_json(guild.members[user])) == Right(
            int(there.in_guild(guild, user)) & ALL
        )


def test_everyones_overwrite_gives_way_to_a_roles_and_that_to_the_members_own(world: World) -> None:
    one = world.add_role(GUILD, "one")
    world.guilds[GUILD].members[ANA].roles = [one.id]
    world.overwrite(INTRODUCTIONS, GUILD, deny=Permission.SEND_MESSAGES)
    without = bool(held(world, ANA) & Right.SEND_MESSAGES)
    world.overwrite(INTRODUCTIONS, one.id, allow=Permission.SEND_MESSAGES)
    with_role = bool(held(world, ANA) & Right.SEND_MESSAGES)
    world.overwrite(INTRODUCTIONS, ANA, deny=Permission.SEND_MESSAGES)

    assert (without, with_role, bool(held(world, ANA) & Right.SEND_MESSAGES)) == (False, True, False)


def test_of_two_roles_the_one_that_allows_wins(world: World) -> None:
    one, two = world.add_role(GUILD, "one"), world.add_role(GUILD, "two")
    world.guilds[GUILD].members[ANA].roles = [one.id, two.id]
    world.overwrite(INTRODUCTIONS, one.id, deny=Permission.VIEW_CHANNEL)
    world.overwrite(INTRODUCTIONS, two.id, allow=Permission.VIEW_CHANNEL)

    assert held(world, ANA) & Right.VIEW_CHANNEL


def test_who_does_not_see_a_channel_may_do_nothing_in_it(world: World) -> None:
    assert (held(world, ANA, BOARD), held(world, OWNER, BOARD)) == (NONE, ALL)


def test_an_administrator_may_do_everything_whatever_a_channel_says(world: World) -> None:
    admins = world.add_role(GUILD, "admins", Permission.ADMINISTRATOR)
    world.guilds[GUILD].members[ANA].roles = [admins.id]

    assert held(world, ANA, BOARD) == ALL


def test_somebody_in_a_time_out_only_looks_on(world: World) -> None:
    assert held(world, ANA, timed_out=True) == Right.VIEW_CHANNEL | Right.READ_MESSAGE_HISTORY


@pytest.mark.parametrize("told", [{}, {"roles": [{"id": GUILD, "permissions": "many"}]}, {"roles": [{"id": GUILD}]}])
def test_what_cannot_be_read_is_not_held(told: dict[str, Any]) -> None:
    assert in_server({"id": GUILD, "owner_id": "1", **told}, {"user": {"id": ANA}, "roles": []}) == NONE


def test_what_is_missing_is_named_as_discord_names_it() -> None:
    assert missing(Right.VIEW_CHANNEL, TO_INTRODUCE) == ("Create Private Threads", "Send Messages in Threads")
    assert missing(ALL, WANTED) == ()
    assert missing(NONE, TO_POST) == ("View Channel", "Send Messages", "Attach Files")


# asked of Discord


@pytest.fixture
def rights(office: Office) -> Rights:
    return Rights(office.line, office.clock)


async def test_a_channel_is_examined_for_the_bot_and_for_people(office: Office, rights: Rights) -> None:
    office.server.servers.overwrite(INTRODUCTIONS, BEN, deny=Permission.VIEW_CHANNEL)

    standing = await rights.in_channel(WORKSPACE, ChannelId(INTRODUCTIONS), [UserId(ANA), UserId(BEN)])

    assert missing(standing.bot, WANTED) == ()
    assert [bool(standing.people[UserId(user)] & Right.VIEW_CHANNEL) for user in (ANA, BEN)] == [True, False]
    assert not standing.takes_rooms


async def test_a_server_is_examined_as_a_whole(rights: Rights) -> None:
    assert missing(await rights.in_server(WORKSPACE), WANTED) == ()
    assert not await rights.in_server(WORKSPACE) & Right.MANAGE_SERVER


@pytest.mark.parametrize(("seconds", "may"), [(-1, True), (60, False)])
async def test_a_time_out_counts_until_it_ends(office: Office, rights: Rights, seconds: int, *, may: bool) -> None:
    until = (office.clock.now() + timedelta(seconds=seconds)).isoformat()
    told = member_json(office.server.world.guilds[GUILD].members[ANA]) | {"communication_disabled_until": until}
    office.server.faults.next("GET /guilds/{guild_id}/members/{user_id}", Fault((200, told, {})), user_id=ANA)

    standing = await rights.in_channel(WORKSPACE, ChannelId(INTRODUCTIONS), [UserId(ANA)])

    assert bool(standing.people[UserId(ANA)] & Right.SEND_MESSAGES) is may


@pytest.mark.parametrize(
    ("channel", "users", "reason"),
    [
        (BOARD, (ANA,), Refusal.FORBIDDEN),
        ("399999999999999999", (ANA,), Refusal.NO_CHANNEL),
        ("C0NOWHERE", (ANA,), Refusal.NO_CHANNEL),
        (ELSEWHERE, (ANA,), Refusal.FORBIDDEN),
        (RANDOM, (STRANGER,), Refusal.UNREACHABLE),
        (RANDOM, ("U0NOBODY",), Refusal.UNREACHABLE),
        (BOARD, (STRANGER,), Refusal.UNREACHABLE),
    ],
)
async def test_what_cannot_be_examined_is_refused_with_its_reason(
    rights: Rights, channel: str, users: tuple[str, ...], reason: Refusal
) -> None:
    with pytest.raises(DeliveryRefusedError) as refused:
        await rights.in_channel(WORKSPACE, ChannelId(channel), [UserId(user) for user in users])

    assert refused.value.reason is reason


async def test_a_channel_of_another_server_is_none(office: Office, rights: Rights) -> None:
    office.server.world.add_member(OTHER_GUILD, office.server.world.bot)

    with pytest.raises(DeliveryRefusedError) as refused:
        await rights.in_channel(WORKSPACE, ChannelId(ELSEWHERE))

    assert refused.value.reason is Refusal.NO_CHANNEL


async def test_in_a_server_without_the_bot_nothing_can_be_said(office: Office, rights: Rights) -> None:
    office.server.servers.remove_bot(GUILD)

    with pytest.raises(DeliveryDelayedError) as delayed:
        await rights.in_channel(WORKSPACE, ChannelId(INTRODUCTIONS), [UserId(DAVID)])

    assert delayed.value.whole_workspace

"""Introductions where there can be no thread: a message to each, or to nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.discord.rooms import APART, ROOM
from bot.domain.ids import UserId
from bot.ports.gateway import DeliveryRefusedError, Receipt, Refusal, Room
from bot.ports.messages import Mention, Message, Plain, Text
from tests.adapters.discord.delivering import MAKE, PAIR, POST, Office
from tests.contract.gateways import Steps
from tests.discord.cast import BEN, BOT, BOT_MAY, CARLA, GUILD, INTRODUCTIONS, SHY
from tests.discord.faults import error, status
from tests.discord.state import ChannelKind, Permission

KEY = "introduction/r-1/1"
WORDS = Text((Mention(UserId(BEN)), Plain(", meet "), Mention(UserId(CARLA)), Plain(".")))


async def introduce(office: Office, steps: Steps | None = None, to: Room = PAIR) -> Receipt:
    return await office.deliver(to, WORDS, key=KEY, steps=steps)


def own_role(office: Office) -> str:
    (role,) = office.server.world.guilds[GUILD].members[BOT].roles
    return role


def takes_away(office: Office, right: Permission) -> None:
    """Let an administrator take something from the bot, in the group's channel alone."""
    office.server.world.overwrite(INTRODUCTIONS, own_role(office), deny=right)


@pytest.mark.parametrize(
    "right",
    [Permission.CREATE_PRIVATE_THREADS, Permission.SEND_MESSAGES_IN_THREADS, Permission.VIEW_CHANNEL],
    ids=lambda right: str(right.name),
)
async def test_without_a_permission_nothing_is_tried_and_each_gets_a_message(office: Office, right: Permission) -> None:
    takes_away(office, right)

    receipt = await introduce(office)

    assert (office.rooms(), office.count(MAKE)) == ((), 0)
    (to_ben,), (to_carla,) = office.dm_of(BEN), office.dm_of(CARLA)
    assert to_ben.shown == to_carla.shown
    assert (receipt.channel, receipt.message) == (to_ben.channel, to_ben.id)


async def test_where_one_of_them_cannot_see_the_channel_each_gets_a_message(office: Office) -> None:
    office.server.world.overwrite(INTRODUCTIONS, CARLA, deny=Permission.VIEW_CHANNEL)

    await introduce(office)

    assert (office.rooms(), len(office.dm_of(BEN)), len(office.dm_of(CARLA))) == ((), 1, 1)


async def test_in_a_channel_that_is_no_text_channel_each_gets_a_message(office: Office) -> None:
    office.server.world.channels[INTRODUCTIONS].kind = ChannelKind.NEWS

    await introduce(office)

    assert (office.rooms(), len(office.dm_of(BEN)), len(office.dm_of(CARLA))) == ((), 1, 1)


@pytest.mark.parametrize("code", [160006, 50013, 50001, 10003, 50024])
async def test_a_thread_that_is_refused_all_the_same_is_a_message_to_each(office: Office, code: int) -> None:
    office.server.faults.next(MAKE, error(code))
    steps = Steps()

    await introduce(office, steps)

    assert (office.rooms(), len(office.dm_of(BEN)), len(office.dm_of(CARLA))) == ((), 1, 1)
    assert APART in steps.kept


async def test_a_room_that_a_moderator_took_away_before_anything_was_said_is_a_message_to_each(office: Office) -> None:
    steps = Steps()
    office.server.faults.next(POST, status(503))
    await office.delayed(PAIR, WORDS, key=KEY, steps=steps)
    del office.server.world.channels[steps.kept[ROOM]]

    await introduce(office.another(), steps)

    assert (len(office.dm_of(BEN)), len(office.dm_of(CARLA)), APART in steps.kept) == (1, 1, True)


async def test_once_one_of_them_was_written_to_no_thread_is_made_and_nobody_is_written_to_twice(office: Office) -> None:
    takes_away(office, Permission.CREATE_PRIVATE_THREADS)
    steps = Steps()
    office.server.faults.next(POST, status(503), channel_id=office.server.world.direct(CARLA).id)
    await office.delayed(PAIR, WORDS, key=KEY, steps=steps)
    office.server.world.overwrite(INTRODUCTIONS, own_role(office), allow=BOT_MAY)
    office.pass_time(timedelta(hours=1))

    receipt = await introduce(office.another(), Steps(steps.kept))

    assert (office.rooms(), len(office.dm_of(BEN)), len(office.dm_of(CARLA))) == ((), 1, 1)
    assert receipt.message == office.dm_of(BEN)[0].id


async def test_if_the_first_cannot_be_reached_nobody_hears_of_it(office: Office) -> None:
    takes_away(office, Permission.CREATE_PRIVATE_THREADS)
    to = Room(PAIR.workspace, PAIR.channel, (UserId(SHY), UserId(BEN)), PAIR.name)

    with pytest.raises(DeliveryRefusedError) as refused:
        await introduce(office, to=to)

    assert refused.value.reason is Refusal.UNREACHABLE
    assert office.dm_of(BEN) == ()


async def test_if_the_second_cannot_be_reached_it_is_made_and_the_operator_knows(office: Office) -> None:
    takes_away(office, Permission.CREATE_PRIVATE_THREADS)
    to = Room(PAIR.workspace, PAIR.channel, (UserId(BEN), UserId(SHY)), PAIR.name)

    receipt = await introduce(office, to=to)

    assert receipt.message == office.dm_of(BEN)[0].id
    assert ("discord.introduced_in_part", {"key": KEY, "reason": Refusal.UNREACHABLE}) in office.noted.events


async def test_what_each_gets_alone_does_not_speak_of_a_room_where_there_are_words_for_that(office: Office) -> None:
    alone = Message("Alone.", (Text((Plain("Each of you gets this in private."),)),))
    takes_away(office, Permission.CREATE_PRIVATE_THREADS)

    await introduce(office, to=replace(PAIR, apart=alone))

    assert [seen.shown for user in (BEN, CARLA) for seen in office.dm_of(user)] == [
        "Each of you gets this in private."
    ] * 2

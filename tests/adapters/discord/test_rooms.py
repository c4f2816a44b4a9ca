"""Introductions on Discord: a private thread with both of them in it, made once; else a message to each of them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from adapters.discord.rooms import ASKED, code_of
from bot.domain.ids import UserId
from bot.ports.gateway import DeliveryKey, Receipt, Refusal, Room
from bot.ports.messages import Mention, Plain, Text
from tests.adapters.discord.delivering import ADD, LOOK, MAKE, PAIR, POST, Office
from tests.contract.gateways import Steps
from tests.discord.cast import ANA, BEN, BOT, CARLA, GUILD, INTRODUCTIONS
from tests.discord.faults import Fault, drop, error, status
from tests.discord.state import ChannelKind, Message

KEY = "introduction/r-1/1"
A_MEMBER_WAS_ADDED = 1
"""The type of what Discord writes into a thread, in the bot's name, when the bot lets somebody in."""
WORDS = Text((Mention(UserId(BEN)), Plain(", meet "), Mention(UserId(CARLA)), Plain(".")))


async def introduce(office: Office, steps: Steps | None = None, to: Room = PAIR) -> Receipt:
    return await office.deliver(to, WORDS, key=KEY, steps=steps)


# the thread


async def test_both_meet_in_a_private_thread_that_nobody_else_can_be_brought_into(office: Office) -> None:
    receipt = await introduce(office)

    (room,) = office.rooms()
    assert (room.kind, room.invitable, set(room.members)) == (ChannelKind.PRIVATE_THREAD, False, {BOT, BEN, CARLA})
    (said,) = office.server.view.messages(room.id)
    assert (said.id, said.channel) == (receipt.message, receipt.channel)
    assert said.pings == {BEN, CARLA}
    assert office.server.view.in_view(ANA) == ()


async def test_a_thread_names_nobody_and_carries_the_code_it_is_found_by(office: Office) -> None:
    await introduce(office)

    assert [room.name for room in office.rooms()] == [f"An introduction · {code_of(DeliveryKey(KEY))}"]


async def test_a_long_name_leaves_room_for_the_code(office: Office) -> None:
    await introduce(office, to=Room(PAIR.workspace, PAIR.channel, PAIR.users, "very long\n" * 30))

    (room,) = office.rooms()
    assert len(room.name) <= 100
    assert room.name.endswith(code_of(DeliveryKey(KEY)))
    assert "\n" not in room.name


async def test_a_thread_is_put_away_after_a_week_without_a_word(office: Office) -> None:
    await introduce(office)
    office.pass_time(timedelta(days=7))

    await office.deliver(key="notice/9")

    assert [room.archived for room in office.rooms()] == [True]


async def test_who_is_spoken_of_and_not_introduced_is_named_and_kept_out(office: Office) -> None:
    words = Text((Plain("Recommended by "), Mention(UserId(ANA)), Plain(".")))

    await office.deliver(PAIR, words, key=KEY)

    (room,) = office.rooms()
    (said,) = office.server.view.messages(room.id)
    assert said.content == "Recommended by Ana Duarte."
    assert ANA not in room.members


# what an earlier try, or another process, may have done


async def test_a_thread_whose_making_has_an_unknown_result_is_looked_for_and_used(office: Office) -> None:
    steps = Steps()
    office.server.faults.next(MAKE, drop(after=True))
    delayed = await office.delayed(PAIR, WORDS, key=KEY, steps=steps)

    await introduce(office.another(), Steps(steps.kept))

    assert (delayed.lost_answer, set(steps.kept)) == (False, {ASKED})
    assert (len(office.rooms()), office.count(MAKE), office.posts()) == (1, 1, 1)
    assert set(office.rooms()[0].members) == {BOT, BEN, CARLA}


async def test_a_thread_that_was_not_made_after_all_is_made(office: Office) -> None:
    steps = Steps()
    office.server.faults.next(MAKE, drop())
    await office.delayed(PAIR, WORDS, key=KEY, steps=steps)

    await introduce(office.another(), steps)

    assert (len(office.rooms()), office.count(LOOK)) == (1, 2)


async def test_a_persons_thread_with_our_code_is_not_taken_for_ours(office: Office) -> None:
    steps = Steps({ASKED: "1"})
    trap = office.server.world.add_channel(GUILD, f"x · {code_of(DeliveryKey(KEY))}", kind=ChannelKind.PRIVATE_THREAD)
    trap.parent, trap.owner = INTRODUCTIONS, ANA
    trap.members = {ANA: office.clock.now(), BOT: office.clock.now()}

    receipt = await introduce(office, steps)

    assert receipt.channel != trap.id
    assert len(office.rooms()) == 2


async def test_two_processes_that_make_the_thread_at_once_meet_in_one_and_post_once(office: Office) -> None:
    first, second = await asyncio.gather(introduce(office.another(), Steps()), introduce(office.another(), Steps()))

    assert first == second
    assert office.posts() == 1
    others = [room for room in office.rooms() if room.id != first.channel]
    assert [(room.archived, set(room.members)) for room in others] == [(True, {BOT})] * len(others)


async def test_the_later_of_two_threads_is_put_away_before_anybody_is_in_it(office: Office) -> None:
    one = office.another()
    office.server.faults.next(LOOK, status(503))
    await one.delayed(PAIR, WORDS, key=KEY, steps=Steps())

    receipt = await introduce(office.another(), Steps())

    older, younger = sorted(office.rooms(), key=lambda room: int(room.id))
    assert receipt.channel == older.id
    assert (older.archived, set(older.members)) == (False, {BOT, BEN, CARLA})
    assert (younger.archived, set(younger.members)) == (True, {BOT})


async def test_people_who_were_in_before_a_fault_stay_and_the_others_follow(office: Office) -> None:
    steps = Steps()
    office.server.faults.next(ADD, status(503), user_id=CARLA)
    await office.delayed(PAIR, WORDS, key=KEY, steps=steps)
    half = set(office.rooms()[0].members)

    await introduce(office.another(), steps)

    assert half == {BOT, BEN}
    assert [set(room.members) for room in office.rooms()] == [{BOT, BEN, CARLA}]


async def test_an_introduction_whose_answer_was_lost_for_longer_than_a_nonce_lives_stands_once(office: Office) -> None:
    steps = Steps()
    office.server.faults.next(POST, drop(after=True))
    delayed = await office.delayed(PAIR, WORDS, key=KEY, steps=steps)
    (room,) = office.rooms()
    office.server.world.guilds[GUILD].members[BEN].nick = "Benjamin"
    office.pass_time(timedelta(hours=2))

    receipt = await introduce(office.another(), Steps(steps.kept))

    (said,) = office.server.view.messages(room.id)
    assert delayed.lost_answer
    assert (receipt.message, office.count(POST)) == (said.id, 1)


async def test_neither_what_people_said_in_a_room_nor_who_was_let_in_is_taken_for_the_introduction(
    office: Office,
) -> None:
    steps = Steps()
    office.server.faults.next(POST, status(503))
    await office.delayed(PAIR, WORDS, key=KEY, steps=steps)
    (room,), world = office.rooms(), office.server.world
    office.server.people.write(BEN, room.id, "Hello?")
    told = world.messages["1"] = Message("1", room.id, BOT, "", office.clock.now(), kind=A_MEMBER_WAS_ADDED)

    receipt = await introduce(office.another(), Steps(steps.kept))

    assert (office.posts(), office.count(POST)) == (2, 2)
    assert receipt.message != told.id


# people who left


async def test_somebody_who_left_is_noticed_before_anything_is_made(office: Office) -> None:
    office.server.servers.leaves(CARLA, GUILD)

    assert await office.refused(PAIR, WORDS, key=KEY) is Refusal.UNREACHABLE
    assert (office.rooms(), office.posts()) == ((), 0)


async def test_somebody_who_leaves_while_the_room_is_made_leaves_nobody_alone_in_it(office: Office) -> None:
    office.server.faults.next(ADD, Fault((404, {"message": "Unknown Member", "code": 10007}, {})), user_id=CARLA)

    assert await office.refused(PAIR, WORDS, key=KEY) is Refusal.UNREACHABLE

    (room,) = office.rooms()
    assert (room.archived, set(room.members)) == (True, {BOT})


async def test_a_server_the_bot_is_not_in_any_more_makes_everything_of_it_wait(office: Office) -> None:
    office.server.servers.remove_bot(GUILD)

    delayed = await office.delayed(PAIR, WORDS, key=KEY)

    assert delayed.whole_workspace
    assert delayed.wait is not None


# when it is over


async def test_a_room_is_put_away_by_any_process_and_nothing_else_is(office: Office) -> None:
    await introduce(office)
    await office.deliver(PAIR, WORDS, key="introduction/r-2/1")
    (room, other) = office.rooms()

    for _ in range(2):
        await office.another().gateway.put_away(replace(PAIR, users=(), name=""), opened_by=DeliveryKey(KEY))

    assert [(each.archived, each.locked) for each in (room, other)] == [(True, False), (False, False)]
    del office.server.world.channels[other.id]
    await office.gateway.put_away(PAIR, opened_by=DeliveryKey("introduction/r-2/1"))


async def test_a_room_that_is_not_the_bots_to_put_away_any_more_is_left_alone(office: Office) -> None:
    await introduce(office)
    office.server.faults.next("PATCH /channels/{channel_id}", error(50013))

    await office.gateway.put_away(PAIR, opened_by=DeliveryKey(KEY))

    (room,) = office.rooms()
    assert not room.archived
